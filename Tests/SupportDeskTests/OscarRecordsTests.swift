import Foundation
import TestServers
import Testing
import Transport
import Triage

@testable import SupportDesk

/// The ready configuration for django-oscar, against a real shop.
@Suite("Records of a real django-oscar shop")
struct OscarRecordsTests {
    private func records(_ server: OscarServer, token: String? = nil, _ more: String = "") throws -> RecordsAtWork {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let file = try folder.write("token", token ?? server.token)
        return try RecordsAtWork("kind: oscar\nurl: \(server.baseURL)/\nauth: {token: {file: \(file)}}\n\(more)")
    }

    @Test("customers and guests, over pages, with the day that it was at the shop")
    func orders() async throws {
        let records = try records(try await OscarServer.shared()).records
        let jane = try #require(try await records.customer(address: "Jane@Customer.example"))
        let orders = try await records.orders(of: jane)
        #expect(orders.map(\.number) == ["1003", "1002", "1001"])
        #expect(orders.map(\.state) == [.pending, .processing, .shipped])
        #expect(orders.map(\.total) == ["32.50", "25.00", "20.00"] && orders[0].currency == "GBP")
        #expect(orders[1].placedOn == LocalDate("2026-03-08") && orders[1].email == "jane@customer.example")
        // The shop gives a link in place of the lines, which is named as missing.
        #expect(orders[0].missing == ["items"])
        let guest = try #require(try await records.customer(address: "guest@customer.example"))
        #expect(guest.isGuest)
        let theirs = try await records.orders(of: guest)
        #expect(theirs.map(\.number) == ["1006", "1005"] && theirs[0].state == nil)
        #expect(try await records.order(number: "1004")?.state == .cancelled)
        for address in ["jane+x@customer.example", "ane@customer.example", "nobody@customer.example"] {
            #expect(try await records.customer(address: address) == nil, "\(address)")
        }
        for number in ["100", "1001 OR 1=1", "1001&email=bob@customer.example", "9999"] {
            #expect(try await records.order(number: number) == nil, "\(number)")
        }
    }

    @Test("the shop's own words for a state")
    func states() async throws {
        let records = try records(
            try await OscarServer.shared(), "states: {Complete: delivered, Held by customs: shipped}"
        ).records
        #expect(try await records.order(number: "1001")?.state == .delivered)
        #expect(try await records.order(number: "1006")?.state == .shipped)
    }

    @Test("a refused key is somebody's to mend; a shop that is away is tried again when it is back")
    func faults() async throws {
        let server = try await OscarServer.start()
        guard case .failure(let refused) = await (try records(server, token: "0123456789")).ask(.orderByNumber("1001"))
        else {
            Issue.record("a wrong token was taken")
            return
        }
        #expect(refused.code == .configuration && refused.message.contains("401"))
        let shop = try records(server, "deadline: 3s")
        #expect(try await shop.ask(.orderByNumber("1001")).get().orders.count == 1)
        await server.kill()
        guard case .failure(let away) = await shop.ask(.orderByNumber("1001")) else {
            Issue.record("a dead shop answered")
            return
        }
        #expect(away.code == .unavailable && away.isRetryable)
        try await server.restart()
        #expect(try await shop.ask(.orderByNumber("1001")).get().orders.count == 1)
        await server.stop()
    }

    @Test("its products are suggested: what goes with one, what may stand in for one, and only what is in stock")
    func products() async throws {
        let server = try await OscarServer.shared()
        let section = try records(server).configuration
        #expect(section.namesProducts)
        let line = try await section.tryOut(.test, TransferAgent())
        #expect(line.hasSuffix("and has 6 products"), "\(line)")
        func reply(_ text: String, intents: Set<String> = ["out_of_scope", "place_order"]) async throws -> String {
            let shop = try await ScratchShop {
                $0.records = section
                $0.suggestions = SuggestionPolicy(.records, intents: intents)
            }
            try shop.receive(TestMail(subject: "Mugs", text: "\(text)\n"))
            let run = try await shop.run()
            #expect(run.handled.first?.disposition == .answered, "\(run.outcome)")
            return try shop.replies().first?.text ?? ""
        }
        let instead = try await reply("How can I place an order for the Blue travel mug? Is it in stock?")
        #expect(instead.contains("Blue travel mug is not in stock at the moment."))
        #expect(instead.contains("Green travel mug, £16.00\nhttps://neemandclay.example/catalogue/green-travel-mug_"))
        let beside = try await reply("How can I place an order for the Green travel mug? Is it in stock?")
        #expect(beside.contains("Cork coaster, £4.50"))
        #expect(!beside.contains("spoon") && !beside.contains("Blue"))
        let other = try await reply(
            "How can I place an order for the Green travel mug? Is it in stock?", intents: ["track_order"])
        #expect(!other.contains("Cork"))
    }

    @Test("too many requests, as the real one says it")
    func tooMany() async throws {
        let server = try await OscarServer.start(rate: "3/min")
        let shop = try records(server, "deadline: 2s")
        for _ in 0..<3 { #expect(try await shop.ask(.orderByNumber("1001")).get().orders.count == 1) }
        guard case .failure(let error) = await shop.ask(.orderByNumber("1001")) else {
            Issue.record("the shop has no limit")
            return
        }
        #expect(error.message.contains("429") && error.isRetryable)
        // It asked for most of a minute: until then nothing is asked at all.
        let start = ContinuousClock.now
        guard case .failure = await shop.ask(.orderByNumber("1002")) else { return }
        #expect(ContinuousClock.now - start < .milliseconds(200))
        await server.stop()
    }
}
