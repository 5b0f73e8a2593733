import Foundation

extension Delivery {
    /// Takes an answer onto the ticket on which it was asked.
    ///
    /// No ticket system takes an answer once only: one of which nobody knows whether it was taken is looked for on the ticket, by
    /// its key or its text, before it is written again.
    func deliver(_ reply: TicketReply, isDraft: Bool, _ item: OutboxItem) async throws -> DeliveryAttempt {
        guard let home = homes[reply.home.channel] else {
            return try await hand(
                item, end: .failed("no channel"),
                Rule("no-channel", "The channel that the ticket came by is no longer configured."))
        }
        let system = home.system
        if let outage = await outages.line(of: system.name) { return .unreachable(outage) }
        let heading = isDraft ? try await packets().templates.word("draft", of: item.message) : nil
        let entry = reply.newEntry(heading: heading)
        let ticket: String
        do {
            guard let record = try await system.ticket(reply.home.ticket), record.state != .deleted else {
                return try await standDown(item, PersonSeen(reason: "the ticket was deleted"))
            }
            // An agent may have merged it into another one.
            ticket = record.id
            if item.wasSending {
                // What the one before us has sent may still be on its way to the ticket.
                if try await !system.holds(entry, on: record.id), system.limits.settling > .zero {
                    try await Task.sleep(for: system.limits.settling)
                }
                if try await system.holds(entry, on: record.id) {
                    try await ledger.finish(item, as: .sent(remote: record.id), now: now())
                    return .finished
                }
                try await ledger.requeue(item, until: now(), problem: "found not to be there")
            }
            if isOverdue(item) {
                return try await hand(
                    item, end: .failed("too late"),
                    Rule("delivery-late", "The answer could not be written in time; a later one helps nobody."))
            }
            if let attempt = try await clear(item) { return attempt }
        } catch let error as TicketError {
            return try await postpone(item, error, of: system.name)
        }
        do {
            try await system.add(entry, to: ticket)
        } catch let error as TicketError {
            return try await settle(item, error, of: system.name)
        }
        await FaultPoint.sent.reach()
        await outages.isWell(system.name)
        try await ledger.finish(item, as: .sent(remote: ticket), now: now())
        return .finished
    }

    /// What becomes of an answer that was not taken, or of which nobody knows.
    private func settle(_ item: OutboxItem, _ error: TicketError, of name: String) async throws -> DeliveryAttempt {
        switch error.reason {
        case .access, .misconfigured, .later: return try await postpone(item, error, of: name)
        case .gone: return try await standDown(item, PersonSeen(reason: "the ticket was closed or deleted"))
        case .unreachable, .fault, .conflict:
            // It may have been taken before the answer was lost: looked for before it is written again.
            try await ledger.keepSending(item, until: retryTime(item), problem: error.message)
            if error.reason == .unreachable { return .unreachable(await outages.note(error.message, of: name)) }
            return .waits
        case .placement, .tooLarge, .refused:
            return try await hand(
                item, end: .failed(error.message),
                Rule("delivery-refused", "The answer was refused: \(error.message)."))
        }
    }
}
