import Foundation
import Transport

extension Shop {
    init(_ reader: ConfigurationReader) throws {
        name = try reader.required("name")
        address = try reader.required("address")
        guard address.contains("@") else { throw reader.error("address", "must be an e-mail address") }
        aliases = try reader.texts("aliases") ?? []
        var links: [String: String] = [:]
        if let reader = try reader.reader("links") {
            for key in reader.keys {
                let link = try reader.required(key)
                guard link.hasPrefix("https://") else { throw reader.error(key, "must be an https link") }
                links[key] = link
            }
        }
        self.links = links
        orderPatterns = try reader.texts("order_numbers") ?? []
        region = try reader.text("region") ?? "IN"
        let zone = try reader.text("time_zone") ?? "Asia/Kolkata"
        guard let timeZone = TimeZone(identifier: zone) else {
            throw reader.error("time_zone", "is not a time zone such as Asia/Kolkata")
        }
        self.timeZone = timeZone
        languages = try reader.texts("languages") ?? ["en", "hi"]
        authservID = try reader.text("authserv_id")
        try reader.finish()
    }
}

extension DeskConfiguration.ChannelEntry {
    init(_ reader: ConfigurationReader) throws {
        name = try reader.text("name") ?? "inbox"
        switch try reader.text("adopt_from") ?? "now" {
        case "now": adoptFrom = nil
        case let text:
            guard let day = LocalDate(text) else {
                throw reader.error("adopt_from", "must be now or a date such as 2026-03-01")
            }
            adoptFrom = Date(timeIntervalSince1970: Double(day.dayNumber) * 86_400)
        }
        if let path = try reader.file("maildir") {
            source = .maildir(path)
        } else if reader.has("imap") {
            let endpoint = try MailEndpoint(reader, url: "imap")
            let folder = try reader.text("folder") ?? "INBOX"
            switch try reader.text("after") ?? "flag" {
            case "flag": source = .imap(endpoint, folder: folder, after: .flag)
            case "move":
                let target = try reader.requiredReader("move_to")
                var folders: [Status: String] = [:]
                for status in Status.allCases where status.isFinal {
                    if let folder = try target.text(status.rawValue) { folders[status] = folder }
                }
                try target.finish()
                source = .imap(endpoint, folder: folder, after: .move(folders))
            default: throw reader.error("after", "must be flag or move")
            }
        } else {
            throw reader.error("maildir", "or imap is missing")
        }
        try reader.finish()
    }
}

extension MailEndpoint {
    /// `KEY: imaps://host`, with `user`, `password` and `ca_file` beside it.
    init(_ reader: ConfigurationReader, url key: String) throws {
        let url = try reader.required(key)
        let user = try reader.text("user")
        let password = try reader.secret("password")
        let credentials: Credentials
        switch (user, password) {
        case (let user?, let password?): credentials = .password(user: user, password: password)
        case (nil, nil): credentials = .none
        default: throw reader.error("user", "and password belong together")
        }
        do {
            try self.init(url: url, credentials: credentials, caFile: reader.file("ca_file"))
        } catch let error as TransportError {
            throw reader.error(key, error.message)
        }
    }
}

extension DeskConfiguration.Outlet {
    init(_ reader: ConfigurationReader, kinds: Set<String>) throws {
        let named = kinds.sorted().filter(reader.has)
        guard named.count == 1, let kind = named.first else {
            throw reader.error(kinds.sorted()[0], "or \(kinds.sorted()[1]): exactly one of the two must stand here")
        }
        switch kind {
        case "smtp": self = .smtp(try MailEndpoint(reader, url: "smtp"))
        case "imap":
            self = .imap(try MailEndpoint(reader, url: "imap"), folder: try reader.text("folder") ?? "Drafts")
        default: self = .maildir(reader.absolute(try reader.required("maildir")))
        }
        try reader.finish()
    }
}

extension DeskConfiguration.Tickets {
    init(_ reader: ConfigurationReader) throws {
        if let folder = try reader.file("folder") {
            self = .folder(folder)
        } else {
            guard let token = try reader.secret("token") else { throw reader.error("token", "is missing") }
            self = .requestTracker(
                RequestTracker.Configuration(
                    url: try reader.required("rt"), queue: try reader.required("queue"), token: token))
        }
        try reader.finish()
    }
}

extension DeskConfiguration.Records {
    init(_ reader: ConfigurationReader) throws {
        func file(_ key: String) throws -> String {
            let path = reader.absolute(try reader.required(key))
            guard FileManager.default.isReadableFile(atPath: path) else {
                throw reader.error(key, "names the file \(path), which cannot be read")
            }
            return path
        }
        customers = try file("customers")
        orders = try file("orders")
        try reader.finish()
    }
}

extension ChatCompletions.Configuration {
    init(_ reader: ConfigurationReader) throws {
        let url = try reader.required("url")
        self.init(
            url: url.hasSuffix("/") ? String(url.dropLast()) : url, model: try reader.required("name"),
            key: try reader.secret("key"), timeout: .seconds(try reader.seconds("timeout") ?? 30))
        try reader.finish()
    }
}

extension DeskLimits {
    init(_ reader: ConfigurationReader) throws {
        self.init()
        messageBytes = try reader.bytes("message_bytes") ?? messageBytes
        parsing.textBytes = try reader.bytes("text_bytes") ?? parsing.textBytes
        parsing.headerBytes = try reader.bytes("header_bytes") ?? parsing.headerBytes
        parsing.headerFieldBytes = try reader.bytes("header_field_bytes") ?? parsing.headerFieldBytes
        parsing.depth = try reader.integer("depth", in: 1...200) ?? parsing.depth
        parsing.parts = try reader.integer("parts", in: 1...100_000) ?? parsing.parts
        parsing.addresses = try reader.integer("addresses", in: 1...100_000) ?? parsing.addresses
        concurrency = try reader.integer("concurrency", in: 1...256) ?? concurrency
        attempts = try reader.integer("attempts", in: 1...20) ?? attempts
        repliesPerSender = try reader.integer("replies_per_sender", in: 1...1_000) ?? repliesPerSender
        repliesPerConversation = try reader.integer("replies_per_conversation", in: 1...100) ?? repliesPerConversation
        anger = try reader.number("anger", in: 0...1) ?? anger
        outOfScope = try reader.number("out_of_scope", in: 0...1) ?? outOfScope
        try reader.finish()
    }
}

extension DecisionPolicy {
    init(thresholds: ConfigurationReader?, modes: ConfigurationReader?) throws {
        self.init()
        for key in thresholds?.keys ?? [] {
            guard let value = try thresholds?.number(key, in: 0...1) else { continue }
            if key == "default" { defaultThreshold = value } else { self.thresholds[key] = value }
        }
        for key in modes?.keys ?? [] {
            guard let modes, let word = try modes.text(key) else { continue }
            // QUIRK: YAML 1.1 readers take a bare `off` for false; as a scalar it is still the word.
            guard let mode = Mode(rawValue: word) else { throw modes.error(key, "must be off, shadow, draft or auto") }
            if key == "default" { defaultMode = mode } else { self.modes[key] = mode }
        }
    }
}
