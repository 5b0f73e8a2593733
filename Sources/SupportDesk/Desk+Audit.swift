import Logging

extension Desk {
    /// Puts on record which editions the desk works with; those that are in files only when it has done something.
    func noteEditions(isIdle: Bool) async throws {
        try await ledger.noteEditions(isIdle ? editions.brief : editions.full(), now: now())
    }

    /// Seals what the audit log has got, and says the new head where it can be kept apart from the ledger.
    @discardableResult
    public func sealAudit() async throws -> AuditHead? {
        guard let head = try await ledger.sealAudit(now: now()) else { return nil }
        head.log(to: logger)
        return head
    }
}

extension AuditHead {
    /// Says it where it can be kept apart from the ledger: a chain alone cannot show that its end was cut off.
    func log(to logger: Logger) {
        logger.notice(
            "audit log sealed", metadata: ["link": "\(number)", "entries": "\(total)", "head": "\(hash)"])
    }
}
