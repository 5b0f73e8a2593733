import Foundation
import Logging
import Triage

/// The money that models may cost in a day, counted in the ledger: it holds over runs and processes.
actor Budget {
    let limit: Int64?
    private let zone: TimeZone
    private let ledger: Ledger
    private let logger: Logger
    private let now: @Sendable () -> Date
    private var toldOn: Int?

    /// - Parameters:
    ///   - limit: in millionths of the prices' currency; nil: what is spent is only counted.
    ///   - zone: whose midnight begins a day.
    init(limit: Int64?, zone: TimeZone, ledger: Ledger, logger: Logger, now: @escaping @Sendable () -> Date) {
        self.limit = limit
        self.zone = zone
        self.ledger = ledger
        self.logger = logger
        self.now = now
    }

    /// Puts a request on record with the most that it may cost, before it is made.
    /// - Returns: the number to finish it by.
    /// - Throws: `ModelError` with code `overBudget`, said in the log once a day and process.
    func reserve(_ call: ModelCall) async throws -> Int64 {
        let now = now()
        let day = day(of: now)
        if let id = try await ledger.begin(call, on: day, within: limit, now: now) { return id }
        tell(of: call.model, on: day)
        throw ModelError(.overBudget, "\(call.model): the day's budget is spent")
    }

    /// The number of the day that spends.
    nonisolated func day(of now: Date) -> Int { LocalDate(now, in: zone).dayNumber }

    /// Says that the day's money is spent, once.
    func tell(of model: String, on day: Int) {
        guard toldOn != day else { return }
        toldOn = day
        logger.warning("the day's budget for models is spent", metadata: ["model": "\(model)"])
    }
}
