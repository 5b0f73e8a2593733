import Foundation
import Logging
import Mail
import Testing
import Transport

@testable import SupportDesk

/// How a pass goes on when some messages of a channel cannot be had.
@Suite("Pass")
struct PassTests {
    /// A channel whose messages come, or do not, as a test says.
    private actor Source: Channel {
        nonisolated let name = "support"
        private var mails: [(source: String, fetched: Fetched)]
        private(set) var marked: [String] = []
        /// The message at which nothing more comes.
        private let stall: String?
        /// What every fetch ends with.
        private let failure: DeskError?

        init(_ mails: [(String, Fetched)], stall: String? = nil, failure: DeskError? = nil) {
            self.mails = mails
            self.stall = stall
            self.failure = failure
        }

        func put(_ source: String, _ fetched: Fetched) {
            for index in mails.indices where mails[index].source == source { mails[index].fetched = fetched }
        }

        func discover(after cursor: String?, adoptedAt: Date, ledger: Ledger) async throws -> Discovery {
            if cursor != nil { return Discovery(items: [], cursor: nil) }
            return Discovery(
                items: mails.map { SourceItem(source: $0.source, arrival: ScratchShop.start) }, cursor: "1")
        }

        func fetch(
            _ sources: [String], maximumBytes: Int, _ each: @escaping @Sendable (Fetched) async throws -> Void
        ) async throws {
            if let failure { throw failure }
            for mail in mails where sources.contains(mail.source) {
                if mail.source == stall { try await Task.sleep(for: .seconds(600)) }
                try await each(mail.fetched)
            }
        }

        func mark(_ items: [MarkItem]) { marked += items.map(\.source) }
        func waitForNews(upTo limit: Duration) async throws {}
        func close() {}
    }

    private func desk(_ shop: ScratchShop, _ source: Source) async throws -> Desk {
        try await shop.desk { $0.channels = [ChannelSetting(channel: source, adoptFrom: ScratchShop.start)] }
    }

    private func message(_ source: String, _ mail: TestMail) -> Fetched {
        .message(source: source, bytes: mail.bytes, fullSize: mail.bytes.count)
    }

    @Test("what the operator may mend is postponed, the others go on; mended it is answered")
    func mended() async throws {
        let shop = try await ScratchShop()
        let source = Source([
            ("locked", .unreadable(source: "locked", reason: "no permission", mayBeMended: true)),
            ("fine", message("fine", .whereIsIt())),
        ])
        let first = try await shop.run(desk(shop, source))
        #expect(first.outcome == "answered answered" && first.report.workRemains)
        #expect(await source.marked == ["fine"])
        await source.put("locked", message("locked", TestMail(text: "Which payment methods do you accept?\n")))
        #expect(try await shop.run(desk(shop, source)).handled.isEmpty, "not before its time")
        // A minute, give or take a fifth.
        shop.clock.advance(by: 73)
        let second = try await shop.run(desk(shop, source))
        #expect(second.outcome == "answered answered" && !second.report.workRemains)
        #expect(await source.marked == ["fine", "locked"])
    }

    @Test("what nobody mends becomes a ticket after as many attempts as configured")
    func neverMended() async throws {
        let shop = try await ScratchShop { $0.limits.attempts = 3 }
        let source = Source([("locked", .unreadable(source: "locked", reason: "no permission", mayBeMended: true))])
        for _ in 0..<2 {
            #expect(try await shop.run(desk(shop, source)).handled.isEmpty)
            shop.clock.advance(by: 600)
        }
        #expect(shop.tickets().isEmpty)
        #expect(try await shop.run(desk(shop, source)).outcome == "quarantined unreadable")
        #expect(shop.tickets().count == 1)
    }

    @Test("what fails again and again is quarantined and a ticket says so; the others are handled at once")
    func repeatedFailure() async throws {
        let shop = try await ScratchShop { $0.limits.attempts = 3 }
        var opening = TestMail.whereIsIt()
        opening.id = "opening@mail.example"
        opening.text += "Priya Sharma\n"
        try shop.receive(opening)
        #expect(try await shop.run().outcome == "answered answered")
        // What stands behind the conversation's placeholders does not open any more.
        let vaults = try await shop.ledger().database.write { transaction in
            try transaction.execute("UPDATE vault SET sealed = $1", [.blob([1, 2, 3])])
        }
        #expect(vaults == 1)
        var second = TestMail.whereIsIt()
        second.inReplyTo = "opening@mail.example"
        try shop.receive(second)
        for attempt in 0..<2 {
            try shop.receive(
                TestMail(from: "p\(attempt)@mail.example", text: "Which payment methods do you accept?\n"))
            let run = try await shop.run()
            #expect(run.outcome == "answered answered" && run.report.workRemains)
            shop.clock.advance(by: 600)
        }
        #expect(shop.tickets().isEmpty)
        #expect(try await shop.run().outcome == "quarantined repeated-failure")
        let ticket = try #require(shop.tickets().first)
        #expect(shop.files(of: ticket).contains { shop.file($0, of: ticket) == second.bytes })
        let notes = shop.files(of: ticket).filter { $0.hasPrefix("note") }.compactMap { shop.file($0, of: ticket) }
        #expect(notes.contains { $0.holds("repeated-failure") && $0.holds("3 attempts") })
        // Its second copy is nobody's question: a person has it.
        try shop.receive(second)
        #expect(try await shop.run().outcome == "ignored duplicate")
        #expect(shop.tickets().count == 1)
    }

    @Test("a page larger than the memory for it comes in several fetches, each message once and in order")
    func pages() async throws {
        let shop = try await ScratchShop {
            $0.limits.batchBytes = 1_500
            $0.limits.pageMessages = 4
            $0.limits.concurrency = 1
        }
        let mails = (0..<11).map { index in
            let mail = TestMail(
                from: "p\(index)@mail.example", text: "Which payment methods do you accept? (\(index))\n")
            return ("m\(index)", message("m\(index)", mail))
        }
        let source = Source(mails)
        let run = try await shop.run(desk(shop, source))
        #expect(run.handled.count == 11 && !run.report.workRemains)
        #expect(await source.marked == mails.map(\.0))
        #expect(try shop.replies().count == 11)
    }

    @Test("what concerns the whole desk ends the watch at once, whatever else would go on", .timeLimit(.minutes(1)))
    func ledgerLost() async throws {
        let shop = try await ScratchShop()
        let desk = try await desk(
            shop, Source([("m", message("m", .whereIsIt()))], failure: DeskError(.ledger, "gone")))
        let error = await #expect(throws: DeskError.self) { try await desk.watch(say: { _, _ in }) { _ in } }
        #expect(error?.message == "gone")
        #expect(try await Ledger.isAtWork(shop.ledger().database) == false)
    }

    @Test("a port for figures that another process has keeps nobody from work, and is taken when it is free")
    func portTaken() async throws {
        var other: MetricsPort? = try MetricsPort(.init(host: "127.0.0.1", port: 0)) { "auradesk_paused 0\n" }
        let place = MetricsPort.Place(host: "127.0.0.1", port: try #require(other?.port))
        let shop = try await ScratchShop { $0.metrics.listen = place }
        let desk = try await shop.desk()
        let (said, handled) = (Collector<String>(), Collector<Int64>())
        let watch = Task {
            try await desk.watch(say: { line, _ in Task { await said.add(line) } }) { await handled.add($0.id) }
        }
        func wait(_ condition: () async -> Bool) async throws {
            for _ in 0..<600 where await !condition() { try await Task.sleep(for: .milliseconds(50)) }
            #expect(await condition())
        }
        try await wait { await said.all.contains { $0.contains("cannot listen on 127.0.0.1:\(place.port)") } }
        try shop.receive(.whereIsIt())
        try await wait { await handled.all.count == 1 }
        other = nil
        let agent = TransferAgent()
        try await wait {
            let page = try? await agent.perform(HTTPRequest(url: "http://127.0.0.1:\(place.port)/metrics"))
            return page.map { String(decoding: $0.body, as: UTF8.self).contains("auradesk_messages_total") } ?? false
        }
        await agent.shutdown()
        #expect(await said.all.count { $0.contains("cannot listen") } == 1)
        watch.cancel()
        _ = try? await watch.value
    }

    @Test("a message that takes for ever to come keeps those behind it waiting for one run, then becomes a ticket")
    func stalled() async throws {
        let shop = try await ScratchShop {
            $0.limits.attempts = 2
            $0.limits.channelTime = .seconds(2)
        }
        let mails = (0..<3).map { index in
            ("m\(index)", message("m\(index)", TestMail(from: "p\(index)@mail.example", text: "Hello there.\n")))
        }
        let source = Source(mails, stall: "m1")
        let first = try await shop.run(desk(shop, source))
        #expect(first.handled.map(\.source) == ["m0"])
        #expect(first.report.unavailable == ["channel support: not done within 2 s"])
        let second = try await shop.run(desk(shop, source))
        #expect(second.handled.map(\.source) == ["m2"] && second.report.unavailable.isEmpty)
        shop.clock.advance(by: 3_600)
        #expect(try await shop.run(desk(shop, source)).handled.isEmpty)
        shop.clock.advance(by: 3_600)
        #expect(try await shop.run(desk(shop, source)).outcome == "quarantined unreadable")
    }
}
