import ArgumentParser
import SupportDesk

/// Looks for damage and contradictions.
struct CheckLedger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look for damage in the ledger, and open everything that is sealed.",
        discussion: """
            Reads all of it; other processes may work meanwhile. Exits 65 when something is wrong. A damaged file is put back \
            from a backup (auradesk ledger backup): stop the desk, put the backup in the place of state/ledger.sqlite and \
            remove ledger.sqlite-wal and -shm. Mail that came since is found at its source again; what was sent since is \
            not known then, so set adopt_from to the day of the damage.

            Example:  auradesk ledger check --config desk.yaml
            """)

    @OptionGroup var desk: DeskOptions

    @Flag(help: "One JSON object.")
    var json = false

    private struct Findings: Encodable { let problems: [String] }

    func run() async throws {
        try await reporting {
            let ledger = try await Ledger(desk.configuration().keys)
            let problems = try await ledger.check { Terminal.progress("\($0) sealed values") }
            try await ledger.close()
            Terminal.endProgress()
            if json {
                Terminal.print(RunPrinter.line(Findings(problems: problems)))
            } else {
                for problem in problems { Terminal.print(problem) }
                if problems.isEmpty { Terminal.print("The ledger is whole, and its key opens all of it.") }
            }
            if !problems.isEmpty { throw ExitCode(65) }
        }
    }
}

/// Copies the ledger into a file.
struct BackUpLedger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the ledger as it stands now into a new file.",
        discussion: """
            The copy is one SQLite file, sealed as the ledger is, also where the ledger is in PostgreSQL. The key is not in \
            it: keep that elsewhere. Other processes may work meanwhile. To bring one back see auradesk ledger check --help; \
            into PostgreSQL: auradesk ledger copy --from FILE.

            Example:  auradesk ledger backup --config desk.yaml /backup/ledger-$(date +%F).sqlite
            """)

    @OptionGroup var desk: DeskOptions

    @Argument(help: ArgumentHelp("A file that is not there yet.", valueName: "file"))
    var path: String

    func run() async throws {
        try await reporting {
            let ledger = try await Ledger(desk.configuration().keys)
            try await ledger.backUp(to: path)
            try await ledger.close()
            Terminal.print("The ledger is in \(path); its key is not.")
        }
    }
}

/// Gives room back.
struct VacuumLedger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vacuum", abstract: "Give back the room of what was deleted.",
        discussion: """
            On SQLite the file is written anew, which takes its size of free disk and keeps writers waiting meanwhile.

            Example:  auradesk ledger vacuum --config desk.yaml
            """)

    @OptionGroup var desk: DeskOptions

    func run() async throws {
        try await reporting {
            let ledger = try await Ledger(desk.configuration().keys)
            try await ledger.vacuum()
            try await ledger.close()
        }
    }
}

/// Moves a desk from a file to PostgreSQL.
struct CopyLedger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copy the ledger's file into the PostgreSQL that desk.yaml names.",
        discussion: """
            Stop every process of the desk, name the PostgreSQL under "ledger" in desk.yaml, and run this: everything is \
            copied, or nothing. The file stays as it is, and is not used any more: put it away, lest an older desk.yaml \
            takes it up again. The key stays the same.

            Example:  auradesk ledger copy --config desk.yaml
            """)

    @OptionGroup var desk: DeskOptions

    @Option(help: ArgumentHelp("Another file than the state folder's, such as a backup.", valueName: "file"))
    var from: String?

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration()
            let lock = try RunLock(state: configuration.state)
            let rows = try await Ledger.copy(from, to: configuration.keys) { Terminal.progress("\($0) rows") }
            withExtendedLifetime(lock) {}
            Terminal.endProgress()
            Terminal.print("\(rows) rows are in PostgreSQL. Put the file away: it is not used any more.")
        }
    }
}
