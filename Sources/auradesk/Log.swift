import ArgumentParser
import Foundation
import Logging
import SupportDesk

extension LogFormat: ExpressibleByArgument {}

/// The log: lines on standard error, for people on a terminal and for programs elsewhere.
struct Log: Sendable {
    let format: LogFormat

    /// - Parameter format: nil: what suits who reads.
    init(_ format: LogFormat? = nil) { self.format = format ?? (Terminal.isInteractive ? .human : .logfmt) }

    /// One line.
    func say(_ level: Logger.Level, _ message: String, _ fields: [(name: String, value: LogLine.Value)] = []) {
        Terminal.endProgress()
        Terminal.say(LogLine(Date(), level.rawValue, message, fields).text(format))
    }

    /// What became of a message.
    func outcome(_ message: HandledMessage) {
        Terminal.endProgress()
        Terminal.say(LogLine(message, at: Date()).text(format))
        if message.disposition == .quarantined {
            say(
                .warning, "a message was quarantined; a ticket says so",
                [("message", .number(Double(message.id))), ("rule", .text(message.rule))])
        }
    }
}

/// The parts' own log lines, in the same form.
struct LogLines: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .notice
    let log: Log

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        log.say(
            event.level, event.message.description,
            all.sorted { $0.key < $1.key }.map { ($0.key, .text("\($0.value)")) })
    }
}
