/// A mailbox as `SELECT` found it.
public struct SelectedMailbox: Sendable, Hashable {
    /// Two numbers that differ mean that every UID known before is void (RFC 3501 section 2.3.1.1).
    public var uidValidity: UInt32
    /// The UID that the next message will at least have; `nil` if the server does not say.
    public var uidNext: UInt32?
    /// How many messages there are.
    public var exists: Int
    /// The highest modification sequence (RFC 7162); `nil` without CONDSTORE.
    public var highestModSeq: UInt64?
    /// Whether nothing can be changed.
    public var isReadOnly: Bool

    struct Collected {
        var uidValidity: UInt32?
        var uidNext: UInt32?
        var exists = 0
        var highestModSeq: UInt64?

        mutating func take(_ response: IMAPResponse) {
            switch response {
            case .data(let number?, "EXISTS", _): exists = Int(clamping: number)
            case .condition(let condition):
                guard let value = condition.arguments.first else { return }
                switch condition.code {
                case "UIDVALIDITY": uidValidity = UInt32(value)
                case "UIDNEXT": uidNext = UInt32(value)
                case "HIGHESTMODSEQ": highestModSeq = UInt64(value)
                default: break
                }
            default: break
            }
        }

        func mailbox(_ end: IMAPCondition) -> SelectedMailbox? {
            guard let uidValidity else { return nil }
            return SelectedMailbox(
                uidValidity: uidValidity, uidNext: uidNext, exists: exists, highestModSeq: highestModSeq,
                isReadOnly: end.code == "READ-ONLY")
        }
    }
}

/// A mailbox as `STATUS` tells of it (RFC 3501 section 6.3.10).
public struct MailboxStatus: Sendable, Hashable {
    /// How many messages there are.
    public var messages: Int
    /// See ``SelectedMailbox/uidValidity``.
    public var uidValidity: UInt32
    /// The UID that the next message will at least have; `nil` if the server does not say.
    public var uidNext: UInt32?
    /// The highest modification sequence (RFC 7162); `nil` without CONDSTORE.
    public var highestModSeq: UInt64?

    init?(_ response: IMAPResponse) {
        guard case .data(nil, "STATUS", let values) = response, let items = values.last?.list else { return nil }
        var numbers: [String: UInt64] = [:]
        for index in stride(from: 0, to: items.count - 1, by: 2) {
            if let name = items[index].name { numbers[name] = items[index + 1].number }
        }
        guard let validity = numbers["UIDVALIDITY"].flatMap(UInt32.init(exactly:)), validity > 0 else { return nil }
        messages = Int(clamping: numbers["MESSAGES"] ?? 0)
        uidValidity = validity
        uidNext = numbers["UIDNEXT"].flatMap(UInt32.init(exactly:))
        // RFC 7162 section 3.1.2.2: zero says that this mailbox keeps none.
        highestModSeq = numbers["HIGHESTMODSEQ"].flatMap { $0 > 0 ? $0 : nil }
    }
}

/// A mailbox as `LIST` names it.
public struct ListedMailbox: Sendable, Hashable {
    /// The name, decoded.
    public var name: String
    /// `\Noselect`, `\Drafts`, … as the server writes them.
    public var attributes: [String]
    /// What separates the levels of the hierarchy; `nil` if there is none.
    public var delimiter: String?

    init?(_ response: IMAPResponse) {
        guard case .data(nil, "LIST", let values) = response, values.count >= 3,
            let attributes = values[0].list, let bytes = values[2].bytes
        else { return nil }
        // QUIRK: RFC 3501 section 5.1.3 wants modified UTF-7; a server that sends UTF-8 is understood too.
        name = ModifiedUTF7.decode(bytes) ?? String(decoding: bytes, as: UTF8.self)
        self.attributes = attributes.compactMap(\.text)
        delimiter = values[1].text
    }
}

/// How ``IMAPSession/store(_:_:flags:)`` changes flags.
public enum FlagChange: String, Sendable {
    /// These too.
    case add = "+FLAGS"
    /// These no longer.
    case remove = "-FLAGS"
    /// These and no others.
    case replace = "FLAGS"
}
