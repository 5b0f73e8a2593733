import Foundation
import TestServers
import Testing

@testable import SupportDesk

/// What is sealed and cannot be opened any more concerns itself: a damaged row, one whose key is gone.
@Suite("Sealed values that do not open")
struct UnopenableTests {
    private func spoil(_ table: String, _ shop: ScratchShop) async throws {
        let count = try await shop.ledger().database.write { transaction in
            try transaction.execute("UPDATE \(table) SET sealed = $1", [.blob([1, 2, 3])])
        }
        #expect(count == 1)
    }

    @Test("a draft waits for somebody to mend it; new mail and other drafts go on")
    func draft() async throws {
        let scene = try await DraftScene(.maildir)
        let spoilt = try await scene.ask()
        try await spoil("draft", scene.shop)
        var mail = TestMail.whereIsIt()
        mail.id = "second@mail.example"
        mail.subject = "Another matter: order NC-104234"
        mail.from = "someone.else@mail.example"
        try scene.shop.receive(mail)
        try scene.shop.receive(TestMail(from: "p@mail.example", text: "Which payment methods do you accept?\n"))
        let run = try await scene.run()
        #expect(run.handled.count == 2)
        #expect(run.report.unavailable.count == 1)
        #expect(run.report.unavailable.first?.hasPrefix("draft of message \(spoilt): cannot open") == true)
        #expect(try await scene.state(spoilt) == "open")
    }

    @Test("a request that waits for a batch: other mail goes on")
    func request() async throws {
        let scene = try await BatchScene(.openai)
        scene.provider.fail(.upload, .instead(.text("{}", status: 503)))
        try scene.receive(1)
        try await scene.shop.run()
        try await spoil("batch_request", scene.shop)
        scene.shop.clock.advance(by: 3_600)
        var mail = TestMail.whereIsIt()
        mail.from = "p@mail.example"
        try scene.shop.receive(mail)
        let run = try await scene.shop.run()
        #expect(run.handled.count + run.report.waiting > 0)
        let left = try await scene.rows("SELECT status FROM message ORDER BY id")
        #expect(left.count == 2)
    }
}
