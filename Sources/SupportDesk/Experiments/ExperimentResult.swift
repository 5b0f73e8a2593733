import Foundation

/// An arm of an experiment beside its control arm.
public struct ArmComparison: Sendable, Hashable, Codable {
    /// What can be said of it.
    public enum State: String, Sendable, Hashable, Codable {
        /// It is what the others are compared with.
        case control
        /// The sample is not reached: figures to see that all goes well, nothing to decide by.
        case interim
        /// Too few conversations have a value.
        case tooFew
        /// Better than control.
        case better
        /// Worse than control.
        case worse
        /// No difference is shown: that is not to say that there is none.
        case noDifference
        /// It was stopped: worse than control by more than it may be.
        case harmful
    }

    /// Its name.
    public let arm: String
    /// Conversations that are in it and count.
    public let enrolled: Int
    /// Those of them that have a value.
    public let n: Int
    /// The share, or the mean from 1 to 5.
    public let value: Double?
    /// In which the true value lies: Wilson's for a share, Student's for a mean.
    public let interval: Interval?
    /// Its value less control's.
    public internal(set) var difference: Double?
    /// In which the true difference lies: Newcombe's for shares, Welch's for means.
    public internal(set) var differenceInterval: Interval?
    /// Two-sided; nil before the sample is reached: who looks again and again would find something sooner or later.
    public internal(set) var p: Double?
    /// What can be said of it.
    public internal(set) var state: State
}

/// A look whether an arm does harm.
public struct HarmSign: Sendable, Hashable, Codable {
    /// The arm.
    public let arm: String
    /// What is watched.
    public let measure: Experiment.Metric
    /// So much worse it may be.
    public let bound: Double
    /// How far it is beyond that, in standard errors.
    public let z: Double
    /// As many would be harm at this point of the experiment.
    public let limit: Double

    /// Whether it is harm.
    public var isHarm: Bool { z > limit }
}

/// How an experiment stands.
public struct ExperimentResult: Sendable, Hashable, Codable {
    /// Where it stands.
    public enum State: String, Sendable, Hashable, Codable {
        /// Conversations are assigned.
        case running
        /// Each arm has its sample; some outcomes are still to be waited for.
        case waiting
        /// It is over: the figures are final.
        case finished
        /// It was stopped before its end; everybody is in control.
        case stopped
    }

    /// Its name.
    public let name: String
    /// What decides.
    public let metric: Experiment.Metric
    /// Conversations in each arm.
    public let sample: Int
    /// Of the intervals; stricter where there are several arms.
    public let confidence: Double
    /// Where it stands.
    public internal(set) var state: State
    /// When the first conversation entered.
    public internal(set) var started: Date?
    /// When it ended or was stopped.
    public internal(set) var ended: Date?
    /// Why it was stopped.
    public internal(set) var reason: String?
    /// Whether it was stopped because an arm did harm.
    public internal(set) var isHarm = false
    /// Control first.
    public internal(set) var comparisons: [ArmComparison]
    /// What was seen of harm.
    public let harm: [HarmSign]

    /// Works out how an experiment stands from what is known of its arms. Pure.
    init(_ name: String, _ plan: Experiment.Plan, _ samples: [ArmSample]) {
        self.name = name
        metric = plan.metric
        sample = plan.sample
        confidence = plan.confidence
        let arms = plan.arms.map { name in samples.first { $0.name == name } ?? ArmSample(name: name) }
        let isFull = arms.allSatisfy { $0.enrolled >= plan.sample }
        let isKnown = arms.allSatisfy { $0.known[plan.metric] ?? 0 >= plan.sample }
        state = isFull ? (isKnown ? .finished : .waiting) : .running
        let isFinal = state == .finished
        let control = arms.first ?? ArmSample(name: Experiment.control)
        comparisons = arms.map { arm in
            Self.comparison(of: arm, with: control, plan, isFinal: isFinal)
        }
        let monitor = plan.monitor
        harm = arms.dropFirst().flatMap { arm in
            plan.watched.compactMap { measure -> HarmSign? in
                let width = measure.range.upperBound - measure.range.lowerBound
                let bound = plan.bound(measure) ?? 0
                let look = monitor.look(
                    at: arm.badness(measure), beside: control.badness(measure), bound: bound / width,
                    enrolled: min(arm.known[measure] ?? 0, control.known[measure] ?? 0))
                return look.map {
                    HarmSign(arm: arm.name, measure: measure, bound: bound, z: $0.z, limit: $0.limit)
                }
            }
        }
    }

    private static func comparison(
        of arm: ArmSample, with control: ArmSample, _ plan: Experiment.Plan, isFinal: Bool
    ) -> ArmComparison {
        let (moments, others) = (arm.moments(plan.metric), control.moments(plan.metric))
        let isControl = arm.name == control.name
        let interval =
            plan.metric.isShare
            ? (moments.count == 0
                ? nil : Statistics.wilson(moments.sum, of: moments.count, confidence: plan.confidence))
            : Statistics.interval(ofMean: moments, confidence: plan.confidence)
        var result = ArmComparison(
            arm: arm.name, enrolled: arm.enrolled, n: moments.count, value: moments.mean, interval: interval,
            state: isControl ? .control : .interim)
        if isControl { return result }
        let comparison =
            plan.metric.isShare
            ? Statistics.compare(
                (others.sum, others.count), (moments.sum, moments.count), confidence: plan.confidence)
            : Statistics.compare(means: others, moments, confidence: plan.confidence)
        result.difference = comparison?.difference
        result.differenceInterval = comparison?.interval
        guard isFinal else { return result }
        guard let comparison else {
            result.state = .tooFew
            return result
        }
        result.p = comparison.p
        let isShown = comparison.p < 1 - plan.confidence
        let isMore = comparison.difference > 0
        result.state = !isShown ? .noDifference : isMore == plan.metric.isBetterWhenMore ? .better : .worse
        return result
    }

    /// What was seen of harm first.
    var firstHarm: HarmSign? { harm.filter(\.isHarm).max { $0.z - $0.limit < $1.z - $1.limit } }
}

extension Moments {
    /// Of values that were counted elsewhere.
    init(count: Int, sum: Double, squares: Double) {
        self.init()
        self.count = count
        self.sum = sum
        self.squares = squares
    }
}
