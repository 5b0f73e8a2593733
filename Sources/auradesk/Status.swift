import ArgumentParser
import Foundation
import SupportDesk

/// How the desk stands.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what was handled and what waits.",
        discussion: "Example:  auradesk status --config /etc/auradesk/desk.yaml")

    @OptionGroup var desk: DeskOptions

    @Flag(help: "One JSON object.")
    var json = false

    func run() async throws {
        try await reporting {
            let status = try await Desk.status(desk.configuration(.viewer))
            if json {
                Terminal.print(RunPrinter.line(status))
                return
            }
            if let pause = status.pause { Terminal.print("paused \(pause.words)") }
            let order = [
                "answered", "drafted", "escalated", "ignored", "quarantined", "arrived", "attempting", "decided",
            ]
            for name in order where status.messages[name] != nil {
                Terminal.print(
                    "\(name.padding(toLength: 12, withPad: " ", startingAt: 0)) \(status.messages[name] ?? 0)")
            }
            if status.messages.isEmpty { Terminal.print("No mail was handled yet.") }
            for (state, count) in status.outbox.sorted(by: { $0.key < $1.key }) {
                Terminal.print("outbox \(state): \(count)")
            }
            for (state, count) in status.drafts.sorted(by: { $0.key < $1.key }) {
                Terminal.print("drafts \(state): \(count)")
            }
            if status.unmarked > 0 { Terminal.print("not yet marked at the source: \(status.unmarked)") }
            if let waiting = status.batches {
                Terminal.print(
                    "waiting for a batch: \(waiting.messages) (\(waiting.queued) requests not handed over, "
                        + "\(waiting.batches) batches under way), asked directly from "
                        + waiting.firstDue.formatted(.iso8601))
            }
            for model in status.models {
                Terminal.print(
                    "model \(model.model), 24 hours: \(model.requests) requests, \(model.failures) without an answer, "
                        + "\(model.tokensRead) tokens read, \(model.tokensWritten) written, cost "
                        + String(format: "%.2f", model.cost))
            }
            if status.lessons > 0 { Terminal.print("lessons that wait for a person: \(status.lessons)") }
            if status.classifier != 0 {
                let words = status.isClassifierStale ? ", to be trained anew: what it learned from is forgotten" : ""
                Terminal.print("classifier: \(ModelComparison.name(status.classifier))\(words)")
            }
            if let drift = status.drift { Terminal.print("ALARM: \(drift)") }
            for experiment in status.experiments {
                let reason = experiment.reason.map { ": \($0)" } ?? ""
                Terminal.print("experiment \(experiment.name): \(experiment.state)\(reason)")
            }
            for shadow in status.shadows { Terminal.print("shadow \(shadow.words)") }
            for setback in status.setbacks { Terminal.print(ReviewPrinter.words(of: setback)) }
            if let oldest = status.oldestOpen {
                Terminal.print("oldest open message arrived \(oldest.formatted(.iso8601))")
            }
        }
    }
}
