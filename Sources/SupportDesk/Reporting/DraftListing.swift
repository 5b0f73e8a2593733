import Foundation
import Mail

/// A draft as `drafts` lists it: nothing of anybody but placeholders. With `--json` a stable contract.
public struct DraftSummary: Sendable, Encodable {
    /// The ledger's number of the message that it answers; the draft goes by it.
    public let id: Int64
    /// Where it stands.
    public let state: DraftState
    /// Why, by the name of a rule.
    public let reason: String?
    /// When it was made.
    public let created: Date
    /// The customer, as a placeholder.
    public let customer: String
    /// What she asks.
    public let intent: String?
    /// The reply's language, BCP 47.
    public let language: String
    /// The rule that laid it before a person.
    public let rule: String
    /// The first line that says something.
    public let opening: String
    /// The conversation's public name.
    public let conversation: String
}

/// A draft with the mail that it answers: personal data, for the person who decides on it.
public struct DraftDetail: Sendable, Encodable {
    /// A mail of the customer that is not answered yet.
    public struct Mail: Sendable, Encodable {
        /// Her address.
        public let from: String
        /// When it was written, as far as it says so.
        public let date: Date?
        /// One line.
        public let subject: String
        /// What she newly wrote.
        public let text: String
        /// Names of the files that came along.
        public let files: [String]
    }

    /// What the list shows.
    public let summary: DraftSummary
    /// Her mails since the last answer, oldest first; the draft answers the last of them.
    public let mails: [Mail]
    /// Whom the reply goes to.
    public let recipient: String
    /// The ticket on which it becomes a public answer, for all who read that; nil: it becomes a mail.
    public let ticket: String?
    /// Its subject.
    public let subject: String
    /// Its text.
    public let text: String
    /// `embedded` or a model's name.
    public let author: String
    /// Articles that it rests on.
    public let citations: [String]
    /// What the review found in earlier drafts of the same answer.
    public let findings: [String]
    /// Why a person did not want it, in her words.
    public let rejection: String?
    /// What she sent in its place.
    public let sent: String?
    /// How many words of it she kept, took out and put in.
    public let words: Words?

    /// A difference in figures.
    public struct Words: Sendable, Encodable {
        /// Words in both.
        public let kept: Int
        /// Words of the draft that were not sent.
        public let removed: Int
        /// Words that were sent and are not in the draft.
        public let added: Int
    }
}

extension Desk {
    /// At most this many drafts are listed.
    public static let listedDrafts = 1_000

    /// The drafts that wait for a person, oldest first.
    /// - Parameter all: also those that are done, the newest first.
    public static func drafts(_ configuration: DeskConfiguration, all: Bool) async throws -> [DraftSummary] {
        let ledger = try await Ledger(configuration.keys)
        var summaries: [DraftSummary] = []
        for draft in try await ledger.drafts(all: all, limit: listedDrafts) where !draft.sealed.isEmpty {
            summaries.append(DraftSummary(draft, try await ledger.record(of: draft)))
        }
        try await ledger.close()
        return summaries
    }

    /// One draft with the mail that it answers.
    /// - Throws: `DeskError` with code `data` when there is none of that number.
    public static func draft(_ message: Int64, _ configuration: DeskConfiguration) async throws -> DraftDetail {
        let ledger = try await Ledger(configuration.keys)
        guard let draft = try await ledger.draft(message), !draft.sealed.isEmpty else {
            throw DeskError(.data, "there is no draft \(message) (auradesk drafts lists them)")
        }
        let record = try await ledger.record(of: draft)
        let thread = try await ledger.thread(of: draft.conversation, upTo: message)
        let end = try await ledger.end(ofDraft: message)
        try await ledger.close()
        let open = thread.suffix(while: { !$0.isOurs || $0.message == message }).filter { !$0.isOurs }
        return DraftDetail(
            summary: DraftSummary(draft, record),
            mails: open.compactMap { try? Message(parsing: $0.bytes, limits: configuration.limits.parsing) }
                .map(DraftDetail.Mail.init),
            recipient: record.recipient, ticket: record.answer?.home.ticket, subject: record.subject,
            text: record.text, author: record.author,
            citations: record.citations, findings: record.findings, rejection: end?.reason, sent: end?.text,
            words: end?.difference.map {
                DraftDetail.Words(kept: $0.kept, removed: $0.removed, added: $0.added)
            })
    }
}

extension DraftSummary {
    init(_ draft: DraftRow, _ record: DraftRecord) {
        self.init(
            id: draft.message, state: draft.state, reason: draft.reason, created: draft.created,
            customer: record.customer, intent: draft.intent, language: record.language, rule: record.rule,
            opening: record.opening, conversation: record.conversation)
    }
}

extension DraftDetail.Mail {
    init(_ message: Message) {
        self.init(
            from: message.from.first?.address ?? "", date: message.date, subject: message.subject,
            text: message.newText, files: message.attachments.prefix(20).map(\.name))
    }
}

extension Array {
    /// The elements behind the last one that does not meet a condition.
    fileprivate func suffix(while condition: (Element) -> Bool) -> ArraySlice<Element> {
        self[(lastIndex { !condition($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
