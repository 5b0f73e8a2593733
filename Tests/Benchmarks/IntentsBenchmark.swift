import ArgumentParser
import Foundation
import Triage

/// Times and measures the classifier on labelled texts.
struct IntentsBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intents",
        abstract: "Train on one file, measure on another, and print a row of a Markdown table.",
        discussion: """
            Columns: set, what, texts trained on, seconds of training, in-scope accuracy, the same without rejection, recall \
            out of scope, MCC, ECE, microseconds a text, microseconds for 100 words.
            """)

    @Option(help: "Name of the set, for the first column.")
    var name: String

    @Option(help: "Files or folders to train on (repeatable).")
    var train: [String]

    @Option(help: "The file to measure on.")
    var test: String

    @Option(help: "Trainings; the median time counts.")
    var rounds = 5

    func run() throws {
        let examples = try train.flatMap { try TrainingSet.load($0, for: .training).examples }
        let texts = try TrainingSet.load(test, for: .evaluation).examples
        let clock = ContinuousClock()
        var times: [Double] = []
        var classifier = try IntentClassifier.train(examples)
        for _ in 0..<max(rounds, 1) {
            times.append(try clock.measure { classifier = try .train(examples) } / .seconds(1))
        }
        let evaluation = try Evaluation(of: classifier, on: texts)
        // Mails of a hundred words: texts of the set in a row.
        let words = texts.flatMap { $0.text.split(separator: " ") }
        let mails = stride(from: 0, to: max(words.count - 100, 1), by: 100).prefix(50)
            .map { words[$0..<min($0 + 100, words.count)].joined(separator: " ") }
        let turns = 20
        let mail = clock.measure {
            for _ in 0..<turns { for text in mails { _ = classifier.classify(text) } }
        }
        let recall = evaluation.outOfScopeRecall.map { String(format: "%.3f", $0) } ?? "–"
        print(
            "| \(name) | auradesk | \(examples.count) | "
                + String(
                    format: "%.3f | %.4f | %.4f | \(recall) | %.3f | %.3f | %.1f | %.1f |",
                    times.sorted()[times.count / 2],
                    evaluation.inScopeAccuracy, evaluation.inScopeAccuracyWithoutRejection, evaluation.mcc,
                    evaluation.ece, evaluation.microsecondsPerText,
                    mail / .microseconds(1) / Double(turns * mails.count)))
    }
}
