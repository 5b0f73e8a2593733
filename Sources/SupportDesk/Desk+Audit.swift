import Foundation

extension Desk {
    /// Puts on record which editions the desk works with; those that are in files only when it has done something.
    func noteEditions(isIdle: Bool) async throws {
        try await ledger.noteEditions(isIdle ? editions.brief : editions.full(), now: now())
    }

    /// Seals what the audit log has got, and says the new head where it can be kept apart from the ledger.
    @discardableResult
    public func sealAudit() async throws -> AuditHead? {
        guard let head = try await ledger.sealAudit(now: now()) else { return nil }
        logger.info("audit log sealed", metadata: ["link": "\(head.number)", "head": "\(head.hash)"])
        return head
    }
}
