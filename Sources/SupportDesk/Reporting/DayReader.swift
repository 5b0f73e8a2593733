import Foundation
import Mail

/// Makes the figures of days from what the ledger holds of them, in one pass over the messages in the order in which they were
/// settled, and of those that came after as far as they tell what became of earlier ones.
///
/// Names become numbers and counts lie in one array: a million messages are some seconds' work.
final class DayReader {
    /// What is known of a contact besides what the arithmetic goes by.
    private struct Mark {
        let cell: Int32
        let day: Int32
        let kind: MessageKind
        /// When the draft was made that a person decided on; 0: there was none.
        let draftedAt: Int64
        let isFirst: Bool
        let isHandover: Bool
    }

    private static let stride = Count.allCases.count
    /// So many of a day's questions without a good passage are drawn.
    static let mostGaps = 32

    let table: DayTable
    let policy: ReportPolicy
    let now: Int64
    var figures: [DayFigures]

    var intents = Names()
    var languages = Names()
    /// Where the counts of a day, an intent and a language begin.
    private var cells: [UInt64: Int32] = [:]
    private var counts: [Int] = []
    private var contacts: [Aftermath.Contact] = []
    private var marks: [Mark] = []
    var drafts: [Int64: DraftFate] = [:]
    var votes: [Int64: Bool] = [:]
    /// Up to when is looked what came of each day, milliseconds: a day's figures are the same whichever days are made with it.
    let horizons: [Int64]
    /// Contacts that a person has, by conversation, until her answer is seen.
    private var handed: [Int64: [Int32]] = [:]
    private var customers: (day: Int, seen: Set<UInt64>) = (-1, [])

    /// - Parameters:
    ///   - table: the days that are wanted.
    ///   - now: up to when anything is known.
    init(_ table: DayTable, _ policy: ReportPolicy, now: Date) {
        self.table = table
        self.policy = policy
        self.now = now.milliseconds
        figures = Array(repeating: DayFigures(), count: table.days.count)
        horizons = table.days.map { min(now.milliseconds, table.start(of: $0 + 1) + policy.closing) }
    }

    /// Reads everything.
    func read(_ transaction: any SQLTransaction) throws {
        let start = table.start(of: table.days.lowerBound)
        // What comes after the last day tells what became of its answers.
        let end = min(now + 1, table.end + policy.closing)
        try readVotes(transaction, start, end)
        try readDrafts(transaction, start, end)
        try readRatings(transaction, start)
        try readShadows(transaction, start)
        try readErrors(transaction, start)
        try readModels(transaction)
        try transaction.scan(
            """
            SELECT m.id, m.arrived_at, m.settled_at, m.disposition, m.rule, m.intent, m.language, m.attempts,
                m.conversation, m.person, m.sentiment, m.fit, m.findings, m.replied_at, c.digest, v.opened_at
            FROM message m LEFT JOIN concern c ON c.message = m.id LEFT JOIN conversation v ON v.id = m.conversation
            WHERE m.settled_at >= $1 AND m.settled_at < $2 ORDER BY m.settled_at
            """, [.integer(start), .integer(end)], look)
        finish()
    }

    // MARK: - Messages

    private func look(_ row: any SQLScannedRow) {
        guard let id = row.integer(0), let arrival = row.integer(1), let settled = row.integer(2) else { return }
        let rule = row.text(4)
        let draft = drafts[id]
        let kind = MessageKind(row.text(3), rule, draft: draft)
        let conversation = row.integer(8) ?? -id
        if kind == .colleague {
            personAnswered(in: conversation, at: arrival)
            return
        }
        let day = table.day(of: settled).map { $0 - table.days.lowerBound }
        var cell: Int32 = -1
        if let day {
            cell = self.cell(day, intents.number(row.text(5)), languages.number(row.text(6)))
            count(row, id, rule, kind, day, cell, arrival)
        } else if !kind.isQuestion {
            return
        }
        guard kind.isQuestion else { return }
        // Who is not known comes back to nothing.
        let person = row.key(9) ?? UInt64(bitPattern: id) &* 0x9E37_79B9_7F4A_7C15
        if let day, row.key(9) != nil {
            if customers.day != day { customers = (day, []) }
            if customers.seen.insert(person).inserted { figures[day].total[.customers] += 1 }
        }
        let isWithPerson = kind == .escalated || kind == .quarantined
        if isWithPerson { handed[conversation, default: []].append(Int32(contacts.count)) }
        contacts.append(
            Aftermath.Contact(
                person: person, conversation: conversation, matter: row.key(14), arrival: arrival,
                answer: row.integer(13) ?? (draft?.isSent == true ? draft?.ended : nil), vote: votes[id],
                horizon: day.map { horizons[$0] } ?? now))
        marks.append(
            Mark(
                cell: cell, day: Int32(day ?? -1), kind: kind, draftedAt: draft?.created ?? 0,
                isFirst: row.integer(15) == settled, isHandover: isWithPerson && rule != Rule.withPerson.name))
    }

    private func count(
        _ row: any SQLScannedRow, _ id: Int64, _ rule: String?, _ kind: MessageKind, _ day: Int, _ cell: Int32,
        _ arrival: Int64
    ) {
        add(.messages, to: cell)
        add(kind.count, to: cell)
        if row.integer(7) ?? 0 > 1 { figures[day].errors["attempted again", default: 0] += 1 }
        guard kind.isQuestion else { return }
        add(.questions, to: cell)
        figures[day][hour: table.hour(of: arrival)].questions += 1
        if let mood = row.real(10) {
            add(.moods, to: cell)
            add(.moodSum, to: cell, Int((mood * 100).rounded()))
            add(mood < -0.3 ? .negative : mood > 0.3 ? .positive : .neutral, to: cell)
        }
        if kind == .escalated || kind == .quarantined { figures[day].reasons[rule ?? "-", default: 0] += 1 }
        if kind != .automatic, let fit = row.real(11), fit < Ledger.poorFit {
            add(.gaps, to: cell)
            figures[day].drawGap(id)
        }
        if let findings = row.text(12) {
            for name in findings.split(separator: " ") { figures[day].findings[String(name), default: 0] += 1 }
        }
    }

    /// Counts how long a customer waited for her answer.
    private func time(_ contact: Aftermath.Contact, _ mark: Mark, to answer: Int64) {
        let day = Int(mark.day)
        let seconds = Double(max(0, answer - contact.arrival)) / 1_000
        let hour = table.hour(of: contact.arrival)
        if mark.kind == .automatic {
            figures[day].automatic.add(seconds)
            figures[day][hour: hour].automatic.add(seconds)
            add(seconds <= policy.automaticWithin ? .promptly : .tardily, to: mark.cell)
        } else {
            figures[day].people.add(seconds)
            figures[day][hour: hour].people.add(seconds)
            add(seconds <= policy.personWithin ? .promptPeople : .tardyPeople, to: mark.cell)
            let begin = mark.draftedAt > 0 ? mark.draftedAt : contact.arrival
            figures[day].handling.add(Double(max(0, answer - begin)) / 1_000)
        }
    }

    /// One of the shop's own people wrote to the customer: what she had of the conversation is answered, unless that was seen
    /// elsewhere before.
    private func personAnswered(in conversation: Int64, at instant: Int64) {
        for index in handed.removeValue(forKey: conversation) ?? [] {
            let index = Int(index)
            guard instant <= contacts[index].horizon else { continue }
            contacts[index].answer = min(instant, contacts[index].answer ?? .max)
        }
    }

    // MARK: - What became of them

    private func finish() {
        let fates = Aftermath.fates(of: contacts, silence: policy.resolvedAfter)
        for index in marks.indices where marks[index].cell >= 0 {
            count(fates[index], of: marks[index])
            if let answer = contacts[index].answer { time(contacts[index], marks[index], to: answer) }
        }
        for day in figures.indices { figures[day].finishDrawing() }
        spread()
    }

    private func count(_ fate: Aftermath.Fate, of mark: Mark) {
        let cell = mark.cell
        if mark.kind == .automatic {
            switch fate.resolution {
            case .confirmed: add(.confirmed, to: cell)
            case .silent: add(.silent, to: cell)
            case .denied: add(.denied, to: cell)
            case .returned: add(.returned, to: cell)
            case .pending, nil: add(.pending, to: cell)
            }
        }
        if mark.kind == .automatic || mark.kind == .approved, let recurred = fate.recurred {
            add(.recurrable, to: cell)
            if recurred { add(.recurred, to: cell) }
        }
        if mark.isFirst, let isResolved = fate.resolution?.isResolved {
            add(.firstKnown, to: cell)
            if isResolved { add(.firstSettled, to: cell) }
        }
        if mark.isHandover, let again = fate.wroteAgain {
            add(.handed, to: cell)
            if again { add(.askedAgain, to: cell) }
        }
    }

    /// Brings the cells to their days, intents and languages.
    private func spread() {
        for (key, cell) in cells {
            var tally = Tally()
            for count in Count.allCases { tally[count] = counts[Int(cell) * Self.stride + count.rawValue] }
            let day = Int(key >> 32)
            figures[day].total += tally
            if let intent = intents[Int(key >> 16 & 0xFFFF)] {
                figures[day].intents[intent, default: Tally()] += tally
            }
            if let language = languages[Int(key & 0xFFFF)] {
                figures[day].languages[language, default: Tally()] += tally
            }
        }
    }

    // MARK: - Counting

    func cell(_ day: Int, _ intent: Int, _ language: Int) -> Int32 {
        let key = UInt64(day) << 32 | UInt64(intent) << 16 | UInt64(language)
        if let cell = cells[key] { return cell }
        let cell = Int32(cells.count)
        cells[key] = cell
        counts += Array(repeating: 0, count: Self.stride)
        return cell
    }

    func add(_ count: Count, to cell: Int32, _ number: Int = 1) {
        counts[Int(cell) * Self.stride + count.rawValue] += number
    }
}

/// Numbers for names; 0 is no name.
struct Names {
    private var numbers: [String: Int] = [:]
    private var names: [String?] = [nil]

    /// So many fit beside each other in a key; what comes after counts as no name.
    private static let most = 0xFFFF

    mutating func number(_ name: String?) -> Int {
        guard let name else { return 0 }
        if let number = numbers[name] { return number }
        guard names.count < Self.most else { return 0 }
        numbers[name] = names.count
        names.append(name)
        return names.count - 1
    }

    subscript(number: Int) -> String? { names[number] }
}
