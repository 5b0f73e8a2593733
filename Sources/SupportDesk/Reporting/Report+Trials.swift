import Foundation

extension Report {
    /// Ways to answer that were tried side by side.
    public struct Experiment: Sendable, Encodable {
        /// What was set before it began.
        public struct Plan: Sendable, Encodable {
            /// `satisfaction`, `recurrence`, `resolution` or `accuracy`: what decides.
            public let metric: String
            /// Whether that is a share; else a mean from 1 to 5.
            public let isShare: Bool
            /// Whether more of it is better.
            public let isBetterWhenMore: Bool
            /// Conversations in each arm.
            public let sample: Int
            /// Of the intervals: stricter where there are several arms.
            public let confidence: Double
        }

        /// One of the ways.
        public struct Arm: Sendable, Encodable {
            /// Its name; `control` for what the others are compared with.
            public let name: String
            /// Conversations in it that count, and those of them that have a value.
            public let enrolled: Int
            /// See `enrolled`.
            public let n: Int
            /// The share, or the mean.
            public let value: Double?
            /// The ends of its interval.
            public let low: Double?
            /// See `low`.
            public let high: Double?
            /// Its value less control's.
            public let difference: Double?
            /// The ends of the difference's interval.
            public let differenceLow: Double?
            /// See `differenceLow`.
            public let differenceHigh: Double?
            /// Two-sided; nil before every arm has its sample.
            public let p: Double?
            /// `control`, `interim`, `tooFew`, `better`, `worse`, `noDifference` or `harmful`.
            public let state: String
            /// What is watched lest the arm does harm.
            public let watched: [Watch]
        }

        /// A look whether an arm does harm.
        public struct Watch: Sendable, Encodable {
            /// What is watched.
            public let name: String
            /// So much worse than control it may be.
            public let bound: Double
            /// How far it is beyond that, in standard errors.
            public let z: Double
            /// As many are harm at this point.
            public let limit: Double
            /// Whether they are.
            public let isHarm: Bool
        }

        /// Its name.
        public let name: String
        /// `running`, `waiting`, `finished` or `stopped`.
        public let state: String
        /// When the first conversation entered.
        public let started: Date?
        /// When it ended or was stopped.
        public let ended: Date?
        /// Whether it was stopped because an arm did harm.
        public let isHarm: Bool
        /// Why, in words; nil: it was not, or a person stopped it.
        public let reason: String?
        /// What was set before.
        public let plan: Plan
        /// Control first.
        public let arms: [Arm]

        init(_ result: ExperimentResult) {
            (name, state, started, ended) = (result.name, result.state.rawValue, result.started, result.ended)
            isHarm = result.isHarm
            // Who stopped it is nobody's business who reads a report.
            reason = result.isHarm ? result.reason : nil
            plan = Plan(
                metric: result.metric.rawValue, isShare: result.metric.isShare,
                isBetterWhenMore: result.metric.isBetterWhenMore, sample: result.sample,
                confidence: result.confidence)
            arms = result.comparisons.map { arm in
                Arm(
                    name: arm.arm, enrolled: arm.enrolled, n: arm.n, value: arm.value, low: arm.interval?.low,
                    high: arm.interval?.high, difference: arm.difference, differenceLow: arm.differenceInterval?.low,
                    differenceHigh: arm.differenceInterval?.high, p: arm.p, state: arm.state.rawValue,
                    watched: result.harm.filter { $0.arm == arm.arm }.map {
                        Watch(
                            name: $0.measure.rawValue, bound: $0.bound, z: $0.z, limit: $0.limit, isHarm: $0.isHarm)
                    })
            }
        }
    }

    /// How the desk's answers stand beside people's, for an intent that it only watched.
    public struct Shadow: Sendable, Encodable {
        /// The intent.
        public let name: String
        /// Answers that could be laid beside a person's.
        public let compared: Int
        /// Those of them that could have gone out: the same matter with the same facts.
        public let agreement: Rate
        /// The same matter, with another fact.
        public let otherFacts: Int
        /// The person did something else.
        public let otherAnswer: Int
        /// A person answered, and what she wrote was not to be had.
        public let unread: Int
        /// Nobody's answer was seen in time.
        public let unanswered: Int
        /// Nobody's answer has been seen yet.
        public let waiting: Int

        init(_ standing: ShadowStanding) {
            name = standing.intent
            compared = standing.compared
            agreement = Rate(standing.count(.same), of: standing.compared)
            (otherFacts, otherAnswer) = (standing.count(.otherFacts), standing.count(.otherAnswer))
            (unread, unanswered) = (standing.count(.unread), standing.count(.unanswered))
            waiting = standing.waiting
        }
    }
}
