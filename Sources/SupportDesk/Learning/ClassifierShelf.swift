import Foundation
import Logging
import Triage

/// Where a machine keeps its classifiers: the one of the utterances alone, and the learned ones, each in a file by its checksum.
///
/// Which of them is in use stands in the ledger. A machine that lacks a file trains it again from the ledger's lessons: the
/// same lessons give the same bytes, so the checksum tells whether it is the one.
struct ClassifierShelf: Sendable {
    let ledger: Ledger
    /// The shop's utterances.
    let intents: String
    /// The state folder.
    let state: String

    var folder: String { "\(state)/models" }

    /// The file of a version.
    func path(of checksum: String) -> String { "\(folder)/\(checksum.prefix(32)).model" }

    /// The classifier of the utterances alone, trained anew when they changed.
    func shipped() throws -> IntentClassifier {
        do {
            return try IntentClassifier(trainedOn: intents, cachedAt: "\(state)/classifier.model")
        } catch {
            throw DeskError(.configuration, "\(error)")
        }
    }

    /// The shop's utterances, and by what they are known again.
    /// - Throws: `DeskError` with code `configuration` that names file and line.
    func utterances() throws -> (examples: [TrainingExample], digest: String) {
        do {
            return (try TrainingSet.load(directory: intents), try TrainingSet.digest(directory: intents))
        } catch {
            throw DeskError(.configuration, "\(error)")
        }
    }

    /// Writes a model, and returns its checksum.
    func keep(_ classifier: IntentClassifier) throws -> String {
        let bytes = classifier.bytes
        let checksum = Seal.fingerprint(bytes)
        try DurableFile.makeFolder(folder)
        try DurableFile.write(bytes, to: path(of: checksum))
        return checksum
    }

    /// A version, from its file or trained again.
    /// - Throws: `DeskError` with code `data` when neither gives the model that the ledger knows.
    func learned(_ version: ClassifierVersion) async throws -> IntentClassifier {
        let path = path(of: version.checksum)
        if let data = FileManager.default.contents(atPath: path) {
            let bytes = [UInt8](data)
            if Seal.fingerprint(bytes) == version.checksum, let classifier = try? IntentClassifier(bytes: bytes) {
                return classifier
            }
        }
        guard let again = try await trainedAgain(version) else {
            throw DeskError(
                .data,
                "the file of model \(version.version) is missing or damaged, and it cannot be trained again as it was")
        }
        try DurableFile.makeFolder(folder)
        try DurableFile.write(again.bytes, to: path)
        return again
    }

    /// Nil when something that it learned from is not there any more, or other than it was.
    private func trainedAgain(_ version: ClassifierVersion) async throws -> IntentClassifier? {
        guard version.state == .promoted, !version.isStale,
            (try? TrainingSet.digest(directory: intents)) == version.base
        else { return nil }
        let told = try await ledger.lessons(ofVersion: version.version)
        let lessons = try await ledger.approvedLessons().filter { told[$0.id] == $0.label }
        guard lessons.count == version.lessons, let base = try? TrainingSet.load(directory: intents) else { return nil }
        let texts = LearningTexts(base: base, lessons: lessons)
        guard let classifier = try? IntentClassifier.train(texts.training, digest: texts.digest),
            Seal.fingerprint(classifier.bytes) == version.checksum
        else { return nil }
        return classifier
    }
}

/// The classifier that a desk works with: looked up in the ledger when a pass begins, and taken up when it has changed. What is
/// in hand goes on with the one that it began with.
actor LearnedTriage {
    private let shelf: ClassifierShelf
    private let orderPatterns: [String]
    private let words: String
    private let logger: Logger
    private var present: (version: Int64, triage: Triage)?
    private var isToLook = true
    private var loading: Task<(version: Int64, triage: Triage), any Error>?

    /// - Parameter words: the folder of what anger and the like are called in the languages that the shop has added.
    init(_ shelf: ClassifierShelf, orderPatterns: [String], words: String, _ logger: Logger) {
        self.shelf = shelf
        self.orderPatterns = orderPatterns
        self.words = words
        self.logger = logger
    }

    /// The next message asks the ledger which version is in use. Costs nothing by itself: an empty pass does not ask.
    func look() { isToLook = true }

    /// The triage with the classifier in use.
    func value() async throws -> Triage {
        if let present, !isToLook { return present.triage }
        if let loading { return try await loading.value.triage }
        isToLook = false
        let task = Task { [present] in try await load(besides: present) }
        loading = task
        do {
            let loaded = try await task.value
            present = loaded
            loading = nil
            return loaded.triage
        } catch {
            loading = nil
            isToLook = true
            throw error
        }
    }

    private func load(
        besides present: (version: Int64, triage: Triage)?
    ) async throws -> (version: Int64, triage: Triage) {
        let use = try await shelf.ledger.classifierInUse()
        if let present, present.version == use.version { return present }
        let classifier = try await classifier(use.version)
        if let present {
            logger.notice(
                "another model is in use", metadata: ["model": "\(use.version)", "former": "\(present.version)"])
        }
        let words = try LanguageWords.all(in: words)
        do {
            return (use.version, try Triage(classifier: classifier, orderPatterns: orderPatterns, words: words))
        } catch {
            throw DeskError(.configuration, "\(error)")
        }
    }

    /// A desk without its learned model still knows what it was told at the start.
    private func classifier(_ version: Int64) async throws -> IntentClassifier {
        guard version != 0 else { return try shelf.shipped() }
        do {
            guard let known = try await shelf.ledger.classifier(version) else {
                throw DeskError(.data, "model \(version) is not on record")
            }
            return try await shelf.learned(known)
        } catch let error as DeskError {
            // What is wrong with the ledger is no reason to work with another model.
            if error.code != .data { throw error }
            logger.warning(
                "the shipped model is used in place of a learned one",
                metadata: ["model": "\(version)", "reason": "\(error.message)"])
            return try shelf.shipped()
        }
    }
}
