import Foundation
import Mail
import Postgres
import TestServers
import Testing

@testable import SupportDesk

/// A primary and a standby that every commit waits for.
private struct Pair {
    let primary: PostgreSQLServer
    let standby: PostgreSQLServer

    init() async throws {
        primary = try await PostgreSQLServer.start()
        standby = try await PostgreSQLServer.start(following: primary)
        let connection = try await PostgresConnection.connect(PostgresConfiguration(primary.conninfo))
        try await connection.script("ALTER SYSTEM SET synchronous_standby_names = '*'")
        try await connection.script("SELECT pg_reload_conf()")
        for _ in 0..<500 {
            let row = try await connection.query(
                "SELECT COUNT(*) AS n FROM pg_stat_replication WHERE sync_state = 'sync'")
            if try row.first?.integer("n") == 1 { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        await connection.close()
    }

    /// Both, as libpq is told of them.
    var conninfo: String {
        "host=127.0.0.1,127.0.0.1 port=\(primary.port),\(standby.port) dbname=desk user=desk sslmode=disable"
    }

    /// The primary dies as by a power cut, and its place is taken after a while.
    func failOver(after pause: Duration) async throws {
        await primary.kill()
        try await Task.sleep(for: pause)
        let connection = try await PostgresConnection.connect(PostgresConfiguration(standby.conninfo))
        try await connection.query("SELECT pg_promote()")
        await connection.close()
    }

    func stop() async {
        await standby.stop()
        await primary.stop()
    }
}

/// How far a message certainly came: what a writer was told is done.
private actor Told {
    private(set) var steps: [String: Int] = [:]
    private(set) var sent: [String] = []
    private(set) var failures: [String] = []
    func reached(_ step: Int, _ source: String) { steps[source] = step }
    func send(_ source: String) { sent.append(source) }
    func failed(_ error: any Error) { failures.append("\(error)") }
    var finished: Int { steps.values.count { $0 == 4 } }
}

extension EndToEnd {
    /// The primary is killed under load, the standby takes its place: what was said to be done is done, and nothing twice.
    @Suite("Standby", .serialized)
    struct Standby {
        private static let status = ["", "arrived", "attempting", "decided", "answered"]

        /// One message through all its states, each step after the commit of the one before.
        private func carry(_ source: String, _ channel: String, in ledger: Ledger, _ lease: Lease, _ told: Told)
            async throws
        {
            let now = EndToEndDesk.now
            _ = try await ledger.adopt(channel: channel, from: now)
            let discovery = Discovery(items: [SourceItem(source: source, arrival: now)], cursor: nil)
            #expect(try await ledger.record(discovery, of: channel, by: lease, now: now))
            await told.reached(1, source)
            let items = try await ledger.claim(in: channel, now: now, by: lease)
            let item = try #require(items.first { $0.source == source })
            try await ledger.begin([item])
            await told.reached(2, source)
            let raw = RawMessage(
                id: item.id, channel: channel, source: source, arrival: now, bytes: Array("\(source)\n".utf8))
            let rows = try await ledger.settle(
                Outcome(
                    message: item.id, shift: item.shift, kind: .answered, rule: Rule("answered", "."), association: nil,
                    raw: raw, intent: nil, language: nil, confidence: nil, detail: "{}",
                    effect: .reply(
                        SupportDesk.Envelope(recipient: "a@mail.example", messageID: source, bytes: [1, 2, 3]),
                        recipient: nil),
                    replyDigest: nil), now: now)
            await told.reached(3, source)
            let row = try #require(rows.first)
            let reply = try #require(try await ledger.outboxItem(row, by: item.shift))
            try await ledger.beginSending(reply)
            await told.send(source)
            try await ledger.finish(reply, as: .sent(remote: nil), now: now)
            await told.reached(4, source)
        }

        @Test(
            "six writers at work: what they were told is on record at the new primary, and each mail left at most once")
        func writers() async throws {
            let pair = try await Pair()
            let told = Told()
            try await LedgerEngine.$server.withValue(pair.conninfo) {
                let path = UUID().uuidString
                let store = try await LedgerEngine.postgres.store(for: path)
                _ = try await Ledger(database: store.open(in: "")) { [.test()] }
                let wanted = 80
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<6 {
                        group.addTask {
                            // A process of its own: where it is not sure of a commit it dies, and begins anew.
                            var ledger = try await Ledger(database: store.open(in: "")) { [.test()] }
                            var lease = try ledger.lease()
                            var life = 0
                            for number in 0..<wanted {
                                do {
                                    try await carry(
                                        "\(writer) \(number)", "c\(writer) \(life)", in: ledger, lease, told)
                                } catch {
                                    await told.failed(error)
                                    try? await ledger.close()
                                    ledger = try await Ledger(database: store.open(in: "")) { [.test()] }
                                    lease = try ledger.lease()
                                    // What the dead one had as its duty is its own until its lease is over.
                                    life += 1
                                }
                            }
                            try await ledger.close()
                        }
                    }
                    group.addTask {
                        while await told.finished < 60 { try await Task.sleep(for: .milliseconds(5)) }
                        try await pair.failOver(after: .milliseconds(700))
                    }
                    try await group.waitForAll()
                }
                let ledger = try await Ledger(database: store.open(in: "")) { [.test()] }
                let found = try await ledger.database.read { transaction in
                    try transaction.rows("SELECT source, status FROM message", []).reduce(into: [String: String]()) {
                        $0[$1.text("source") ?? ""] = $1.text("status") ?? ""
                    }
                }
                let steps = await told.steps
                let (finished, failures) = (await told.finished, await told.failures)
                #expect(finished > 6 * wanted - 30, "\(failures)")
                for (source, step) in steps {
                    let reached = found[source].flatMap(Self.status.firstIndex) ?? 0
                    // It may have come one step further than anybody was told.
                    #expect(
                        reached == step || reached == step + 1, "\(source): told \(step), \(found[source] ?? "lost")")
                }
                let sent = await told.sent
                #expect(Set(sent).count == sent.count)
                #expect(try await ledger.check().filter { !$0.contains("power cut") }.isEmpty)
                print(
                    "failover: \(finished) of \(6 * wanted) messages finished,",
                    "\(failures.count) writers not sure of a commit, 0 lost, 0 sent twice")
                try await ledger.close()
            }
            await pair.stop()
        }

        @Test("a desk at work over the change: every message ends once, as if nothing had been")
        func desk() async throws {
            let pair = try await Pair()
            try await LedgerEngine.$current.withValue(.postgres) {
                try await LedgerEngine.$server.withValue(pair.conninfo) {
                    let mails = try EndToEndDesk.mails()
                    let desk = try await EndToEndDesk.onFiles(mails)
                    try await Ledger(desk.keys).close()
                    let run = Task { try await desk.program() }
                    while try await desk.ledger().messages.count(where: { $0.status != "arrived" }) < 20 {
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    try await pair.failOver(after: .milliseconds(500))
                    let first = try await run.value
                    #expect([0, 69, 75].contains(first.code), "\(first.errors)")
                    for _ in 0..<3 where try await desk.program().code == 0 { break }
                    let ledger = try await desk.ledger()
                    #expect(ledger.messages.count == mails.count && ledger.violations.isEmpty, "\(ledger.violations)")
                    let ids = try desk.tree("outbox").filter { !$0.key.hasPrefix("tmp/") }.values.map {
                        try Message(parsing: $0).messageID ?? ""
                    }
                    #expect(Set(ids).count == ids.count)
                    let sent = (ledger.rows("reply", ["sent"]) + ledger.rows("acknowledgement", ["sent"])).map(\.key)
                    #expect(Set(sent).isSubset(of: ids), "a reply that is on record did leave")
                    print(
                        "failover of a desk: the run at work exits \(first.code ?? -1), \(ids.count) mails, none twice")
                }
            }
            await pair.stop()
        }
    }
}
