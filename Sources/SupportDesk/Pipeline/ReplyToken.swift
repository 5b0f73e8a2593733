/// The signed name of one reply, in its Message-ID, its stamp and its bounce address: which conversation it belongs to,
/// which of its replies it is, and that this desk wrote it.
///
/// 48 letters and digits: ten bytes of the conversation, four that differ from reply to reply and from recipient to
/// recipient, and a MAC of 128 bits over both.
struct ReplyToken: Sendable, Hashable {
    /// The public name of the conversation, `AD-` and 16 characters.
    let conversation: String
    /// The token itself, in lower case.
    let text: String

    /// The field that bears it, by which we know our own mail, wherever it went.
    static let stampField = "X-AuraDesk-Stamp"
    /// The number of its characters.
    static let length = 48
    /// How the Message-IDs of replies begin.
    private static let prefix = "ad-"

    /// The Message-ID of the reply, without angle brackets.
    func messageID(domain: String) -> String { "\(Self.prefix)\(text)@\(domain)" }

    /// The part of a Message-ID that would be a token.
    static func candidate(in messageID: String) -> Substring? {
        guard messageID.hasPrefix(prefix), let at = messageID.firstIndex(of: "@") else { return nil }
        return messageID[messageID.index(messageID.startIndex, offsetBy: prefix.count)..<at]
    }

    /// What would be tokens of Message-IDs anywhere in the first bytes of a mail, such as in the part of a delivery
    /// report that returns our own header.
    static func candidates(in bytes: [UInt8]) -> [String] {
        let prefix = Array(Self.prefix.utf8)
        var found: [String] = []
        var index = 0
        let end = min(bytes.count, 1 << 20) - prefix.count - length
        while index < end, found.count < 20 {
            defer { index += 1 }
            guard bytes[index] == prefix[0], bytes[index + 1] == prefix[1], bytes[index + 2] == prefix[2],
                bytes[index + prefix.count + length] == UInt8(ascii: "@")
            else { continue }
            let text = bytes[(index + prefix.count)..<(index + prefix.count + length)]
            found.append(String(decoding: text, as: UTF8.self))
        }
        return found
    }
}

extension Seal {
    /// Makes the token of a reply.
    /// - Parameter reply: what the reply answers and to whom it goes; the same text gives the same token.
    func token(conversation: String, reply: String) -> ReplyToken {
        let name = Base32.decode(conversation.dropFirst(3)).flatMap { $0.count == 10 ? $0 : nil }
        let head =
            (name ?? Array(digest(conversation, for: "token name").prefix(10))) + digest(reply, for: "reply").prefix(4)
        return ReplyToken(conversation: conversation, text: token(head: head).text)
    }

    /// The token whose first 14 bytes these are.
    func token(head: [UInt8]) -> ReplyToken {
        ReplyToken(
            conversation: "AD-" + head.prefix(10).base32,
            text: (head + digest(head.base32, for: "token")).base32.lowercased())
    }

    /// Reads a token, in letters of either case; nil when this desk did not make it.
    func token(_ text: some StringProtocol) -> ReplyToken? {
        guard text.utf8.count == ReplyToken.length, let bytes = Base32.decode(text), bytes.count == 30 else {
            return nil
        }
        let head = Array(bytes.prefix(14))
        let expected = digest(head.base32, for: "token")
        // Compared as a whole, so that the time tells nothing about how much of it is right.
        guard zip(expected, bytes.dropFirst(14)).reduce(0, { $0 | ($1.0 ^ $1.1) }) == 0 else { return nil }
        return ReplyToken(conversation: "AD-" + head.prefix(10).base32, text: text.lowercased())
    }
}
