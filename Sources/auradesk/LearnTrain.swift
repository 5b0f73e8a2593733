import ArgumentParser
import Foundation
import SupportDesk

/// Trains a classifier.
struct LearnTrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a classifier with the approved lessons, and use it if it is not worse.",
        discussion: """
            One text in ten, chosen by its words once and for all, is never trained on. On those the new classifier and the one in \
            use are compared, intent by intent, by McNemar's exact test; and on mails of which the desk is known to have been \
            wrong. Before that the new lessons are held against everything else: when too many of an intent are contradicted, \
            the batch is refused, and it says which lessons made it so; auradesk learn review --refused shows them one by one.

            Whoever has looked at them and finds that they are right takes the same batch with --override-guard and a reason. \
            The reason stands in the audit log, in the list of models and on the page. A classifier that is worse on a guarded \
            intent stays refused.

            The comparison is kept beside the models in the state folder as a page.

            Examples:  auradesk learn train
                       auradesk learn train --override-guard "12 and 40 name the new spring sale, as they should"

            Exit codes:   0  trained and in use, or nothing new to learn
                         65  refused, and why; what was in use stays in use
                         75  lessons changed while it was trained: train again
            """)

    @OptionGroup var shown: ShownOptions

    @Option(help: ArgumentHelp("Write the comparison as a Markdown page here as well.", valueName: "file"))
    var page: String?

    @Option(
        help: ArgumentHelp(
            "Learn from a batch that the guard has refused, for this reason, which is kept.", valueName: "reason"))
    var overrideGuard: String?

    func run() async throws {
        try await reporting {
            let guardOverride = try overrideGuard.map(GuardOverride.init)
            let configuration = try await shown.desk.configuration(.admin)
            let built = try await Desk.build(configuration, shown.desk.surroundings(configuration))
            Terminal.progress("training …")
            let report = try await built.trainClassifier(guardOverride)
            Terminal.endProgress()
            await built.close()
            if let page, let comparison = report.comparison, let version = report.version {
                try comparison.markdown("Model \(version)", overriding: report.overriding)
                    .write(toFile: page, atomically: true, encoding: .utf8)
            }
            shown.show(report, text)
            if report.version != nil, !report.isPromoted { throw ExitCode(65) }
        }
    }

    private func text(_ report: TrainingReport) {
        guard let comparison = report.comparison, let version = report.version else {
            let reason = report.reason ?? "nothing new"
            Terminal.print(reason.prefix(1).uppercased() + reason.dropFirst() + ".")
            return
        }
        Terminal.print(comparison.text)
        Terminal.print("")
        let what = Terminal.bold("Model \(version) is \(report.isPromoted ? "in use" : "refused")")
        if let reason = report.reason {
            Terminal.print("\(what): \(reason).")
        } else if let reason = report.overriding {
            Terminal.print("\(what), although the guard refuses its lessons: \(reason)")
        } else {
            let idle = overrideGuard == nil ? "" : " The guard refuses nothing: nothing was overridden."
            Terminal.print("\(what).\(idle) auradesk models rollback takes it back.")
        }
        if let page = report.page { Terminal.print(Terminal.dim("The comparison: \(page)")) }
    }
}
