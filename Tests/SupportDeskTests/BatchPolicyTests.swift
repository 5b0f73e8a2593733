import Foundation
import TestServers
import Testing

@testable import SupportDesk

/// Who waits, for how long, and who may be asked to.
@Suite("Batch policy")
struct BatchPolicyTests {
    @Test("haste, anger and what is asked decide, as the shop's own words for intents do")
    func priorities() async throws {
        var policy = BatchPolicy()
        policy.priorities["check_refund_policy"] = .low
        let cases = [
            ("Hello, what is your return policy?", false), ("What is your return policy? I need it ASAP.", true),
            ("What is your return policy? My wedding is soon, please hurry.", true),
            ("I am very disappointed and unhappy with this. What is your return policy?", true),
            ("Please cancel my order NC-104233.", true), ("Hello, which payment methods do you take?", false),
        ]
        for (text, isUrgent) in cases {
            let scene = try await BatchScene(.openai, policy: policy)
            try scene.receive(1, text: text + "\n")
            let run = try await scene.shop.run()
            #expect(run.handled.count == (isUrgent ? 1 : 0), "\(text)")
            let due = try await scene.rows("SELECT due_at FROM batch_request").first?.integer("due_at")
            let hours = due.map { ($0 - ScratchShop.start.milliseconds + 60_000) / 3_600_000 }
            #expect(hours == (isUrgent ? nil : text.contains("return") ? 24 : 6), "\(text)")
        }
    }

    @Test("mail that has waited already is asked directly; so is all of it without batches")
    func old() async throws {
        let scene = try await BatchScene(.openai)
        try scene.shop.receive(TestMail(text: "Hello, what is your return policy?\n"), age: 6 * 3_600 - 300)
        #expect(try await scene.shop.run().handled.count == 1 && scene.provider.requested.isEmpty)
    }

    @Test("the section is read strictly, and only where batches can be had")
    func reading() throws {
        let folder = try ScratchFolder()
        for name in ["customers.json", "orders.json"] { try folder.write(name, "[]") }
        func read(_ models: String) throws -> [ModelConfiguration] {
            let file = try folder.write(
                "desk.yaml",
                """
                shop: {name: Neem & Clay, address: support@neemandclay.example}
                channels: [{maildir: Mail/inbox}]
                carrier: {maildir: Mail/outbox}
                tickets: {folder: tickets}
                records: {customers: customers.json, orders: orders.json}
                state: state
                model:
                \(models)
                """)
            return try DeskConfiguration(file: file).models
        }
        let rest = "url: https://a.example/v1, name: m, key: {command: [echo, k]}"
        let batch = "batch: {deadline: {normal: 2h}, priority: {review: urgent}, urgency: 0.9, share: 0.6}"
        let policy = try #require(try read("  - {\(rest), \(batch)}").first?.batch)
        #expect(policy.deadlines == [.normal: 7_200, .low: 86_400] && policy.priorities["review"] == .urgent)
        #expect(policy.urgency == 0.9 && policy.share == 0.6)
        #expect(try read("  - {\(rest)}").first?.batch == nil)
        let wrong = [
            ("  - {\(rest), batch: {deadline: {urgent: 2h}}}", "deadline"),
            ("  - {\(rest), batch: {priority: {review: soon}}}", "review"),
            ("  - {\(rest), batch: {factor: 2}}", "factor"),
            ("  - {\(rest), interface: azure, api_version: \"2024-10-21\", batch: {}}", "openai or anthropic"),
            ("  - {\(rest)}\n  - {url: https://b.example/v1, name: n, batch: {}}", "first"),
        ]
        for (text, word) in wrong {
            let error = #expect(throws: DeskError.self) { _ = try read(text) }
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "-")")
        }
    }

    @Test("doctor asks whether there are batches")
    func doctor() async throws {
        for isThere in [true, false] {
            let scene = try await BatchScene(.openai)
            if !isThere { scene.provider.turnOff() }
            let findings = Collector<Checkup.Finding>()
            _ = await Checkup(scene.shop.configuration, DeskSurroundings(logger: .init(label: "test"))) {
                await findings.add($0)
            }.run()
            let finding = await findings.all.first { $0.name == "batches large" }
            #expect(finding?.state == (isThere ? .fine : .broken))
            #expect(isThere || finding?.detail.contains("take batch out") == true, "\(finding?.detail ?? "-")")
            #expect(scene.provider.requested.isEmpty)
        }
    }
}
