import Foundation

/// What the desk did for a shop, in figures: what `auradesk report` shows. As JSON a stable contract: names are added, never
/// changed. Shares are from 0 to 1, times in seconds, and intervals hold 95 %.
public struct Report: Sendable, Encodable {
    /// A part of a whole, with Wilson's interval.
    public struct Rate: Sendable, Encodable {
        /// How many, of how many.
        public let count: Int
        /// See `count`.
        public let of: Int
        /// The share; nil of nothing.
        public let share: Double?
        /// The ends of its interval.
        public let low: Double?
        /// See `low`.
        public let high: Double?

        init(_ count: Int, of whole: Int) {
            (self.count, of) = (count, whole)
            let rate = ReportArithmetic.wilson(Double(count), of: Double(whole))
            (share, low, high) = (rate?.value, rate?.low, rate?.high)
        }
    }

    /// How content customers are, from 1 to 5.
    public struct Score: Sendable, Encodable {
        /// How many said so.
        public let count: Int
        /// The mean; nil when nobody did.
        public let mean: Double?
        /// The ends of its interval; nil of one voice.
        public let low: Double?
        /// See `low`.
        public let high: Double?

        init(_ tally: Tally) {
            count = tally[.scored]
            let mean = ReportArithmetic.mean(
                count: count, sum: Double(tally[.scores]), squares: Double(tally[.scoreSquares]))
            self.mean = mean?.value
            low = mean.flatMap { mean in mean.half.map { max(1, mean.value - $0) } }
            high = mean.flatMap { mean in mean.half.map { min(5, mean.value + $0) } }
        }
    }

    /// How long something took, seconds; percentiles are right to 1 %.
    public struct Times: Sendable, Encodable {
        /// How many times are known.
        public let count: Int
        /// Nil of none, as the percentiles.
        public let mean: Double?
        /// Half of them took no longer.
        public let p50: Double?
        /// Nine of ten.
        public let p90: Double?
        /// 19 of 20.
        public let p95: Double?
        /// 99 of 100.
        public let p99: Double?

        init(_ sketch: TimeSketch) {
            count = sketch.count
            mean = sketch.count == 0 ? nil : sketch.sum / Double(sketch.count)
            (p50, p90) = (sketch.percentile(0.5), sketch.percentile(0.9))
            (p95, p99) = (sketch.percentile(0.95), sketch.percentile(0.99))
        }
    }

    /// How often something was met.
    public struct Named: Sendable, Encodable {
        /// What: the name of a rule, a check, an error.
        public let name: String
        /// How often.
        public let count: Int
        /// As a part of all.
        public let share: Double

        static func list(_ counts: [String: Int]) -> [Named] {
            let sum = max(1, counts.values.reduce(0, +))
            return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
                Named(name: $0.key, count: $0.value, share: Double($0.value) / Double(sum))
            }
        }
    }

    /// The days that it is about.
    public struct Period: Sendable, Encodable {
        /// The first day, and the last.
        public let since: String
        /// See `since`.
        public let until: String
        /// How many there are.
        public let days: Int
        /// Whose days they are.
        public let timeZone: String
    }

    /// A figure that the shop wants to reach.
    public struct Target: Sendable, Encodable {
        /// `automation`, `satisfaction`, `first_contact_resolution`, `recurrence`, `reply_time`.
        public let name: String
        /// What is wanted.
        public let wanted: Double
        /// Whether it is wanted at least; else at most.
        public let isLeast: Bool
        /// What is reached; nil: not known yet.
        public let reached: Double?
        /// Whether that is as wanted.
        public let isMet: Bool?
    }

    /// Messages by what became of them.
    public struct Handled: Sendable, Encodable {
        /// All.
        public let messages: Int
        /// Nobody had to answer them: votes, thanks, copies, robots.
        public let ignored: Int
        /// Went to people though no customer asked anything.
        public let other: Int
        /// Wanted an answer; the sum of those below.
        public let questions: Int
        /// Answered by the desk.
        public let automatic: Int
        /// By a draft that a person sent.
        public let approved: Int
        /// By a person, on a ticket.
        public let escalated: Int
        /// By a person, because it could not be processed.
        public let quarantined: Int
        /// By a person or the customer herself, before the desk did.
        public let overtaken: Int
        /// As a draft that waits.
        public let waiting: Int
        /// Customers, counted once a day each.
        public let customers: Int
    }

    /// Of which contract this is.
    public let version = 1
    /// The shop's name.
    public let shop: String
    /// When it was made.
    public let made: Date
    /// The days that it is about.
    public let period: Period
    /// What the shop wants to reach.
    public let targets: [Target]
    /// Messages by what became of them.
    public let handled: Handled
    /// Questions that the desk answered by itself.
    public let automation: Rate
    /// Questions that the desk settled by itself, of those of which it is known what became.
    public let deflection: Rate
    /// What became of the desk's own answers.
    public let resolution: Resolution
    /// First questions of conversations that their first answer settled, of those of which it is known.
    public let firstContactResolution: Rate
    /// Answers after which the same person came back with the same matter within a week, of those whose week is over.
    public let recurrence: Rate
    /// How fast.
    public let responseTimes: ResponseTimes
    /// Why people got questions.
    public let escalations: [Named]
    /// What customers said.
    public let satisfaction: Satisfaction
    /// How right the desk is.
    public let accuracy: Accuracy
    /// From a draft, or a ticket, to the answer of a person.
    public let handling: Times
    /// What people got with everything in it: the customer did not have to write again in that conversation.
    public let handover: Rate
    /// What it cost, and what it saved.
    public let costs: Costs
    /// What models did.
    public let models: [Model]
    /// How customers sound.
    public let mood: Mood
    /// The languages, those with most questions first.
    public let languages: [Group]
    /// The intents, the busiest first.
    public let intents: [Group]
    /// What the articles lack.
    public let gaps: Gaps
    /// What was tried side by side in these days.
    public let experiments: [Experiment]
    /// How the answers of intents that the desk only watches stand beside people's.
    public let shadows: [Shadow]
    /// What the review found in drafts.
    public let findings: [Named]
    /// What waits now.
    public let queues: Queues
    /// What went wrong.
    public let errors: [Named]
    /// Whether customers were answered in time.
    public let promise: Promise
    /// Day by day.
    public let days: [Day]
    /// What the figures are reckoned with.
    public let reckoning: Reckoning
}
