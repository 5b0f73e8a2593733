import Foundation
import Logging
import Redaction
import Transport

/// A log handler that puts placeholders in the place of personal data before another handler sees a line.
///
/// Nothing in the desk logs personal data on purpose. This is the net below: an error of a library, or of the system, may
/// quote what it is about. Structured types are found by themselves; names, where the line is about a message in hand.
public struct RedactingLog: LogHandler {
    private var inner: any LogHandler
    private let redactor: Redactor
    private let hosts: Set<String>

    /// - Parameter hosts: servers of the configuration, which stay readable when they are named by number.
    public init(_ inner: any LogHandler, redactor: Redactor, hosts: Set<String> = []) {
        self.inner = inner
        self.redactor = redactor
        self.hosts = hosts
    }

    /// A logger whose lines pass this handler once, with what the configuration says is the shop's own.
    /// - Throws: `DeskError` when an order pattern of the configuration cannot be read.
    public static func over(_ logger: Logger, _ configuration: DeskConfiguration) throws -> Logger {
        guard !(logger.handler is RedactingLog) else { return logger }
        var logger = logger
        logger.handler = RedactingLog(
            logger.handler, redactor: try Desk.makeRedactor(configuration), hosts: configuration.hosts)
        return logger
    }

    /// The lowest level that is let through.
    public var logLevel: Logger.Level {
        get { inner.logLevel }
        set { inner.logLevel = newValue }
    }

    /// Metadata of all lines.
    public var metadata: Logger.Metadata {
        get { inner.metadata }
        set { inner.metadata = newValue.mapValues { redacted($0) } }
    }

    /// What adds metadata to each line; its values are redacted as well.
    public var metadataProvider: Logger.MetadataProvider? {
        get { inner.metadataProvider }
        set {
            let handler = self
            inner.metadataProvider = newValue.map { provider in
                Logger.MetadataProvider { provider.get().mapValues { handler.redacted($0) } }
            }
        }
    }

    /// One value of the metadata of all lines.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { inner[metadataKey: key] }
        set { inner[metadataKey: key] = newValue.map { redacted($0) } }
    }

    /// Hands the line on, redacted.
    public func log(event: LogEvent) {
        var event = event
        event.message = "\(redacted(event.message.description))"
        event.metadata = event.metadata?.mapValues { redacted($0) }
        event.error = event.error.map { LoggedError(description: redacted("\($0)")) }
        inner.log(event: event)
    }

    private func redacted(_ text: String) -> String {
        // A SHA-256 names nobody; now and then it has the digits of a card in it, and is worth nothing when it lacks some.
        if text.utf8.count == 64, text.utf8.allSatisfy({ $0.isHexadecimal }) { return text }
        var vault = Vault()
        let redacted = redactor.redact(text, known: PeopleInHand.current?.all ?? [], vault: &vault).text
        return Vault(vault.snapshot.filter { hosts.contains($0.value) }).restore(redacted)
    }

    private func redacted(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value {
        switch value {
        case .string(let text): .string(redacted(text))
        case .stringConvertible(let value): .string(redacted("\(value)"))
        case .array(let values): .array(values.map { redacted($0) })
        case .dictionary(let values): .dictionary(values.mapValues { redacted($0) })
        @unknown default: .string(redacted("\(value)"))
        }
    }

    private struct LoggedError: Error, CustomStringConvertible { let description: String }
}

/// The people of the message that a task works on, for the lines that it logs.
final class PeopleInHand: Sendable {
    /// Those of the current task; nil outside of any message.
    @TaskLocal static var current: PeopleInHand?

    private let people = LockedBox<[KnownPerson]>([])

    /// All that are known so far.
    var all: [KnownPerson] { people.withLock { $0 } }

    /// Makes people known.
    func add(_ more: [KnownPerson]) { people.withLock { $0 += more } }
}

extension UInt8 {
    /// In lower case, as digests are written.
    fileprivate var isHexadecimal: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
