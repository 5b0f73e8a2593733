import Foundation

@testable import Triage

/// What the tests share: the shipped utterances, one model trained on them, and the held-out mails.
enum Fixtures {
    /// One mail of `Fixtures/mails.json`, none of which stands in the training files.
    struct Mail: Decodable {
        var subject: String?
        var text: String
        /// Empty: out of scope.
        var intents: [String]
        var language: String
        /// Any of `intents` is right.
        var any: Bool?
    }

    static let here = URL(filePath: #filePath).deletingLastPathComponent()
    static let intentsDirectory = here.appending(path: "../../Templates/intents").standardized.path

    static func mails() throws -> [Mail] {
        try JSONDecoder().decode([Mail].self, from: Data(contentsOf: here.appending(path: "Fixtures/mails.json")))
    }

    static let examples = Result { try TrainingSet.load(directory: intentsDirectory) }
    static let model = Result { try IntentClassifier.train(examples.get()) }
    static let triage = Result { try Triage(classifier: model.get(), orderPatterns: [#"NC-\d{6}"#]) }

    /// A small set that trains at once.
    static let small: [TrainingExample] = [
        ("where is my order", "track"), ("track my parcel", "track"), ("has my order shipped", "track"),
        ("status of my order please", "track"), ("my parcel did not arrive", "track"),
        ("cancel my order", "cancel"), ("please cancel it", "cancel"), ("I want to cancel", "cancel"),
        ("stop the order, cancel", "cancel"), ("cancellation please", "cancel"),
        ("tell me a joke", "out_of_scope"), ("how is the weather", "out_of_scope"),
        ("who is the king of Spain", "out_of_scope"), ("do you like music", "out_of_scope"),
    ].map { TrainingExample(text: $0.0, intent: $0.1) }

    /// A fresh directory that is removed after `body`.
    @discardableResult
    static func withDirectory<T>(_ body: (URL) throws -> T) throws -> T {
        let directory = FileManager.default.temporaryDirectory.appending(path: "triage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try body(directory)
    }

    static func write(_ text: String, to path: String, in directory: URL) throws {
        let url = directory.appending(path: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}
