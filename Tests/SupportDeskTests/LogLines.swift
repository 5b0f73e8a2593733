import Logging
import Synchronization

/// What a desk logs from a level on.
final class LogLines: Sendable {
    private let level: Logger.Level
    private let lines = Mutex<[(message: String, whole: String)]>([])

    init(from level: Logger.Level = .info) { self.level = level }

    /// The lines with what is noted beside each.
    var all: [String] { lines.withLock { $0.map(\.whole) } }
    /// The lines alone.
    var messages: [String] { lines.withLock { $0.map(\.message) } }
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self, logLevel: self.level) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel: Logger.Level
        var metadata: Logger.Metadata = [:]
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            lines.lines.withLock { $0.append(("\(event.message)", "\(event.message) \(event.metadata ?? [:])")) }
        }
    }
}
