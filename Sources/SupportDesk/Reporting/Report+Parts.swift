extension Report {
    /// A share of all that is known from some, which may stand for unequally many.
    public struct Estimate: Sendable, Encodable {
        /// How many were looked at, and how many of them were right.
        public let of: Int
        /// See `of`.
        public let count: Int
        /// What follows for all; nil: nobody has looked.
        public let share: Double?
        /// The ends of its interval.
        public let low: Double?
        /// See `low`.
        public let high: Double?

        init(_ sums: RatingSums) {
            let accuracy = ReviewAccuracy(sums)
            (of, count) = (sums.rated, sums.right)
            (share, low, high) = (accuracy?.share, accuracy?.lower, accuracy?.upper)
        }
    }

    /// What became of the desk's own answers.
    public struct Resolution: Sendable, Encodable {
        /// Days without a word after which an answer counts.
        public let afterDays: Double
        /// The customer said that it helped.
        public let confirmed: Int
        /// She wrote nothing more, in any conversation.
        public let silent: Int
        /// She said that it did not help.
        public let denied: Int
        /// She wrote again, in whatever conversation.
        public let returned: Int
        /// It is too early to tell.
        public let pending: Int
        /// Settled, of those of which it is known.
        public let rate: Rate
    }

    /// From the arrival of a question to its answer.
    public struct ResponseTimes: Sendable, Encodable {
        /// An hour of the day in which questions came.
        public struct Hour: Sendable, Encodable {
            /// 0…23.
            public let hour: Int
            /// How many came.
            public let questions: Int
            /// The desk's own answers.
            public let automatic: Times
            /// Those of people, as far as they were seen.
            public let people: Times
        }

        /// The desk's own answers.
        public let automatic: Times
        /// Those of people, as far as they were seen.
        public let people: Times
        /// All.
        public let all: Times
        /// By how much the median of all is less than before the desk; nil: that is not known.
        public let reduction: Double?
        /// By hours.
        public let byHour: [Hour]
    }

    /// What customers said.
    public struct Satisfaction: Sendable, Encodable {
        /// From 1 to 5; a vote counts as one end.
        public let score: Score
        /// Those who were content, of those who said something.
        public let content: Rate
        /// How many gave 1 … 5.
        public let stars: [Int]
        /// Voices, as a part of the answers that went out.
        public let voices: Rate
    }

    /// How right the desk is.
    public struct Accuracy: Sendable, Encodable {
        /// What people found of the answers that were drawn for them, each weighed by how many it stands for.
        public struct Sample: Sendable, Encodable {
            /// How many were drawn.
            public let drawn: Int
            /// How many of them were right, and wrong.
            public let right: Int
            /// See `right`.
            public let wrong: Int
            /// What follows for all answers.
            public let share: Double?
            /// The ends of its interval.
            public let low: Double?
            /// See `low`.
            public let high: Double?
            /// How many of equal weight would say as much (Kish).
            public let effectiveSize: Double?
            /// From 1 to 5; nil: nobody said.
            public let tone: Double?
            /// See `tone`.
            public let empathy: Double?

            init(_ sums: RatingSums) {
                let accuracy = ReviewAccuracy(sums)
                (drawn, right, wrong) = (sums.drawn, sums.right, sums.rated - sums.right)
                (share, low, high) = (accuracy?.share, accuracy?.lower, accuracy?.upper)
                effectiveSize = accuracy?.effective
                (tone, empathy) = (sums.tone, sums.empathy)
            }
        }

        /// Drafts that people sent as they were or but for some words, of those on which they decided.
        public let drafts: Rate
        /// Sent as they were.
        public let asWritten: Int
        /// But for some words.
        public let touched: Int
        /// Rewritten.
        public let corrected: Int
        /// Not wanted.
        public let rejected: Int
        /// Not decided on in time.
        public let lapsed: Int
        /// Of the desk's own answers.
        public let sample: Sample
    }

    /// What a model did.
    public struct Model: Sendable, Encodable {
        /// Its name.
        public let model: String
        /// Requests, and those without an answer.
        public let requests: Int
        /// See `requests`.
        public let failures: Int
        /// Tokens: read, read from the provider's cache, stored there, written.
        public let tokensIn: Int
        /// See `tokensIn`.
        public let tokensCached: Int
        /// See `tokensIn`.
        public let tokensStored: Int
        /// See `tokensIn`.
        public let tokensOut: Int
        /// What they cost.
        public let cost: Double

        init(_ model: String, _ tally: Tally) {
            self.model = model
            requests = tally[.requests]
            failures = tally[.failures]
            tokensIn = tally[.tokensIn]
            tokensCached = tally[.tokensCached]
            tokensStored = tally[.tokensStored]
            tokensOut = tally[.tokensOut]
            cost = Double(tally[.cost]) / 1_000_000
        }
    }

    /// What it cost, and what it saved.
    public struct Costs: Sendable, Encodable {
        /// What all amounts are in.
        public let currency: String
        /// All models, failed requests and those of mail that went to people in the end included.
        public let models: Double
        /// That, for each question that the desk settled by itself; nil: none.
        public let perResolution: Double?
        /// Models and agents, for each question; nil: what an agent costs is not known.
        public let perQuestion: Double?
        /// Hours of agents: questions that took a person, and drafts, at the minutes that each takes.
        public let agentHours: Double
        /// What agents would have cost for what was settled without them, less what the models did.
        public let saved: Double?
        /// Customers served for each hour of an agent; nil: it took none.
        public let customersPerAgentHour: Double?
        /// The same if people answered everything.
        public let customersPerAgentHourBefore: Double?
    }

    /// How customers sound.
    public struct Mood: Sendable, Encodable {
        /// Below −0.3.
        public let negative: Int
        /// Between.
        public let neutral: Int
        /// Above 0.3.
        public let positive: Int
        /// From −1 to 1.
        public let mean: Double?
    }

    /// An intent or a language.
    public struct Group: Sendable, Encodable {
        /// Its name, or BCP 47.
        public let name: String
        /// How many questions.
        public let questions: Int
        /// As a part of all.
        public let share: Double
        /// Answered by the desk.
        public let automation: Rate
        /// What customers said.
        public let satisfaction: Score
        /// Drafts that were right, and answers that people found right, each weighed by how many it stands for.
        public let accuracy: Estimate
        /// The same matter within a week.
        public let recurrence: Rate
        /// Questions without a good passage.
        public let gaps: Int
        /// Questions of each day.
        public let perDay: [Int]
        /// How many more a day in the later half than in the earlier one, as a part of that; nil: too few to tell.
        public let trend: Double?
    }

    /// What waits now.
    public struct Waiting: Sendable, Encodable {
        /// How much waits.
        public let count: Int
        /// For how long the oldest does, seconds.
        public let oldest: Double?
    }

    /// The three queues.
    public struct Queues: Sendable, Encodable {
        /// Mail without an outcome.
        public let intake: Waiting
        /// Replies and tickets that are not delivered.
        public let outbox: Waiting
        /// Drafts that wait for a person.
        public let drafts: Waiting
    }

    /// Whether customers were answered in time.
    public struct Promise: Sendable, Encodable {
        /// Seconds within which the desk is to have answered.
        public let automaticWithin: Double
        /// It has.
        public let automatic: Rate
        /// Seconds within which a person is to have answered.
        public let personWithin: Double
        /// She has, where her answer was seen.
        public let people: Rate
        /// Somebody waits for longer than that now, for the desk or a draft.
        public let isLate: Bool
    }

    /// Questions that no passage answers.
    public struct Gaps: Sendable, Encodable {
        /// How many.
        public let questions: Rate
        /// So many of them, drawn by chance, were looked at: those whose mail is still kept.
        public let looked: Int
        /// What those are about, the largest first.
        public let clusters: [GapCluster]
    }

    /// What the figures are reckoned with.
    public struct Reckoning: Sendable, Encodable {
        /// Minutes of a person for a question by herself, and for a draft.
        public let handlingMinutes: Double
        /// See `handlingMinutes`.
        public let draftMinutes: Double
        /// What an hour of hers costs.
        public let hourlyCost: Double?
    }

    /// A day.
    public struct Day: Sendable, Encodable {
        /// `2026-03-12`.
        public let day: String
        /// Questions, and how they were answered.
        public let questions: Int
        /// By the desk.
        public let automatic: Int
        /// By a draft that a person sent.
        public let approved: Int
        /// Otherwise, or not yet.
        public let people: Int
        /// Nobody had to answer them.
        public let ignored: Int
        /// What customers said on that day, from 1 to 5.
        public let satisfaction: Double?
    }
}
