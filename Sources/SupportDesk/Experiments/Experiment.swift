import Foundation

/// An experiment as `desk.yaml` has it: two or more ways to answer, tried side by side on a fixed number of conversations.
public struct Experiment: Sendable, Hashable {
    /// What decides, named before it begins.
    public enum Metric: String, Sendable, Hashable, Codable, CaseIterable {
        /// What customers said of answers, from 1 to 5.
        case satisfaction
        /// The share of conversations whose customer wrote again on the same matter within 7 days.
        case recurrence
        /// The share of conversations that the customer confirmed, or that ended in silence.
        case resolution
        /// The share of conversations whose answers people found right.
        case accuracy

        /// Whether more of it is better.
        public var isBetterWhenMore: Bool { self != .recurrence }
        /// Whether it is a share of conversations; else a mean.
        public var isShare: Bool { self != .satisfaction }
        /// From its least to its greatest value.
        var range: ClosedRange<Double> { isShare ? 0...1 : 1...5 }
    }

    /// One of the ways, and what is different on it. What is nil is as everywhere.
    public struct Arm: Sendable, Hashable {
        /// Its name; `control` for the one that changes nothing.
        public let name: String
        /// The share of conversations, 0…1.
        public let share: Double
        /// A person answers.
        public var isHuman = false
        /// A folder with prompt templates; those that are missing there are the usual ones.
        public var prompts: String?
        /// A folder with reply templates by language; those that are missing there are the usual ones.
        public var replies: String?
        /// The names of the models in the order in which they are asked; empty: the embedded responder alone.
        public var models: [String]?
        /// The least certainty.
        public var threshold: Double?
        /// How the models write.
        public var tone: Tone?

        /// An arm that changes nothing.
        public init(name: String, share: Double) { (self.name, self.share) = (name, share) }
    }

    /// The name of the arm that the others are compared with.
    public static let control = "control"

    /// Its name, by which the ledger knows it.
    public let name: String
    /// The intents that it is about; nil: all.
    public var intents: Set<String>?
    /// Its arms, `control` first.
    public var arms: [Arm]
    /// What is set before it begins.
    public var plan: Plan

    /// What is set before it begins, and holds until its end whatever the file says by then.
    public struct Plan: Sendable, Hashable, Codable {
        /// What decides.
        public var metric: Metric
        /// Conversations in each arm.
        public var sample: Int
        /// So much worse than control an arm may be, by measure; with more certainty than that everybody goes to control.
        public var harm: [String: Double]
        /// The names of the arms.
        public var arms: [String]
        /// Seconds without a word of the customer's after which her matter counts as done: the report's. Nil in what began
        /// before it was set here.
        public var silence: TimeInterval?

        /// The bound of a measure; nil: it is not watched.
        func bound(_ metric: Metric) -> Double? { harm[metric.rawValue] }
        /// The measures that are watched.
        var watched: [Metric] { Metric.allCases.filter { harm[$0.rawValue] != nil } }
        /// One bound for each arm but control, and each measure.
        var monitor: HarmMonitor {
            HarmMonitor(sample: sample, comparisons: max(1, arms.count - 1) * max(1, harm.count))
        }
        /// With more than two arms each comparison is held to a stricter measure (Bonferroni).
        var confidence: Double { 1 - 0.05 / Double(max(1, arms.count - 1)) }
    }

    /// Whether it is about an intent; nil: what no intent covers.
    func covers(_ intent: String?) -> Bool { intents.map { intents in intent.map(intents.contains) ?? false } ?? true }

    /// The arm of one of 10,000 places; nil: it is not in the experiment.
    func arm(at place: Int) -> Arm? {
        var end = 0.0
        for arm in arms {
            end += arm.share * 10_000
            if Double(place) < end - 1e-6 { return arm }
        }
        return nil
    }
}

/// The arm that a conversation is in.
struct Trial: Sendable {
    let experiment: Experiment
    let arm: Experiment.Arm

    /// By which the way of the arm is found.
    var key: String { "\(experiment.name)/\(arm.name)" }
}
