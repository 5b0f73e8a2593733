import Foundation
import Triage

/// An earlier message of the same sender, with the same intents, about the same orders.
struct EarlierConcern: Sendable {
    let conversation: Int64
    /// Her answer waits to be sent, or was sent then; nil: she got none by herself.
    let answer: Answer?

    enum Answer: Sendable {
        case waiting
        case sent(Date)
    }

    /// Whether a mail that arrived then was written before the answer was read, as far as one can know.
    func isUnread(at arrival: Date, within window: TimeInterval) -> Bool {
        switch answer {
        case nil: false
        case .waiting?: true
        case .sent(let time)?: arrival <= time.addingTimeInterval(window)
        }
    }
}

extension Ledger {
    /// A mail finds an earlier one on the same matter for two weeks.
    private static let concernWindow: Int64 = 14 * 86_400_000

    /// Digest of what a message is about: who wrote, what is asked, which orders are named. Nil where nothing is asked.
    func concern(of address: [UInt8]?, _ intents: [IntentScore], _ references: [Reference]) -> [UInt8]? {
        guard let address, !intents.isEmpty else { return nil }
        let orders = references.filter { $0.kind == .order }.map { $0.value.uppercased() }
        let parts = [[address.base32], Set(intents.map(\.intent)).sorted(), Set(orders).sorted()]
        return seal.digest(parts.map { $0.joined(separator: " ") }.joined(separator: "\n"), for: "concern")
    }

    /// The newest message on the same matter.
    func earlier(concern digest: [UInt8], besides message: Int64, now: Date) async throws -> EarlierConcern? {
        let rows = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT c.conversation, o.state, o.finished_at FROM concern c
                LEFT JOIN outbox o ON o.message = c.message AND o.kind = 'reply'
                    AND o.state NOT IN ('failed', 'withdrawn')
                WHERE c.digest = $1 AND c.message <> $2 AND c.at > $3 ORDER BY c.message DESC LIMIT 20
                """, [.blob(digest), .integer(message), .integer(now.milliseconds - Self.concernWindow)])
        }
        guard let conversation = rows.first?.integer("conversation") else { return nil }
        let answer = rows.first { $0.integer("conversation") == conversation && $0.text("state") != nil }
        return EarlierConcern(
            conversation: conversation,
            answer: answer.map { row in
                row.integer("finished_at").map { .sent(Date(milliseconds: $0)) } ?? .waiting
            })
    }
}

extension Conversations {
    /// Brings a message together with an earlier one on the same matter, whatever it refers to: they are one conversation and
    /// get one answer. Reads only.
    /// - Throws: `Joined` when the message is to be associated anew, with that conversation.
    func join(_ step: Step<TriagedMessage>) async throws -> Step<TriagedMessage> {
        let triaged: TriagedMessage
        switch step {
        case .proceed(let value), .settle(_, noting: let value?): triaged = value
        case .settle: return step
        }
        let association = triaged.association
        let raw = triaged.redacted.identified.heard.associated.parsed.raw
        // Outside a run a message is explained as if it came for the first time.
        guard repeats > 0, raw.id != 0,
            let concern = ledger.concern(
                of: association.addressee?.address, triaged.intents, triaged.triage.references),
            let earlier = try await ledger.earlier(concern: concern, besides: raw.id, now: now())
        else { return sameText(step, association) }
        if association.conversation == nil { throw Joined(conversation: earlier.conversation) }
        // Who answers an earlier mail goes on from there, and may well ask something more.
        let message = triaged.redacted.identified.message
        let isFresh = message.inReplyTo.isEmpty && message.references.isEmpty
        if case .proceed = step, isFresh, earlier.isUnread(at: raw.arrival, within: repeats) {
            return .settle(.ignore(.repeatedBeforeAnswer), noting: triaged)
        }
        return sameText(step, association)
    }

    /// Whoever was answered on the very same words, and has had time to read it, gets a person.
    private func sameText(_ step: Step<TriagedMessage>, _ association: Association) -> Step<TriagedMessage> {
        guard case .proceed(let triaged) = step, let rule = backstops.textRule(for: association.counts) else {
            return step
        }
        return .settle(.escalate(rule), noting: triaged)
    }
}

/// Ends a way through the pipeline that is begun anew at once, in the conversation that the message was found to belong to.
struct Joined: Error {
    let conversation: Int64
}

extension Rule {
    /// The second mail on one matter; its bytes are kept with the first.
    static let repeatedBeforeAnswer = Rule(
        "repeated", "She wrote again on the same matter before she could have read the answer; one is enough.")
}
