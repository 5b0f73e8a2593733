import Foundation

/// One message as ``IMAPSession/fetch(_:maximumMessageBytes:batch:_:)`` brings it.
public struct FetchedMessage: Sendable, Hashable {
    /// Its UID in the selected mailbox.
    public var uid: UInt32
    /// `\Seen`, `\Answered`, keywords; as they were when it was fetched, which does not set `\Seen`.
    public var flags: [String]
    /// When it came into the mailbox.
    public var internalDate: Date?
    /// How many bytes the server says it has.
    public var size: Int
    /// The message as it is; its beginning if ``isTruncated``.
    public var bytes: [UInt8]
    /// The message is over the limit: ``bytes`` is only its beginning (at most 64 KiB), usually with the whole header.
    public var isTruncated: Bool
}

/// How much is asked of the server at once.
public struct FetchBatch: Sendable, Hashable {
    /// Messages in one command.
    public var messages: Int
    /// Bytes in one command, by the sizes the server announced. A larger message goes alone.
    public var bytes: Int
    /// Commands under way.
    public var inFlight: Int

    /// The usual size: on a line with 20 ms of delay it fetches about as fast as without.
    public init(messages: Int = 200, bytes: Int = 8 << 20, inFlight: Int = 8) {
        self.messages = max(1, messages)
        self.bytes = max(1, bytes)
        self.inFlight = max(1, inFlight)
    }
}

/// The items of one FETCH response that concern us.
struct FetchItems {
    var uid: UInt32?
    var flags: [String] = []
    var internalDate: Date?
    var size: Int?
    var body: [UInt8]?
    /// Of `BODY[HEADER]` and `BODY[HEADER.FIELDS (…)]`.
    var header: [UInt8]?

    /// `nil` if it is no FETCH response; throws nothing: unknown items are passed over.
    init?(_ response: IMAPResponse) {
        guard case .data(.some, "FETCH", let values) = response, let items = values.first?.list else { return nil }
        var index = 0
        while index + 1 < items.count {
            let value = items[index + 1]
            switch items[index].name {
            case "UID": uid = value.number.flatMap { UInt32(exactly: $0) }
            case "FLAGS": flags = (value.list ?? []).compactMap(\.text)
            case "INTERNALDATE": internalDate = value.text.flatMap(IMAPDate.date)
            case "RFC822.SIZE": size = value.number.map { Int(clamping: $0) }
            case "BODY[]", "BODY[]<0>":
                // NIL: the server has lost the text. An empty message is what is left of it.
                body = value.bytes ?? []
            case "BODY[HEADER]", "BODY[HEADER]<0>": header = value.bytes
            case let name? where name.hasPrefix("BODY[HEADER.FIELDS "): header = value.bytes ?? []
            default: break
            }
            index += 2
        }
    }
}
