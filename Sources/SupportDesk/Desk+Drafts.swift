import Foundation
import Mail
import Redaction

extension Desk {
    /// What became of an approval.
    public enum Approval: Sendable {
        /// The reply has left.
        case sent
        /// It waits in the outbox for the next run: another process is at work, or what stands in the way was not there.
        case waits(String?)
        /// Another process has it in hand, or had it.
        case elsewhere
        /// Nothing was sent, and why.
        case refused(String)
    }

    /// Has a draft sent: by the same outbox, gate and limits as any answer, as they are at this moment.
    /// - Parameter edited: the text that a person made of it; nil: as it is.
    /// - Returns: the outbox row of its reply, for `send`.
    /// - Throws: `DeskError`: `data` when it must not be sent, with the reason; `unavailable` when its folder cannot be looked at.
    public func approve(_ message: Int64, edited: String? = nil) async throws -> Int64 {
        let (draft, record) = try await openDraft(message)
        try await gate(draft)
        var sent = record
        var end: DraftEnd?
        if let edited {
            sent.text = try await editedReply(draft, record).checked(edited)
            end = DraftEnd(text: sent.text, difference: TextDifference(from: record.text, to: sent.text))
        }
        do {
            let row = try await ledger.approve(draft, try answer(sent), end, limits.backstops, now: now())
            guard let row else { throw Self.refusal(message, "somebody else was quicker") }
            await FaultPoint.approved.reach()
            try await sealAudit()
            return row
        } catch let stopped as Backstopped {
            throw Self.refusal(message, Self.sentence(stopped.rule))
        }
    }

    /// Sends an approved reply, unless another process does.
    public func send(_ row: Int64, of message: Int64) async throws -> Approval {
        try await lease.whileKept {
            let shift = Shift { _ in }
            let number = try await lease.number()
            guard try await ledger.claim(outbox: row, by: number) else { return .elsewhere }
            try await deliver(row, by: number, shift)
            await delivery.close()
            try await sealAudit()
            let approval = try await approval(of: message)
            guard case .waits = approval else { return approval }
            return .waits(await shift.report.takeProblems().sorted().first)
        }
    }

    /// What has become of an approval so far.
    public func approval(of message: Int64) async throws -> Approval {
        let result = try await ledger.result(of: message)
        switch result.disposition {
        case .answered: return try await ledger.hasOpenRows(of: message) ? .waits(nil) : .sent
        case .escalated where try await ledger.hasOpenRows(of: message): return .waits(nil)
        case .drafted: return .refused("it is no longer as it was laid into its folder: a person has it in hand")
        default: return .refused("it ended as \(result.disposition?.rawValue ?? "nothing") (\(result.rule ?? ""))")
        }
    }

    /// Takes a draft away that a person does not want.
    /// - Returns: the outbox row of the ticket that the mail goes to; nil where it stays with those who read the mailbox.
    /// - Throws: `DeskError`: `data` when it is no open draft.
    public func reject(_ message: Int64, reason: String) async throws -> Int64? {
        let (draft, record) = try await openDraft(message)
        let (ended, ticket) = try await drafts.giveUp(draft, record, .rejected, .draftRejected, reason: reason)
        guard ended else { throw Self.refusal(message, "somebody else was quicker") }
        try await sealAudit()
        return ticket
    }

    /// The number of the ticket that a message went to; nil when it has none yet.
    public func ticket(of message: Int64) async throws -> String? { try await ledger.result(of: message).ticket }

    /// Takes drafts out of their folder that are not to be there any more.
    /// - Returns: what could not be reached.
    public func clearDrafts() async throws -> [String] {
        try await drafts.look(at: ledger.watchedDrafts().filter(\.isDone))
    }

    /// Looks after the drafts, unless another process does.
    /// - Parameter isWhole: whether those are looked for that people may have sent, changed or deleted; else only those are taken
    ///   away that are done.
    /// - Returns: what could not be reached.
    func tendDrafts(isWhole: Bool) async throws -> [String] {
        let watched = try await ledger.watchedDrafts().filter { isWhole || $0.isDone }
        guard !watched.isEmpty, try await ledger.take(.drafts, by: lease.number()) else { return [] }
        do {
            return try await drafts.look(at: watched)
        } catch  where !Self.endsRun(error) {
            // One of them cannot be opened: it waits until somebody mends it, and does not keep the others.
            var lines: [String] = []
            for draft in watched { lines += try await look(at: draft) }
            return lines
        }
    }

    private func look(at draft: DraftRow) async throws -> [String] {
        do {
            return try await drafts.look(at: [draft])
        } catch  where !Self.endsRun(error) {
            return ["draft of message \(draft.message): \(Self.reason(error)); see auradesk ledger check --help"]
        }
    }

    /// The text of an open draft, to be edited.
    /// - Throws: `DeskError` as `approve` does.
    public func draftText(_ message: Int64) async throws -> String { try await openDraft(message).1.text }

    // MARK: - Checks

    /// A draft that is open, also after a look at its folder.
    private func openDraft(_ message: Int64) async throws -> (DraftRow, DraftRecord) {
        guard var draft = try await ledger.draft(message) else {
            throw DeskError(.data, "there is no draft \(message) (auradesk drafts lists them)")
        }
        if draft.state == .open, draft.mayLieInFolder {
            if let problem = try await drafts.look(at: [draft]).first {
                throw DeskError(.unavailable, problem, isRetryable: true)
            }
            draft = try await ledger.draft(message) ?? draft
        }
        switch draft.state {
        case .open where draft.missing != nil:
            throw Self.refusal(message, "it is no longer in the drafts folder: somebody has just sent or deleted it")
        case .open: return (draft, try await ledger.record(of: draft))
        case .edited:
            throw Self.refusal(message, "a person has changed it in the drafts folder; send it from your mail program")
        case .approved: throw Self.refusal(message, "it was approved before")
        case .rejected, .withdrawn:
            let reason = draft.reason.map { " (\($0))" } ?? ""
            throw Self.refusal(message, "it was \(draft.state.rawValue)\(reason)")
        case .sent: throw Self.refusal(message, "a person has sent it herself")
        }
    }

    /// The gate that every automatic message passes, once more: much may have happened since the draft was made. Only its age is no
    /// reason any more, since a person has looked at it.
    private func gate(_ draft: DraftRow) async throws {
        guard let (bytes, origin) = try await question(of: draft) else {
            throw Self.refusal(draft.message, "the mail that it answers is not kept any more")
        }
        let raw = RawMessage(
            id: draft.message, channel: draft.channel, source: draft.source, arrival: max(draft.arrival, now()),
            bytes: bytes, origin: origin)
        var dossier = Dossier(raw)
        do {
            let parsed = try parsing.parse(raw).next(noting: &dossier)
            let associated = try await conversations.associate(parsed).next(noting: &dossier)
            _ = try screening.screen(associated).next(noting: &dossier)
        } catch let settled as Settled {
            throw Self.refusal(draft.message, Self.sentence(settled.disposition.rule))
        }
    }

    /// What the customer wrote: as it is kept, or as it stands on its ticket.
    private func question(of draft: DraftRow) async throws -> (bytes: [UInt8], origin: Origin)? {
        guard let home = delivery.homes[draft.channel] else {
            return try await ledger.archived(draft.message).map { ($0, .mail) }
        }
        let found = Found()
        do {
            try await home.fetch([draft.source], maximumBytes: limits.messageBytes) { await found.set($0) }
        } catch {
            guard let line = Self.line(error, of: home) else { throw error }
            throw DeskError(.unavailable, line, isRetryable: true)
        }
        return await found.fetched?.content.map { ($0.bytes, $0.origin) }
    }

    private actor Found {
        private(set) var fetched: Fetched?
        func set(_ fetched: Fetched) { self.fetched = fetched }
    }

    private func answer(_ record: DraftRecord) throws -> ApprovedAnswer {
        if var answer = record.answer {
            answer.text = record.text
            return .entry(answer)
        }
        let reply = record.reply
        return .mail(
            Envelope(
                sender: shop.bounces?.address(reply.token), recipient: reply.recipient.address,
                messageID: reply.messageID, bytes: try composer.bytes(reply, date: now())))
    }

    private func editedReply(_ draft: DraftRow, _ record: DraftRecord) async throws -> EditedReply {
        let vault = try await ConversationVault(ledger.vault(of: draft.conversation), of: ledger)
        let reader: Set<[UInt8]> = [ledger.digest(address: record.recipient)]
        return EditedReply(record: record, shop: shop) { vault.sight(of: $0, for: reader) }
    }

    private static func refusal(_ message: Int64, _ reason: String) -> DeskError {
        DeskError(.data, "draft \(message): \(reason)")
    }

    private static func sentence(_ rule: Rule) -> String { "\(rule.reason) (\(rule.name))" }
}

extension Ledger {
    /// Whether something is still to be delivered for a message.
    func hasOpenRows(of message: Int64) async throws -> Bool {
        try await database.read { transaction in
            try !transaction.rows(
                "SELECT id FROM outbox WHERE message = $1 AND state IN ('queued', 'sending') LIMIT 1",
                [.integer(message)]
            ).isEmpty
        }
    }

    /// The bytes of a message that is kept.
    func archived(_ message: Int64) async throws -> [UInt8]? {
        let sealed = try await database.read { transaction in
            try transaction.rows("SELECT sealed FROM archive WHERE message = $1", [.integer(message)]).first?
                .blob("sealed")
        }
        guard let sealed else { return nil }
        return try await open(sealed, as: Place.archive(message))
    }

    /// The placeholders of a conversation.
    func vault(of conversation: Int64?) async throws -> SealedVault? {
        guard let conversation else { return nil }
        return try await database.read { try SealedVault(of: conversation, in: $0) }
    }
}
