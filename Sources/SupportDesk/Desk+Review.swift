import Foundation
import Logging
import Mail

/// A reply that waits for a person's word, as it is listed: nothing of anybody. With `--json` a stable contract.
public struct ReviewItem: Sendable, Encodable {
    /// The ledger's number of the message that was answered; the reply goes by it.
    public let id: Int64
    /// When it was decided on.
    public let at: Date
    /// What was asked.
    public let intent: String
    /// The reply's language, BCP 47.
    public let language: String
    /// How sure the desk was.
    public let band: ReviewStratum.Band
    /// For how many replies of its kind it stands.
    public let weight: Double
    /// The conversation's public name.
    public let conversation: String?

    init?(_ row: SQLRow) {
        guard let id = row.integer("message"), let stratum = ReviewStratum(row) else { return nil }
        self.id = id
        at = Date(milliseconds: row.integer("at") ?? 0)
        (intent, language, band) = (stratum.intent, stratum.language, stratum.band)
        weight = row.real("weight") ?? 1
        conversation = row.text("external_id")
    }
}

/// A question and its reply, for the person who rates it.
public struct ReviewDetail: Sendable, Encodable {
    /// What the list shows.
    public let item: ReviewItem
    /// The question's subject.
    public let subject: String
    /// What the customer newly wrote.
    public let question: String
    /// The reply as it left.
    public let reply: String
    /// Articles that it rests on.
    public let citations: [String]
    /// Whether people are placeholders in it.
    public let isRedacted: Bool
}

extension Desk {
    /// At most this many replies are listed.
    public static let listedReviews = 1_000

    /// The replies that wait for a person's word.
    public func reviewQueue() async throws -> [ReviewItem] { try await ledger.reviewQueue(limit: Self.listedReviews) }

    /// What people found so far, by kinds of replies.
    public func reviewFigures() async throws -> [ReviewFigures] { try await ledger.reviewFigures() }

    /// The intents that fell back to drafts by themselves.
    public func setbacks() async throws -> [Setback] { try await ledger.setbacks() }

    /// A question and its reply.
    /// - Parameter isRedacted: with placeholders in place of people and of what their record says, and zeros in place of numbers.
    /// - Throws: `DeskError` with code `data` when there is none of that number, or when it is not kept any more.
    public func review(of message: Int64, isRedacted: Bool) async throws -> ReviewDetail {
        guard let item = try await ledger.reviewItem(message) else {
            throw DeskError(.data, "the reply to message \(message) was not drawn (auradesk review list shows those)")
        }
        guard let question = try await ledger.archived(message),
            let parsed = try? Message(parsing: question, limits: limits.parsing),
            let reply = try await ledger.replyText(to: message)
        else { throw DeskError(.data, "message \(message) or its reply is not kept any more (retention in desk.yaml)") }
        let citations = try await ledger.citations(of: message)
        guard isRedacted else {
            return ReviewDetail(
                item: item, subject: parsed.subject, question: parsed.newText, reply: reply, citations: citations,
                isRedacted: false)
        }
        var dossier = Dossier(
            RawMessage(id: message, channel: "", source: "", arrival: item.at, bytes: question, origin: .mail))
        dossier.message = parsed
        // Where she lives is known from her record only.
        var mask = try await redacting.mask(
            for: dossier, besides: redacting.people(of: parsed, try await customer(of: parsed)))
        return ReviewDetail(
            item: item, subject: mask.redact(parsed.subject).withoutNumbers,
            question: mask.redact(parsed.newText).withoutNumbers, reply: mask.redact(reply).withoutNumbers,
            citations: citations, isRedacted: true)
    }

    private func customer(of message: Message) async throws -> Customer? {
        guard let address = message.from.first?.address else { return nil }
        return try await identification.records.customer(address: address)
    }

    /// Puts on record what a person found of a reply. An intent that falls below its floor by it falls back to drafts, with an
    /// alarm.
    /// - Returns: that it fell back just now.
    /// - Throws: `DeskError` with code `data` when the reply was not drawn.
    public func rate(_ message: Int64, _ rating: ReplyRating) async throws -> Setback? {
        let setback = try await ledger.rate(message, rating, review, now: now())
        if let setback {
            logger.warning(
                "an intent fell back to drafts: auradesk review reinstate lets it answer again",
                metadata: ["intent": "\(setback.intent)", "reason": "\(setback.reason)"])
        }
        try await sealAudit()
        return setback
    }

    /// Lets an intent answer by itself again.
    /// - Returns: whether it had fallen back.
    public func reinstate(_ intent: String) async throws -> Bool {
        let changed = try await ledger.reinstate(intent, now: now())
        try await sealAudit()
        return changed
    }
}

extension Ledger {
    /// The text of the reply to a message; nil when it is not kept any more.
    fileprivate func replyText(to message: Int64) async throws -> String? {
        let sealed = try await database.read { transaction in
            try transaction.rows(
                "SELECT sealed FROM outbox WHERE message = $1 AND kind = 'reply'", [.integer(message)]
            ).first?.blob("sealed")
        }
        guard let sealed, !sealed.isEmpty else { return nil }
        let bytes = Data(try await open(sealed, as: Place.outbox(message, "reply")))
        switch try OutboxItem.answer(bytes, isDraft: false) {
        case .mail(let envelope, _):
            // Without the links of its last question: by them its recipient votes, and nobody else needs them.
            let lines = (try? Message(parsing: envelope.bytes))?.text.split(
                separator: "\n", omittingEmptySubsequences: false)
            return lines?.map { line in line.range(of: ": mailto:").map { line[..<$0.lowerBound] } ?? line }
                .joined(separator: "\n")
        case .ticketReply(let reply, _): return reply.text
        case .ticket: return nil
        }
    }

    /// The articles that the answer to a message rests on.
    fileprivate func citations(of message: Int64) async throws -> [String] {
        struct Detail: Decodable { let citations: [String]? }
        let text = try await database.read { transaction in
            try transaction.rows("SELECT detail FROM decision WHERE message = $1", [.integer(message)]).first?
                .text("detail")
        }
        guard let text else { return [] }
        return (try? JSONDecoder().decode(Detail.self, from: Data(text.utf8)))?.citations ?? []
    }
}
