import Foundation

/// What is known of one conversation since it entered an experiment: times, marks and opaque numbers, no text and nobody's name.
struct ConversationHistory: Sendable, Codable {
    /// A message that asks for something.
    struct Contact: Sendable, Codable, Hashable {
        /// The ledger's number of it, by which two of one instant are told apart.
        let message: Int64
        let at: Date
        /// When the desk's answer to it had left; nil: it has not answered, or a person does.
        var answered: Date?
        /// Equal for the same person with the same question about the same orders.
        let matter: String
        /// Whether it is of this conversation.
        let isHere: Bool

        /// From when on another one on the same matter comes again.
        var base: Date { answered ?? at }
    }

    let arm: String
    let entered: Date
    var contacts: [Contact] = []
    /// When she opened other conversations since.
    var visits: [Date] = []
    /// What she said last of an answer, from 1 to 5.
    var score: Double?
    /// Whether people found the answers right; nil: nobody said so.
    var isRight: Bool?

    /// A customer comes again when she writes on the same matter within this time; for so long there is to be silence.
    static let window: TimeInterval = 7 * 86_400
    /// Whoever wants to say what she thinks of an answer has done so after this.
    static let votingTime: TimeInterval = 3 * 86_400

    private static func isEarlier(_ one: Contact, _ other: Contact) -> Bool {
        (one.at, one.message) < (other.at, other.message)
    }

    /// Whether she came again: another message on the matter by which the conversation entered, after that was answered, or
    /// asked where nobody knows of an answer, and within 7 days. Nil before they are over.
    func recurrence(now: Date) -> Bool? {
        guard let first = contacts.filter(\.isHere).min(by: Self.isEarlier) else { return nil }
        let end = first.base.addingTimeInterval(Self.window)
        guard now >= end else { return nil }
        return contacts.contains { contact in
            contact.message != first.message && contact.matter == first.matter && contact.at > first.base
                && contact.at <= end
        }
    }

    /// Whether her matter is done: she said so; or, where she said nothing, 7 days went by since her last message without a
    /// word of hers in any conversation. Nil while that is not known.
    func resolution(now: Date) -> Bool? {
        // In the middle of the scale she has said neither.
        if let score, score != 3 { return score > 3 }
        guard let last = contacts.filter(\.isHere).max(by: Self.isEarlier) else { return nil }
        let end = last.base.addingTimeInterval(Self.window)
        let words = visits + contacts.filter { !$0.isHere }.map(\.at)
        if words.contains(where: { $0 > last.base && $0 <= end && $0 <= now }) { return false }
        if now >= end { return true }
        // A matter that goes on and on is not done.
        return now >= entered.addingTimeInterval(2 * Self.window) ? false : nil
    }

    /// The value of a measure; nil: there is none, or not yet.
    func value(_ metric: Experiment.Metric, now: Date) -> Double? {
        switch metric {
        case .satisfaction: isKnown(.satisfaction, now: now) ? score : nil
        case .recurrence: recurrence(now: now).map { $0 ? 1 : 0 }
        case .resolution: resolution(now: now).map { $0 ? 1 : 0 }
        case .accuracy: isKnown(.accuracy, now: now) ? isRight.map { $0 ? 1 : 0 } : nil
        }
    }

    /// Whether nothing more is to be waited for.
    func isKnown(_ metric: Experiment.Metric, now: Date) -> Bool {
        switch metric {
        case .satisfaction: now >= entered.addingTimeInterval(Self.votingTime)
        case .accuracy: now >= entered.addingTimeInterval(Self.window)
        case .recurrence, .resolution:
            value(metric, now: now) != nil || now >= entered.addingTimeInterval(2 * Self.window)
        }
    }
}

/// What is known of one arm.
struct ArmSample: Sendable, Hashable {
    let name: String
    /// Conversations that count: the first ones, up to the sample.
    private(set) var enrolled = 0
    /// Those of which nothing more is to be waited for, by measure.
    private(set) var known: [Experiment.Metric: Int] = [:]
    /// Their values; conversations without one are left out.
    private(set) var values: [Experiment.Metric: Moments] = [:]

    init(name: String) { self.name = name }

    init(name: String, of histories: some Sequence<ConversationHistory>, now: Date) {
        self.name = name
        for history in histories {
            enrolled += 1
            for metric in Experiment.Metric.allCases {
                if history.isKnown(metric, now: now) { known[metric, default: 0] += 1 }
                if let value = history.value(metric, now: now) { values[metric, default: Moments()].add(value) }
            }
        }
    }

    /// The values of a measure, in whatever order.
    func moments(_ metric: Experiment.Metric) -> Moments { values[metric] ?? Moments() }

    /// The values on a scale from 0 to 1 of which more is worse.
    func badness(_ metric: Experiment.Metric) -> Moments {
        let moments = moments(metric)
        let (low, width) = (metric.range.lowerBound, metric.range.upperBound - metric.range.lowerBound)
        let n = Double(moments.count)
        // Of a scale that is moved and stretched.
        let sum = (moments.sum - n * low) / width
        let squares = (moments.squares - 2 * low * moments.sum + n * low * low) / (width * width)
        guard metric.isBetterWhenMore else { return Moments(count: moments.count, sum: sum, squares: squares) }
        return Moments(count: moments.count, sum: n - sum, squares: n - 2 * sum + squares)
    }
}
