import ArgumentParser
import Foundation
import Triage

/// Measures a model on texts whose intents are known.
struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how well intents are told on texts whose intents are known.",
        discussion: """
            Reads CSV (columns utterance, text or sentence, and intent, label or category), JSON lines with the same names, \
            CLINC JSON (the parts test and oos_test, or val and oos_val; for training train and oos_train) or a folder of \
            utterances. The labels out_of_scope, oos and NO_NODES_DETECTED mean out of scope. Without --train the model of \
            the shipped utterances is measured.

            Accuracy counts out-of-scope as a class; in-scope accuracy is that of the texts that have an intent, and a \
            rejected one counts as wrong.

            Examples:  auradesk evaluate --intents labelled.csv
                       auradesk evaluate --intents test.csv --train train.csv --json
                       auradesk evaluate --intents test.csv --svg curve.svg

            Exit codes:   0  measured
                         65  a file cannot be used; the line says where
                         66  a file that was named is not there
            """)

    @Option(help: ArgumentHelp("The texts to measure on (repeatable).", valueName: "file"))
    var intents: [String]

    @OptionGroup var options: ModelOptions

    @Option(
        help: ArgumentHelp(
            "Reject texts that are likelier than this out of scope; 1 rejects nothing.", valueName: "probability"))
    var threshold = 0.5

    @Flag(help: "One JSON object.")
    var json = false

    @Option(help: ArgumentHelp("Write the coverage-versus-error curve as SVG.", valueName: "file"))
    var svg: String?

    func validate() throws {
        guard (0...1).contains(threshold) else { throw ValidationError("--threshold is from 0 to 1.") }
    }

    func run() throws {
        try reportingTriage {
            let texts = try options.examples(intents, for: .evaluation)
            let evaluation = try Evaluation(of: try options.classifier(), on: texts, threshold: threshold)
            if let svg {
                guard FileManager.default.createFile(atPath: svg, contents: Data(evaluation.svg.utf8)) else {
                    Terminal.say("auradesk: cannot write \(svg)")
                    throw ExitCode(73)
                }
            }
            if json {
                Terminal.print(try Self.line(evaluation))
            } else {
                Terminal.print(evaluation.report)
            }
        }
    }

    /// A value as JSON on one line.
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
