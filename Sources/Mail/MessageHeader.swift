import Foundation

/// The header of a message as values.
struct MessageHeader {
    var headers: [HeaderField] = []
    var from: [Mailbox] = []
    var sender: Mailbox?
    var replyTo: [Mailbox] = []
    var to: [Mailbox] = []
    var cc: [Mailbox] = []
    var returnPath = ReturnPath.missing
    var messageID: String?
    var inReplyTo: [String] = []
    var references: [String] = []
    var date: Date?
    var subject = ""
    var suppress: [String] = []
    var problems: [String]
    /// Of a thread, however many fields name it.
    private static let maximumIdentifiers = 200
    /// Where the first field of each name is, names in lower case.
    private(set) var index: [String: Int] = [:]

    /// The value of the first field of a name in lower case.
    func value(_ name: String) -> String? { index[name].map { headers[$0].value } }

    init(_ bytes: UnsafeBufferPointer<UInt8>, block: HeaderBlock, limits: Message.Limits) {
        problems = block.problems
        headers.reserveCapacity(block.fields.count)
        var seen: Set<String> = []
        for field in block.fields {
            let name = String(decoding: bytes[field.name], as: UTF8.self)
            let raw = HeaderBlock.unfolded(bytes, field.value)
            let key = ASCII.lowercased(bytes[field.name])
            // RFC 2047 §5: no encoded words in these. Decoding one would let a sender's envelope address, which the
            // receiving server quotes in its results, become a result of its own.
            let text =
                key == "authentication-results" || key == "received"
                ? String(decoding: raw.bytes, as: UTF8.self) : HeaderText.decoded(raw)
            headers.append(HeaderField(name: name, value: text))
            if index[key] == nil { index[key] = headers.count - 1 }
            switch key {
            case "from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to",
                "references", "return-path":
                // RFC 5322 §3.6: each of these once. The first counts, except that address lists add up: hiding an
                // address in a second field must not work.
                let isFirst = seen.insert(key).inserted
                if !isFirst, key != "return-path" { note("the field \(key) stands there more than once") }
                take(key, raw: raw.bytes, text: text, isFirst: isFirst, limits: limits)
            case "x-auto-response-suppress":
                suppress += raw.bytes.split(separator: UInt8(ascii: ",")).map {
                    ASCII.lowercased(ASCII.trimmed($0))
                }
            default: break
            }
        }
        if !seen.contains("from") { note("there is no From field") } else if from.isEmpty { note("From names nobody") }
    }

    /// Makes a header of values that did not come as a mail.
    init(from: Mailbox, headers: [HeaderField]) {
        problems = []
        self.from = [from]
        self.headers = headers
        for (place, field) in headers.enumerated() {
            let key = ASCII.lowercased(field.name.utf8)
            if index[key] == nil { index[key] = place }
        }
    }

    private mutating func take(_ key: String, raw: [UInt8], text: String, isFirst: Bool, limits: Message.Limits) {
        switch key {
        case "from": from += HeaderText.mailboxes(raw, limit: limits.addresses - from.count)
        case "to": to += HeaderText.mailboxes(raw, limit: limits.addresses - to.count)
        case "cc": cc += HeaderText.mailboxes(raw, limit: limits.addresses - cc.count)
        case "reply-to": replyTo += HeaderText.mailboxes(raw, limit: limits.addresses - replyTo.count)
        case "references": references += HeaderText.identifiers(raw, limit: Self.maximumIdentifiers - references.count)
        case "in-reply-to": inReplyTo += HeaderText.identifiers(raw, limit: Self.maximumIdentifiers - inReplyTo.count)
        default:
            guard isFirst else { return }
            switch key {
            case "sender": sender = HeaderText.mailboxes(raw, limit: 1).first
            case "subject": subject = ASCII.trimmed(text)
            case "message-id":
                messageID =
                    HeaderText.identifiers(raw, limit: 1).first
                    ?? (raw.isEmpty ? nil : ASCII.trimmed(text).split(separator: " ").first.map(String.init))
            case "date":
                date = HeaderText.date(raw)
                if date == nil { note("the Date field cannot be read") }
            case "return-path": returnPath = MessageHeader.returnPath(raw)
            default: break
            }
        }
    }

    private mutating func note(_ problem: String) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// RFC 5321 §4.4: the topmost field counts, it was added last. `<>` is null; an empty value says nothing.
    private static func returnPath(_ raw: [UInt8]) -> ReturnPath {
        let text = ASCII.trimmed(raw[...])
        if text.elementsEqual("<>".utf8) || text.elementsEqual("< >".utf8) { return .null }
        if let open = text.firstIndex(of: UInt8(ascii: "<")),
            let close = text[open...].firstIndex(of: UInt8(ascii: ">"))
        {
            let inner = ASCII.trimmed(text[(open + 1)..<close])
            return inner.isEmpty ? .null : .address(Mailbox.normalized(String(decoding: inner, as: UTF8.self)))
        }
        guard !text.isEmpty else { return .missing }
        return .address(Mailbox.normalized(String(decoding: text, as: UTF8.self)))
    }

    /// Whether a value begins with `multipart/`.
    static func isMultipart(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let start = value.drop(while: ASCII.isWhitespace).prefix(10)
        return start.lazy.map(ASCII.lower).elementsEqual("multipart/".utf8)
    }

    /// Whether a field describes the body (RFC 2045 §3: they all begin with `Content-`).
    static func describesBody(_ bytes: UnsafeBufferPointer<UInt8>, _ name: Range<Int>) -> Bool {
        let prefix: StaticString = "content-"
        guard name.count > 8 else { return false }
        return prefix.withUTF8Buffer { prefix in
            (0..<8).allSatisfy { ASCII.lower(bytes[name.lowerBound + $0]) == prefix[$0] }
        }
    }
}
