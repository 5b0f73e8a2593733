import Mail

/// The form of the envelope senders of replies: an address of the shop with a token in it, so that a delivery report
/// tells which reply came back and cannot be forged (VERP).
public struct BounceAddress: Sendable, Hashable {
    private let before: String
    private let after: String

    /// Reads a form such as `bounces+{token}@shop.example`; nil when it is none, or longer than RFC 5321 §4.5.3.1.1
    /// allows: 64 octets before the `@`.
    public init?(_ form: String) {
        let parts = form.split(separator: "{token}", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].contains("@"), !parts[0].contains("@"), Mailbox(address: form).domain != nil
        else { return nil }
        before = parts[0].lowercased()
        after = parts[1].lowercased()
        let local = before + after.prefix { $0 != "@" }
        guard local.utf8.count + ReplyToken.length <= 64, form.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
    }

    /// `support+b{token}@shop.example` for `support@shop.example`; nil when there is no room for it.
    public init?(of address: String) {
        let mailbox = Mailbox(address: address)
        guard let domain = mailbox.domain else { return nil }
        self.init("\(mailbox.localPart)+b{token}@\(domain)")
    }

    func address(_ token: ReplyToken) -> String { before + token.text + after }

    /// What would be the token of an address of this form; letters of either case.
    func candidate(in address: String) -> Substring? {
        let address = address.lowercased()
        guard address.hasPrefix(before), address.hasSuffix(after),
            address.count == before.count + ReplyToken.length + after.count
        else { return nil }
        return address.dropFirst(before.count).dropLast(after.count)
    }
}
