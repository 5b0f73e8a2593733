import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Many processes on one ledger: what one has in hand is nobody else's, until it dies or is stopped for too long.
@Suite("Leases", .onEachEngine)
struct LeaseTests {
    private let now = ScratchShop.start

    /// A lease that is soon over when nobody renews it.
    private static let short = Duration.milliseconds(1_000)

    private func record(_ count: Int, in ledger: Ledger, _ lease: Lease) async throws {
        _ = try await ledger.adopt(channel: "c", from: now)
        let items = (0..<count).map { SourceItem(source: "m\($0)", arrival: now) }
        #expect(try await ledger.record(Discovery(items: items, cursor: nil), of: "c", by: lease, now: now))
    }

    private func outcome(
        _ item: WorkItem, _ mail: TestMail = .whereIsIt(), reply: String? = nil, in ledger: Ledger
    ) async throws -> Outcome {
        let raw = RawMessage(id: item.id, channel: "c", source: item.source, arrival: now, bytes: mail.bytes)
        guard case .proceed(let parsed) = Parsing(limits: .default).parse(raw) else { throw DeskError(.data, "unread") }
        let association = try await ledger.association(of: parsed, shop: .test, now: now)
        return Outcome(
            message: item.id, shift: item.shift, kind: reply == nil ? .ignored : .answered,
            rule: association.duplicateOf == nil ? Rule("test", ".") : Rule("duplicate", "."),
            association: association, raw: raw, intent: nil, language: nil, confidence: nil, detail: "{}",
            effect: reply.map {
                .reply(SupportDesk.Envelope(recipient: mail.from, messageID: $0, bytes: [1]), recipient: nil)
            }, replyDigest: nil)
    }

    private func row(_ id: Int64, of table: String, in ledger: Ledger) async throws -> SQLRow {
        try await ledger.database.read { transaction in
            try #require(try transaction.rows("SELECT * FROM \(table) WHERE id = $1", [.integer(id)]).first)
        }
    }

    @Test("what one process has in hand no other one gets; what it lets go of everybody may")
    func claims() async throws {
        let ledger = try await Ledger.test()
        let (one, other) = (try ledger.lease(), try ledger.lease())
        try await record(5, in: ledger, one)
        let first = try await ledger.claim(in: "c", now: now, limit: 3, by: one)
        #expect(first.map(\.source) == ["m0", "m1", "m2"])
        #expect(try await ledger.claim(in: "c", now: now, by: other).map(\.source) == ["m3", "m4"])
        #expect(try await ledger.claim(in: "c", now: now, by: one).isEmpty)
        try await ledger.release([first[1]])
        #expect(try await ledger.claim(in: "c", now: now, by: other).map(\.source) == ["m1"])
        // Numbers count up: who is later has the higher one.
        let (low, high) = (try await one.number(), try await other.number())
        #expect(low < high)
    }

    @Test("eight who claim at the same moment never get the same message")
    func sideBySide() async throws {
        let folder = try ScratchFolder()
        var ledgers: [Ledger] = []
        for _ in 0..<8 { ledgers.append(try await Ledger.test(path: "\(folder.path)/ledger.sqlite")) }
        try await record(400, in: ledgers[0], ledgers[0].lease())
        let claimed = try await withThrowingTaskGroup(of: [Int64].self) { [now] group in
            for ledger in ledgers {
                group.addTask {
                    let lease = try ledger.lease()
                    var claimed: [Int64] = []
                    while case let items = try await ledger.claim(in: "c", now: now, limit: 7, by: lease),
                        !items.isEmpty
                    {
                        // Refused when one of them is somebody else's by now.
                        try await ledger.begin(items)
                        claimed += items.map(\.id)
                    }
                    return claimed
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claimed.count == 400 && Set(claimed).count == 400)
    }

    @Test("an expired lease is taken over; what its holder writes afterwards is refused, every bit of it")
    func takeOver() async throws {
        let ledger = try await Ledger.test()
        let (stopped, other) = (try ledger.lease(Self.short), try ledger.lease())
        try await record(2, in: ledger, stopped)
        let items = try await ledger.claim(in: "c", now: now, by: stopped)
        try await ledger.begin([items[0]])
        #expect(await stopped.holds(items[0].shift))
        #expect(try await ledger.claim(in: "c", now: now, by: other).isEmpty)
        try await Task.sleep(for: Self.short * 1.5)
        #expect(await !stopped.holds(items[0].shift))

        let taken = try await ledger.claim(in: "c", now: now, by: other)
        #expect(taken.map(\.id) == items.map(\.id))
        #expect(taken.map(\.wasInterrupted) == [true, false])
        try await ledger.begin(taken)
        let late = try await outcome(items[0], reply: "late@shop", in: ledger)
        await #expect(throws: LeaseLost.self) { try await ledger.settle(late, now: now) }
        await #expect(throws: LeaseLost.self) { try await ledger.postpone(items[0], until: now) }
        await #expect(throws: LeaseLost.self) { try await ledger.park(items[0], until: now) }
        await #expect(throws: LeaseLost.self) { try await ledger.giveBack(items[0]) }
        await #expect(throws: LeaseLost.self) { try await ledger.begin([items[1]]) }
        try await ledger.stumbled(on: items[1], until: now.addingTimeInterval(60))
        try await ledger.release(items)
        for id in taken.map(\.id) {
            let message = try await row(id, of: "message", in: ledger)
            #expect(message.text("status") == "attempting" && message.integer("shift") == taken[0].shift)
        }
        let outbox = try await ledger.settle(outcome(taken[0], reply: "r@shop", in: ledger), now: now)
        #expect(outbox.count == 1)
        // The one that was stopped begins anew, under a higher number.
        #expect(try await stopped.number() > taken[0].shift)
    }

    @Test("a row in sending is never taken over as if it were not; its sender's last word comes too late")
    func sending() async throws {
        let ledger = try await Ledger.test()
        let (stopped, other) = (try ledger.lease(Self.short), try ledger.lease())
        try await record(2, in: ledger, stopped)
        var rows: [OutboxItem] = []
        for (number, item) in try await ledger.claim(in: "c", now: now, by: stopped).enumerated() {
            try await ledger.begin([item])
            var mail = TestMail.whereIsIt()
            mail.text += "\(number)\n"
            let outbox = try await ledger.settle(outcome(item, mail, reply: "r\(number)@shop", in: ledger), now: now)
            let row = try #require(outbox.first)
            rows.append(try #require(try await ledger.outboxItem(row, by: item.shift)))
        }
        try await ledger.beginSending(rows[0])
        #expect(try await ledger.claimOutbox(now: now, by: other) == nil)
        try await Task.sleep(for: Self.short * 1.5)

        let claimed = try #require(try await ledger.claimOutbox(now: now, by: other))
        #expect(claimed.rows == rows.map(\.id))
        let doubtful = try #require(try await ledger.outboxItem(rows[0].id, by: claimed.shift))
        let queued = try #require(try await ledger.outboxItem(rows[1].id, by: claimed.shift))
        #expect(doubtful.wasSending && !queued.wasSending)
        // Only what was certainly not sent may be sent by another one.
        await #expect(throws: LeaseLost.self) { try await ledger.beginSending(doubtful) }
        try await ledger.beginSending(queued)
        await #expect(throws: LeaseLost.self) { try await ledger.beginSending(rows[1]) }
        await #expect(throws: LeaseLost.self) {
            try await ledger.finish(rows[0], as: .sent(remote: nil), now: now)
        }
        await #expect(throws: LeaseLost.self) { try await ledger.requeue(rows[0], until: now, problem: "") }
        await #expect(throws: LeaseLost.self) { try await ledger.keepSending(rows[0], until: now, problem: "") }
        #expect(try await row(rows[0].id, of: "outbox", in: ledger).text("state") == "sending")
        try await ledger.finish(doubtful, as: .sent(remote: "found"), now: now)
        #expect(try await row(rows[0].id, of: "outbox", in: ledger).text("remote") == "found")
    }

    @Test("who lost its lease while it sent: another one hands the matter to a person; its last word is refused")
    func takenOverWhileSending() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try await shop.run { $0.carrier = ScriptedCarrier([.deferred(reason: "421")]) }
        shop.clock.advance(by: 3_600)
        let ledger = try await shop.ledger()
        let stopped = try ledger.lease(Self.short)
        let claimed = try #require(try await ledger.claimOutbox(now: shop.clock.now, by: stopped))
        let item = try #require(try await ledger.outboxItem(claimed.rows[0], by: claimed.shift))
        try await ledger.beginSending(item)
        let carrier = ScriptedCarrier([])
        try await shop.run { $0.carrier = carrier }
        #expect(try await row(item.id, of: "outbox", in: ledger).text("state") == "sending")
        try await Task.sleep(for: Self.short * 1.5)
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.isEmpty)
        #expect(try await row(item.id, of: "outbox", in: ledger).text("state") == "uncertain")
        #expect(try await row(item.message, of: "message", in: ledger).text("status") == "escalated")
        #expect(shop.tickets().count == 1)
        await #expect(throws: LeaseLost.self) {
            try await ledger.finish(item, as: .sent(remote: nil), now: shop.clock.now)
        }
        #expect(try await row(item.id, of: "outbox", in: ledger).text("state") == "uncertain")
    }

    @Test("a row that somebody takes while another one waits for it is not taken from him")
    func takenMeanwhile() async throws {
        let ledger = try await Ledger.test()
        let (one, other) = (try ledger.lease(), try ledger.lease())
        try await record(1, in: ledger, one)
        let item = try #require(try await ledger.claim(in: "c", now: now, by: one).first)
        try await ledger.begin([item])
        let row = try #require(
            try await ledger.settle(outcome(item, reply: "r@shop", in: ledger), now: now).first)
        try await ledger.release(outbox: row, by: item.shift)
        let late = try await other.number()
        let (begun, goesOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        // Begins to work, and takes the row, all while the other one has asked for it already.
        let taking = Task {
            try await ledger.database.write(.statement) { transaction in
                _ = try transaction.execute("UPDATE outbox SET attempts = attempts WHERE id = $1", [.integer(row)])
                begun.signal()
                _ = goesOn.wait(timeout: .now() + 20)
                let shift = try transaction.rows(
                    "INSERT INTO shift (name, until) VALUES ('third', \(ledger.clock) + 60000) RETURNING id", []
                ).first?.integer("id")
                _ = try transaction.execute(
                    "UPDATE outbox SET shift = $1 WHERE id = $2", [.integer(shift ?? 0), .integer(row)])
            }
        }
        while begun.wait(timeout: .now()) == .timedOut { try await Task.sleep(for: .milliseconds(20)) }
        let asking = Task { try await ledger.claim(outbox: row, by: late) }
        try await Task.sleep(for: .milliseconds(500))
        goesOn.signal()
        try await taking.value
        #expect(try await !asking.value)
        #expect(try await self.row(row, of: "outbox", in: ledger).integer("shift") != late)
    }

    @Test("a renewal that came on record too late does not count: others may have taken over meanwhile")
    func lateRenewal() async throws {
        let database = OverheardDatabase(
            try await LedgerEngine.current.database(path: nil), slow: "UPDATE shift SET until",
            by: .milliseconds(1_150))
        let ledger = try await Ledger(database: database) { [.test()] }
        let lease = try ledger.lease(.milliseconds(1_500))
        try await lease.whileKept {
            let number = try await lease.number()
            #expect(await lease.holds(number))
            // Renewed after 500 ms and told of it after 1,650: as far as the ledger goes, until 2,000.
            try await Task.sleep(for: .milliseconds(1_800))
            #expect(await !lease.holds(number))
            #expect(try await lease.number() > number)
        }
    }

    @Test("a lease that is renewed holds; a process of this machine that died is relieved at once")
    func presence() async throws {
        let ledger = try await Ledger.test()
        let other = try ledger.lease()
        let kept = try ledger.lease(Self.short)
        try await record(1, in: ledger, kept)
        try await kept.whileKept {
            let item = try #require(try await ledger.claim(in: "c", now: now, by: kept).first)
            try await Task.sleep(for: Self.short * 3)
            #expect(await kept.holds(item.shift))
            #expect(try await ledger.claim(in: "c", now: now, by: other).isEmpty)
        }
        // It ended: everything is everybody's.
        var dead: Lease? = try ledger.lease()
        if let dead { #expect(try await ledger.claim(in: "c", now: now, by: dead).count == 1) }
        #expect(try await ledger.claim(in: "c", now: now, by: other).isEmpty)
        // Its file is unlocked, as when the system has buried it.
        dead = nil
        let taken = try await other.whileKept { try await ledger.claim(in: "c", now: now, by: other).count }
        #expect(taken == 1)
        #expect(try await Ledger.isAtWork(ledger.database) == false)
    }

    @Test("one process at a time has a duty, and what another one found meanwhile is not recorded")
    func duties() async throws {
        let ledger = try await Ledger.test()
        let (one, other) = (try ledger.lease(Self.short), try ledger.lease())
        _ = try await ledger.adopt(channel: "c", from: now)
        let (first, second) = (try await one.number(), try await other.number())
        #expect(try await ledger.take(.polling("c"), by: first))
        #expect(try await ledger.take(.polling("c"), by: first))
        #expect(try await ledger.take(.polling("d"), by: second))
        #expect(try await !ledger.take(.polling("c"), by: second))
        #expect(try await !ledger.mayTake(.polling("c"), second))
        let found = Discovery(items: [SourceItem(source: "m", arrival: now)], cursor: "9")
        #expect(try await !ledger.record(found, of: "c", by: other, now: now))
        #expect(try await ledger.adopt(channel: "c", from: now).cursor == nil)
        try await Task.sleep(for: Self.short * 1.5)
        #expect(try await ledger.mayTake(.polling("c"), second))
        #expect(try await ledger.record(found, of: "c", by: other, now: now))
        #expect(try await ledger.claim(in: "c", now: now, by: other).count == 1)
    }

    @Test(
        "two mails of one thread, and two copies of one mail, settled by two processes: the later one is decided anew")
    func sameThread() async throws {
        let ledger = try await Ledger.test()
        let (one, other) = (try ledger.lease(), try ledger.lease())
        try await record(3, in: ledger, one)
        let items =
            try await ledger.claim(in: "c", now: now, limit: 1, by: one)
            + ledger.claim(in: "c", now: now, by: other)
        for item in items { try await ledger.begin([item]) }
        var first = TestMail.whereIsIt()
        first.id = "first@mail.example"
        var second = first
        second.id = "second@mail.example"
        second.references = ["first@mail.example"]
        let outcomes = [
            try await outcome(items[0], first, reply: "r1@shop", in: ledger),
            try await outcome(items[1], second, reply: "r2@shop", in: ledger),
            try await outcome(items[2], first, reply: "r3@shop", in: ledger),
        ]
        try await ledger.settle(outcomes[0], now: now)
        await #expect(throws: VaultMoved.self) { try await ledger.settle(outcomes[1], now: now) }
        await #expect(throws: VaultMoved.self) { try await ledger.settle(outcomes[2], now: now) }
        try await ledger.settle(outcome(items[1], second, reply: "r2@shop", in: ledger), now: now)
        let copy = try await outcome(items[2], first, in: ledger)
        #expect(copy.association?.duplicateOf == items[0].id)
        try await ledger.settle(copy, now: now)
        let conversations = try await ledger.database.read { transaction in
            try transaction.rows("SELECT id, external_id FROM conversation", []).count
        }
        #expect(conversations == 1)
    }

    @Test("two pollers and four workers in one house: every message once, every reply once")
    func house() async throws {
        let shop = try await ScratchShop {
            $0.limits.backstops.perText = 1_000
            $0.limits.backstops.perDomain = 1_000
            $0.limits.backstops.overall = 1_000
        }
        let count = 60
        for number in 0..<count {
            try shop.receive(
                TestMail(from: "p\(number)@mail.example", text: "Which payment methods do you accept?\n"),
                name: "m\(number)")
        }
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        var desks: [Desk] = []
        for role in [Role.poller, .poller, .worker, .worker, .worker, .worker] {
            desks.append(
                try await shop.desk {
                    $0.carrier = carrier
                    $0.role = role
                })
        }
        // Both pollers look before there is anything to do for the others.
        for desk in desks.prefix(2) { #expect(try await shop.run(desk).handled.isEmpty) }
        let handled = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for desk in desks.dropFirst(2) { group.addTask { try await shop.run(desk).handled.map(\.id) } }
            return try await group.reduce(into: [[Int64]]()) { $0.append($1) }
        }
        #expect(handled.flatMap(\.self).sorted() == (1...Int64(count)).map(\.self))
        #expect(await carrier.carried.count == count)
        #expect(Set(await carrier.carried.map(\.messageID)).count == count)
        // A worker says nothing at the source.
        #expect(try shop.maildir.entries().allSatisfy { $0.flags.isEmpty })
        #expect(try await shop.run(desks[0]).report.unavailable.isEmpty)
        #expect(try shop.maildir.entries().allSatisfy { $0.flags == ["S", "R"] })
        #expect(try await Ledger.isAtWork(shop.ledger().database) == false)
    }
}
