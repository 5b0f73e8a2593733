import Foundation
import Mail
import Yams

/// What should become of one message of a sample mailbox, as `expected.yaml` says it.
public struct Expectation: Sendable {
    /// The file of the message.
    public let file: String
    /// Any of these is right.
    public let dispositions: [Disposition.Kind]
    /// Any of these is right; empty: not checked.
    public let intents: [String]
    /// BCP 47; nil: not checked.
    public let language: String?
    /// What the reply must contain.
    public let contains: [String]
    /// What no reply may contain.
    public let lacks: [String]
    /// What comes and what becomes of it, a line each; empty: nothing is told of it.
    let told: [String]

    /// What is wrong with an outcome; empty when it is as expected.
    /// - Parameter reply: the reply's subject and text, when there is one.
    public func problems(with outcome: HandledMessage, reply: String?) -> [String] {
        var problems: [String] = []
        if !dispositions.contains(outcome.disposition) {
            problems.append(
                "\(outcome.disposition.rawValue) instead of \(dispositions.map(\.rawValue).joined(separator: " or "))")
        }
        if let intent = outcome.intent, !intents.isEmpty, !intents.contains(intent) {
            problems.append("intent \(intent) instead of \(intents.joined(separator: " or "))")
        }
        if let found = outcome.language, let language, found != language {
            problems.append("language \(found) instead of \(language)")
        }
        if let reply {
            for text in contains where !reply.contains(text) { problems.append("the reply lacks \"\(text)\"") }
            for text in forbidden(in: reply) { problems.append("the reply holds \"\(text)\"") }
        }
        return problems
    }

    /// Which forbidden texts a reply holds.
    public func forbidden(in reply: String) -> [String] { lacks.filter(reply.contains) }

    /// Reads `expected.yaml`: the instant that the mailbox was written for, and the expectations by file.
    /// - Throws: `DeskError` naming file, line and key.
    public static func load(_ file: String) throws -> (now: Date, expectations: [String: Expectation]) {
        let root = try ConfigurationReader.root(of: file)
        guard let now = try? Date(root.required("now"), strategy: .iso8601) else {
            throw root.error("now", "must be an instant such as 2026-03-10T09:00:00Z")
        }
        let messages = try root.requiredReader("messages")
        var expectations: [String: Expectation] = [:]
        for name in messages.keys {
            let reader = try messages.requiredReader(name)
            let dispositions = try reader.oneOrMore("disposition").map { word in
                guard let kind = Disposition.Kind(rawValue: word) else {
                    throw reader.error("disposition", "is unknown")
                }
                return kind
            }
            expectations[name] = Expectation(
                file: name, dispositions: dispositions, intents: try reader.oneOrMore("intent"),
                language: try reader.text("language"), contains: try reader.texts("contains") ?? [],
                lacks: try reader.texts("lacks") ?? [], told: try reader.texts("told") ?? [])
            try reader.finish()
        }
        try root.finish()
        return (now, expectations)
    }
}

/// The demo shop: a scratch copy of its mailbox and records, taken the real way with the embedded responder, a folder for
/// tickets and a maildir for replies.
public struct Demonstration: Sendable {
    /// One message and what became of it.
    public struct Row: Sendable {
        /// The file of the message.
        public let file: String
        /// What became of it.
        public let outcome: HandledMessage
        /// The reply's text.
        public let reply: String?
        /// What differs from what was expected.
        public let problems: [String]
        /// What came and what should become of it, a line each; empty: nothing is told of it.
        public let told: [String]
    }

    /// Where everything lies.
    public let folder: String
    /// The instant that the mailbox was written for.
    public let now: Date
    /// How many messages there are.
    public let count: Int
    private let expectations: [String: Expectation]
    private let names: [String]

    /// Copies the demo shop.
    /// - Throws: `DeskError` when the shop is not found or the folder cannot be written.
    public init(into folder: String, layout: Layout) throws {
        guard let shop = layout.mailboxes.map({ "\($0)/demo" }) else {
            throw DeskError(.configuration, "cannot find the demo mailbox beside the program")
        }
        self.folder = folder
        (now, expectations) = try Expectation.load("\(shop)/expected.yaml")
        names = try Self.mailNames(in: "\(shop)/mail")
        count = names.count
        let maildir = Maildir(path: "\(folder)/mail")
        do {
            try DurableFile.makeFolder(folder)
            for name in ["customers.json", "orders.json", "desk.yaml"] {
                try DurableFile.write(Self.bytes(of: "\(shop)/\(name)"), to: "\(folder)/\(name)")
            }
            try maildir.create()
            for (index, name) in names.enumerated() {
                // Its arrival is in a maildir's file name; they arrived one by one shortly before the demo's instant.
                let arrival = Int(now.timeIntervalSince1970) - names.count + index
                try maildir.deliver(
                    Self.bytes(of: "\(shop)/mail/\(name)"), uniqueName: "\(arrival).\(name)", to: .new, flags: [])
            }
        } catch let error as MailError {
            throw DeskError(.unavailable, "cannot fill \(folder): \(error)")
        }
    }

    /// The configuration of the copy.
    public var configurationFile: String { "\(folder)/desk.yaml" }
    /// Where the replies lie.
    public var outbox: String { "\(folder)/outbox" }
    /// Where the tickets lie.
    public var tickets: String { "\(folder)/tickets" }
    /// Where the report is put.
    public var report: String { "\(folder)/report.html" }

    /// Compares outcomes with what was expected; in the order of arrival.
    public func rows(of outcomes: [HandledMessage]) throws -> [Row] {
        let bySource = Dictionary(outcomes.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        let sources = bySource.keys.sorted()
        return try sources.compactMap { source in
            guard let outcome = bySource[source] else { return nil }
            let file = source.split(separator: ".", maxSplits: 1).last.map(String.init) ?? source
            let reply = try outcome.reply.map { name in
                let message = try Message(parsing: Self.bytes(of: "\(outbox)/new/\(name)"))
                return "\(message.subject)\n\n\(message.text)"
            }
            return Row(
                file: file, outcome: outcome, reply: reply,
                problems: expectations[file]?.problems(with: outcome, reply: reply) ?? ["nothing was expected"],
                told: expectations[file]?.told ?? [])
        }
    }

    /// Forbidden texts in replies, by file.
    public func leaks(in rows: [Row]) -> [String] {
        rows.flatMap { row in
            (row.reply.map { expectations[row.file]?.forbidden(in: $0) ?? [] } ?? []).map { "\(row.file): \"\($0)\"" }
        }
    }

    private static func mailNames(in folder: String) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw DeskError(.configuration, "cannot read \(folder)")
        }
        return names.filter { $0.hasSuffix(".eml") }.sorted()
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DeskError(.configuration, "cannot read \(path)")
        }
        return [UInt8](data)
    }
}
