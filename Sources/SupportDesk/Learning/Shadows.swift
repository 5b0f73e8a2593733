import Foundation
import Logging

/// Lays the answers that the desk would have given beside those that people gave. Nobody but the shop's own figures learns of
/// it: nothing is sent, filed or marked.
struct Shadows: Sendable {
    let ledger: Ledger
    let shop: Shop
    let channels: [ChannelSetting]
    /// On whose tickets agents answer.
    let system: any TicketSystem
    let templates: @Sendable () async throws -> ReplyTemplates
    /// Whether the sources of mail are asked for people's answers.
    let asksForPeople: Bool
    let now: @Sendable () -> Date

    /// So long a person's answer is looked for, seconds.
    static let patience: TimeInterval = 14 * 86_400
    /// Between two looks at least, seconds; the longer nobody answers, the longer.
    private static let interval: TimeInterval = 600

    /// One look at some of them.
    /// - Returns: what could not be asked, a line each.
    func look(at rows: [ShadowRow]) async throws -> [String] {
        var (answers, problems) = try await answers(to: rows)
        var verdicts: [(message: Int64, verdict: AnswerComparison.Verdict, comparison: AnswerComparison?)] = []
        var again: [(message: Int64, at: Date)] = []
        let present = now()
        for row in rows {
            let age = present.timeIntervalSince(row.at)
            guard let answer = answers[row.message] else {
                if age > Self.patience {
                    verdicts.append((row.message, .unanswered, nil))
                } else {
                    again.append((row.message, present.addingTimeInterval(max(Self.interval, age / 2))))
                }
                continue
            }
            do {
                let comparison = try await comparison(of: row, with: answer)
                verdicts.append((row.message, comparison?.verdict ?? .unread, comparison))
            } catch  where !Desk.endsRun(error) {
                // What cannot be opened is not asked for again and again.
                problems.append("answer in the shadow of message \(row.message): \(Desk.reason(error))")
                verdicts.append((row.message, .unread, nil))
            }
        }
        try await ledger.note(verdicts, again: again, now: present)
        return Array(Set(problems)).sorted()
    }

    private func comparison(of row: ShadowRow, with answer: [UInt8]?) async throws -> AnswerComparison? {
        guard let answer, let record = try await ledger.record(ofShadow: row.message, row.sealed) else { return nil }
        let theirs = PersonsAnswer(answer).text
        if theirs.isBlank { return nil }
        let own = shop.ownAddresses.flatMap { [$0, String($0.drop { $0 != "@" }.dropFirst())] }
        return AnswerComparison(
            record.text, theirs, in: record.language, known: Set(record.asked + own), intents: record.intents,
            templates: try await templates().words(in: record.language))
    }

    /// Who was seen to have answered, by message: what she wrote, or nil where that is not to be had.
    private func answers(to rows: [ShadowRow]) async throws -> ([Int64: [UInt8]?], problems: [String]) {
        guard asksForPeople else { return ([:], []) }
        var found: [Int64: [UInt8]?] = [:]
        var problems: [String] = []
        var tickets: [(message: Int64, ticket: String, since: Date)] = []
        for setting in channels {
            let channel = setting.channel
            var inquiries: [(Int64, Inquiry)] = []
            for row in rows where row.channel == channel.name {
                guard let standing = try await ledger.standing(ofMessage: row.message) else { continue }
                inquiries.append((row.message, standing.inquiry))
                if let ticket = standing.ticket, !(channel is TicketChannel) {
                    tickets.append((row.message, ticket, standing.inquiry.arrival))
                }
            }
            do {
                for (message, person) in try await Drafts.ask(inquiries, of: channel) where person.isAnswer {
                    found.updateValue(person.answer, forKey: message)
                }
            } catch {
                guard let line = Desk.line(error, of: channel) else { throw error }
                problems.append(line)
            }
        }
        // An answer that an agent gave on the ticket goes to the customer from there.
        for (message, ticket, since) in tickets where found[message].flatMap(\.self) == nil {
            do {
                let answer = try await system.entries(of: ticket).first { entry in
                    entry.isAnswer && entry.date.map { $0 >= since } ?? true
                }
                if let answer { found.updateValue(Array(answer.text.utf8), forKey: message) }
            } catch let error as TicketError {
                guard error.isUnreachable else { continue }
                problems.append(error.message)
                break
            }
        }
        return (found, problems)
    }
}

extension Desk {
    /// So many are looked for at once.
    private static let shadowsPerLook = 200

    /// Looks for people's answers to what the desk only watched, unless another process does.
    /// - Returns: what could not be asked.
    func tendShadows() async throws -> [String] {
        let due = try await ledger.dueShadows(now: now(), limit: Self.shadowsPerLook)
        guard !due.isEmpty, try await ledger.take(.shadows, by: lease.number()) else { return [] }
        return try await shadows.look(at: due)
    }
}
