/// What is counted of messages, drafts, votes and ratings; a day's, an intent's, a language's.
enum Count: Int, CaseIterable, Sendable {
    /// All that was settled; of it what nobody had to answer, and what was escalated without a question in it.
    case messages, ignored, other
    /// What wanted an answer, and how it got one: the desk's own, by a draft that a person sent, by a person.
    case questions, automatic, approved, escalated, quarantined, overtaken
    /// Drafts that wait.
    case waiting
    /// The desk's own answers by what became of them.
    case confirmed, silent, denied, returned, pending
    /// First questions of conversations that got an answer, of which it is known what became; of them those that it settled.
    case firstKnown, firstSettled
    /// Answers after which the same matter could have come back; and did.
    case recurrable, recurred
    /// Handed to a person, and it is known whether the customer wrote again; she did.
    case handed, askedAgain
    /// What customers said.
    case votesYes, votesNo, scored, scores, scoreSquares, stars1, stars2, stars3, stars4, stars5
    /// What people made of drafts: as they were, all but some words, otherwise; not wanted; overtaken.
    case asWritten, touched, corrected, rejected, lapsed
    /// Mood, in hundredths, and by thirds.
    case moods, moodSum, negative, neutral, positive
    /// Questions without a good passage.
    case gaps
    /// Answers within the time that is promised, and not.
    case promptly, tardily, promptPeople, tardyPeople
    /// Persons who wrote on a day.
    case customers
    /// Requests to models, those without an answer, tokens, and what they cost in millionths.
    case requests, failures, tokensIn, tokensCached, tokensStored, tokensOut, cost

    /// Its name in what is kept of a day.
    var name: String { Self.names[rawValue] }

    private static let names = allCases.map { "\($0)" }
    fileprivate static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ("\($0)", $0) })
}

/// A row of counts that can be added to another.
struct Tally: Sendable, Equatable {
    private var values: [Int] = Array(repeating: 0, count: Count.allCases.count)

    subscript(count: Count) -> Int {
        get { values[count.rawValue] }
        set { values[count.rawValue] = newValue }
    }

    static func += (tally: inout Tally, other: Tally) {
        for index in tally.values.indices { tally.values[index] += other.values[index] }
    }

    /// Whether nothing was counted.
    var isEmpty: Bool { values.allSatisfy { $0 == 0 } }
}

extension Tally: Codable {
    init(from decoder: any Decoder) throws {
        // What an older program counted besides is let go.
        for (name, value) in try decoder.singleValueContainer().decode([String: Int].self) {
            if let count = Count.byName[name] { self[count] = value }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var named: [String: Int] = [:]
        for count in Count.allCases where self[count] != 0 { named[count.name] = self[count] }
        var container = encoder.singleValueContainer()
        try container.encode(named)
    }
}

// MARK: - What follows from counts

extension Tally {
    /// Answers that settled the matter.
    var resolved: Int { self[.confirmed] + self[.silent] }
    /// The desk's own answers of which it is known what became.
    var known: Int { resolved + self[.denied] + self[.returned] }
    /// Drafts on which a person has decided.
    var judged: Int { self[.asWritten] + self[.touched] + self[.corrected] + self[.rejected] }
    /// Those that were right.
    var accepted: Int { self[.asWritten] + self[.touched] }
    /// Questions that took a person.
    var manned: Int { self[.approved] + self[.escalated] + self[.quarantined] + self[.overtaken] + self[.waiting] }

    /// Counts a customer's word on an answer: a score from 1 to 5, or a vote, which counts as one end.
    mutating func add(vote: Bool, score: Int?) {
        let value = min(5, max(1, score ?? (vote ? 5 : 1)))
        if let kind = Count(rawValue: Count.stars1.rawValue + value - 1) { self[kind] += 1 }
        self[value >= 4 ? .votesYes : .votesNo] += value == 3 ? 0 : 1
        self[.scored] += 1
        self[.scores] += value
        self[.scoreSquares] += value * value
    }
}
