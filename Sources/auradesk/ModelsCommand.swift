import ArgumentParser
import Foundation
import SupportDesk

/// The classifiers of a desk.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the trained classifiers, and say which one is used.",
        discussion: """
            Which one is in use stands in the ledger, so all machines agree; a running desk takes it up with its next look at its \
            mail. The files lie in the state folder; a machine that has none trains it again from the same lessons, byte for byte. \
            Where that cannot be, it works with the classifier of the utterances alone, and warns.

            Example:  auradesk models
                      auradesk models use 3
                      auradesk models rollback
            """,
        subcommands: [ModelsList.self, ModelsUse.self, ModelsRollback.self, ModelsDiff.self],
        defaultSubcommand: ModelsList.self)

    /// `shipped`, or a number.
    static func version(_ text: String) throws -> Int64 {
        if text == "shipped" || text == "0" { return 0 }
        guard let number = Int64(text), number > 0 else {
            throw ValidationError("a model is named by its number, or shipped")
        }
        return number
    }
}

/// The list.
struct ModelsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the classifiers that were trained with lessons.",
        discussion: "Example:  auradesk models list --json")

    @OptionGroup var shown: ShownOptions

    func run() async throws {
        try await reporting {
            shown.show(try await Desk.models(shown.desk.configuration(.viewer)), text)
        }
    }

    private func text(_ list: ModelList) {
        Terminal.print(Terminal.dim("  MODEL    TRAINED               LESSONS  HELD-OUT RIGHT            STATE"))
        print(0, list, "", 0, "", "the utterances alone")
        for version in list.versions {
            let right = version.comparison.map { ModelComparison.share($0.newRight, of: $0.heldOut) } ?? ""
            var state = version.state.rawValue + (version.reason.map { ": \($0)" } ?? "")
            if version.isStale { state += "; train again: what it learned from is forgotten" }
            if version.state == .promoted, !list.present.contains(version.version) {
                state += "; no whole file on this machine"
            }
            print(
                version.version, list, version.trained.formatted(.iso8601), version.lessons, right, state)
        }
        if list.isOutdated {
            Terminal.print("The utterances have changed since the one in use was trained: auradesk learn train")
        }
    }

    private func print(
        _ version: Int64, _ list: ModelList, _ trained: String, _ lessons: Int, _ right: String, _ state: String
    ) {
        let isUsed = list.use.version == version
        let name = (version == 0 ? "shipped" : "\(version)").padded(7)
        Terminal.print(
            "\(isUsed ? "*" : " ") \(isUsed ? Terminal.bold(name) : name)  \(trained.padded(20))  "
                + "\((lessons == 0 ? "" : "\(lessons)").leftPadded(7))  \(right.padded(24))  \(state)")
    }
}

/// Takes one into use.
struct ModelsUse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Use a classifier from now on, on all machines.",
        discussion: "Example:  auradesk models use shipped")

    @Argument(help: "Its number, or shipped.")
    var model: String

    @OptionGroup var shown: ShownOptions

    func validate() throws { _ = try ModelsCommand.version(model) }

    func run() async throws { try await ModelsUse.use(ModelsCommand.version(model), shown) }

    static func use(_ version: Int64?, _ shown: ShownOptions) async throws {
        try await reporting {
            let configuration = try await shown.desk.configuration(.admin)
            let surroundings = try shown.desk.surroundings(configuration)
            let use = try await Desk.useModel(version, configuration, now: surroundings.now(), surroundings.logger)
            shown.show(use) { use in
                Terminal.print(
                    "In use: \(ModelComparison.name(use.version)); before: \(ModelComparison.name(use.former)).")
            }
        }
    }
}

/// Takes the one before into use.
struct ModelsRollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Use the classifier that was in use before.",
        discussion: "Example:  auradesk models rollback")

    @OptionGroup var shown: ShownOptions

    func run() async throws { try await ModelsUse.use(nil, shown) }
}

/// What two make of the same texts.
struct ModelsDiff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show where two classifiers differ on texts that no model was trained on.",
        discussion: "Example:  auradesk models diff shipped 2")

    @Argument(help: "The first: its number, or shipped.")
    var first: String

    @Argument(help: "The second.")
    var second: String

    @OptionGroup var shown: ShownOptions

    func validate() throws { _ = try [first, second].map(ModelsCommand.version) }

    func run() async throws {
        try await reporting {
            let (one, other) = (try ModelsCommand.version(first), try ModelsCommand.version(second))
            let difference = try await Desk.modelDifference(one, other, shown.desk.configuration(.viewer))
            shown.show(difference) { text($0, ModelComparison.name(one), ModelComparison.name(other)) }
        }
    }

    private func text(_ difference: ModelDifference, _ a: String, _ b: String) {
        let width = max(a.count, b.count)
        for (name, right) in [(a, difference.firstRight), (b, difference.secondRight)] {
            Terminal.print("\(name.padded(width))  \(ModelComparison.share(right, of: difference.texts)) right")
        }
        Terminal.print("\(difference.learned) lessons only in \(b), \(difference.unlearned) only in \(a)")
        if !difference.changes.isEmpty { Terminal.print("\ntexts  they are; \(a) → \(b)") }
        for change in difference.changes {
            Terminal.print("\(change.texts)".leftPadded(5) + "  \(change.intent): \(change.first) → \(change.second)")
        }
    }
}
