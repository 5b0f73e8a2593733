import Foundation

/// One message as its source has it: bytes in the Internet Message Format (RFC 5322), and where they came from.
///
/// A ticket entry becomes such bytes too, so that the way behind this point is one.
public struct RawMessage: Sendable {
    /// The ledger's number; 0 outside a run (`explain`).
    public let id: Int64
    /// The channel that it came by.
    public let channel: String
    /// The channel's own name for it: a maildir's unique name, `UIDVALIDITY.UID`.
    public let source: String
    /// When it arrived at the source, not what its Date field claims.
    public let arrival: Date
    /// The bytes; the first part of them when `fullSize` is larger.
    public let bytes: [UInt8]
    /// The size at the source, in bytes.
    public let fullSize: Int
    /// By what way it came, and what that proves.
    public let origin: Origin

    /// Creates a raw message.
    public init(
        id: Int64, channel: String, source: String, arrival: Date, bytes: [UInt8], fullSize: Int? = nil,
        origin: Origin = .mail
    ) {
        self.id = id
        self.channel = channel
        self.source = source
        self.arrival = arrival
        self.bytes = bytes
        self.fullSize = fullSize ?? bytes.count
        self.origin = origin
    }

    /// Whether the bytes are only the beginning.
    public var isTruncated: Bool { fullSize > bytes.count }
}
