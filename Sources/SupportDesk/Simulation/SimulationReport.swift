import Foundation

/// What the report asks of an intent before it proposes that the desk answers it.
public struct SimulationGoals: Sendable, Encodable {
    /// Of the automatic answers so many may be wrong, 0…1, with a confidence of 95 %.
    public var maximumError = 0.05
    /// What an agent takes for one answer, minutes.
    public var minutesPerAnswer = 6.0
    /// What an hour of hers costs, in the currency of the models' prices; nil: nobody has said.
    public var hourlyCost: Double?

    /// The usual ones.
    public init() {}
}

/// What the desk would have done with the past, beside what people did.
public struct SimulationReport: Sendable, Encodable {
    /// What was read and replayed.
    public struct Basis: Sendable, Encodable {
        /// Messages that were read.
        public internal(set) var read: Int
        /// Second copies among them.
        public internal(set) var copies: Int
        /// The shop's own mail that answers nobody.
        public internal(set) var aside: Int
        /// Messages of which nobody can say when they came.
        public internal(set) var undated: Int
        /// Messages that end every process that looks at them, by their names at the source: they are left out.
        public internal(set) var skipped: [String]
        /// Conversations in which a customer wrote.
        public internal(set) var conversations: Int
        /// Customers' messages that were replayed.
        public internal(set) var messages = 0
        /// Those that a person answered.
        public internal(set) var answeredByPeople = 0
        /// The first and the last of them, as days of the shop.
        public internal(set) var firstDay: String?
        /// The last of them.
        public internal(set) var lastDay: String?
        /// The configured models.
        public internal(set) var models: [String]
        /// Whether they were asked.
        public internal(set) var areModelsAsked: Bool
    }

    /// A proportion with its bounds (Wilson's interval, 95 %).
    public struct Share: Sendable, Encodable {
        /// How many of them.
        public let count: Int
        /// Of how many.
        public let of: Int
        /// 0…1; nil of nothing.
        public let value: Double?
        /// The bounds.
        public let low: Double?
        /// The upper one.
        public let high: Double?
    }

    /// What would be answered above a threshold.
    public struct Point: Sendable, Encodable {
        /// The least certainty.
        public let threshold: Double
        /// Messages that would be answered, of all with this intent.
        public let coverage: Share
        /// Wrong answers, of those that can be judged.
        public let error: Share
    }

    /// What is proposed for an intent.
    public struct Proposal: Sendable, Encodable {
        /// How far automation goes.
        public let mode: Mode
        /// The least certainty; nil where it does not matter.
        public let threshold: Double?
        /// Why, with the count behind it.
        public let reason: String
    }

    /// One intent.
    public struct Intent: Sendable, Encodable {
        /// Its name; `all` for all of them together.
        public let intent: String
        /// Messages that ask for it.
        public let messages: Int
        /// Those to which the desk had an answer that only a threshold holds back.
        public let ready: Int
        /// Those of them that a person's answer can be compared with.
        public let judged: Int
        /// The threshold and the mode that are configured.
        public let configured: Configured
        /// The curve, from the lowest threshold to the highest.
        public let curve: [Point]
        /// What is proposed.
        public let proposal: Proposal

        /// As `desk.yaml` has it.
        public struct Configured: Sendable, Encodable {
            /// How far automation goes.
            public let mode: Mode
            /// The least certainty.
            public let threshold: Double
        }
    }

    /// How two answers compare, by number.
    public struct Likenesses: Sendable, Encodable {
        /// By `same`, `less`, `contrary`, `other`, `acted`, `unclear`, `none`.
        public internal(set) var counts: [String: Int] = [:]
        /// A person was needed, as her answer shows.
        public internal(set) var neededPerson = 0
        /// None was needed.
        public internal(set) var neededNobody = 0
        /// Of escalations, those for which nobody was needed.
        public internal(set) var needlessEscalations = 0
        /// The two answers are about the same matter.
        public internal(set) var sameMatter = 0
        /// They are not.
        public internal(set) var otherMatter = 0
    }

    /// Time and money, as far as the past tells.
    public struct Estimate: Sendable, Encodable {
        /// Messages in thirty days.
        public internal(set) var messagesPerMonth = 0.0
        /// Those that the desk would have answered at the configured thresholds.
        public internal(set) var answeredPerMonth = 0.0
        /// Until a person answered, seconds.
        public internal(set) var medianWait: Int64?
        /// Nine of ten were answered within this, seconds.
        public internal(set) var longWait: Int64?
        /// Agents' hours that the answers would have saved in thirty days.
        public internal(set) var hoursPerMonth = 0.0
        /// What these cost.
        public internal(set) var hoursCostPerMonth: Double?
        /// Tokens read and written for a message, on average.
        public internal(set) var tokensIn = 0.0
        /// Written.
        public internal(set) var tokensOut = 0.0
        /// What models would cost in thirty days.
        public internal(set) var modelCostPerMonth = 0.0
    }

    /// Questions to which there is no good article.
    public struct Gap: Sendable, Encodable {
        /// How often it was asked.
        public let count: Int
        /// The words that they share.
        public let words: [String]
        /// Some of them, with placeholders.
        public let examples: [String]
    }

    /// Two answers to one question, with placeholders.
    public struct Difference: Sendable, Encodable {
        /// What is asked.
        public let intent: String?
        /// BCP 47.
        public let language: String?
        /// What the desk would have done.
        public let disposition: Disposition.Kind
        /// By which rule.
        public let rule: String
        /// How sure it was.
        public let certainty: Double
        /// How the two compare.
        public let likeness: String
        /// The kinds of facts in which they differ.
        public let differing: [String]
        /// What the customer wrote.
        public let question: String
        /// What the desk would have answered.
        public let desks: String
        /// What a person answered.
        public let persons: String
    }

    /// What was read and replayed.
    public internal(set) var basis: Basis
    /// What was asked of an intent.
    public internal(set) var goals: SimulationGoals
    /// What the desk would have done, by the five words.
    public internal(set) var dispositions: [String: Int] = [:]
    /// Why not, by rule.
    public internal(set) var rules: [String: Int] = [:]
    /// Messages by language.
    public internal(set) var languages: [String: Int] = [:]
    /// The desk's answers beside people's.
    public internal(set) var likenesses = Likenesses()
    /// All intents together.
    public internal(set) var all: Intent?
    /// By intent, the busiest first.
    public internal(set) var intents: [Intent] = []
    /// Time and money.
    public internal(set) var estimate = Estimate()
    /// What there is no article about, the most asked first.
    public internal(set) var gaps: [Gap] = []
    /// The most instructive differences, the worst first.
    public internal(set) var differences: [Difference] = []

    init(_ basis: Basis, _ goals: SimulationGoals) { (self.basis, self.goals) = (basis, goals) }

    /// One JSON object, the same for the same past.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension SimulationReport.Share {
    /// The normal distribution's quantile of 97.5 %.
    private static let quantile = 1.959963984540054

    init(_ count: Int, of total: Int) {
        (self.count, of) = (count, total)
        guard total > 0 else {
            (value, low, high) = (nil, nil, nil)
            return
        }
        // E. B. Wilson, "Probable inference", JASA 22 (1927): right also for few cases and for none that are wrong.
        let (n, p) = (Double(total), Double(count) / Double(total))
        let z = Self.quantile
        let centre = p + z * z / (2 * n)
        let reach = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        value = p
        low = count == 0 ? 0 : max(0, (centre - reach) / scale)
        high = count == total ? 1 : min(1, (centre + reach) / scale)
    }
}
