import Foundation
import Testing

@testable import SupportDesk

/// A person pulls the brake; how much a run takes on; a run without effects.
@Suite("Bounds of a run", .onEachEngine, .timeLimit(.minutes(5)))
struct PauseTests {
    /// Has the desk paused as soon as it is given the first mail.
    private actor Brake: MailCarrier {
        nonisolated let name = "brake"
        let ledger: Ledger
        private(set) var carried: [String] = []
        init(_ ledger: Ledger) { self.ledger = ledger }

        func carry(_ envelope: SupportDesk.Envelope) async -> Carriage {
            carried.append(envelope.messageID)
            _ = try? await ledger.pause(by: "asha", reason: "wrong prices", now: ScratchShop.start)
            return .accepted(remote: nil)
        }
        func presence(of messageID: String) -> Presence { .unknown }
        func close() {}
    }

    private func freely(_ configuration: inout DeskConfiguration) {
        configuration.limits.backstops.perSender = 100
        configuration.limits.backstops.perText = 100
        configuration.limits.backstops.perConversation = 100
    }

    @Test("pulled in the middle of a run, nothing more leaves; resumed, everything leaves once")
    func brake() async throws {
        let shop = try await ScratchShop(freely)
        for number in 0..<12 { try shop.receive(.whereIsIt(), age: 100 - Double(number)) }
        let ledger = try await shop.ledger()
        let carrier = Brake(ledger)
        let first = try await shop.run { $0.carrier = carrier }
        // What was on the wire at that moment may be more than the one mail, as many as are handled at once.
        let before = await carrier.carried.count
        #expect(before >= 1 && before <= shop.configuration.limits.concurrency && first.report.workRemains)
        let again = try await shop.run { $0.carrier = carrier }
        #expect(again.report.pause?.by == "asha" && again.report.pause?.reason == "wrong prices")
        #expect(again.handled.isEmpty && again.report.unavailable.isEmpty)
        #expect(await carrier.carried.count == before)
        #expect(try await ledger.status().pause?.by == "asha")
        // The first pause holds.
        #expect(try await ledger.pause(by: "ben", reason: nil, now: ScratchShop.start).by == "asha")
        #expect(try await ledger.resume())
        #expect(try await !ledger.resume())
        let entries = try await ledger.newestAuditEntries(1_000).filter { $0.kind == "pause" }
        #expect(entries.map(\.detail) == ["paused", "resumed"])
        let willing = ScriptedCarrier([.accepted(remote: nil)])
        let last = try await shop.run { $0.carrier = willing }
        #expect(!last.report.workRemains && last.report.pause == nil)
        let all = await carrier.carried + willing.carried.map(\.messageID)
        #expect(all.count == 12 && Set(all).count == 12)
        #expect(try await ledger.status().messages == ["answered": 12])
    }

    @Test("tickets do not leave either, and a draft that is approved meanwhile waits")
    func everything() async throws {
        let shop = try await ScratchShop { $0.policy.modes["track_order"] = .draft }
        try shop.receive(.whereIsIt())
        let desk = try await shop.desk()
        #expect(try await shop.run(desk).outcome == "drafted mode-draft")
        let row = try await desk.approve(1)
        _ = try await desk.ledger.pause(by: "asha", reason: nil, now: shop.clock.now)
        guard case .waits = try await desk.send(row, of: 1) else {
            Issue.record("it was sent")
            return
        }
        #expect(try shop.replies().isEmpty)
        _ = try await desk.ledger.resume()
        try await shop.run(desk)
        #expect(try shop.replies().count == 1)
    }

    @Test("a run takes on as many messages as it is told, of all channels together, and says that there are more")
    func quota() async throws {
        let shop = try await ScratchShop(freely)
        for _ in 0..<5 { try shop.receive(.whereIsIt()) }
        for (expected, remains) in [(2, true), (2, true), (1, false)] {
            let report = try await shop.desk().run(upTo: 2)
            #expect(report.handled == expected && report.workRemains == remains)
        }
        #expect(try shop.replies().count == 5)
    }

    @Test("what one channel is granted and does not need is another one's")
    func sharedQuota() async throws {
        let quota = Quota(left: 5)
        #expect(await quota.take(3) == 3)
        #expect(await quota.take(3) == 2)
        let waiting = Task { await quota.take(4) }
        await quota.settle(2, used: 2)
        await quota.settle(3, used: 1)
        #expect(await waiting.value == 2)
        await quota.settle(2, used: 2)
        #expect(await quota.take(1) == 0)
    }

    @Test("a preview decides as the run does, and leaves everything as it was")
    func preview() async throws {
        let shop = try await ScratchShop { $0.policy.modes["get_refund"] = .draft }
        try shop.receive(.whereIsIt(), name: "a")
        try shop.receive(TestMail(text: "I want to speak to a human being, please. Get me a real person.\n"), name: "b")
        try shop.receive(TestMail(text: "\n", headers: ["Auto-Submitted: auto-replied"]), name: "c")
        let desk = try await shop.desk()
        // The first run adopts the channel; nothing of this is new to the ledger then.
        _ = try await desk.ledger.adopt(channel: "support", from: shop.clock.now.addingTimeInterval(-86_400))
        let collected = Collector<HandledMessage>()
        let report = try await desk.preview { await collected.add($0) }
        let foreseen = await collected.all.sorted { $0.source < $1.source }.map { "\($0.disposition) \($0.rule)" }
        #expect(report.handled == 3 && !report.workRemains)
        #expect(try await desk.preview(upTo: 2) { _ in }.handled == 2)
        #expect(try await desk.ledger.status().messages.isEmpty)
        #expect(try shop.replies().isEmpty && shop.tickets().isEmpty)
        #expect(try shop.maildir.entries().allSatisfy { $0.flags.isEmpty })
        let done = try await shop.run(desk)
        #expect(done.handled.sorted { $0.source < $1.source }.map { "\($0.disposition) \($0.rule)" } == foreseen)
        #expect(Set(foreseen).count == 3)
    }

    @Test("a preview of several channels takes on as many messages as it is told, and ends")
    func previewOfMany() async throws {
        let shop = try await ScratchShop(freely)
        for _ in 0..<3 { try shop.receive(.whereIsIt()) }
        let desk = try await shop.desk { surroundings in
            surroundings.channels = ["a", "b", "c"].map {
                ChannelSetting(
                    channel: MaildirChannel(name: $0, path: shop.maildir.path),
                    adoptFrom: ScratchShop.start.addingTimeInterval(-86_400))
            }
        }
        // Not waited for: one that hangs would hold up all tests.
        let handled = Collector<Int>()
        Task { await handled.add(try await desk.preview(upTo: 5) { _ in }.handled) }
        for _ in 0..<1_200 where await handled.all.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        #expect(await handled.all == [5])
    }

    @Test("while the outbox is full nothing new is begun; when it has emptied, it goes on")
    func backPressure() async throws {
        let shop = try await ScratchShop {
            freely(&$0)
            $0.limits.outbox = 3
            $0.limits.pageMessages = 2
            $0.limits.concurrency = 1
        }
        for _ in 0..<12 { try shop.receive(.whereIsIt()) }
        let away = ScriptedCarrier([.unreachable(reason: "smtp mail.example:587: connect")])
        for _ in 0..<3 {
            let report = try await shop.run { $0.carrier = away }.report
            #expect(report.unavailable.contains { $0.hasPrefix("3 effects wait") })
            #expect(report.workRemains)
        }
        let waiting = try await shop.ledger().queues()
        #expect(waiting.outbox.count >= 3 && waiting.outbox.count <= 6, "\(waiting.outbox.count)")
        #expect(waiting.intake.count == 12 - waiting.outbox.count)
        let back = ScriptedCarrier([.accepted(remote: nil)])
        #expect(try await shop.run { $0.carrier = back }.report.unavailable.isEmpty)
        #expect(try await shop.ledger().status().messages == ["answered": 12])
    }

    @Test("a remote that fails is left alone, then tried by one, for longer each time, and closed by a success")
    func breaker() async throws {
        let clock = TestClock(ScratchShop.start)
        let outages = Outages(
            time: Timepiece(now: { .seconds(clock.now.timeIntervalSince1970) }, sleep: { _ in }))
        func isTried(_ name: String) async -> Bool { await outages.line(of: name) == nil }
        #expect(await isTried("smtp"))
        #expect(await outages.note("away", of: "smtp") == "away")
        #expect(await outages.line(of: "smtp") == "away")
        #expect(await isTried("rt"))
        for rest in [30.0, 60, 120, 240, 300, 300] {
            clock.advance(by: rest - 1)
            #expect(await !isTried("smtp"), "\(rest)")
            clock.advance(by: 2)
            #expect(await isTried("smtp"), "one tries")
            #expect(await !isTried("smtp"), "the others wait for what comes of it")
            #expect(await outages.note("still away", of: "smtp") == "away")
        }
        await outages.isWell("smtp")
        for _ in 0..<2 { #expect(await isTried("smtp")) }
    }

    @Test("urgent mail has its turn first; of one conversation the order stays; among few nothing is moved")
    func urgency() throws {
        func entry(_ id: Int64, _ text: String, from: String? = nil) -> UrgencyQueue.Entry {
            let raw = RawMessage(
                id: id, channel: "support", source: "\(id)", arrival: ScratchShop.start,
                bytes: TestMail(from: from ?? "person\(id)@mail.example", text: text + "\n").bytes)
            let item = WorkItem(
                id: id, source: "\(id)", arrival: raw.arrival, shift: 0, attempts: 0, wasInterrupted: false,
                wasDecided: false)
            return (item, raw, Parsing(limits: .default).parse(raw))
        }
        let calm = "Which payment methods do you accept?"
        let urgent = "URGENT! I need this immediately, today, it is an emergency! Please hurry!"
        var queue = UrgencyQueue()
        for (item, raw, parsed) in [
            entry(1, calm), entry(2, calm, from: "ana@mail.example"), entry(3, calm), entry(4, urgent),
            entry(5, urgent, from: "ana@mail.example"), entry(6, calm),
        ] {
            queue.append(item, raw, parsed)
        }
        #expect(queue.ordered(besides: 2).map(\.item.id) == [2, 4, 5, 1, 3, 6])
        #expect(queue.ordered(besides: 6).map(\.item.id) == [1, 2, 3, 4, 5, 6])
    }
}
