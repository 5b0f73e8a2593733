/// What a server is asked to report about a message that it takes (RFC 3461). A server that does not offer this is not
/// asked.
public struct DeliveryNotification: Sendable, Hashable {
    /// What is reported (RFC 3461 section 4.1).
    public enum Event: String, Sendable, CaseIterable {
        /// It was delivered.
        case success = "SUCCESS"
        /// It will not be delivered.
        case failure = "FAILURE"
        /// It is late.
        case delay = "DELAY"
    }

    /// How much of the message comes back with a report of failure (RFC 3461 section 4.3).
    public enum Content: String, Sendable {
        /// All of it.
        case full = "FULL"
        /// Its header.
        case headers = "HDRS"
    }

    /// What is to be reported; nothing at all if empty.
    public var events: Set<Event>
    /// How much comes back.
    public var content: Content
    /// Our name for the message, which every report repeats (`ENVID`).
    public var id: String?

    /// A wish, for all recipients of a message.
    public init(events: Set<Event>, content: Content = .headers, id: String? = nil) {
        self.events = events
        self.content = content
        self.id = id
    }

    /// Appended to `MAIL FROM`.
    var mailParameters: String {
        // RFC 3461 section 5.4 allows 100 characters; a longer name would be refused, and the message with it.
        guard let id = id.flatMap(Self.xtext), !id.isEmpty, id.utf8.count <= 100 else {
            return " RET=\(content.rawValue)"
        }
        return " RET=\(content.rawValue) ENVID=\(id)"
    }

    /// Appended to `RCPT TO`.
    func recipientParameters(_ address: String) -> String {
        let words = Event.allCases.filter(events.contains).map(\.rawValue).joined(separator: ",")
        let notify = " NOTIFY=\(words.isEmpty ? "NEVER" : words)"
        // An address that is not ASCII would need RFC 6533's own notation; the report then names what the server was told.
        guard let original = Self.xtext(address), original.utf8.count <= 500 else { return notify }
        return "\(notify) ORCPT=rfc822;\(original)"
    }

    /// RFC 3461 section 4: printable ASCII without `+` and `=`, which are written as `+` and two hexadecimal digits. `nil` for what
    /// is not ASCII.
    static func xtext(_ text: String) -> String? {
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "+"), byte != UInt8(ascii: "=") {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "+"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
