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
    /// How many attempts were begun before.
    public let attempts: Int
    /// The run that looked at it died before an outcome.
    public let wasInterrupted: Bool
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
        let known = try await database.read { transaction in
            try transaction.rows("SELECT adopted_at, cursor FROM channel WHERE name = $1", [.text(channel)]).first
        }
        if let known {
            return ChannelState(
                adoptedAt: Date(milliseconds: known.integer("adopted_at") ?? 0), cursor: known.text("cursor"))
        }
        try await database.write { transaction in
            try transaction.execute(
                "INSERT INTO channel (name, adopted_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.text(channel), .integer(adoption.milliseconds)])
            return
        }
        return ChannelState(adoptedAt: Date(milliseconds: adoption.milliseconds), cursor: nil)
    }

    /// The sources of a channel that the ledger already has, out of those given.
    public func known(_ sources: [String], in channel: String) async throws -> Set<String> {
        try await database.read { transaction in
            var known: Set<String> = []
            for source in sources {
                let rows = try transaction.rows(
                    "SELECT 1 AS one FROM message WHERE channel = $1 AND source = $2", [.text(channel), .text(source)])
                if !rows.isEmpty { known.insert(source) }
            }
            return known
        }
    }

    /// Records discovered messages and the channel's new bookmark in one transaction; a known message is not recorded again.
    public func record(_ discovery: Discovery, of channel: String, now: Date) async throws {
        if discovery.items.isEmpty, discovery.cursor == nil { return }
        try await database.write { transaction in
            for item in discovery.items {
                try transaction.execute(
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
        }
    }

    /// The messages of a channel that wait for an outcome and whose time has come, oldest first.
    public func open(in channel: String, now: Date, limit: Int = 10_000) async throws -> [WorkItem] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT id, source, arrived_at, attempts, status FROM message
                WHERE channel = $1 AND marked = 0 AND status IN ('arrived', 'attempting') AND retry_at <= $2
                ORDER BY id LIMIT \(limit)
                """, [.text(channel), .integer(now.milliseconds)]
            ).compactMap { row in
                guard let id = row.integer("id"), let source = row.text("source") else { return nil }
                return WorkItem(
                    id: id, source: source, arrival: Date(milliseconds: row.integer("arrived_at") ?? 0),
                    attempts: Int(row.integer("attempts") ?? 0),
                    wasInterrupted: row.text("status") == Status.attempting.rawValue)
            }
        }
    }

    /// Commits that these messages are about to be looked at; must return before their bytes are parsed.
    public func begin(_ messages: [Int64]) async throws {
        guard !messages.isEmpty else { return }
        try await database.write { transaction in
            for message in messages {
                try Self.move(message, to: .attempting, in: transaction)
                try transaction.execute(
                    "UPDATE message SET attempts = attempts + 1 WHERE id = $1", [.integer(message)])
            }
        }
    }

    /// Puts a message back for a later run.
    public func postpone(_ message: Int64, until: Date) async throws {
        try await database.write { transaction in
            try Self.move(message, to: .arrived, in: transaction)
            try transaction.execute(
                "UPDATE message SET retry_at = $1 WHERE id = $2", [.integer(until.milliseconds), .integer(message)])
            return
        }
    }

    /// The settled messages of a channel whose source does not say so yet.
    public func unmarked(in channel: String) async throws -> [MarkItem] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT id, source, status, rule FROM message
                WHERE channel = $1 AND marked = 0
                AND status IN ('answered', 'drafted', 'escalated', 'ignored', 'quarantined') ORDER BY id
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
        try await database.write { transaction in
            for message in messages {
                try transaction.execute("UPDATE message SET marked = 1 WHERE id = $1", [.integer(message)])
            }
        }
    }
}
