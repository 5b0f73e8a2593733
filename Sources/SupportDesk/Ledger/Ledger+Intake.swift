import Foundation

/// What the ledger knows of a channel.
public struct ChannelState: Sendable {
    /// Mail that arrived before this is history and never answered.
    public let adoptedAt: Date
    /// The channel's own bookmark; nil at first.
    public let cursor: String?
}

/// A message that is recorded and not settled.
public struct WorkItem: Sendable {
    /// The ledger's number.
    public let id: Int64
    /// The channel's name for it.
    public let source: String
    /// When it arrived at the source.
    public let arrival: Date
    /// The shift that has it in hand.
    public let shift: Int64
    /// How many attempts were begun before.
    public let attempts: Int
    /// The run that looked at it died before an outcome.
    public let wasInterrupted: Bool
    /// An outcome was on record before, and was lost with the key.
    public let wasDecided: Bool
}

/// A settled message whose source does not say so yet.
public struct MarkItem: Sendable {
    /// The ledger's number.
    public let id: Int64
    /// The channel's name for it.
    public let source: String
    /// Its final status.
    public let status: Status
    /// The rule that decided.
    public let rule: String
}

extension Ledger {
    /// Reads a channel's state, recording the adoption point at the first sight of the channel.
    public func adopt(channel: String, from adoption: Date) async throws -> ChannelState {
        if let known = try await state(of: channel) { return known }
        try await database.write(.statement) { transaction in
            try transaction.execute(
                "INSERT INTO channel (name, adopted_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.text(channel), .integer(adoption.milliseconds)])
            return
        }
        return ChannelState(adoptedAt: Date(milliseconds: adoption.milliseconds), cursor: nil)
    }

    /// What is known of a channel; nil before the first run.
    func state(of channel: String) async throws -> ChannelState? {
        try await database.read { transaction in
            try transaction.rows("SELECT adopted_at, cursor FROM channel WHERE name = $1", [.text(channel)]).first.map {
                ChannelState(
                    adoptedAt: Date(milliseconds: $0.integer("adopted_at") ?? 0), cursor: $0.text("cursor"))
            }
        }
    }

    /// What a channel wanted to find again; empty at first.
    func memory(of channel: String) async throws -> [UInt8] {
        try await database.read { transaction in
            try transaction.rows("SELECT memory FROM channel WHERE name = $1", [.text(channel)]).first?.blob("memory")
        } ?? []
    }

    /// The sources of a channel that the ledger already has, out of those given.
    public func known(_ sources: [String], in channel: String) async throws -> Set<String> {
        if sources.isEmpty { return [] }
        return try await database.read { transaction in
            var known: Set<String> = []
            for start in stride(from: 0, to: sources.count, by: Self.namesPerQuery) {
                let names = sources[start..<min(start + Self.namesPerQuery, sources.count)]
                let places = (2..<names.count + 2).map { "$\($0)" }.joined(separator: ", ")
                let rows = try transaction.rows(
                    "SELECT source FROM message WHERE channel = $1 AND source IN (\(places))",
                    [.text(channel)] + names.map(SQLValue.text))
                known.formUnion(rows.compactMap { $0.text("source") })
            }
            return known
        }
    }

    /// Well below what either engine takes as arguments of one statement.
    private static let namesPerQuery = 1_000

    /// Records discovered messages and the channel's new bookmark in one transaction; a known message is not recorded again.
    /// - Returns: whether it was recorded: not so when somebody else polls the channel.
    public func record(_ discovery: Discovery, of channel: String, by lease: Lease, now: Date) async throws -> Bool {
        if discovery.items.isEmpty, discovery.cursor == nil, discovery.memory == nil { return true }
        let shift = try await lease.number()
        return try await database.write(.statement) { transaction in
            guard try take(.polling(channel), by: shift, in: transaction) else { return false }
            for item in discovery.items {
                try transaction.later(
                    """
                    INSERT INTO message (channel, source, arrived_at, recorded_at, status)
                    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
                    """,
                    [
                        .text(channel), .text(item.source), .integer(item.arrival.milliseconds),
                        .integer(now.milliseconds), .text(Status.arrived.rawValue),
                    ])
            }
            if let cursor = discovery.cursor {
                try transaction.execute(
                    "UPDATE channel SET cursor = $1 WHERE name = $2", [.text(cursor), .text(channel)])
            }
            if let memory = discovery.memory {
                try transaction.execute(
                    "UPDATE channel SET memory = $1 WHERE name = $2", [.blob(memory), .text(channel)])
            }
            if !discovery.items.isEmpty { try transaction.notify(.work) }
            return true
        }
    }

    /// Takes messages of a channel in hand that wait for an outcome and whose time has come, oldest first, a page at a time;
    /// also those that somebody had in hand whose lease has run out.
    /// - Parameter earlier: the last number of the page before.
    public func claim(
        in channel: String, after earlier: Int64 = 0, now: Date, limit: Int = 10_000, by lease: Lease
    ) async throws -> [WorkItem] {
        let pick = """
            SELECT id FROM message WHERE channel = $1 AND status IN ('arrived', 'attempting') AND retry_at <= $2 AND id > $3
            AND \(isFree("message")) ORDER BY id LIMIT
            """
        let arguments: [SQLValue] = [.text(channel), .integer(now.milliseconds), .integer(earlier)]
        // Read first: to look for work, as idle ones do again and again, costs no write.
        if try await database.read({ try $0.rows("\(pick) 1", arguments).isEmpty }) { return [] }
        let shift = try await lease.number()
        return try await database.write(.statement) {
            [dialect = database.dialect, isFree = isFree("message")] transaction in
            let picked = try transaction.rows("\(pick) \(limit) \(dialect.skipLocked)", arguments)
                .compactMap { $0.integer("id") }
            if picked.isEmpty { return [] }
            // A row that somebody took in hand during that statement was looked at again, but not who is at work: only a new
            // statement sees that, and of locked rows it stays true.
            return try transaction.rows(
                """
                UPDATE message SET shift = $1 WHERE \(dialect.isOne("id", of: "$2")) AND \(isFree)
                RETURNING id, source, arrived_at, attempts, status, rule
                """, [.integer(shift), dialect.list(picked)]
            ).compactMap { row in
                guard let id = row.integer("id"), let source = row.text("source") else { return nil }
                return WorkItem(
                    id: id, source: source, arrival: Date(milliseconds: row.integer("arrived_at") ?? 0), shift: shift,
                    attempts: Int(row.integer("attempts") ?? 0),
                    wasInterrupted: row.text("status") == Status.attempting.rawValue,
                    wasDecided: row.text("rule") != nil)
            }.sorted { $0.id < $1.id }
        }
    }

    /// Lets go of messages that were taken in hand and not looked at.
    func release(_ items: [WorkItem]) async throws {
        guard let shift = items.first?.shift else { return }
        try await database.write(.statement) { transaction in
            let dialect = transaction.dialect
            try transaction.execute(
                "UPDATE message SET shift = NULL WHERE \(dialect.isOne("id", of: "$1")) AND shift = $2",
                [dialect.list(items.map(\.id)), .integer(shift)])
            return
        }
    }

    /// When a channel has work again without anything new; nil when nothing waits.
    /// - Parameter others: when to look again for what waits for something else, such as its reply's delivery.
    func nextDue(in channel: String, others: Date) async throws -> Date? {
        try await database.read { [isFree = isFree("message")] transaction in
            try transaction.rows(
                """
                SELECT MIN(CASE WHEN status IN ('arrived', 'attempting') AND \(isFree) THEN retry_at ELSE $1 END) AS next
                FROM message WHERE channel = $2 AND marked = 0
                """, [.integer(others.milliseconds), .text(channel)]
            ).first?.integer("next").map(Date.init(milliseconds:))
        }
    }

    /// Commits that these messages are about to be looked at; must return before their bytes are parsed.
    /// - Throws: `LeaseLost` when somebody else has one of them; nothing is on record then.
    public func begin(_ items: [WorkItem]) async throws {
        guard let shift = items.first?.shift else { return }
        let messages = items.map(\.id)
        try await database.write(.statement) { transaction in
            try Self.move(messages, to: .attempting, by: shift, in: transaction)
            try Self.count(1, messages, in: transaction)
        }
    }

    /// Puts a message back that was begun and, as the desk was told to stop, not looked at.
    func giveBack(_ item: WorkItem) async throws {
        try await database.write(.statement) { transaction in
            try Self.move(item.id, to: .arrived, by: item.shift, in: transaction)
            try Self.count(-1, [item.id], in: transaction)
        }
    }

    private static func count(_ change: Int64, _ messages: [Int64], in transaction: any SQLTransaction) throws {
        let dialect = transaction.dialect
        try transaction.later(
            "UPDATE message SET attempts = attempts + $1 WHERE \(dialect.isOne("id", of: "$2"))",
            [.integer(change), dialect.list(messages)])
    }

    /// Counts an attempt at a message that could not even be fetched, and puts it back for a later run.
    func stumbled(on item: WorkItem, until: Date) async throws {
        try await database.write(.statement) { transaction in
            try transaction.execute(
                "UPDATE message SET attempts = attempts + 1, retry_at = $1, shift = NULL WHERE id = $2 AND shift = $3",
                [.integer(until.milliseconds), .integer(item.id), .integer(item.shift)])
            return
        }
    }

    /// Puts a message back for a later run.
    func postpone(_ item: WorkItem, until: Date) async throws {
        try await database.write(.statement) { transaction in
            try Self.move(item.id, to: .arrived, by: item.shift, in: transaction)
            try transaction.execute(
                "UPDATE message SET retry_at = $1 WHERE id = $2", [.integer(until.milliseconds), .integer(item.id)])
            return
        }
    }

    /// The settled messages of a channel whose source does not say so yet, oldest first, a page at a time.
    public func unmarked(in channel: String, limit: Int = 1_000) async throws -> [MarkItem] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT id, source, status, rule FROM message
                WHERE channel = $1 AND marked = 0
                AND status IN ('answered', 'drafted', 'escalated', 'ignored', 'quarantined') ORDER BY id
                LIMIT \(limit)
                """, [.text(channel)]
            ).compactMap { row in
                guard let id = row.integer("id"), let source = row.text("source"),
                    let status = row.text("status").flatMap(Status.init)
                else { return nil }
                return MarkItem(id: id, source: source, status: status, rule: row.text("rule") ?? "")
            }
        }
    }

    /// Records that the source says so now.
    public func marked(_ messages: [Int64]) async throws {
        guard !messages.isEmpty else { return }
        try await database.write(.statement) { transaction in
            let dialect = transaction.dialect
            try transaction.execute(
                "UPDATE message SET marked = 1 WHERE \(dialect.isOne("id", of: "$1"))", [dialect.list(messages)])
        }
    }
}
