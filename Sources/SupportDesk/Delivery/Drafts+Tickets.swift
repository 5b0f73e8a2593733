extension Drafts {
    /// Says on its ticket that a draft is not to be sent any more: a note that agents have read cannot be taken back. Nothing is
    /// said where one of them has answered herself, or the matter came onto the ticket in the draft's place.
    /// - Returns: what could not be reached.
    func retract(_ draft: DraftRow, _ record: DraftRecord) async throws -> [String] {
        let unsaid: [Rule] = [.wroteAgain] + (policy.unsent == .leave ? [.draftExpired, .draftRejected] : [])
        if let rule = unsaid.first(where: { $0.name == draft.reason }), let answer = record.answer,
            let home = channels.lazy.compactMap({ $0.channel as? TicketChannel })
                .first(where: { $0.name == answer.home.channel })
        {
            do {
                try await retract(answer, draft.message, rule, home.system)
            } catch let error as TicketError where error.isRetryable || error.isUnreachable {
                return error.isUnreachable ? [error.message] : []
            } catch let error as TicketError {
                logger.warning(
                    "a draft's note stands", metadata: ["message": "\(draft.message)", "reason": "\(error.message)"])
            }
        }
        try await ledger.note(.gone, of: draft.message)
        return []
    }

    private func retract(
        _ answer: TicketReply, _ message: Int64, _ rule: Rule, _ system: any TicketSystem
    ) async throws {
        let key = "withdrawn-\(message).txt"
        guard let ticket = try await system.ticket(answer.home.ticket), ticket.state != .deleted else { return }
        let names = try await system.names(on: ticket.id)
        guard names.contains(answer.draftKey), !names.contains(key) else { return }
        let templates = try await packets().templates
        let text = "\(templates.word("draft_withdrawn", of: message))\n\(templates.reason(of: rule))\n"
        try await system.add(NewEntry(key: key, subject: answer.subject, text: text), to: ticket.id)
    }
}
