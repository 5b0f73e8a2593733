import Foundation
import Mail

/// The shop that the desk answers for.
public struct Shop: Sendable {
    /// Its name, as customers know it.
    public let name: String
    /// The address that replies come from.
    public let address: String
    /// Further addresses of its own.
    public let aliases: [String]
    /// Named pages: `account`, `reset`, `returns`, `help`.
    public let links: [String: String]
    /// Patterns of its order numbers.
    public let orderPatterns: [String]
    /// ISO 3166 region for telephone numbers without a country code.
    public let region: String
    /// Whose calendar its dates are in.
    public let timeZone: TimeZone
    /// The languages it answers in, BCP 47.
    public internal(set) var languages: [String]
    /// The receiving server whose Authentication-Results count (RFC 8601 §2.5).
    public let authservID: String?
    /// How many of the topmost `Received` fields its own servers write; nil: one, besides deliveries by LMTP.
    public var authservHops: Int?
    /// Forms on its site that send what customers type.
    public var contactForms: [ContactForm] = []
    /// The List-Ids of groups that are its inbox, in lower case.
    public var lists: [String] = []
    /// The figures that facts about an order are worked out with.
    public var policy = ShopPolicy()
    /// The shop's own people besides its addresses: addresses or `@domain`, in lower case.
    public var colleagues: [String] = []
    /// Where delivery reports on its replies go; nil: nowhere, replies leave with the null path.
    public var bounces: TokenAddress?
    /// How it asks whether its replies are answers.
    public var feedback = FeedbackPolicy()

    /// All its own addresses, in lower case.
    var ownAddresses: Set<String> { Set(([address] + aliases).map { $0.lowercased() }) }
    /// The hosts that its articles may link to: those of its links and addresses.
    public var domains: Set<String> {
        Set(links.values.compactMap(Article.host) + ownAddresses.compactMap { Article.host(of: "mailto:\($0)") })
    }
    /// Who replies come from.
    var mailbox: Mailbox { Mailbox(name: name, address: address) }
}
