import ArgumentParser
import Foundation
import SupportDesk
import Transport
import Triage

/// What the shop's articles are worth: whether they are right, and what is found in them.
struct KnowledgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "knowledge", abstract: "Check the shop's articles, or search them as the desk does.",
        discussion: """
            Examples:  auradesk knowledge check
                       auradesk knowledge search "can I pay by card"
            """,
        subcommands: [KnowledgeCheckCommand.self, KnowledgeSearchCommand.self])
}

/// Which articles a command works on.
struct KnowledgeOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The desk's configuration, for its templates and domains, where there is one.", valueName: "file"))
    var config = "desk.yaml"

    @Option(help: ArgumentHelp("The folder of templates, in the place of the desk's.", valueName: "folder"))
    var templates: String?

    @Option(help: ArgumentHelp("Take this day for today: 2026-03-10.", valueName: "day"))
    var on: String?

    @Flag(help: "One JSON object per line.")
    var json = false

    /// The configuration; nil when none was named and there is none.
    func configuration() throws -> DeskConfiguration? {
        guard config != "desk.yaml" || FileManager.default.fileExists(atPath: config) else { return nil }
        return try DeskConfiguration(file: config)
    }

    func folder(_ configuration: DeskConfiguration?) throws -> String {
        try Layout(templates: templates ?? configuration?.templates).templates
    }

    /// Today, as the desk has it.
    func day(_ configuration: DeskConfiguration?) throws -> LocalDate {
        guard let on else { return LocalDate(Date(), in: configuration?.shop.timeZone ?? .current) }
        guard let day = LocalDate(on), on.utf8.count == 10 else {
            throw ValidationError("--on must be a day such as 2026-03-10")
        }
        return day
    }
}

/// Looks for what is wrong with the articles.
struct KnowledgeCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what is wrong with the articles.",
        discussion: """
            Finds articles that cannot be read, have expired or soon will, contradict each other or their other versions, \
            cannot be quoted, or have the id of another; intents without an article; articles that a language lacks; replies \
            and articles that cite what is not there; links to hosts that are not the shop's. One line each: file:line: kind: \
            words.

            Without --links nothing leaves this machine, and the same files give the same lines. With it every link is tried \
            once; what does not answer for now is said and is no fault, so that a check by cron alarms only for what must be \
            mended.

            Example:  auradesk knowledge check --config desk.yaml
                      auradesk knowledge check --templates Templates --domain neemandclay.example --links

            Exit codes:   0  nothing must be mended
                         65  something must be mended
                         78  the configuration or the folder is wrong
            """)

    @OptionGroup var options: KnowledgeOptions

    @Option(help: ArgumentHelp("A domain of the shop, besides those of desk.yaml (repeatable).", valueName: "host"))
    var domain: [String] = []

    @Flag(help: "Try every link.")
    var links = false

    func run() async throws {
        try await reporting {
            let configuration = try options.configuration()
            let check = try KnowledgeCheck(
                templates: options.folder(configuration),
                domains: (configuration?.shop.domains ?? []).union(domain), on: options.day(configuration))
            var findings = check.findings()
            if links {
                let agent = TransferAgent(configuration: .init(caFile: configuration?.caFile))
                findings += await check.deadLinks(agent)
                await agent.shutdown()
            }
            for finding in findings { Terminal.print(options.json ? RunPrinter.line(finding) : finding.description) }
            let faults = findings.filter(\.isFault).count
            let size = "\(check.count) articles"
            Terminal.say(
                faults > 0
                    ? "\(size): \(faults) to mend, \(findings.count - faults) to know"
                    : "\(size): nothing to mend\(findings.isEmpty ? "" : ", \(findings.count) to know")")
            if faults > 0 { throw ExitCode(65) }
        }
    }
}

/// Shows what a question finds, and why.
struct KnowledgeSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Show what the desk finds for a question, and why.",
        discussion: """
            Language and intents of the question are told as in a mail. For each article: how well it fits (0 to 1, the \
            probability that it answers the question), the score it is ranked by, and the keys of the question that led to \
            it: words by their stem, words by their sound, and =names of synonyms.

            Example:  auradesk knowledge search "how long does a refund take?"
                      auradesk knowledge search "पैसे कब वापस मिलेंगे" --limit 3
            """)

    @Argument(help: "The question.")
    var question: String

    @OptionGroup var options: KnowledgeOptions

    @Option(help: "The question's language: en, hi, hi-Latn; told from its words otherwise.")
    var language: String?

    @Option(help: "How many articles.")
    var limit = 4

    @Flag(help: "Leave the intents out.")
    var withoutIntents = false

    private struct Line: Encodable {
        let article: String
        let language: String
        let title: String
        let fit: Double
        let score: Double
        let hits: [String]
        let asked: String?
        let text: String
    }

    func validate() throws {
        guard (1...20).contains(limit) else { throw ValidationError("--limit is from 1 to 20.") }
    }

    func run() async throws {
        try await reporting {
            let configuration = try options.configuration()
            let folder = try options.folder(configuration)
            let knowledge = try Knowledge(folder: "\(folder)/knowledge", indexPath: nil)
            let language = language ?? LanguageDetector.detect(question).tag
            let intents = withoutIntents ? [] : try intents(folder)
            let finds = try await knowledge.look(
                for: question, language: language, intents: intents, on: options.day(configuration), limit: limit)
            if options.json {
                for find in finds {
                    let passage = find.passage
                    Terminal.print(
                        RunPrinter.line(
                            Line(
                                article: passage.article, language: passage.language, title: passage.title,
                                fit: passage.fit, score: passage.score, hits: find.hits, asked: find.asked,
                                text: passage.text)))
                }
            } else {
                show(finds, language, intents)
            }
        }
    }

    private func intents(_ folder: String) throws -> [IntentScore] {
        var model = try ModelOptions.parse([])
        model.templates = folder
        do {
            return try Triage(classifier: model.classifier(), orderPatterns: []).triage(subject: "", text: question)
                .intents
        } catch {
            throw DeskError(.configuration, "\(error)")
        }
    }

    private func show(_ finds: [Knowledge.Find], _ language: String, _ intents: [IntentScore]) {
        let wanted = intents.map { "\($0.intent) \(percent($0.confidence))" }.joined(separator: ", ")
        Terminal.print(
            "language \(language); \(withoutIntents ? "intents left out" : "intents: \(wanted.isEmpty ? "none" : wanted)")"
        )
        if finds.isEmpty { Terminal.print("Nothing fits.") }
        for (place, find) in finds.enumerated() {
            let passage = find.passage
            let score = (passage.score * 10).rounded() / 10
            Terminal.print("")
            Terminal.print(
                "\(place + 1)  \(passage.article) (\(passage.language))  fit \(percent(passage.fit)), score \(score)")
            Terminal.print("   \(passage.title)")
            Terminal.print("   by: \(find.hits.joined(separator: " "))")
            if let asked = find.asked { Terminal.print("   as customers ask: \(asked)") }
            Terminal.quote(passage.text)
        }
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
