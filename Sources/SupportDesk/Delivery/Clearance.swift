import Foundation

/// Asks before a mail leaves whether a person was quicker: the ledger, the conversation's ticket, and the source itself.
struct Clearance: Sendable {
    let ledger: Ledger
    /// By name.
    let channels: [String: any Channel]
    let filing: Filing
    let policy: PeoplePolicy

    /// Nil: the mail may leave.
    /// - Throws: what stands in the way of asking; the mail must not leave then.
    func person(before item: OutboxItem) async throws -> PersonSeen? {
        guard let standing = try await ledger.standing(of: item) else { return nil }
        if let person = standing.person { return person }
        guard policy.looks else { return nil }
        if item.isAcknowledgement, let ticket = standing.ticket,
            let person = try await filing.person(on: ticket, since: item)
        {
            return person
        }
        guard let channel = channels[standing.channel] else {
            throw DeskError(
                .unavailable, "channel \(standing.channel): it is no longer configured, and nobody can look there")
        }
        return try await channel.person(in: standing.inquiry)
    }
}

extension Filing {
    /// Whether an agent has taken or answered a ticket, or taken it away. An agent who owns it by the routing has not for that.
    func person(on number: String, since item: OutboxItem) async throws -> PersonSeen? {
        guard let record = try await system.ticket(number), record.state != .deleted else {
            return PersonSeen(reason: "the ticket was taken away", isAnswer: false)
        }
        // As it was made: nobody has touched it.
        if record.state == .new, record.owner == nil { return nil }
        if record.state.isDone { return PersonSeen(reason: "a person has finished the ticket", isAnswer: false) }
        let isAnswered = try await system.entries(of: number).contains { entry in
            if case .agent = entry.author { return entry.isPublic }
            return false
        }
        return isAnswered ? PersonSeen(reason: "a person has answered on the ticket", isAnswer: false) : nil
    }
}
