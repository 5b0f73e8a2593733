import Foundation

extension VoiceConfiguration {
    /// `voice: {listen: …, speak: …}`.
    init(_ reader: ConfigurationReader) throws {
        self.init()
        listen = try reader.reader("listen").map { try Listening($0) }
        speak = try reader.reader("speak").map { try Speaking($0) }
        try reader.finish()
    }
}

extension VoiceConfiguration.Listening {
    fileprivate init(_ reader: ConfigurationReader) throws {
        self.init(try ModelConfiguration(voice: reader, timeout: 60, retries: 2))
        if let price = try reader.reader("price") {
            guard let minute = try price.number("minute", in: 0...1_000) else {
                throw price.error("must say what a minute costs: {minute: 0.006}")
            }
            pricePerMinute = minute
            try price.finish()
        }
        bytes = try reader.bytes("size") ?? bytes
        seconds = try reader.seconds("length") ?? seconds
        files = try reader.integer("files", in: 1...20) ?? files
        hint = try reader.text("hint")
        let addresses = try reader.texts("telephones") ?? []
        guard addresses.allSatisfy({ $0.contains("@") }) else {
            throw reader.error("telephones", "must be e-mail addresses")
        }
        telephones = Set(addresses.map { $0.lowercased() })
        try reader.finish()
    }
}

extension VoiceConfiguration.Speaking {
    fileprivate init(_ reader: ConfigurationReader) throws {
        self.init(
            try ModelConfiguration(voice: reader, timeout: 20, retries: 1), voice: try reader.required("voice"))
        if let price = try reader.reader("price") {
            guard let characters = try price.number("characters", in: 0...100_000) else {
                throw price.error("must say what a million characters cost: {characters: 15}")
            }
            pricePerMillion = characters
            try price.finish()
        }
        format = try reader.word("format") ?? format
        bytes = try reader.bytes("size") ?? bytes
        try reader.finish()
    }
}

extension ModelConfiguration {
    /// What an endpoint for sound has in common with a model.
    fileprivate init(voice reader: ConfigurationReader, timeout: Double, retries: Int) throws {
        let url = try reader.required("url")
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw reader.error("url", "must begin with https:// or http://")
        }
        self.init(
            url: url.hasSuffix("/") ? String(url.dropLast()) : url, name: try reader.required("name"),
            key: try reader.secret("key"))
        self.timeout = .seconds(try reader.seconds("timeout") ?? timeout)
        self.retries = try reader.integer("retries", in: 0...10) ?? retries
        maximumWait = .seconds(try reader.seconds("wait") ?? 5)
        concurrency = try reader.integer("concurrency", in: 1...64) ?? 4
    }
}
