import Mail

/// The form of an address of the shop with a token in it, which cannot be forged: where delivery reports go, so that each tells
/// which reply came back (VERP), and where customers answer the question at the end of a reply.
public struct TokenAddress: Sendable, Hashable {
    private let before: String
    private let after: String
    private let length: Int

    /// Reads a form such as `bounces+{token}@shop.example`; nil when it is none, or longer than RFC 5321 §4.5.3.1.1
    /// allows: 64 octets before the `@`.
    public init?(_ form: String) { self.init(form, holding: ReplyToken.length) }

    /// The same for tokens of a length of their own.
    init?(_ form: String, holding length: Int) {
        let parts = form.split(separator: "{token}", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].contains("@"), !parts[0].contains("@"), Mailbox(address: form).domain != nil
        else { return nil }
        before = parts[0].lowercased()
        after = parts[1].lowercased()
        self.length = length
        let local = before + after.prefix { $0 != "@" }
        guard local.utf8.count + length <= 64, form.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    }

    /// `support+b{token}@shop.example` for `support@shop.example`; nil when there is no room for it.
    public init?(of address: String) { self.init(of: address, tag: "b", holding: ReplyToken.length) }

    /// The same with another letter in front of a token of another length.
    init?(of address: String, tag: String, holding length: Int) {
        let mailbox = Mailbox(address: address)
        guard let domain = mailbox.domain else { return nil }
        self.init("\(mailbox.localPart)+\(tag){token}@\(domain)", holding: length)
    }

    /// As it is written in `desk.yaml`.
    var form: String { "\(before){token}\(after)" }

    func address(_ token: ReplyToken) -> String { address(token.text) }

    func address(_ token: String) -> String { before + token.lowercased() + after }

    /// What would be the token of an address of this form; letters of either case.
    func candidate(in address: String) -> Substring? {
        let address = address.lowercased()
        guard address.hasPrefix(before), address.hasSuffix(after),
            address.count == before.count + length + after.count
        else { return nil }
        return address.dropFirst(before.count).dropLast(after.count)
    }
}
