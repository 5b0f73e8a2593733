import Foundation
import Logging

/// Looks on tickets for what people answered: the customer has it from there, and no mail tells the desk. Only the time goes on
/// record, so that the report knows how long people take.
struct TicketAnswers: Sendable {
    let ledger: Ledger
    /// The ticket systems that messages come from, by channel.
    let systems: [String: any TicketSystem]
    /// Where the desk opens its own tickets.
    let own: any TicketSystem
    let logger: Logger

    /// So long an answer is looked for, seconds.
    static let patience: TimeInterval = 30 * 86_400
    /// Between two looks at least, seconds; the longer nobody answers, the longer.
    private static let interval: TimeInterval = 900

    private struct Place: Hashable {
        /// The channel's name; nil: the desk's own tickets.
        let channel: String?
        let ticket: String
    }

    /// One look at some of them; each ticket is asked once.
    func look(at rows: [AwaitedReply], now: Date) async throws {
        var answers: [(message: Int64, at: Date)] = []
        var again: [(message: Int64, at: Date?)] = []
        var isDown: Set<String?> = []
        for (place, rows) in Dictionary(grouping: rows, by: place) {
            var times: [Date] = []
            if let place, !isDown.contains(place.channel) {
                do {
                    times = try await self.times(of: place)
                } catch let error as TicketError {
                    logger.notice(
                        "a ticket was not asked for people's answers", metadata: ["reason": "\(error.message)"])
                    if error.isUnreachable { isDown.insert(place.channel) }
                }
            }
            for row in rows {
                if let time = times.first(where: { $0 >= Self.second(of: row.arrival) }) {
                    answers.append((row.message, max(time, row.arrival)))
                    continue
                }
                let age = now.timeIntervalSince(row.settled)
                let next = now.addingTimeInterval(max(Self.interval, age / 2))
                again.append((row.message, place == nil || age > Self.patience ? nil : next))
            }
        }
        try await ledger.note(ticketAnswers: answers, again: again, now: now)
    }

    /// On which ticket people answer a message; nil: on none.
    private func place(of row: AwaitedReply) -> Place? {
        if systems[row.channel] != nil {
            return TicketChannel.Place(row.source).map { Place(channel: row.channel, ticket: $0.ticket) }
        }
        return row.ticket.map { Place(channel: nil, ticket: $0) }
    }

    /// When people wrote on a ticket for the customer to read, in order.
    private func times(of place: Place) async throws -> [Date] {
        let system = place.channel.flatMap { systems[$0] } ?? own
        return try await system.entries(of: place.ticket).filter(\.isAnswer).compactMap(\.date).sorted()
    }

    /// Systems tell whole seconds.
    private static func second(of time: Date) -> Date {
        Date(timeIntervalSince1970: time.timeIntervalSince1970.rounded(.down))
    }
}

extension Desk {
    /// So many messages are looked for at once.
    private static let answersPerLook = 100

    /// Looks for people's answers on tickets, unless another process does. What cannot be asked now is asked later: nothing but
    /// a figure waits for it.
    func tendTicketAnswers() async throws {
        let present = now()
        try await ledger.awaitTicketAnswers(within: TicketAnswers.patience, now: present)
        let due = try await ledger.dueTicketAnswers(now: present, limit: Self.answersPerLook)
        guard !due.isEmpty, try await ledger.take(.answers, by: lease.number()) else { return }
        let systems = channels.compactMap { setting in
            (setting.channel as? TicketChannel).map { (setting.channel.name, $0.system) }
        }
        let answers = TicketAnswers(
            ledger: ledger, systems: Dictionary(systems) { first, _ in first }, own: delivery.filing.system,
            logger: logger)
        try await answers.look(at: due, now: present)
    }
}
