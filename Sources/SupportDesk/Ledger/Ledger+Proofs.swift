import Foundation

extension Ledger {
    /// When a probe arrived last at an address of a form; nil: never, or not at the last attempt.
    func proof(of address: TokenAddress) async throws -> Date? {
        try await database.read { transaction in
            try transaction.rows("SELECT at FROM proof WHERE form = $1", [.text(address.form)]).first?.integer("at")
                .map(Date.init(milliseconds:))
        }
    }

    /// Puts on record that a probe has arrived at an address of a form, or has not.
    func prove(_ address: TokenAddress, _ hasArrived: Bool, now: Date) async throws {
        try await database.write { transaction in
            try transaction.execute("DELETE FROM proof WHERE form = $1", [.text(address.form)])
            guard hasArrived else { return }
            try transaction.execute(
                "INSERT INTO proof (form, at) VALUES ($1, $2)",
                [.text(address.form), .integer(now.milliseconds)])
        }
    }
}
