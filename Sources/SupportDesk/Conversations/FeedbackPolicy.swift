/// How a shop asks its customers whether a reply was an answer.
public struct FeedbackPolicy: Sendable {
    /// A page elsewhere on which customers answer by a button: nothing that only follows links votes.
    public struct Page: Sendable {
        /// Where it is.
        public let url: String
        /// What the page signs its mails with.
        let key: String
    }

    /// Whether the question stands at the end of automatic replies.
    public var isAsked = true
    /// Where customers answer, with a token in the address; used only after a probe has arrived there. Nil: there is no room
    /// for a token; it stands in the subject then.
    public var address: TokenAddress?
    /// Whether she is asked for a number from 1 to 5 in place of yes or no.
    public var hasScale = false
    /// The page; nil: none.
    public var page: Page?

    /// The question with two links, by the subject alone.
    public init() {}
}

extension FeedbackPolicy {
    /// Reads the section `feedback`.
    init(_ reader: ConfigurationReader?, of shop: Shop) throws {
        self.init()
        address = TokenAddress(of: shop.address, tag: "f", holding: FeedbackToken.length)
        guard let reader else { return }
        isAsked = try reader.word("ask") != OnOff.off
        switch try reader.text("address") {
        case nil: break
        case "off": address = nil
        case let form?:
            guard let read = TokenAddress(form, holding: FeedbackToken.length) else {
                throw reader.error(
                    "address",
                    "must be off, or an address such as answers+{token}@shop.example with at most 14 characters besides"
                        + " {token} before the @")
            }
            address = read
        }
        switch try reader.integer("scale", in: 2...5) {
        case nil, 2: hasScale = false
        case 5: hasScale = true
        default: throw reader.error("scale", "must be 2 (yes or no) or 5 (from 1 to 5)")
        }
        if let url = try reader.text("page") {
            guard url.hasPrefix("https://"), !url.contains("?"), !url.contains("#"), !url.contains(" ") else {
                throw reader.error("page", "must be an https link without ? and #")
            }
            guard let key = try reader.secret("page_key") else {
                throw reader.error("page", "needs page_key, the secret that the page signs with")
            }
            guard key.utf8.count >= KeySource.leastCharacters else {
                throw reader.error(
                    "page_key",
                    "is shorter than \(KeySource.leastCharacters) characters; make one with: openssl rand -base64 32")
            }
            page = Page(url: url, key: key)
        }
        try reader.finish()
    }
}
