import Foundation

/// That a person has stopped the desk, and why.
public struct Pause: Sendable, Codable, Hashable {
    /// Since when.
    public let since: Date
    /// The account on the operating system that did it.
    public let by: String
    /// In her words.
    public let reason: String?

    /// One line that says so.
    public var words: String {
        "since \(since.formatted(.iso8601)) by \(by)\(reason.map { " (\($0))" } ?? ""); auradesk resume lets it go on"
    }
}

extension Ledger {
    /// Stops every process that works on this ledger before its next effect. A second pause leaves the first one as it is.
    /// - Returns: the pause that holds.
    public func pause(by account: String, reason: String?, now: Date) async throws -> Pause {
        try await database.write { transaction in
            let changed = try transaction.execute(
                "INSERT INTO pause (id, since, account, reason) VALUES (1, $1, $2, $3) ON CONFLICT DO NOTHING",
                [.integer(now.milliseconds), .text(account), reason.map(SQLValue.text) ?? .null])
            // Not the reason, which is in a person's own words.
            if changed > 0 { try Self.audit(.pause, "paused", now: now, in: transaction) }
        }
        return try await pause() ?? Pause(since: now, by: account, reason: reason)
    }

    /// Lets the desk go on.
    /// - Returns: whether it was paused.
    public func resume(now: Date = Date()) async throws -> Bool {
        try await database.write { transaction in
            let changed = try transaction.execute("DELETE FROM pause WHERE id = 1", [])
            if changed > 0 { try Self.audit(.pause, "resumed", now: now, in: transaction) }
            return changed > 0
        }
    }

    /// The pause that holds; nil when none does.
    public func pause() async throws -> Pause? {
        try await database.read { transaction in
            try transaction.rows("SELECT since, account, reason FROM pause WHERE id = 1", []).first.map { row in
                Pause(
                    since: Date(milliseconds: row.integer("since") ?? 0), by: row.text("account") ?? "",
                    reason: row.text("reason"))
            }
        }
    }
}
