import ArgumentParser
import SupportDesk

/// Tries every part that the configuration names.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try everything in desk.yaml and say what to mend.",
        discussion: """
            Reads the configuration, state folder, key, templates and records, and logs in at every channel, carrier and \
            ticket system; one line each. Nothing is sent, unless --probe is given. What a run would make is made here \
            too, where it is missing: the state folder with ledger and key, the maildirs of replies and drafts, the folder \
            of tickets. Nothing else is changed.

            Example:  auradesk doctor --config desk.yaml --probe
            """)

    @OptionGroup var desk: DeskOptions

    @Flag(
        help: ArgumentHelp(
            "Send the shop two mails: to an address with a token, to see whether it arrives, and with a forged "
                + "Authentication-Results field, to see whether it would be believed."))
    var probe = false

    @Option(help: ArgumentHelp("How long to wait for the probe.", valueName: "seconds"))
    var patience = 60

    @Flag(help: "One JSON object per line.")
    var json = false

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration()
            let json = json
            let checkup = Checkup(configuration, try desk.surroundings(configuration)) { finding in
                let words = ["fine": "ok    ", "advice": "advice", "broken": "BROKEN"]
                let word = words[finding.state.rawValue] ?? ""
                Terminal.print(json ? RunPrinter.line(finding) : "\(word)  \(finding.name): \(finding.detail)")
            }
            var isWell = await checkup.run()
            if isWell, probe {
                await checkup.probeFeedback(patience: .seconds(patience))
                isWell = await checkup.probe(patience: .seconds(patience))
            }
            if !isWell { throw ExitCode(69) }
        }
    }
}
