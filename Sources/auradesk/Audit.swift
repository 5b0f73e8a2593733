import ArgumentParser
import Foundation
import SupportDesk

/// The record of what was done.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the record of what was done, or see whether it is as it was written.",
        discussion: """
            One entry for each decision, delivery, approval, export, and change of the configuration, the models, the prompts or the \
            knowledge; numbers and keyed digests only.

            Example:  auradesk audit verify --head 5f0c…
            """,
        subcommands: [AuditList.self, AuditVerify.self], defaultSubcommand: AuditList.self)
}

/// The newest entries.
struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the newest entries.", discussion: "Example:  auradesk audit list --last 50"
    )

    @Option(help: ArgumentHelp("How many.", valueName: "count"))
    var last = 20

    @OptionGroup var desk: DeskOptions

    @Flag(help: "One JSON object per line.")
    var json = false

    func validate() throws {
        guard (1...100_000).contains(last) else { throw ValidationError("--last must be from 1 to 100000") }
    }

    func run() async throws {
        try await reporting {
            let ledger = try await Ledger(desk.configuration(.viewer).keys)
            for entry in try await ledger.newestAuditEntries(last) {
                if json {
                    Terminal.print(RunPrinter.line(entry))
                } else {
                    let time = Date(timeIntervalSince1970: Double(entry.at) / 1_000).formatted(.iso8601)
                    let message = entry.message.map { "message \($0): " } ?? ""
                    let account = entry.account.map { ", \($0) on the server" } ?? ""
                    Terminal.print(
                        "\(entry.id)  \(time)  \(entry.kind.padded(10))  \(message)\(entry.detail)  "
                            + "by \(entry.actor)\(account)")
                }
            }
            try await ledger.close()
        }
    }
}

/// Works the chain out anew.
struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "See whether an entry was edited, removed or put elsewhere.",
        discussion: """
            The entries are sealed in links of a chain of SHA-256 hashes. That its end was cut off, or that all of it was written \
            anew, shows only against a head that was noted before: logs and metrics have them.

            Example:  auradesk audit verify --head 5f0c…

            Exit codes:   0  everything is as it was written
                         65  it is not, and where
            """)

    @Option(help: ArgumentHelp("A head that must be in the chain.", valueName: "hash"))
    var head: String?

    @OptionGroup var desk: DeskOptions

    @Flag(help: "One JSON object.")
    var json = false

    func run() async throws {
        try await reporting {
            let ledger = try await Ledger(desk.configuration(.viewer).keys)
            let verdict = try await ledger.verifyAudit(head: head)
            try await ledger.close()
            if json {
                Terminal.print(RunPrinter.line(verdict))
            } else if let problem = verdict.problem {
                Terminal.print("The audit log was altered: \(problem).")
            } else {
                let open = verdict.open == 0 ? "" : ", \(verdict.open) not sealed yet"
                Terminal.print("\(verdict.entries) entries are as they were written\(open).")
                if let head = verdict.head { Terminal.print("head \(head.hash)") }
            }
            if verdict.problem != nil { throw ExitCode(65) }
        }
    }
}
