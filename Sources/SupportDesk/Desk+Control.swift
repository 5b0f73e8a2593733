import Foundation
import Logging

extension Desk {
    /// Stops every process that works on a desk, without building it; on behalf of whoever called the program.
    /// - Throws: `DeskError` when the ledger cannot be written.
    public static func pause(
        _ configuration: DeskConfiguration, reason: String?, _ logger: Logger
    ) async throws -> Pause {
        let caller = Caller()
        return try await withLedger(configuration, logger) {
            try await $0.pause(
                by: caller.name.isEmpty ? "user \(caller.number)" : caller.name, reason: reason, now: Date())
        }
    }

    /// Lets a desk go on.
    /// - Returns: whether it was paused.
    public static func resume(_ configuration: DeskConfiguration, _ logger: Logger) async throws -> Bool {
        try await withLedger(configuration, logger) { try await $0.resume() }
    }

    /// Returns when the ledger has answered.
    /// - Throws: `DeskError` when it cannot be read.
    public func answers() async throws { _ = try await ledger.pause() }

    private static func withLedger<Value: Sendable>(
        _ configuration: DeskConfiguration, _ logger: Logger, _ body: (Ledger) async throws -> Value
    ) async throws -> Value {
        try DurableFile.makeFolder(configuration.state)
        let ledger = try await Ledger(configuration.keys)
        let value = try await body(ledger)
        try await ledger.sealAudit(now: Date())?.log(to: logger)
        try await ledger.close()
        return value
    }
}
