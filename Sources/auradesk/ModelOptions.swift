import ArgumentParser
import Foundation
import SupportDesk
import Triage

/// Which model a command works with.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Train on these texts alone (repeatable): CSV, JSON lines, CLINC JSON, or a folder of utterances.",
            valueName: "file"))
    var train: [String] = []

    @Option(help: ArgumentHelp("Use a model that `auradesk train --output` wrote.", valueName: "file"))
    var model: String?

    @Option(help: ArgumentHelp("The folder of templates, whose intents are learnt otherwise.", valueName: "folder"))
    var templates: String?

    func validate() throws {
        if model != nil, !train.isEmpty { throw ValidationError("--model and --train exclude each other.") }
    }

    /// The model: mapped, or trained on the files that were named, or that of the shipped utterances, which is kept.
    func classifier() throws -> IntentClassifier {
        if let model { return try IntentClassifier(mapping: model) }
        guard train.isEmpty else { return try .train(examples(train, for: .training)) }
        let folder = try intentsFolder()
        guard let cache = CacheFolder.path(of: "intents.model") else {
            return try .train(TrainingSet.load(directory: folder))
        }
        return try IntentClassifier(trainedOn: folder, cachedAt: cache)
    }

    /// The utterances that the desk learns from.
    func intentsFolder() throws -> String { try Layout(templates: templates).templates + "/intents" }

    /// Reads labelled texts, and says on standard error what should be said about them.
    func examples(_ paths: [String], for purpose: TrainingSet.Purpose) throws -> [TrainingExample] {
        var examples: [TrainingExample] = []
        for path in paths {
            let loaded = try TrainingSet.load(path, for: purpose)
            for note in loaded.notes { Terminal.say("auradesk: \(note)") }
            examples += loaded.examples
        }
        return examples
    }
}

/// Runs a command's body and turns errors of training data and models into one line and an exit code.
func reportingTriage(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as TriageError {
        Terminal.say("auradesk: \(error)")
        switch error.code {
        case .unreadable: throw ExitCode(66)
        case .unwritable: throw ExitCode(73)
        default: throw ExitCode(65)
        }
    } catch let error as DeskError {
        Terminal.say("auradesk: \(error)")
        throw error.exitCode
    }
}
