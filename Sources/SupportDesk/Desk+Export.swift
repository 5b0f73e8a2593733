import Foundation
import Mail

extension Desk {
    /// Writes everything that is held of a person into a new folder: `person.json`, and beside it mails as `.eml` files. Of
    /// what others wrote in her conversations only that it was there.
    /// - Returns: what stands in `person.json`.
    /// - Throws: `DeskError`: `data` for what is no address, or when the folder is there.
    @discardableResult
    public func export(_ addresses: [String], into folder: String) async throws -> PersonRecord {
        let person = try Person(addresses, of: ledger)
        guard !FileManager.default.fileExists(atPath: folder) else {
            throw DeskError(.data, "\(folder) is there already; name another folder")
        }
        try DurableFile.makeFolder(folder)
        let times = try await ledger.times(of: person)
        var record = PersonRecord(
            addresses: person.addresses, at: now(), undeliverable: times.suppressed, forgotten: times.forgotten)
        for share in try await shares(of: person) {
            record.conversations.append(try await conversation(share, of: person, into: folder))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        try DurableFile.write([UInt8](encoder.encode(record)), to: "\(folder)/person.json")
        let digests = person.digests.map(\.hexadecimal).sorted().joined(separator: ",")
        try await ledger.audit(
            .export, "person=\(digests) conversations=\(record.conversations.count)", now: now())
        try await sealAudit()
        return record
    }

    private func conversation(
        _ share: Share, of person: Person, into folder: String
    ) async throws -> PersonRecord.Conversation {
        let rows = try await ledger.rows(of: share)
        var result = PersonRecord.Conversation(name: share.externalID, ticket: share.ticket, opened: rows.opened)
        var hers: Set<Int64> = []
        for row in rows.messages {
            guard let id = row.integer("id") else { continue }
            let bytes = try await ledger.archived(id)
            let isHers = bytes.map { isWritten($0, by: person, row.text("rule")) } ?? share.isHers
            if isHers { hers.insert(id) }
            let file = try isHers ? bytes.map { try save($0, "\(id)-message.eml", in: folder) } : nil
            result.messages.append(
                PersonRecord.Message(
                    row, decision: isHers ? rows.decisions[id] : nil, rating: isHers ? rows.ratings[id] : nil,
                    file: file))
        }
        for row in rows.letters {
            guard let message = row.integer("message"), let kind = row.text("kind") else { continue }
            guard hers.contains(message) || row.blob("recipient").map(person.digests.contains) == true else { continue }
            var (file, text): (String?, String?)
            if let sealed = row.blob("sealed"), !sealed.isEmpty {
                let bytes = Data(try await ledger.open(sealed, as: Ledger.Place.outbox(message, kind)))
                if kind == "ticket" {
                    text = try PropertyListDecoder().decode(Packet.self, from: bytes).note
                } else {
                    switch try OutboxItem.answer(bytes, isDraft: kind == "draft") {
                    case .mail(let envelope, _): file = try save(envelope.bytes, "\(message)-\(kind).eml", in: folder)
                    case .ticketReply(let reply, _): text = reply.text
                    case .ticket: break
                    }
                }
            }
            result.letters.append(
                PersonRecord.Letter(
                    message: message, kind: kind, state: row.text("state") ?? "",
                    created: Date(milliseconds: row.integer("created_at") ?? 0), remote: row.text("remote"),
                    file: file, text: text))
        }
        for message in rows.drafts where hers.contains(message) {
            guard let draft = try await ledger.draft(message) else { continue }
            let end = try await ledger.end(ofDraft: message)
            result.drafts.append(
                PersonRecord.Draft(
                    message: message, state: draft.state.rawValue,
                    text: draft.sealed.isEmpty ? nil : try await ledger.record(of: draft).text,
                    rejection: end?.reason, sent: end?.text))
        }
        for message in hers.sorted() {
            if let lesson = try await ledger.lesson(ofMessage: message) { result.lessons.append(lesson) }
        }
        let vault = try await ConversationVault(ledger.vault(of: share.conversation), of: ledger)
        result.values = vault.values(of: person.digests)
        result.votes = rows.votes
        result.trials = rows.trials
        for row in rows.shadows {
            guard let message = row.integer("message"), hers.contains(message) else { continue }
            result.shadows.append(
                PersonRecord.Shadow(
                    message: message, intent: row.text("intent") ?? "", verdict: row.text("verdict"),
                    at: Date(milliseconds: row.integer("at") ?? 0),
                    text: try await ledger.record(ofShadow: message, row.blob("sealed") ?? [])?.text))
        }
        result.ticketFiles = try copyTickets(of: share, into: folder)
        return result
    }

    private func isWritten(_ bytes: [UInt8], by person: Person, _ rule: String?) -> Bool {
        guard let message = read(bytes, decidedBy: rule) else { return true }
        let authors = (message.from + message.replyTo).map { $0.address.lowercased() }
        return authors.contains(where: person.addresses.contains)
    }

    private func save(_ bytes: [UInt8], _ name: String, in folder: String) throws -> String {
        try DurableFile.write(bytes, to: "\(folder)/\(name)")
        return name
    }

    /// Copies the tickets in folders of a conversation that is hers.
    private func copyTickets(of share: Share, into folder: String) throws -> [String] {
        guard share.isHers, let tickets = delivery.filing.system as? FileTickets else { return [] }
        var copied: [String] = []
        for ticket in tickets.folders(of: share.externalID) {
            try DurableFile.makeFolder("\(folder)/\(ticket)")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(tickets.folder)/\(ticket)")) ?? []
            for name in names.sorted() {
                guard let data = FileManager.default.contents(atPath: "\(tickets.folder)/\(ticket)/\(name)") else {
                    continue
                }
                copied.append(try save([UInt8](data), "\(ticket)/\(name)", in: folder))
            }
        }
        return copied
    }
}

extension PersonRecord.Message {
    fileprivate init(_ row: SQLRow, decision: String?, rating: String?, file: String?) {
        self.init(
            id: row.integer("id") ?? 0, channel: row.text("channel") ?? "",
            arrived: Date(milliseconds: row.integer("arrived_at") ?? 0), status: row.text("status") ?? "",
            rule: row.text("rule"), intent: row.text("intent"), language: row.text("language"),
            confidence: row.real("confidence"), sentiment: row.real("sentiment"), decision: decision, file: file,
            rating: rating)
    }
}

extension Ledger {
    /// What is on record of a conversation.
    fileprivate struct ConversationRows: Sendable {
        var opened = Date(milliseconds: 0)
        var messages: [SQLRow] = []
        var decisions: [Int64: String] = [:]
        var ratings: [Int64: String] = [:]
        var letters: [SQLRow] = []
        var drafts: [Int64] = []
        var votes: [PersonRecord.Vote] = []
        var shadows: [SQLRow] = []
        var trials: [PersonRecord.Trial] = []
    }

    fileprivate func rows(of share: Share) async throws -> ConversationRows {
        try await database.read { transaction in
            func rows(_ sql: String) throws -> [SQLRow] { try transaction.rows(sql, [.integer(share.conversation)]) }
            var found = ConversationRows()
            found.opened = Date(
                milliseconds: try rows("SELECT opened_at FROM conversation WHERE id = $1").first?.integer("opened_at")
                    ?? 0)
            found.messages = try Self.messages(of: [share.conversation], in: transaction)
            for id in found.messages.compactMap({ $0.integer("id") }) {
                found.ratings[id] = try transaction.rows(
                    "SELECT verdict FROM rating WHERE message = $1", [.integer(id)]
                ).first?.text("verdict")
                found.decisions[id] = try transaction.rows(
                    "SELECT detail FROM decision WHERE message = $1", [.integer(id)]
                ).first?.text("detail")
            }
            found.letters = try rows("SELECT * FROM outbox WHERE conversation = $1 ORDER BY id")
            found.drafts = try rows("SELECT message FROM draft WHERE conversation = $1 ORDER BY message")
                .compactMap { $0.integer("message") }
            found.votes = try rows(
                "SELECT reply, vote, score, way, at FROM feedback WHERE conversation = $1 ORDER BY at"
            ).map {
                PersonRecord.Vote(
                    reply: $0.text("reply") ?? "", vote: $0.text("vote") ?? "",
                    score: $0.integer("score").map(Int.init), way: $0.text("way") ?? "",
                    at: Date(milliseconds: $0.integer("at") ?? 0))
            }
            found.shadows = try rows("SELECT * FROM shadow WHERE conversation = $1 ORDER BY message")
            found.trials = try rows("SELECT experiment, arm, at FROM trial WHERE conversation = $1 ORDER BY at").map {
                PersonRecord.Trial(
                    experiment: $0.text("experiment") ?? "", arm: $0.text("arm") ?? "",
                    at: Date(milliseconds: $0.integer("at") ?? 0))
            }
            return found
        }
    }

    /// Since when mail to a person comes back, and when she was forgotten.
    fileprivate func times(of person: Person) async throws -> (suppressed: Date?, forgotten: Date?) {
        try await database.read { transaction in
            func time(_ table: String) throws -> Date? {
                try person.digests.compactMap { digest in
                    try transaction.rows("SELECT at FROM \(table) WHERE digest = $1", [.blob(digest)]).first?
                        .integer("at")
                }.max().map(Date.init(milliseconds:))
            }
            return (try time("suppressed"), try time("forgotten"))
        }
    }
}
