import Foundation

extension ModelConfiguration {
    /// `model:` is one model, or a list of them in the order in which they are asked.
    static func all(_ root: ConfigurationReader) throws -> [ModelConfiguration] {
        guard root.has("model") else { return [] }
        let readers = try root.oneOrMoreReaders("model")
        let models = try readers.map(ModelConfiguration.init)
        guard Set(models.map(\.name)).count == models.count else {
            throw root.error("model", "names one model twice")
        }
        // The next ones are asked when the first one cannot answer now: then nobody waits any longer.
        if models.dropFirst().contains(where: { $0.batch != nil }) {
            throw root.error("model", "has batch below another model than the first")
        }
        return models
    }

    init(_ reader: ConfigurationReader) throws {
        let url = try reader.required("url")
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw reader.error("url", "must begin with https:// or http://")
        }
        self.init(
            url: url.hasSuffix("/") ? String(url.dropLast()) : url, name: try reader.required("name"),
            key: try reader.secret("key"))
        interface = try reader.word("interface") ?? interface
        apiVersion = try reader.text("api_version")
        if interface == .azure, apiVersion == nil {
            throw reader.error("api_version", "is missing: Azure wants one, such as 2024-10-21")
        }
        if interface != .azure, apiVersion != nil {
            throw reader.error("api_version", "goes with interface: azure only")
        }
        if interface != .openai, key == nil { throw reader.error("key", "is missing") }
        timeout = .seconds(try reader.seconds("timeout") ?? 30)
        retries = try reader.integer("retries", in: 0...10) ?? retries
        maximumWait = .seconds(try reader.seconds("wait") ?? 20)
        concurrency = try reader.integer("concurrency", in: 1...256) ?? concurrency
        outputTokens = try reader.integer("output_tokens", in: 100...100_000) ?? outputTokens
        temperature = try reader.number("temperature", in: 0...2)
        batch = try reader.reader("batch").map { try BatchPolicy($0) }
        if batch != nil, interface == .azure {
            throw reader.error("batch", "goes with interface: openai or anthropic only")
        }
        if let prices = try reader.reader("price") { price = try Price(prices, interface) }
        try reader.finish()
    }
}

extension ModelConfiguration.Price {
    fileprivate init(_ reader: ConfigurationReader, _ interface: ModelConfiguration.Interface) throws {
        func price(_ key: String) throws -> Double? { try reader.number(key, in: 0...100_000) }
        guard let input = try price("input"), let output = try price("output") else {
            throw reader.error("must say what a million tokens cost: {input: 2.50, output: 10}")
        }
        self.init(
            input: input, cached: try price("cached") ?? input,
            // Anthropic takes a quarter more for what it keeps for five minutes; the others nothing.
            stored: try price("stored") ?? (interface == .anthropic ? input * 1.25 : input), output: output)
        try reader.finish()
    }
}

extension AnswerPolicy {
    init(_ reader: ConfigurationReader, _ models: [ModelConfiguration]) throws {
        self.init()
        tone = try reader.word("tone") ?? tone
        if let money = try reader.number("daily_budget", in: 0...1_000_000) {
            // Without prices nothing would ever be counted.
            guard models.isEmpty || models.contains(where: { $0.price != .none }) else {
                throw reader.error("daily_budget", "needs the price of the models: price: {input: 2.50, output: 10}")
            }
            dailyBudget = Int64((money * 1_000_000).rounded())
        }
        opinions = try reader.integer("second_opinion", in: 1...3) ?? opinions
        reuse = try reader.seconds("reuse")
        try reader.finish()
    }
}
