import Foundation

extension Delivery {
    /// Files a packet. That is idempotent: one that is found in `sending` is simply filed again.
    func deliver(_ packet: Packet, _ item: OutboxItem) async throws -> DeliveryAttempt {
        var filing = filing
        filing.isCurrent = { [lease] in await lease.holds(item.shift) }
        // The desk no longer reads the queue: then it is a matter like any other.
        let home = packet.home.flatMap { homes[$0.channel] == nil ? nil : $0 }
        if let system = home.flatMap({ homes[$0.channel]?.system }) { filing.system = system }
        let name = filing.system.name
        if let outage = await outages.line(of: name) { return .unreachable(outage) }
        let thread = try await ledger.thread(
            of: item.conversation, upTo: packet.message, besides: home == nil ? [] : Set(homes.keys))
        let known = try await ledger.ticket(of: item.conversation)
        if home == nil, known == nil, item.attempts == 0, let earlier = try await ledger.earlierTicket(than: item) {
            // Its request may be at work while no search shows what it makes: a second ticket would stand beside that one.
            // Waited for once: nobody's mail is kept for ever by one that cannot be filed.
            let until = max(earlier, retryTime(item))
            try await ledger.requeue(item, until: until, problem: "the conversation's ticket is being filed")
            return .waits
        }
        if !item.wasSending { try await ledger.beginSending(item) }
        await FaultPoint.sending.reach()
        let filed: FiledTicket
        do {
            filed =
                if let home {
                    try await filing.file(packet, onto: home, thread: thread)
                } else {
                    try await filing.file(packet, thread: thread, known: known, isRepeated: item.wasSending)
                }
        } catch let error as LeaseLost {
            throw error
        } catch {
            return try await postpone(
                item, error as? TicketError ?? TicketError("\(name): \(type(of: error))", .fault), of: name)
        }
        await FaultPoint.sent.reach()
        await outages.isWell(name)
        for problem in filed.problems {
            logger.warning("ticket filed elsewise", metadata: ["message": "\(item.message)", "reason": "\(problem)"])
        }
        try await ledger.finish(item, as: .sent(remote: filed.number), in: name, now: now())
        return .finished
    }

    /// A ticket is the last resort: it is tried again until somebody mends what is in the way.
    func postpone(_ item: OutboxItem, _ error: TicketError, of name: String) async throws -> DeliveryAttempt {
        switch error.reason {
        case .unreachable, .access, .misconfigured:
            try await putBack(item, until: now(), problem: error.message, counts: false)
            return .unreachable(await outages.note(error.message, of: name))
        case .later(let wait):
            // Whoever asks for days has a wrong clock: a customer does not wait for that.
            let seconds = Double(min(wait.components.seconds, 3_600)) + 1
            try await putBack(item, until: now().addingTimeInterval(seconds), problem: error.message, counts: false)
        default:
            logger.error("ticket not filed", metadata: ["message": "\(item.message)", "reason": "\(error)"])
            try await putBack(item, until: retryTime(item), problem: error.message, counts: true)
        }
        return .waits
    }

    /// Puts a row back. One over which a run died stays `sending`: whoever is next must still reckon with its last request.
    private func putBack(_ item: OutboxItem, until: Date, problem: String, counts: Bool) async throws {
        if item.wasSending {
            try await ledger.keepSending(item, until: until, problem: problem)
        } else {
            try await ledger.requeue(item, until: until, problem: problem, counts: counts)
        }
    }
}
