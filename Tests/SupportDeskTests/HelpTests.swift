import Testing

/// What a person reads who asks a command what it does.
@Suite("Help")
struct HelpTests {
    @Test("every command says in one sentence what it does, and shows an example of itself")
    func examples() async throws {
        let commands = try await ProgramHelp.whole().all().filter {
            $0.command.shouldDisplay != false && $0.words != "auradesk help"
        }
        #expect(commands.count > 45, "\(commands.count)")
        for (words, command) in commands {
            #expect(command.abstract?.hasSuffix(".") == true, "\(words)")
            let discussion = command.discussion ?? ""
            #expect(discussion.contains(words == "auradesk" ? "Start with:" : "Example"), "\(words)")
            // What it shows is what is typed; of what a group does by itself the last word may be left out.
            let group = words.split(separator: " ").dropLast().joined(separator: " ")
            #expect(discussion.contains(words) || discussion.contains("\(group) -"), "\(words)")
        }
    }

    @Test(
        "what a person's time costs is a number that can be reckoned with",
        arguments: [
            ["--handling-minutes", "inf"], ["--handling-minutes", "nan"], ["--handling-minutes", "0"],
            ["--hourly-cost", "1e300"], ["--hourly-cost=-1"], ["--hourly-cost", "nan"], ["--max-error", "nan"],
        ])
    func costs(arguments: [String]) async throws {
        let ending = try await EndToEndProgram.run(["simulate", "none"] + arguments)
        #expect(ending.code == 64, "\(ending.errors)")
    }

    @Test("a line without end is not read to its end by classify, which says where it stands")
    func endlessLine() async throws {
        let scratch = try EndToEndScratch()
        try scratch.write(
            Array("where is my parcel\n".utf8) + [UInt8](repeating: 0x78, count: (16 << 20) + 1), to: "lines")
        let ending = try await EndToEndProgram.run(["classify", "--json", "\(scratch.path)/lines"])
        #expect(ending.code == 65 && ending.errors.contains("lines:2: "), "\(ending.errors)")
    }

    @Test("help fits 80 columns on a terminal of 80", arguments: ["", "run", "report", "learn", "parse"])
    func width(command: String) async throws {
        let terminal = try PseudoTerminal(
            command.split(separator: " ").map(String.init) + ["--help"], columns: 80)
        let shown = try await terminal.wait(for: "Show help information.")
        #expect(try await terminal.ending().code == 0)
        for line in shown.split(whereSeparator: \.isNewline) {
            // The usage is the library's, which never breaks it.
            if line.hasPrefix("USAGE:") { continue }
            #expect(line.count <= 80, "\(line)")
        }
    }
}
