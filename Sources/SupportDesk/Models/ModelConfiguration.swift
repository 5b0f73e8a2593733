/// One model of the chain: where it is, what it costs and how patient the desk is with it.
public struct ModelConfiguration: Sendable {
    /// How the model is spoken to.
    public enum Interface: String, Sendable, CaseIterable {
        /// OpenAI's chat completions, as vLLM, Ollama, llama.cpp and many providers have them.
        case openai
        /// The same in Azure: the model's name is a deployment's.
        case azure
        /// Anthropic's messages.
        case anthropic
    }

    /// Money for a million tokens, in one currency for all models of a desk.
    public struct Price: Sendable, Hashable {
        /// For what is read.
        public var input: Double
        /// For what is read from the provider's cache.
        public var cached: Double
        /// For what is put into the provider's cache.
        public var stored: Double
        /// For what is written.
        public var output: Double

        /// Free of charge.
        public static let none = Price(input: 0, cached: 0, stored: 0, output: 0)

        /// Millionths of the currency: a price for a million tokens is millionths for one.
        func cost(of tokens: ModelTokens) -> Int64 {
            let cost =
                Double(tokens.input) * input + Double(tokens.cached) * cached + Double(tokens.stored) * stored
                + Double(tokens.output) * output
            return Int64(min(cost, 1e15).rounded(.up))
        }
    }

    /// The interface's base, for example `https://api.openai.com/v1`.
    public var url: String
    /// The model's name there; in Azure the deployment's.
    public var name: String
    /// How it is spoken to.
    public var interface = Interface.openai
    /// The key; nil for a local server.
    public var key: String?
    /// Azure's `api-version`.
    public var apiVersion: String?
    /// For one request, in all.
    public var timeout = Duration.seconds(30)
    /// How often a request is repeated that failed for a passing reason.
    public var retries = 2
    /// No wait before a request is longer, whatever the server asks for: what comes next in the chain can answer now.
    public var maximumWait = Duration.seconds(20)
    /// Requests under way at once.
    public var concurrency = 32
    /// An answer is at most this long, a model's own thoughts included.
    public var outputTokens = 4_000
    /// nil: the model's own.
    public var temperature: Double?
    /// What tokens cost.
    public var price = Price.none
    /// For mail that may wait; nil: every mail is asked directly.
    public var batch: BatchPolicy?

    /// A model with the usual patience.
    public init(url: String, name: String, key: String? = nil) {
        self.url = url
        self.name = name
        self.key = key
    }
}

/// How models are used, all of them together.
public struct AnswerPolicy: Sendable {
    /// How replies of a model sound.
    public var tone = Tone.friendly
    /// What models may cost in a day, in millionths of the prices' currency; nil: no limit.
    public var dailyBudget: Int64?
    /// How many runs must agree before a model's answer is sent.
    public var opinions = 1
    /// For how long an answer to a question that is nobody's own may be given again, seconds; nil: never.
    public var reuse: Double?

    /// The defaults.
    public init() {}
}

/// How a desk sounds. Its words are in `prompts/manner.mustache`.
public enum Tone: String, Sendable, CaseIterable {
    /// Natural and helpful.
    case friendly
    /// Full sentences, no colloquial words.
    case formal
    /// Personal.
    case warm
    /// Nothing that only decorates.
    case brief
}
