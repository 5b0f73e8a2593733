import Foundation

/// A command as the program tells of itself.
struct ProgramHelp: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable { let name: String }
        let names: [Name]?
    }

    let commandName: String
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool?
    let subcommands: [ProgramHelp]?
    let arguments: [Argument]?

    /// The whole program's.
    static func whole() async throws -> ProgramHelp {
        struct Tool: Decodable { let command: ProgramHelp }
        let ending = try await EndToEndProgram.run(["--experimental-dump-help"])
        return try JSONDecoder().decode(Tool.self, from: Data(ending.output.utf8)).command
    }

    /// It and all below it, with what is typed to reach them.
    func all(_ before: String = "") -> [(words: String, command: ProgramHelp)] {
        let words = before.isEmpty ? commandName : "\(before) \(commandName)"
        return [(words, self)] + (subcommands ?? []).flatMap { $0.all(words) }
    }

    /// The options of it and of all below it, without their dashes.
    var options: Set<String> {
        Set((arguments ?? []).flatMap { ($0.names ?? []).map(\.name) }).union((subcommands ?? []).flatMap(\.options))
    }
}
