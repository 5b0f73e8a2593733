import Foundation
import Mail
import Testing

@testable import SupportDesk

/// The order of the ledger's commits carries the promises that nothing is lost and nothing said twice.
@Suite("Ledger", .onEachEngine)
struct LedgerTests {
    private let now = ScratchShop.start

    private func ledger() async throws -> Ledger {
        try await Ledger.test()
    }

    /// Records one message and takes it in hand.
    private func arrive(_ source: String, in ledger: Ledger, _ lease: Lease) async throws -> WorkItem {
        _ = try await ledger.adopt(channel: "c", from: now)
        #expect(
            try await ledger.record(
                Discovery(items: [SourceItem(source: source, arrival: now)], cursor: nil), of: "c", by: lease, now: now)
        )
        return try #require(try await ledger.claim(in: "c", now: now, by: lease).first { $0.source == source })
    }

    private func parsed(_ mail: TestMail, id: Int64) throws -> ParsedMessage {
        let raw = RawMessage(id: id, channel: "c", source: "s\(id)", arrival: now, bytes: mail.bytes)
        guard case .proceed(let parsed) = Parsing(limits: .default).parse(raw) else {
            throw DeskError(.data, "not parsed")
        }
        return parsed
    }

    /// Settles a message the way a run does, answered by a reply.
    private func answer(
        _ mail: TestMail, source: String, reply: String, in ledger: Ledger, _ lease: Lease
    ) async throws -> OutboxItem {
        let message = try await arrive(source, in: ledger, lease)
        let id = message.id
        try await ledger.begin([message])
        let parsed = try parsed(mail, id: id)
        let association = try await ledger.association(of: parsed, shop: .test, now: now)
        let outbox = try await ledger.settle(
            Outcome(
                message: id, shift: message.shift, kind: .answered, rule: Rule("answered", "."),
                association: association, raw: parsed.raw,
                intent: "track_order", language: "en", confidence: 0.9, detail: "{}",
                effect: .reply(
                    SupportDesk.Envelope(recipient: mail.from, messageID: reply, bytes: [1, 2, 3]),
                    recipient: association.addressee?.address),
                replyDigest: ledger.seal.digest(reply, for: "message-id")), now: now)
        let row = try #require(outbox.first)
        return try #require(try await ledger.outboxItem(row, by: message.shift))
    }

    private func status(of id: Int64, in ledger: Ledger) async throws -> String? {
        try await ledger.database.read { transaction in
            try transaction.rows("SELECT status FROM message WHERE id = $1", [.integer(id)]).first?.text("status")
        }
    }

    @Test("a message moves along these ways and no others", arguments: Status.allCases)
    func transitions(from: Status) async throws {
        let allowed: [Status: Set<Status>] = [
            .arrived: [.attempting], .attempting: [.attempting, .arrived, .decided, .ignored],
            .decided: [.arrived, .answered, .drafted, .escalated, .quarantined, .ignored],
            // What becomes of a draft: sent after all or handed over, overtaken, lost with the key.
            .drafted: [.decided, .ignored, .arrived],
        ]
        let ledger = try await ledger()
        let item = try await arrive("a", in: ledger, ledger.lease())
        let id = item.id
        for next in Status.allCases {
            try await ledger.database.write { transaction in
                try transaction.execute(
                    "UPDATE message SET status = $1, shift = $2 WHERE id = $3",
                    [.text(from.rawValue), .integer(item.shift), .integer(id)])
                return
            }
            let moved: Bool
            do {
                try await ledger.database.write {
                    try Ledger.move(id, to: next, by: from.isClaimable ? item.shift : nil, in: $0)
                }
                moved = true
            } catch let error as DeskError {
                #expect(error.code == .ledger)
                moved = false
            }
            let expected = allowed[from]?.contains(next) ?? false
            #expect(moved == expected, "\(from) to \(next)")
            #expect(try await status(of: id, in: ledger) == (expected ? next : from).rawValue)
        }
        #expect(from.isFinal == (allowed[from] == nil || from == .drafted))
    }

    @Test("an unknown message cannot move")
    func unknownMessage() async throws {
        let ledger = try await ledger()
        let item = try await arrive("a", in: ledger, ledger.lease())
        let unknown = WorkItem(
            id: 17, source: "", arrival: now, shift: item.shift, attempts: 0, wasInterrupted: false, wasDecided: false)
        await #expect(throws: DeskError.self) { try await ledger.begin([unknown]) }
    }

    @Test("a message is recorded once, however often it is found; the adoption point stays")
    func intakeIsIdempotent() async throws {
        let ledger = try await ledger()
        let first = try await ledger.adopt(channel: "c", from: now)
        let later = try await ledger.adopt(channel: "c", from: now.addingTimeInterval(3_600))
        #expect(first.adoptedAt == later.adoptedAt)
        let items = ["a", "b", "a"].map { SourceItem(source: $0, arrival: now) }
        let lease = try ledger.lease()
        for cursor in ["1", "2"] {
            #expect(
                try await ledger.record(Discovery(items: items, cursor: cursor), of: "c", by: lease, now: now))
        }
        #expect(try await ledger.claim(in: "c", now: now, by: lease).map(\.source) == ["a", "b"])
        #expect(try await ledger.adopt(channel: "c", from: now).cursor == "2")
        #expect(try await ledger.known(["a", "z"], in: "c") == ["a"])
        #expect(try await ledger.known(["a"], in: "other") == [])
        #expect(
            try await ledger.record(Discovery(items: [items[0]], cursor: nil), of: "other", by: lease, now: now))
        #expect(try await ledger.claim(in: "other", now: now, by: lease).count == 1)
    }

    @Test("an attempt is counted when it begins, and found when it was cut off")
    func attempts() async throws {
        let ledger = try await ledger()
        let dead = try ledger.lease()
        try await dead.whileKept { try await ledger.begin([arrive("a", in: ledger, dead)]) }
        let lease = try ledger.lease()
        let interrupted = try #require(try await ledger.claim(in: "c", now: now, by: lease).first)
        #expect(interrupted.wasInterrupted && interrupted.attempts == 1)
        try await ledger.begin([interrupted])
        try await ledger.postpone(interrupted, until: now.addingTimeInterval(60))
        #expect(try await ledger.claim(in: "c", now: now, by: lease).isEmpty)
        let due = try #require(try await ledger.claim(in: "c", now: now.addingTimeInterval(61), by: lease).first)
        #expect(!due.wasInterrupted && due.attempts == 2)
    }

    @Test("an outcome cannot be committed before the attempt, nor twice; nothing of it stays")
    func settleOnce() async throws {
        let ledger = try await ledger()
        let item = try await arrive("a", in: ledger, ledger.lease())
        let id = item.id
        let parsed = try parsed(.whereIsIt(), id: id)
        let outcome = Outcome(
            message: id, shift: item.shift, kind: .ignored, rule: Rule("empty", "."),
            association: try await ledger.association(of: parsed, shop: .test, now: now), raw: parsed.raw, intent: nil,
            language: nil, confidence: nil, detail: "{}", effect: nil, replyDigest: nil)
        await #expect(throws: DeskError.self) { try await ledger.settle(outcome, now: now) }
        #expect(try await status(of: id, in: ledger) == "arrived")
        try await ledger.begin([item])
        try await ledger.settle(outcome, now: now)
        await #expect(throws: LeaseLost.self) { try await ledger.settle(outcome, now: now) }
        #expect(try await status(of: id, in: ledger) == "ignored")
        let decisions = try await ledger.database.read { transaction in
            try transaction.rows("SELECT COUNT(*) AS n FROM decision", []).first?.integer("n")
        }
        #expect(decisions == 1)
    }

    @Test("the outbox: queued, sending, sent; then the message is answered and may be marked")
    func outboxOrder() async throws {
        let ledger = try await ledger()
        let lease = try ledger.lease()
        let item = try await answer(.whereIsIt(), source: "a", reply: "r@shop", in: ledger, lease)
        #expect(try await ledger.unmarked(in: "c").isEmpty)
        #expect(!item.wasSending)
        try await ledger.beginSending(item)
        await #expect(throws: LeaseLost.self) { try await ledger.beginSending(item) }
        #expect(try await ledger.outboxItem(item.id, by: item.shift)?.wasSending == true)
        try await ledger.finish(item, as: .sent(remote: "x"), now: now)
        #expect(try await ledger.claimOutbox(now: now, by: lease) == nil)
        #expect(try await ledger.outboxItem(item.id, by: item.shift) == nil)
        let marks = try await ledger.unmarked(in: "c")
        #expect(marks.map(\.status) == [.answered])
        try await ledger.marked(marks.map(\.id))
        #expect(try await ledger.unmarked(in: "c").isEmpty)
        #expect(try await ledger.claim(in: "c", now: now, by: lease).isEmpty)
    }

    @Test("a later mail finds its conversation by References, by In-Reply-To and by our own reply")
    func conversationLookup() async throws {
        let ledger = try await ledger()
        var first = TestMail.whereIsIt()
        first.id = "first@mail.example"
        _ = try await answer(first, source: "a", reply: "ours@neemandclay.example", in: ledger, ledger.lease())
        let opened = try await ledger.association(of: parsed(first, id: 1), shop: .test, now: now)
        let conversation = try #require(opened.conversation)

        var byReferences = TestMail.whereIsIt()
        byReferences.references = ["unknown@mail.example", "first@mail.example"]
        var byReply = TestMail.whereIsIt()
        byReply.inReplyTo = "ours@neemandclay.example"
        for mail in [byReferences, byReply] {
            let found = try await ledger.association(of: parsed(mail, id: 99), shop: .test, now: now)
            #expect(found.conversation == conversation)
            #expect(found.externalID == opened.externalID)
            #expect(found.counts.conversation == 1)
            #expect(found.duplicateOf == nil)
        }
        let stranger = try await ledger.association(of: parsed(.whereIsIt(), id: 99), shop: .test, now: now)
        #expect(stranger.conversation == nil)
        #expect(stranger.externalID != opened.externalID)
        #expect(stranger.counts.sender == 1, "the sender is the same")
        let nextDay = now.addingTimeInterval(86_401)
        #expect(
            try await ledger.association(of: parsed(.whereIsIt(), id: 99), shop: .test, now: nextDay).counts.sender == 0
        )
    }

    @Test("a second copy is recognised, whatever its trace fields; another mail without Message-ID is another mail")
    func duplicates() async throws {
        let ledger = try await ledger()
        var mail = TestMail.whereIsIt()
        mail.id = nil
        _ = try await answer(mail, source: "a", reply: "r@shop", in: ledger, ledger.lease())
        func duplicateOf(_ change: (inout TestMail) -> Void) async throws -> Int64? {
            var copy = mail
            change(&copy)
            return try await ledger.association(of: parsed(copy, id: 99), shop: .test, now: now).duplicateOf
        }
        #expect(try await duplicateOf { _ in } != nil)
        #expect(try await duplicateOf { $0.headers = ["Received: from elsewhere by here"] } != nil)
        #expect(try await duplicateOf { $0.date = "Tue, 10 Mar 2026 15:00:00 +0530" } == nil)
        #expect(try await duplicateOf { $0.text += "And one more thing.\n" } == nil)
        #expect(try await duplicateOf { $0.from = "other@mail.example" } == nil)
        #expect(try await duplicateOf { $0.id = "now-with-one@mail.example" } == nil)
    }

    @Test("migration takes each step once, and refuses a ledger of a newer program")
    func migration() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/ledger.sqlite"
        for _ in 0..<3 {
            let ledger = try await Ledger.test(path: path)
            let versions = try await ledger.database.read { transaction in
                try transaction.rows("SELECT version FROM schema_version", []).compactMap { $0.integer("version") }
            }
            #expect(versions == Array(1...Int64(versions.count)))
            _ = try await ledger.adopt(channel: "c", from: now)
            try await ledger.close()
        }
        let ledger = try await Ledger.test(path: path)
        try await ledger.database.write { transaction in
            try transaction.execute("INSERT INTO schema_version (version) VALUES (999)", [])
            return
        }
        try await ledger.close()
        let error = await #expect(throws: DeskError.self) {
            _ = try await Ledger.test(path: path)
        }
        #expect(error?.code == .ledger)
        #expect(error?.message.contains("999") == true)
    }
}
