import Foundation
import Transport

/// Asks before a mail leaves whether a person was quicker: the ledger, the conversation's ticket, and the source itself.
struct Clearance: Sendable {
    let ledger: Ledger
    /// By name.
    let channels: [String: any Channel]
    let filing: Filing
    let policy: PeoplePolicy
    /// Sources that could not be asked in this pass: tried once, not for every mail.
    private let outages = Outages()

    init(ledger: Ledger, channels: [String: any Channel], filing: Filing, policy: PeoplePolicy) {
        self.ledger = ledger
        self.channels = channels
        self.filing = filing
        self.policy = policy
    }

    /// What could not be asked is tried again afterwards.
    func close() async { await outages.clear() }

    /// Nil: the mail may leave.
    /// - Throws: what stands in the way of asking; the mail must not leave then.
    func person(before item: OutboxItem) async throws -> PersonSeen? {
        guard let standing = try await ledger.standing(of: item) else { return nil }
        if let person = standing.person { return person }
        guard policy.looks else { return nil }
        if item.isAcknowledgement, let ticket = standing.ticket,
            let person = try await filing.person(
                on: ticket, routedTo: try await ledger.routedOwners(of: item.message))
        {
            return person
        }
        guard let channel = channels[standing.channel] else {
            throw DeskError(
                .unavailable, "channel \(standing.channel): it is no longer configured, and nobody can look there")
        }
        if let line = await outages.line(of: channel.name) { throw DeskError(.unavailable, line) }
        do {
            let person = try await channel.person(in: standing.inquiry)
            await outages.isWell(channel.name)
            return person
        } catch {
            if let line = Self.line(error) { _ = await outages.note(line, of: channel.name) }
            throw error
        }
    }

    /// What is to be said of an error that only means that nobody can look now; nil for any other.
    static func line(_ error: any Error) -> String? {
        switch error {
        case let error as DeskError: error.code == .unavailable ? error.message : nil
        case let error as TicketError: error.message
        case is TransportError: "\(error)"
        default: nil
        }
    }
}

extension Filing {
    /// Whether an agent has taken or answered a ticket, or taken it away. An agent who owns it by the routing has not for that.
    func person(on number: String, routedTo routed: [String]) async throws -> PersonSeen? {
        guard let record = try await system.ticket(number), record.state != .deleted else {
            return PersonSeen(reason: "the ticket was taken away", isAnswer: false)
        }
        // As it was made: nobody has touched it.
        if record.state == .new, record.owner == nil { return nil }
        if let owner = record.owner, !routed.contains(owner) {
            return PersonSeen(reason: "a person has taken the ticket", isAnswer: false)
        }
        if record.state.isDone { return PersonSeen(reason: "a person has finished the ticket", isAnswer: false) }
        let isAnswered = try await system.entries(of: number).contains { entry in
            if case .agent = entry.author { return entry.isPublic }
            return false
        }
        return isAnswered ? PersonSeen(reason: "a person has answered on the ticket", isAnswer: false) : nil
    }
}
