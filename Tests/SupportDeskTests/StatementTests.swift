import Foundation
import Testing

@testable import SupportDesk

/// What the engines are told, and ledgers that were begun by earlier programs.
@Suite("Statements", .onEachEngine)
struct StatementTests {
    private let now = ScratchShop.start

    private func carry(_ sizes: [Int], through ledger: Ledger, _ lease: Lease) async throws {
        for size in sizes {
            let items = (0..<size).map { _ in SourceItem(source: UUID().uuidString, arrival: now) }
            #expect(try await ledger.known(items.map(\.source), in: "c").isEmpty)
            #expect(try await ledger.record(Discovery(items: items, cursor: nil), of: "c", by: lease, now: now))
            try await ledger.release(ledger.claim(in: "c", now: now, by: lease))
            let work = try await ledger.claim(in: "c", now: now, by: lease)
            #expect(work.count == size)
            try await ledger.begin(work)
            try await ledger.giveBack(work[0])
            try await ledger.begin(ledger.claim(in: "c", now: now, by: lease))
            for item in work {
                let raw = RawMessage(id: item.id, channel: "c", source: item.source, arrival: now, bytes: [])
                let envelope = SupportDesk.Envelope(recipient: "p@mail.example", messageID: item.source, bytes: [1])
                let row = try #require(
                    try await ledger.settle(
                        Outcome(
                            message: item.id, shift: item.shift, kind: .answered, rule: Rule("test", "."),
                            association: nil, raw: raw, intent: nil, language: nil, confidence: nil, detail: "{}",
                            effect: .reply(envelope, recipient: nil), replyDigest: nil), now: now
                    ).first)
                try await ledger.release(outbox: row, by: item.shift)
            }
            let claimed = try #require(try await ledger.claimOutbox(now: now, by: lease))
            #expect(claimed.rows.count == size)
            for row in claimed.rows {
                let item = try #require(try await ledger.outboxItem(row, by: claimed.shift))
                try await ledger.beginSending(item)
                try await ledger.finish(item, as: .sent(remote: nil), now: now)
            }
            try await ledger.marked(work.map(\.id))
        }
    }

    @Test("the engine is told the same few statements, whatever the messages are: it keeps each one prepared")
    func texts() async throws {
        let database = OverheardDatabase(try await LedgerEngine.current.database(path: nil))
        let ledger = try await Ledger(database: database) { [.test()] }
        let lease = try ledger.lease()
        _ = try await ledger.adopt(channel: "c", from: now)
        try await carry([1, 2, 3, 7, 13], through: ledger, lease)
        let texts = database.texts
        try await carry([1, 2, 4, 5, 6, 9, 12], through: ledger, lease)
        #expect(database.texts.subtracting(texts).isEmpty)
    }

    @Test("who is cancelled hears that, and not that something is wrong with the ledger")
    func cancelled() async throws {
        let ledger = try await Ledger.test()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await ledger.memory(of: "c")
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(try await ledger.memory(of: "c").isEmpty)
    }

    @Test("eight that begin a ledger at the same moment begin one")
    func beginning() async throws {
        let folder = try ScratchFolder()
        let keys = try await withThrowingTaskGroup(of: [Int64?].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let ledger = try await Ledger.test(path: "\(folder.path)/ledger.sqlite")
                    let keys = try await ledger.database.read { transaction in
                        try transaction.rows("SELECT id FROM sealing_key ORDER BY id", []).map { $0.integer("id") }
                    }
                    try await ledger.close()
                    return keys
                }
            }
            return try await group.reduce(into: Set<[Int64?]>()) { $0.insert($1) }
        }
        // One for digests and one for data, the same for all. A beginning that came too late may have used up numbers.
        #expect(keys.count == 1 && keys.first?.count == 2, "\(keys)")
    }

    @Test("a ledger of every version there was goes on where it stood")
    func versions() async throws {
        for version in 1..<Ledger.newestVersion {
            let database = try await LedgerEngine.current.database(path: nil)
            try await Ledger.migrate(database, upTo: version)
            let arrival = now.milliseconds
            try await database.write { transaction in
                for sql in [
                    "INSERT INTO channel (name, adopted_at, cursor) VALUES ('c', 1, '9')",
                    "INSERT INTO conversation (external_id, opened_at) VALUES ('AD-1', 1)",
                    """
                    INSERT INTO message (channel, source, arrived_at, recorded_at, status, attempts, conversation)
                    VALUES ('c', 'done', \(arrival), 1, 'answered', 1, 1), ('c', 'died', \(arrival), 1, 'attempting', 1, NULL),
                    ('c', 'new', \(arrival), 1, 'arrived', 0, NULL), ('c', 'decided', \(arrival), 1, 'decided', 1, 1)
                    """,
                    """
                    INSERT INTO outbox (message, conversation, kind, state, key, sealed, created_at)
                    VALUES (4, 1, 'reply', 'queued', 'k@shop', $1, 1)
                    """,
                    "INSERT INTO archive (message, conversation, arrived_at, sealed) VALUES (1, 1, \(arrival), $1)",
                    "INSERT INTO decision (message, at, detail) VALUES (1, \(arrival), '{}')",
                ] {
                    try transaction.execute(sql, sql.contains("$1") ? [.blob([1, 2])] : [])
                }
            }
            let ledger = try await Ledger(database: database) { [.test()] }
            let lease = try ledger.lease()
            #expect(try await ledger.adopt(channel: "c", from: now).cursor == "9")
            let work = try await ledger.claim(in: "c", now: now, by: lease)
            #expect(
                work.map(\.source) == ["died", "new"] && work.map(\.wasInterrupted) == [true, false], "\(version)")
            #expect(try await ledger.claimOutbox(now: now, by: lease)?.rows == [1])
            #expect(try await ledger.unmarked(in: "c").map(\.source) == ["done"])
            let kept = try await database.read { transaction in
                try ["archive", "decision"].map { try transaction.rows("SELECT * FROM \($0)", []).count }
            }
            #expect(kept == [1, 1], "\(version)")
            // A new row gets a number of its own.
            let found = Discovery(items: [SourceItem(source: "next", arrival: now)], cursor: nil)
            #expect(try await ledger.record(found, of: "c", by: lease, now: now))
            #expect(try await ledger.claim(in: "c", now: now, by: lease).map(\.id) == [5], "\(version)")
            try await ledger.close()
        }
    }
}

/// Processes that stop in the middle of a transaction, while other machines wait for its rows.
@Suite("Transactions that stand still")
struct StandstillTests {
    @Test(
        "the server ends one that stands still before others give up waiting; it is run again", .timeLimit(.minutes(2)))
    func stopped() async throws {
        let database = try await LedgerEngine.postgres.database(path: UUID().uuidString)
        let ledger = try await Ledger(database: database) { [.test()] }
        _ = try await ledger.adopt(channel: "c", from: ScratchShop.start)
        let (begun, goesOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let add = "UPDATE channel SET adopted_at = adopted_at + 1 WHERE name = 'c'"
        let standing = Task {
            try await database.write(.statement) { transaction in
                try transaction.execute(add, [])
                begun.signal()
                _ = goesOn.wait(timeout: .now() + 40)
                return
            }
        }
        while begun.wait(timeout: .now()) == .timedOut { try await Task.sleep(for: .milliseconds(20)) }
        let start = ContinuousClock.now
        try await database.write(.statement) { _ = try $0.execute(add, []) }
        #expect(ContinuousClock.now - start < .seconds(25))
        // It is told that it was ended, and runs once more.
        for _ in 0..<2 { goesOn.signal() }
        try await standing.value
        let state = try await ledger.state(of: "c")
        #expect(state?.adoptedAt.milliseconds == ScratchShop.start.milliseconds + 2)
        try await ledger.close()
    }
}
