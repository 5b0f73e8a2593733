import ArgumentParser
import Foundation
import Triage

/// Times and measures the classifier on labelled texts.
struct IntentsBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intents",
        abstract: "Train on one file, measure on another, and print figures.")

    @Option(help: "Name of the set.")
    var name: String

    @Option(help: "Files or folders to train on (repeatable).")
    var train: [String]

    @Option(help: "The file to measure on.")
    var test: String

    func run() throws {
        let examples = try train.flatMap { try TrainingSet.load($0, for: .training).examples }
        let texts = try TrainingSet.load(test, for: .evaluation).examples
        let clock = ContinuousClock()
        let start = clock.now
        let classifier = try IntentClassifier.train(examples)
        figure("training, ours on all cores", "s", start.duration(to: clock.now) / .seconds(1))
        let evaluation = try Evaluation(of: classifier, on: texts)
        // Mails of a hundred words: texts of the set in a row.
        let words = texts.flatMap { $0.text.split(separator: " ") }
        let mails = stride(from: 0, to: max(words.count - 100, 1), by: 100).prefix(50)
            .map { words[$0..<min($0 + 100, words.count)].joined(separator: " ") }
        let turns = 20
        let mail = clock.measure {
            for _ in 0..<turns { for text in mails { _ = classifier.classify(text) } }
        }
        figure("a text", "µs", evaluation.microsecondsPerText)
        figure("a mail of 100 words", "µs", mail / .microseconds(1) / Double(turns * mails.count))
        figure("right in scope, without rejection", "share", evaluation.inScopeAccuracyWithoutRejection)
        figure("calibration error (ECE)", "", evaluation.ece)
        guard let recall = evaluation.outOfScopeRecall else { return }
        figure("right in scope, with rejection", "share", evaluation.inScopeAccuracy)
        figure("recall out of scope", "share", recall)
        figure("correlation", "MCC", evaluation.mcc)
    }

    private func figure(_ what: String, _ unit: String, _ value: Double) {
        Figure(what: "\(name): \(what)", unit: unit, value: value).print()
    }
}
