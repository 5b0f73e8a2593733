import ArgumentParser
import Foundation
import SupportDesk

/// Pages of knowledge that a person might write.
struct LearnSuggest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest", abstract: "Write pages of what was asked and answered, for a person to edit.",
        discussion: """
            Questions of which colleagues answered several alike become one page each, with placeholders instead of people and \
            "audience: draft" at its head, so that no customer and no model sees it. Edit it, set the audience to public, and \
            put it into Templates/knowledge. A file that is there already stays as it is.

            Example:  auradesk learn suggest --into suggestions
            """)

    @Option(help: ArgumentHelp("Where the files go; without it they are only listed.", valueName: "folder"))
    var into: String?

    @Option(help: ArgumentHelp("So many questions of a kind at least.", valueName: "count"))
    var least = 2

    @OptionGroup var shown: ShownOptions

    func validate() throws {
        guard (1...1_000).contains(least) else { throw ValidationError("--least must be from 1 to 1000") }
    }

    func run() async throws {
        try await reporting {
            let configuration = try await shown.desk.configuration(.agent)
            let suggestions = try await Desk.suggestions(configuration, least: least)
            let written = try into.map { try Desk.write(suggestions, into: $0) } ?? []
            let times = least == 1 ? "once" : "\(least) times"
            shown.show(suggestions, none: "No question was asked and answered \(times).") { suggestions in
                for suggestion in suggestions {
                    Terminal.print(
                        "\(suggestion.lessons.count)".leftPadded(4) + "  \(suggestion.language.padded(7))  "
                            + Terminal.plain(suggestion.questions.first ?? suggestion.name).cut(to: 80))
                }
                if into != nil { Terminal.print("\(written.count) new file\(written.count == 1 ? "" : "s").") }
            }
        }
    }
}
