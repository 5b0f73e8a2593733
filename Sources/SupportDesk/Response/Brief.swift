import Foundation
import Redaction

/// What an author of drafts is given of a message: its redacted texts, passages of the shop's articles, the names of facts.
/// Nothing else of the message, of the record or of the vault can be reached from here.
public struct Brief: Sendable {
    /// The subject.
    public let subject: RedactedText
    /// What the customer newly wrote.
    public let body: RedactedText
    /// The older messages that she quoted.
    public let quoted: RedactedText
    /// The files that came along.
    public let files: [MessageRedaction.File]
    /// The language to answer in: one of the shop's, BCP 47.
    public let language: String
    /// What may be quoted.
    public let passages: [Passage]
    /// What may be named, without its value.
    public let facts: [(name: String, meaning: Fact.Meaning)]
    /// Whether the customer is upset, so that an apology is due.
    public let isUpset: Bool
    /// What a proved customer is to the shop, without a word about who she is; nil for everybody else.
    public let profile: Profile?
    /// The message's number in the ledger, for what is spent on it; 0: none.
    let message: Int64
    /// When it arrived, and how much haste there is in it (0 to 1): by these it may wait, or not.
    let arrival: Date
    let urgency: Double
    /// How much may be told; decides whether an answer may be given to somebody else as well.
    let tier: DisclosureTier
    /// The questions with the shop's own words for each.
    let questions: [Question]
    /// Values for the templates; slots stand for facts.
    let context: TemplateContext
    /// Values of each order, as `order` of a template that speaks of one.
    let orderContexts: [TemplateContext]
    /// Said at the end, whatever else is.
    let addendum: ReplyTemplates.Fixed?
    /// The author's former draft and what the review found wrong with it; nil for the first one.
    public private(set) var rejected: RejectedDraft?
    /// Which of several runs over the same message this is, from 0: each asks in other words.
    private(set) var opinion = 0

    /// The same brief, with a draft that did not pass and is to be mended.
    func mending(_ rejected: RejectedDraft) -> Brief {
        var copy = self
        copy.rejected = rejected
        return copy
    }

    /// The same brief for another run that knows nothing of the first.
    func asking(again opinion: Int) -> Brief {
        var copy = self
        copy.opinion = opinion
        return copy
    }

    /// A customer in numbers.
    public struct Profile: Sendable, Hashable {
        /// The year of her first order or of her account.
        public let since: Int?
        /// Orders on record.
        public let orders: Int
    }

    init(_ grounded: GroundedMessage) {
        let redaction = grounded.redaction
        let identity = grounded.triaged.identity
        let triage = grounded.triaged.triage
        isUpset = triage.isUpset
        tier = identity.tier
        profile =
            identity.tier == .verified
            ? identity.customer.map { Profile(since: $0.since?.year, orders: identity.orders.count) } : nil
        let raw = grounded.triaged.redacted.identified.heard.associated.parsed.raw
        message = raw.id
        arrival = raw.arrival
        urgency = triage.urgency
        subject = redaction.subject
        body = redaction.body
        quoted = redaction.quoted
        files = redaction.files
        language = grounded.triaged.replyLanguage
        passages = grounded.evidence.passages
        facts = grounded.evidence.facts.facts.map { ($0.name, $0.meaning) }
        questions = grounded.evidence.questions
        context = grounded.evidence.context
        orderContexts = grounded.evidence.orderContexts
        addendum = grounded.evidence.addendum
    }
}

/// A draft that did not pass the review, and why.
public struct RejectedDraft: Sendable {
    /// The draft: slots and placeholders, no values.
    public let draft: Draft
    /// What was found.
    public let findings: [ReviewFinding]
}
