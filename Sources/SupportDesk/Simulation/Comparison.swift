import Foundation
import Triage

/// What follows from a person's answer beside the one that the desk had ready: whether the desk's would have done, and whether it
/// took a person. That the two are about the same matter and name the same facts, says `AnswerComparison`, as it does of answers
/// in the shadow.
struct Comparison: Sendable {
    /// What kind of fact two answers differ in.
    enum FactKind: String, Sendable, CaseIterable {
        case amount, date, period, number, link

        init(of fact: String) {
            let parts = fact.split(separator: " ")
            if fact.hasPrefix("date ") || fact.hasPrefix("day ") {
                self = .date
            } else if parts.count == 2, parts[0].utf8.count == 3,
                parts[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) })
            {
                self = .amount
            } else if fact.hasPrefix("% ") || parts.count > 1 && !fact.hasPrefix("phone ") {
                self = .period
            } else if fact.contains("@") || fact.contains("/")
                || fact.contains(".") && !fact.utf8.contains(where: { (0x30...0x39).contains($0) })
            {
                self = .link
            } else {
                self = .number
            }
        }

        /// Whether two that differ contradict each other: a text may name many numbers and links.
        fileprivate var isOne: Bool { self == .amount || self == .date || self == .period }
    }

    var likeness = Likeness.none
    var isSameMatter: Bool?
    var neededPerson: Bool?
    var differing: [FactKind] = []

    /// Of an answer to a question that the desk had no answer to: whether it took a person.
    /// - Parameters:
    ///   - acts: she says that she has done something.
    ///   - told: the facts that she names and the customer did not.
    ///   - atHand: the facts that the desk had at hand; nil when it had not looked for any.
    init(acts: Bool, told: Set<String>, atHand: Set<String>?) {
        if acts {
            neededPerson = true
        } else if let atHand, !told.isEmpty {
            neededPerson = !Self.missing(told, in: atHand).isEmpty
        }
    }

    /// - Parameters:
    ///   - acts: the person says that she has done something.
    ///   - atHand: the facts that the desk had at hand.
    init(_ sides: AnswerComparison.Sides, acts: Bool, atHand: Set<String>) {
        let (missing, more) = (sides.theirs.subtracting(sides.own), sides.own.subtracting(sides.theirs))
        isSameMatter = sides.isSameMatter ? true : sides.isNear
        let contradicted = FactKind.allCases.filter { kind in
            func has(_ facts: Set<String>) -> Bool { facts.contains { FactKind(of: $0) == kind } }
            return kind.isOne && has(missing) && has(more) && !has(sides.own.intersection(sides.theirs))
        }
        if acts {
            likeness = .acted
        } else if isSameMatter == false {
            likeness = .other
        } else if !contradicted.isEmpty {
            (likeness, differing) = (.contrary, contradicted)
        } else if !missing.isEmpty {
            likeness = .less
            differing = FactKind.allCases.filter { kind in missing.contains { FactKind(of: $0) == kind } }
        } else {
            likeness = isSameMatter == true ? .same : .unclear
        }
        switch likeness {
        case .acted: neededPerson = true
        case .same: neededPerson = false
        case .less, .contrary: neededPerson = !Self.missing(sides.theirs, in: atHand).isEmpty
        case .other, .unclear, .none: neededPerson = nil
        }
    }

    /// Those of which others say nothing, in whatever form.
    static func missing(_ facts: Set<String>, in others: Set<String>) -> Set<String> {
        var (facts, others) = (facts, others)
        AnswerComparison.align(&facts, &others)
        return facts.subtracting(others)
    }

    /// Facts with the days that only the day of writing tells: today, tomorrow, Friday.
    static func dated(_ facts: Set<String>, on day: LocalDate) -> Set<String> {
        Set(
            facts.map { fact in
                guard fact.hasPrefix("day ") else { return fact }
                let name = String(fact.dropFirst(4))
                let ahead: Int
                switch name {
                case "today", "tonight": ahead = 0
                case "tomorrow": ahead = 1
                case "yesterday": ahead = -1
                default:
                    guard let weekday = weekdays.firstIndex(of: name) else { return fact }
                    ahead = (weekday - day.weekday + 7) % 7
                }
                let date = LocalDate(dayNumber: day.dayNumber + ahead)
                return "date \(date.month)-\(date.day) \(date.year)"
            })
    }

    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
}
