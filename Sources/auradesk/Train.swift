import ArgumentParser
import Foundation
import Triage

/// Learns intents from utterances.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Learn intents from utterances and keep the model in a file.",
        discussion: """
            The desk trains by itself whenever its utterances change; this shows that it can, and what it learns. The same \
            utterances give the same bytes.

            Examples:  auradesk train
                       auradesk train --train our-intents.csv --output our.model

            Exit codes:   0  done
                         65  the utterances cannot be used; the line says where
                         66  a file that was named is not there
                         73  the model cannot be written
            """)

    @OptionGroup var options: ModelOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the model.", valueName: "file"))
    var output: String?

    @Flag(help: "One JSON object.")
    var json = false

    func validate() throws {
        if options.model != nil { throw ValidationError("--model names a model that is trained already.") }
    }

    private struct Figures: Encodable {
        let intents: Int
        let utterances: Int
        let bytes: Int
        let seconds: Double
        let digest: String
        let file: String?
    }

    func run() throws {
        try reportingTriage {
            let own = options.train.isEmpty
            let paths = own ? [try options.intentsFolder()] : options.train
            let examples = try options.examples(paths, for: .training)
            let digest = own ? try TrainingSet.digest(directory: paths[0]) : nil
            let started = ContinuousClock.now
            let classifier = try IntentClassifier.train(examples, digest: digest)
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            let file = output ?? (own ? CacheFolder.path(of: "intents.model") : nil)
            if let file { try classifier.write(to: file) }
            let figures = Figures(
                intents: classifier.intents.count, utterances: examples.count, bytes: classifier.bytes.count,
                seconds: seconds, digest: classifier.digest, file: file)
            guard !json else { return Terminal.print(try Evaluate.line(figures)) }
            Terminal.print(
                String(
                    format: "%d intents from %d utterances in %.2f s, %.1f MB%@", figures.intents, figures.utterances,
                    seconds, Double(figures.bytes) / 1e6, file.map { ": \($0)" } ?? "; kept nowhere, see --output"))
        }
    }
}
