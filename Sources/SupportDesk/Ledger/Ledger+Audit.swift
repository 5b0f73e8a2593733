import Foundation

/// What a look at the whole audit log found.
public struct AuditVerdict: Sendable, Codable, Hashable {
    /// Entries that the chain seals.
    public internal(set) var entries: Int64 = 0
    /// Entries that no link seals yet.
    public internal(set) var open: Int64 = 0
    /// The last link.
    public internal(set) var head: AuditHead?
    /// What is not as it was written; nil: everything is.
    public internal(set) var problem: String?
}

extension Ledger {
    /// Entries that one link seals at most.
    private static let entriesPerLink = 5_000

    /// Puts an entry on record, in the commit of what it tells.
    static func audit(
        _ kind: AuditEntry.Kind, _ detail: String, message: Int64? = nil, now: Date, in transaction: any SQLTransaction
    ) throws {
        try transaction.execute(
            "INSERT INTO audit (at, kind, message, detail, actor) VALUES ($1, $2, $3, $4, $5)",
            [
                .integer(now.milliseconds), .text(kind.rawValue), message.map(SQLValue.integer) ?? .null, .text(detail),
                .text(Caller.number),
            ])
    }

    /// Puts an entry on record by itself.
    func audit(_ kind: AuditEntry.Kind, _ detail: String, message: Int64? = nil, now: Date) async throws {
        try await database.write { try Self.audit(kind, detail, message: message, now: now, in: $0) }
    }

    /// Puts on record what changed since it was put there last.
    /// - Parameter editions: digests by what they are of.
    func noteEditions(_ editions: [String: String], now: Date) async throws {
        let known = try await database.read { transaction in
            try transaction.rows("SELECT what, digest FROM edition", []).reduce(into: [String: String]()) {
                $0[$1.text("what") ?? ""] = $1.text("digest")
            }
        }
        let changed = editions.filter { known[$0.key] != $0.value }.sorted { $0.key < $1.key }
        if changed.isEmpty { return }
        try await database.write { transaction in
            for (what, digest) in changed {
                try transaction.execute(
                    """
                    INSERT INTO edition (what, digest) VALUES ($1, $2)
                    ON CONFLICT (what) DO UPDATE SET digest = excluded.digest
                    """, [.text(what), .text(digest)])
                try Self.audit(.version, "\(what)=\(digest)", now: now, in: transaction)
            }
        }
    }

    /// Adds links to the chain until every entry is sealed.
    /// - Returns: the new head; nil when there was nothing to seal.
    func sealAudit(now: Date) async throws -> AuditHead? {
        let isIdle = try await database.read {
            try $0.rows("SELECT id FROM audit WHERE seal IS NULL LIMIT 1", []).isEmpty
        }
        if isIdle { return nil }
        var head: AuditHead?
        while let next = try await addLink(now: now) {
            head = next
            if next.entries < Int64(Self.entriesPerLink) { break }
        }
        return head
    }

    private func addLink(now: Date) async throws -> AuditHead? {
        try await database.write { transaction in
            // Others may commit entries with smaller numbers later: what a link seals is marked with it.
            let entries = try transaction.rows(
                "SELECT * FROM audit WHERE seal IS NULL ORDER BY id LIMIT \(Self.entriesPerLink)", []
            ).compactMap(AuditEntry.init)
            guard let last = entries.last else { return nil }
            var content = AuditContent()
            for entry in entries { content.add(entry) }
            let before = try transaction.rows("SELECT * FROM audit_seal ORDER BY number DESC LIMIT 1", []).first
                .flatMap(AuditHead.init)
            let head = AuditHead(behind: before, at: now.milliseconds, sealing: content)
            try transaction.execute(
                "INSERT INTO audit_seal (number, at, entries, total, hash) VALUES ($1, $2, $3, $4, $5)",
                [
                    .integer(head.number), .integer(head.at), .integer(head.entries), .integer(head.total),
                    .text(head.hash),
                ])
            try transaction.execute(
                "UPDATE audit SET seal = $1 WHERE seal IS NULL AND id <= $2",
                [.integer(head.number), .integer(last.id)])
            return head
        }
    }

    /// The last link; nil as long as nothing was sealed.
    func auditHead() async throws -> AuditHead? {
        try await database.read { transaction in
            try transaction.rows("SELECT * FROM audit_seal ORDER BY number DESC LIMIT 1", []).first
                .flatMap(AuditHead.init)
        }
    }

    /// Reads the whole log and works its chain out anew.
    /// - Parameter given: a head that was noted before: a chain alone cannot show that its end was cut off.
    public func verifyAudit(head given: String? = nil) async throws -> AuditVerdict {
        // The links first: what is sealed meanwhile counts as open.
        let links = try await database.read { transaction in
            try transaction.rows("SELECT * FROM audit_seal ORDER BY number", []).compactMap(AuditHead.init)
        }
        var contents: [Int64: AuditContent] = [:]
        var verdict = AuditVerdict(head: links.last)
        var newestLink: Int64 = 0
        var last = Int64.min
        while case let page = try await auditEntries(after: last, limit: 5_000), let newest = page.last {
            last = newest.id
            for entry in page {
                newestLink = max(newestLink, entry.seal ?? 0)
                if let link = entry.seal, link <= links.last?.number ?? 0 {
                    contents[link, default: AuditContent()].add(entry)
                    verdict.entries += 1
                } else {
                    verdict.open += 1
                }
            }
        }
        var before: AuditHead?
        for (index, link) in links.enumerated() where verdict.problem == nil {
            let time = Date(milliseconds: link.at).formatted(.iso8601)
            if link.number != Int64(index + 1) {
                verdict.problem = "a link before number \(link.number), of \(time), was removed"
            } else if AuditHead(
                behind: before, at: link.at, sealing: contents.removeValue(forKey: link.number) ?? .init())
                != link
            {
                verdict.problem =
                    "the entries of link \(link.number), of \(time), or the link are not as they were written"
            }
            before = link
        }
        // One that says of itself that a link seals it, which no link does.
        if verdict.problem == nil, !contents.isEmpty { verdict.problem = "entries were added that no link seals" }
        // Of links that were added while the entries were read there is no more to say.
        if verdict.problem == nil, try await auditHead()?.number ?? 0 < newestLink {
            verdict.problem = "link \(newestLink), which entries name, was removed"
        }
        if verdict.problem == nil, let given, !links.contains(where: { $0.hash == given.lowercased() }) {
            verdict.problem = "the given head is not in the chain: its end was cut off, or it was written anew"
        }
        return verdict
    }

    /// Entries behind a number, oldest first.
    public func auditEntries(after earlier: Int64, limit: Int) async throws -> [AuditEntry] {
        try await database.read { transaction in
            try transaction.rows(
                "SELECT * FROM audit WHERE id > $1 ORDER BY id LIMIT \(limit)", [.integer(earlier)]
            ).compactMap(AuditEntry.init)
        }
    }

    /// The newest entries, oldest first.
    public func newestAuditEntries(_ count: Int) async throws -> [AuditEntry] {
        try await database.read { transaction in
            try transaction.rows("SELECT * FROM audit ORDER BY id DESC LIMIT \(count)", []).compactMap(AuditEntry.init)
        }.reversed()
    }
}
