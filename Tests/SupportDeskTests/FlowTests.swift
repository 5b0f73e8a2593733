import Foundation
import Seeded
import Testing

@testable import SupportDesk

/// What keeps many messages moving: nobody waits for somebody else's page, and no count grows with what was sent.
@Suite("Flow")
struct FlowTests {
    /// Takes the first mail only when so many others have been taken.
    private actor PatientCarrier: MailCarrier {
        nonisolated let name = "patient"
        private let others: Int
        private var taken = 0
        private var isFirst = true
        /// How many were taken when the first one was.
        private(set) var before = 0

        init(others: Int) { self.others = others }

        func carry(_ envelope: Envelope) async -> Carriage {
            if isFirst {
                isFirst = false
                let end = ContinuousClock.now + .seconds(30)
                while taken < others, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(5)) }
                before = taken
            }
            taken += 1
            return .accepted(remote: nil)
        }

        func presence(of messageID: String) async -> Presence { .unknown }
        func close() async {}
    }

    @Test("a message that takes long keeps only its own place: those of later pages go on")
    func pages() async throws {
        let shop = try await ScratchShop {
            $0.limits.pageMessages = 3
            $0.limits.concurrency = 2
        }
        for number in 0..<10 {
            var mail = TestMail(
                from: "p\(number)@mail.example", text: "Which payment methods do you accept? (\(number))\n")
            mail.subject = "Question \(number)"
            try shop.receive(mail, name: "\(number)")
        }
        let carrier = PatientCarrier(others: 9)
        let run = try await shop.run { $0.carrier = carrier }
        #expect(run.handled.count { $0.disposition == .answered } == 10 && !run.report.workRemains)
        #expect(await carrier.before == 9)
    }

    /// What is in hand at the same time.
    private actor Gauge {
        private var sizes: [Int] = []
        private(set) var mostBesideOthers = 0
        private(set) var most = 0

        func add(_ size: Int) {
            sizes.append(size)
            most = max(most, sizes.reduce(0, +))
            if sizes.count > 1 { mostBesideOthers = max(mostBesideOthers, sizes.reduce(0, +)) }
        }

        func remove(_ size: Int) { sizes.firstIndex(of: size).map { _ = sizes.remove(at: $0) } }
    }

    @Test("what is in hand is bounded in bytes; a message that is larger is alone")
    func bytes() async throws {
        let gauge = Gauge()
        try await withThrowingTaskGroup(of: Int.self) { group in
            var hands = Hands(limit: 10, byteLimit: 100)
            for size in [40, 40, 40, 500, 10, 10, 90, 1] {
                try await hands.take(size, in: &group)
                await gauge.add(size)
                group.addTask {
                    try await Task.sleep(for: .milliseconds(20))
                    await gauge.remove(size)
                    return size
                }
            }
            try await group.waitForAll()
        }
        #expect(await gauge.most == 500)
        #expect((80...100).contains(await gauge.mostBesideOthers))
    }

    @Test("a few more are in hand than are handled side by side, but where one is one")
    func places() {
        var limits = DeskLimits()
        #expect(limits.places == 22 && limits.batchMessages == 64)
        limits.concurrency = 32
        #expect(limits.places == 48)
        limits.concurrency = 1
        #expect(limits.places == 1, "one is one")
    }

    @Test("a count that stops at its limit decides what a whole count decides")
    func counts() async throws {
        var random = SeededRandom(seed: 7)
        var decided: Set<String> = []
        for _ in 0..<60 {
            let ledger = try await Ledger.test()
            let domains = (0..<3).map { [UInt8]([UInt8($0)]) }
            var time: Int64 = 1_000_000_000
            var rows: [(kind: String, domain: [UInt8], state: String, at: Int64)] = []
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                time += Int64.random(in: 0...(Bool.random(using: &random) ? 600_000 : 4_000_000), using: &random)
                rows.append(
                    (
                        ["reply", "reply", "reply", "ticket"].randomElement(using: &random) ?? "",
                        domains.randomElement(using: &random) ?? [],
                        ["sent", "sent", "queued", "failed"].randomElement(using: &random) ?? "", time
                    ))
            }
            try await ledger.database.write { [rows] transaction in
                for (number, row) in rows.enumerated() {
                    try transaction.execute(
                        """
                        INSERT INTO outbox (message, kind, state, key, sealed, created_at, domain)
                        VALUES ($1, $2, $3, 'k', $4, $5, $6)
                        """,
                        [
                            .integer(Int64(number)), .text(row.kind), .text(row.state), .blob([]), .integer(row.at),
                            .blob(row.domain),
                        ])
                }
            }
            var limits = Backstops()
            limits.perDomain = Int.random(in: 1...12, using: &random)
            limits.overall = Int.random(in: 1...25, using: &random)
            let now = (rows.map(\.at).max() ?? time) + Int64.random(in: 0...1_800_000, using: &random)
            let lately = rows.filter { $0.kind == "reply" && $0.state != "failed" && $0.at > now - 3_600_000 }
            let addressee = Addressee(address: [9], domain: domains[0], text: [8])
            var whole = ReplyCounts()
            whole.overall = lately.count
            whole.domain = lately.count { $0.domain == domains[0] }
            let found = try await ledger.database.read { [limits] transaction in
                try ReplyCounts(
                    addressee, conversation: nil, within: limits,
                    now: Date(timeIntervalSince1970: Double(now) / 1_000), in: transaction)
            }
            let rule = limits.rule(for: whole)?.name
            #expect(limits.rule(for: found)?.name == rule, "\(rows.count) rows")
            decided.insert(rule ?? "none")
        }
        #expect(decided == ["none", "domain-cap", "overall-cap"], "every case was met")
    }

    @Test("a mail waits in the outbox in little more than its own bytes, and comes out as it went in")
    func envelopes() throws {
        let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for sender in [nil, "desk+1@shop.example"] {
            let envelope = Envelope(sender: sender, recipient: "a@b.example", messageID: "m@shop.example", bytes: bytes)
            let coded = try Ledger.encode(.reply(envelope, recipient: nil))
            #expect(coded.count < bytes.count + 400)
            let back = try PropertyListDecoder().decode(Envelope.self, from: Data(coded))
            #expect(back.bytes == bytes && back.sender == sender && back.recipient == envelope.recipient)
            #expect(back.messageID == envelope.messageID)
        }
    }
}
