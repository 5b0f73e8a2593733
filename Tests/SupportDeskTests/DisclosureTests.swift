import Foundation
import Mail
import Testing
import Triage

@testable import SupportDesk

/// Facts of an order go to its authenticated owner; everybody else gets the same words, whether the order exists or not.
@Suite("Disclosure")
struct DisclosureTests {
    /// The reply to one mail, without the reference that differs by conversation.
    private func reply(_ mail: TestMail) async throws -> String {
        let shop = try await ScratchShop()
        try shop.receive(mail)
        let run = try await shop.run()
        #expect(run.handled.first?.disposition == .answered, "\(run.outcome)")
        let text = try #require(try shop.replies().first).text
        let lines = text.components(separatedBy: "\n")
        #expect(lines.contains { $0.contains("AD-") })
        return lines.filter { !$0.contains("AD-") }.joined(separator: "\n")
    }

    private func mail(about order: String, _ change: (inout TestMail) -> Void = { _ in }) -> TestMail {
        var mail = TestMail.whereIsIt(order)
        change(&mail)
        return mail
    }

    private static let facts = ["Delhivery", "DHL", "2,498", "March 2026", "Aundh", "Pune", "track.", "bowl"]

    @Test("the authenticated owner is told")
    func owner() async throws {
        let text = try await reply(mail(about: "NC-104233"))
        #expect(text.contains("NC-104233") && text.contains("Delhivery") && text.contains("11 March 2026"))
        #expect(text.contains("Hello Priya Sharma"))
    }

    @Test("an unauthenticated sender gets no fact, and the same text for an order that exists and one that does not")
    func unauthenticated() async throws {
        let existing = try await reply(mail(about: "NC-104233") { $0.verdict = .none })
        let missing = try await reply(mail(about: "NC-999999") { $0.verdict = .none })
        #expect(existing == missing)
        for fact in Self.facts + ["Priya", "NC-104233", "NC-999999"] { #expect(!existing.contains(fact), "\(fact)") }
    }

    @Test("a stranger gets no fact, authenticated or not, and the same text as everybody unverified")
    func stranger() async throws {
        let stranger = { (mail: inout TestMail) in
            mail.from = "stranger@post.example"
            mail.name = "Priya Sharma"
        }
        let existing = try await reply(mail(about: "NC-104233", stranger))
        let missing = try await reply(mail(about: "NC-999999", stranger))
        #expect(existing == missing)
        for fact in Self.facts + ["Priya"] { #expect(!existing.contains(fact), "\(fact)") }
    }

    @Test("a customer who asks for another's order gets the text of an order that does not exist")
    func anothersOrder() async throws {
        let another = try await reply(mail(about: "NC-101533"))
        let missing = try await reply(mail(about: "NC-999999"))
        #expect(another == missing)
        for fact in Self.facts + ["NC-101533"] { #expect(!another.contains(fact), "\(fact)") }
    }

    @Test("the same words also where her own order is named beside another's")
    func mixed() async throws {
        let text = { (order: String) in
            TestMail(
                subject: "Orders", text: "Hello,\nwhere are my orders NC-104233 and \(order)? When will they come?\n")
        }
        let (another, missing) = (try await ScratchShop(), try await ScratchShop())
        try another.receive(text("NC-101533"))
        try missing.receive(text("NC-999999"))
        #expect(try await another.run().outcome == missing.run().outcome)
        let replies = try (another.replies() + missing.replies()).map(\.text)
        for reply in replies { #expect(!reply.contains("DHL") && !reply.contains("NC-101533")) }
    }

    @Test(
        "almost the owner's address is not the owner's address",
        arguments: [
            "priya.sharma+x@mail.example", "priyasharma@mail.example", "priya.sharma@mail.example.evil.example",
            "priya.sharma@inbox.example",
        ])
    func almost(address: String) async throws {
        let text = try await reply(mail(about: "NC-104233") { $0.from = address })
        for fact in Self.facts { #expect(!text.contains(fact), "\(fact)") }
    }

    @Test(
        "only the configured server's verdict counts",
        arguments: [
            "Authentication-Results: mx.evil.example; dmarc=pass header.from=mail.example",
            "Authentication-Results: mx.neemandclay.example.evil.example; dmarc=pass header.from=mail.example",
            "X-Authentication-Results: mx.neemandclay.example; dmarc=pass header.from=mail.example",
            "Authentication-Results: mx.neemandclay.example; dmarc=pass header.from=evil.example",
        ])
    func foreignVerdict(header: String) async throws {
        let shop = try await ScratchShop()
        try shop.receive(
            mail(about: "NC-104233") {
                $0.verdict = .none
                $0.headers = [header]
            })
        let run = try await shop.run()
        #expect(run.outcome != "answered answered", "\(run.outcome)")
        for reply in try shop.replies() {
            for fact in Self.facts { #expect(!reply.text.contains(fact), "\(fact)") }
        }
    }

    @Test("a stranger's own words are not sent on in the subject or the greeting")
    func noRelay() async throws {
        let shop = try await ScratchShop()
        try shop.receive(
            mail(about: "NC-104233") {
                $0.verdict = .none
                $0.name = "Buy now at evil.example"
                $0.subject = "Buy now: where is my order NC-104233"
            })
        try await shop.run()
        let bytes = try #require(try shop.replyBytes().first)
        #expect(!bytes.holds("Buy now"))
        let reply = try Message(parsing: bytes)
        #expect(reply.subject == "Re: Your message to Neem & Clay")
        #expect(reply.to.first?.name == nil)
    }

    @Test("the owner's case and record, not the display name, decide the greeting")
    func greeting() async throws {
        let text = try await reply(
            mail(about: "NC-104233") {
                $0.from = "Priya.Sharma@MAIL.example"
                $0.name = "Somebody Else"
            })
        #expect(text.contains("Hello Priya Sharma"))
        #expect(!text.contains("Somebody"))
    }

    /// Records of one guest and one customer, who gave another address with one of her orders.
    private struct Guests: RecordSource {
        let orders = [
            Order(number: "NC-300001", email: "Guest@mail.example", state: .shipped),
            Order(number: "NC-300002", email: "gift@mail.example", customer: "C1", state: .shipped),
            Order(number: "NC-300003", customer: "C1", state: .shipped),
        ]
        func customer(address: String) -> Customer? {
            address == "anna@mail.example" ? Customer(id: "C1", addresses: [address]) : nil
        }
        func customer(id: String) -> Customer? { id == "C1" ? customer(address: "anna@mail.example") : nil }
        func order(number: String) -> Order? { orders.first { $0.number == number } }
        func orders(of customer: Customer) -> [Order] { orders.filter { $0.customer == customer.id } }
    }

    private func identity(_ address: String, naming order: String, verdict: TestMail.Verdict = .pass) async throws
        -> Identity
    {
        let ledger = try await Ledger.test()
        let now: @Sendable () -> Date = { ScratchShop.start }
        let mail = mail(about: order) {
            $0.from = address
            $0.verdict = verdict
        }
        let raw = RawMessage(id: 1, channel: "c", source: "s", arrival: ScratchShop.start, bytes: mail.bytes)
        guard case .proceed(let parsed) = Parsing(limits: .default).parse(raw),
            case .proceed(let associated) = try await Conversations(ledger: ledger, shop: .test, now: now).associate(
                parsed),
            case .proceed(let screened) = Screening(
                shop: .test, seal: ledger.seal, maximumAge: 1e6, spam: .escalate, backstops: Backstops(), now: now
            ).screen(associated),
            case .proceed(let heard) = try await Listening(listener: nil, voicemail: nil, ledger: ledger)
                .listen(screened),
            case .proceed(let identified) = try await Identification(
                records: Guests(), shop: .test, numbers: try OrderNumbers(Shop.test.orderPatterns),
                answersOnFile: true
            ).identify(heard)
        else { throw DeskError(.data, "left the way") }
        return identified.identity
    }

    @Test("the address on the order decides, and where there is none that of its account; exactly")
    func addressOnTheOrder() async throws {
        let guest = try await identity("guest@mail.example", naming: "NC-300001")
        #expect(guest.tier == .verified && guest.orders.map(\.number) == ["NC-300001"] && guest.onFile == nil)
        let account = try await identity("anna@mail.example", naming: "NC-300003")
        #expect(account.tier == .verified && account.orders.map(\.number) == ["NC-300003"] && account.onFile == nil)
        // Her account's order with somebody else's address on it is answered to that address.
        let gift = try await identity("anna@mail.example", naming: "NC-300002")
        #expect(gift.orders.map(\.number) == ["NC-300003"] && gift.onFile?.address == "gift@mail.example")
        for stranger in ["guest+x@mail.example", "gu.est@mail.example", "guest@mail.example.evil.example"] {
            let identity = try await identity(stranger, naming: "NC-300001")
            #expect(identity.tier == .generic && identity.orders.isEmpty)
            #expect(identity.onFile?.address == "Guest@mail.example")
        }
        let unproved = try await identity("guest@mail.example", naming: "NC-300001", verdict: .none)
        #expect(unproved.tier == .generic)
    }

    @Test("records that cannot be reached for the moment: a person, not the claim that there is no such order")
    func recordsAway() async throws {
        struct Away: RecordSource {
            func customer(id: String) async throws -> Customer? { throw DeskError(.unavailable, "the shop is away") }
            func customer(address: String) throws -> Customer? {
                throw DeskError(.unavailable, "away", isRetryable: true)
            }
            func order(number: String) throws -> Order? { nil }
            func orders(of customer: Customer) throws -> [Order] { [] }
        }
        let raw = RawMessage(
            id: 1, channel: "c", source: "s", arrival: ScratchShop.start, bytes: mail(about: "NC-104233").bytes)
        guard case .proceed(let parsed) = Parsing(limits: .default).parse(raw) else {
            Issue.record("not parsed")
            return
        }
        let ledger = try await Ledger.test()
        let now: @Sendable () -> Date = { ScratchShop.start }
        guard
            case .proceed(let associated) = try await Conversations(ledger: ledger, shop: .test, now: now).associate(
                parsed),
            case .proceed(let screened) = Screening(
                shop: .test, seal: ledger.seal, maximumAge: 1e6, spam: .escalate, backstops: Backstops(), now: now
            ).screen(associated),
            case .proceed(let heard) = try await Listening(listener: nil, voicemail: nil, ledger: ledger)
                .listen(screened),
            case .proceed(let identified) = try await Identification(
                records: Away(), shop: .test, numbers: try OrderNumbers(Shop.test.orderPatterns)
            ).identify(heard)
        else {
            Issue.record("left the way")
            return
        }
        #expect(identified.identity.recordsFailed)
        #expect(identified.identity.tier == .generic)
        #expect(identified.identity.authentication.verdict == .pass)
    }
}
