import Foundation

/// A draft as the ledger has it, without what is sealed.
struct DraftRow: Sendable {
    /// The ledger's number of the message that it answers; the draft goes by it too.
    let message: Int64
    let conversation: Int64?
    let state: DraftState
    /// Why it is in that state: the name of a rule.
    let reason: String?
    let created: Date
    let ended: Date?
    let place: DraftPlace
    /// Whether it has not surely been laid into the folder yet.
    let isPending: Bool
    /// The folder's own name for it.
    let name: String?
    /// Of the bytes that were laid into the folder.
    let digest: [UInt8]
    /// Since when it is missing in its folder.
    let missing: Date?
    /// Its Message-ID.
    let messageID: String
    /// Where the customer's message is.
    let channel: String
    let source: String
    let arrival: Date
    let intent: String?
    let sealed: [UInt8]

    init?(_ row: SQLRow) {
        guard let message = row.integer("message"), let state = row.text("state").flatMap(DraftState.init),
            let place = row.text("place").flatMap(DraftPlace.init), let sealed = row.blob("sealed")
        else { return nil }
        self.message = message
        self.state = state
        self.place = place
        self.sealed = sealed
        conversation = row.integer("conversation")
        reason = row.text("reason")
        created = Date(milliseconds: row.integer("created_at") ?? 0)
        ended = row.integer("ended_at").map(Date.init(milliseconds:))
        name = row.text("name")
        digest = row.blob("digest") ?? []
        missing = row.integer("missing_at").map(Date.init(milliseconds:))
        messageID = row.text("key") ?? ""
        isPending = ["queued", "sending"].contains(row.text("outbox_state"))
        channel = row.text("channel") ?? ""
        source = row.text("source") ?? ""
        arrival = Date(milliseconds: row.integer("arrived_at") ?? 0)
        intent = row.text("intent")
    }
}

/// A draft that is put on record with the outcome of its message.
struct NewDraft: Sendable {
    let record: DraftRecord
    /// Digest of the bytes for the folder; nil where there is none.
    let digest: [UInt8]?
}

extension Ledger {
    private static let draftColumns = """
        SELECT d.*, m.channel, m.source, m.arrived_at, m.intent, b.key, b.state AS outbox_state
        FROM draft d JOIN message m ON m.id = d.message
        LEFT JOIN outbox b ON b.message = d.message AND b.kind = 'draft'
        """

    /// One draft; nil when the message has none.
    func draft(_ message: Int64) async throws -> DraftRow? {
        try await database.read { transaction in
            try transaction.rows("\(Self.draftColumns) WHERE d.message = $1", [.integer(message)]).first
                .flatMap(DraftRow.init)
        }
    }

    /// The drafts that somebody may still do something with, or that lie somewhere and should not; oldest first. That of a reply
    /// that is about to leave is taken back by its delivery.
    func watchedDrafts() async throws -> [DraftRow] {
        try await database.read { transaction in
            try transaction.rows(
                """
                \(Self.draftColumns)
                WHERE d.state IN ('open', 'edited') OR d.place IN ('there', 'taking', 'ticket') AND NOT EXISTS (
                    SELECT 1 FROM outbox o WHERE o.message = d.message AND o.kind = 'reply' AND o.state = 'queued')
                ORDER BY d.message LIMIT 10000
                """, []
            ).compactMap(DraftRow.init)
        }
    }

    /// The drafts that wait for a person, oldest first; or the newest of all that are kept.
    func drafts(all: Bool, limit: Int) async throws -> [DraftRow] {
        let condition =
            all
            ? "WHERE length(d.sealed) > 0 ORDER BY d.message DESC"
            : "WHERE d.state IN ('open', 'edited') ORDER BY d.message"
        return try await database.read { transaction in
            try transaction.rows("\(Self.draftColumns) \(condition) LIMIT \(limit)", []).compactMap(DraftRow.init)
        }
    }

    /// What is sealed of a draft.
    /// - Throws: `DeskError` with code `data` when its time was over and only its fate is kept.
    func record(of draft: DraftRow) async throws -> DraftRecord {
        if draft.sealed.isEmpty {
            throw DeskError(.data, "the text of draft \(draft.message) is not kept any more (retention.drafts)")
        }
        let bytes = try await open(draft.sealed, as: Place.draft(draft.message))
        return try PropertyListDecoder().decode(DraftRecord.self, from: Data(bytes))
    }

    /// How a draft ended, in people's words; nil when nobody said anything.
    func end(ofDraft message: Int64) async throws -> DraftEnd? {
        let sealed = try await database.read { transaction in
            try transaction.rows("SELECT sealed FROM draft_end WHERE message = $1", [.integer(message)]).first?
                .blob("sealed")
        }
        guard let sealed else { return nil }
        let bytes = try await open(sealed, as: Place.draftEnd(message))
        return try PropertyListDecoder().decode(DraftEnd.self, from: Data(bytes))
    }

    /// Digest of the bytes that lie in a folder, however their lines end.
    func digest(ofDraft bytes: [UInt8]) -> [UInt8] {
        seal.digest(String(decoding: bytes.withoutCR, as: UTF8.self), for: "draft")
    }

    // MARK: - Moving

    /// Moves a draft to another state; the only place where the column is written after insertion.
    /// - Returns: whether it was moved: not so when somebody else was quicker.
    static func moveDraft(
        _ message: Int64, to next: DraftState, _ reason: String? = nil, now: Date, in transaction: any SQLTransaction
    ) throws -> Bool {
        let current = try transaction.rows("SELECT state FROM draft WHERE message = $1", [.integer(message)]).first?
            .text("state").flatMap(DraftState.init)
        guard let current, current.canBecome(next) else { return false }
        let isOpen = next == .open || next == .edited
        try transaction.execute(
            "UPDATE draft SET state = $1, reason = $2, ended_at = $3, missing_at = NULL WHERE message = $4",
            [
                .text(next.rawValue), reason.map(SQLValue.text) ?? .null,
                isOpen ? .null : .integer(now.milliseconds), .integer(message),
            ])
        try audit(
            .draft, "\(next.rawValue)\(reason.map { " rule=\($0)" } ?? "")", message: message, now: now, in: transaction
        )
        if !isOpen { try noteNews(of: message, now: now, in: transaction) }
        return true
    }

    /// Puts a draft on record, in the transaction of its message's outcome.
    static func insert(
        _ draft: NewDraft, message: Int64, conversation: Int64?, now: Date, _ seal: Seal,
        in transaction: any SQLTransaction
    ) throws {
        let bytes = try [UInt8](PropertyListEncoder.binary.encode(draft.record))
        let place: DraftPlace = draft.digest != nil ? .there : draft.record.answer != nil ? .ticket : .none
        try transaction.execute(
            """
            INSERT INTO draft (message, conversation, state, created_at, place, digest, sealed)
            VALUES ($1, $2, 'open', $3, $4, $5, $6)
            """,
            [
                .integer(message), conversation.map(SQLValue.integer) ?? .null, .integer(now.milliseconds),
                .text(place.rawValue), .blob(draft.digest ?? []),
                .blob(try seal.seal(bytes, as: Place.draft(message))),
            ])
    }

    /// Withdraws the drafts of a conversation whose customer wrote again, or that has gone to a person.
    static func withdrawDrafts(
        in conversation: Int64, because rule: Rule, besides message: Int64, now: Date,
        _ transaction: any SQLTransaction
    ) throws {
        let rows = try transaction.rows(
            "SELECT message FROM draft WHERE conversation = $1 AND state = 'open' AND message <> $2",
            [.integer(conversation), .integer(message)])
        for other in rows.compactMap({ $0.integer("message") })
        where try moveDraft(other, to: .withdrawn, rule.name, now: now, in: transaction) {
            try settleDraft(other, as: .ignored, rule, in: transaction)
        }
    }

    /// Ends a message whose draft is not sent. What still waits to be laid into the folder is not laid there.
    static func settleDraft(
        _ message: Int64, as disposition: Disposition.Kind, _ rule: Rule, in transaction: any SQLTransaction
    ) throws {
        let row = try transaction.rows(
            """
            SELECT o.state, m.status FROM outbox o JOIN message m ON m.id = o.message
            WHERE o.message = $1 AND o.kind = 'draft'
            """, [.integer(message)]
        ).first
        try transaction.execute(
            "UPDATE outbox SET state = 'withdrawn' WHERE message = $1 AND kind = 'draft' AND state IN ('queued', 'sent')",
            [.integer(message)])
        if row?.text("state") == "queued" {
            try transaction.execute("UPDATE draft SET place = 'none' WHERE message = $1", [.integer(message)])
        }
        try transaction.execute(
            "UPDATE message SET disposition = $1, rule = $2 WHERE id = $3",
            [.text(disposition.rawValue), .text(rule.name), .integer(message)])
        let status: Status = disposition == .ignored ? .ignored : .decided
        // One that is just being laid into the folder moves when that is done.
        if row?.text("state") != "sending", row?.text("status") != status.rawValue {
            try move(message, to: status, in: transaction)
        }
    }

    /// Keeps what people said or did at a draft's end.
    static func keep(_ end: DraftEnd, of draft: DraftRow, _ seal: Seal, now: Date, in transaction: any SQLTransaction)
        throws
    {
        if let difference = end.difference {
            try transaction.execute(
                "UPDATE draft SET likeness = $1 WHERE message = $2",
                [.real(difference.likeness), .integer(draft.message)])
        }
        let seal = try seal.bound(to: draft.conversation, at: now.milliseconds, in: transaction)
        let bytes = try [UInt8](PropertyListEncoder.binary.encode(end))
        try transaction.execute(
            """
            INSERT INTO draft_end (message, at, sealed) VALUES ($1, $2, $3)
            ON CONFLICT (message) DO UPDATE SET at = excluded.at, sealed = excluded.sealed
            """,
            [
                .integer(draft.message), .integer(now.milliseconds),
                .blob(try seal.seal(bytes, as: Place.draftEnd(draft.message))),
            ])
    }
}
