import Foundation

extension Desk {
    /// Stops every process that works on a desk, without building it.
    /// - Parameter account: who does it, on the operating system.
    /// - Throws: `DeskError` when the ledger cannot be written.
    public static func pause(
        _ configuration: DeskConfiguration, by account: String, reason: String?
    ) async throws -> Pause {
        try await withLedger(configuration) { try await $0.pause(by: account, reason: reason, now: Date()) }
    }

    /// Lets a desk go on.
    /// - Returns: whether it was paused.
    public static func resume(_ configuration: DeskConfiguration) async throws -> Bool {
        try await withLedger(configuration) { try await $0.resume() }
    }

    /// Returns when the ledger has answered.
    /// - Throws: `DeskError` when it cannot be read.
    public func answers() async throws { _ = try await ledger.pause() }

    private static func withLedger<Value: Sendable>(
        _ configuration: DeskConfiguration, _ body: (Ledger) async throws -> Value
    ) async throws -> Value {
        try DurableFile.makeFolder(configuration.state)
        let ledger = try await Ledger(configuration.keys)
        let value = try await body(ledger)
        try await ledger.close()
        return value
    }
}
