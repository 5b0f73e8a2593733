import Foundation

/// What one process at a time does, so that the others need not: two of them would do no harm, only work for nothing.
enum Duty: Sendable {
    /// Looking for new messages in a channel, and saying at its source what became of them.
    case polling(String)
    /// Looking after the drafts in their folder.
    case drafts
    /// Looking for people's answers to what the desk only watched.
    case shadows
    /// Looking for people's answers on tickets.
    case answers
    /// Looking whether experiments do harm, or have come to their end.
    case experiments
    /// Carrying batches to their provider and back.
    case batches

    fileprivate var name: String {
        switch self {
        case .polling(let channel): "polling \(channel)"
        case .drafts: "drafts"
        case .shadows: "shadows"
        case .answers: "answers"
        case .experiments: "experiments"
        case .batches: "batches"
        }
    }
}

extension Ledger {
    /// The ledger's own clock as SQL, milliseconds: leases are compared on it alone, whatever the clocks of many machines say.
    var clock: String { database.dialect.clock }

    /// A condition as SQL: no process that is at work has the row of this table in hand.
    func isFree(_ table: String) -> String {
        "NOT EXISTS (SELECT 1 FROM shift WHERE shift.id = \(table).shift AND shift.until > \(clock))"
    }

    /// Begins a shift under a number that is higher than all before; those that are over are forgotten.
    func beginShift(named name: String, for duration: Duration) async throws -> Int64 {
        try await database.write(.statement) { [clock] transaction in
            try transaction.execute("DELETE FROM shift WHERE until <= \(clock)", [])
            let row = try transaction.rows(
                "INSERT INTO shift (name, until) VALUES ($1, \(clock) + $2) RETURNING id",
                [.text(name), .integer(duration.milliseconds)]
            ).first
            guard let number = row?.integer("id") else { throw DeskError(.ledger, "a shift was not recorded") }
            return number
        }
    }

    /// Has a shift hold on; not so when it is over.
    func renewShift(_ number: Int64, for duration: Duration) async throws -> Bool {
        try await database.write(.statement) { [clock] transaction in
            let changed = try transaction.execute(
                "UPDATE shift SET until = \(clock) + $1 WHERE id = $2 AND until > \(clock)",
                [.integer(duration.milliseconds), .integer(number)])
            return changed == 1
        }
    }

    /// Ends a shift: what it had in hand is free.
    func endShift(named name: String) async throws {
        try await database.write(.statement) { try Self.endShift(named: name, in: $0) }
    }

    private static func endShift(named name: String, in transaction: any SQLTransaction) throws {
        try transaction.execute("DELETE FROM shift WHERE name = $1", [.text(name)])
    }

    /// Ends the shifts of this machine's processes that have died, without waiting for their leases.
    /// - Parameter folder: in which those of this machine are seen to live.
    static func relieve(_ database: any Database, seenIn folder: String) async throws {
        let dead = LifeSign.left(in: folder)
        if dead.isEmpty { return }
        try await database.write(.statement) { transaction in
            for sign in dead { try endShift(named: sign.name, in: transaction) }
        }
        for sign in dead { sign.remove() }
    }

    /// Whether any process is at work on a ledger.
    static func isAtWork(_ database: any Database) async throws -> Bool {
        try await database.read { [clock = database.dialect.clock] in
            try !$0.rows("SELECT id FROM shift WHERE until > \(clock) LIMIT 1", []).isEmpty
        }
    }

    // MARK: - Duties

    /// Whether a duty is nobody else's.
    func mayTake(_ duty: Duty, _ shift: Int64?) async throws -> Bool {
        try await database.read { [isFree = isFree("duty")] transaction in
            try transaction.rows(
                "SELECT name FROM duty WHERE name = $1 AND shift <> $2 AND NOT \(isFree)",
                [.text(duty.name), .integer(shift ?? 0)]
            ).isEmpty
        }
    }

    /// Takes a duty for as long as the shift holds; not so while somebody else has it.
    func take(_ duty: Duty, by shift: Int64) async throws -> Bool {
        if try await isHeld(duty, by: shift) { return true }
        return try await database.write(.statement) { try take(duty, by: shift, in: $0) }
    }

    /// The same within a transaction, which is to be what the duty allows and nothing else.
    func take(_ duty: Duty, by shift: Int64, in transaction: any SQLTransaction) throws -> Bool {
        try !transaction.rows(
            """
            INSERT INTO duty (name, shift) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET shift = excluded.shift
            WHERE duty.shift = excluded.shift OR \(isFree("duty")) RETURNING name
            """, [.text(duty.name), .integer(shift)]
        ).isEmpty
    }

    /// Whether a duty is this shift's.
    func isHeld(_ duty: Duty, by shift: Int64) async throws -> Bool {
        try await database.read { try Self.isHeld(duty, by: shift, in: $0) }
    }

    /// - Throws: `LeaseLost` when somebody else has the duty by now.
    static func demand(_ duty: Duty, by shift: Int64, in transaction: any SQLTransaction) throws {
        guard try isHeld(duty, by: shift, in: transaction) else { throw LeaseLost() }
    }

    private static func isHeld(_ duty: Duty, by shift: Int64, in transaction: any SQLTransaction) throws -> Bool {
        try !transaction.rows(
            "SELECT name FROM duty WHERE name = $1 AND shift = $2", [.text(duty.name), .integer(shift)]
        ).isEmpty
    }
}
