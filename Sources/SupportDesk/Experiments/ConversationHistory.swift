import Foundation

/// What is known of one conversation since it entered an experiment: times, marks and opaque numbers, no text and nobody's name.
struct ConversationHistory: Sendable, Codable {
    /// A message of hers that asks for something, in this conversation or another one.
    struct Contact: Sendable, Codable, Hashable {
        /// The ledger's number of it, by which two of one instant are told apart.
        let message: Int64
        let at: Date
        /// When an answer to it had left; nil: none is known.
        var answered: Date?
        /// Equal for the same person with the same question about the same orders; nil where nothing was understood.
        var matter: String?
        /// Whether it is of this conversation.
        let isHere: Bool
        /// Whether she said that the answer helped her; nil: she said neither.
        var vote: Bool?
    }

    let arm: String
    let entered: Date
    /// What she wrote since, in any conversation.
    var contacts: [Contact] = []
    /// What she said last of an answer, from 1 to 5.
    var score: Double?
    /// Whether people found the answers right; nil: nobody said so.
    var isRight: Bool?
    /// Seconds without a word of hers after which an answer counts as having settled the matter.
    var silence = Aftermath.window

    /// Whoever wants to say what she thinks of an answer has done so after this.
    static let votingTime: TimeInterval = 3 * 86_400

    /// What became of her first message here, or of her last one. Where no answer is known, as when people answer where the
    /// desk does not see it, the time runs from the message itself.
    private func fate(ofFirst isFirst: Bool, now: Date) -> Aftermath.Fate? {
        let own = contacts.indices.filter { contacts[$0].isHere }
        func isEarlier(_ one: Int, _ other: Int) -> Bool {
            (contacts[one].at, contacts[one].message) < (contacts[other].at, contacts[other].message)
        }
        guard let index = isFirst ? own.min(by: isEarlier) : own.max(by: isEarlier) else { return nil }
        var matters: [String: UInt64] = [:]
        for matter in contacts.compactMap(\.matter) where matters[matter] == nil {
            matters[matter] = UInt64(matters.count)
        }
        let fates = Aftermath.fates(
            of: contacts.map { contact in
                Aftermath.Contact(
                    person: 0, conversation: contact.isHere ? 0 : 1, matter: contact.matter.flatMap { matters[$0] },
                    arrival: contact.at.milliseconds, answer: (contact.answered ?? contact.at).milliseconds,
                    vote: contact.vote, horizon: now.milliseconds)
            }, silence: silence)
        return fates[index]
    }

    /// Whether she came again on the matter by which the conversation entered; nil before that is known.
    func recurrence(now: Date) -> Bool? { fate(ofFirst: true, now: now)?.recurred }

    /// Whether her matter is done, by her last message here; nil while that is not known.
    func resolution(now: Date) -> Bool? {
        guard let fate = fate(ofFirst: false, now: now) else { return nil }
        if let isResolved = fate.resolution?.isResolved { return isResolved }
        // A matter that goes on and on is not done.
        return now >= entered.addingTimeInterval(2 * Aftermath.window) ? false : nil
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
        case .accuracy: now >= entered.addingTimeInterval(Aftermath.window)
        case .recurrence, .resolution:
            value(metric, now: now) != nil || now >= entered.addingTimeInterval(2 * Aftermath.window)
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
