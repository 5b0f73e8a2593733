import Foundation
import Mail
import TestServers
import Testing
import Transport

@testable import SupportDesk

extension DraftTests {
    @Test(
        "on a real account: sent by hand from the drafts folder it lies in Sent, and the desk knows; all with one look")
    func realAccount() async throws {
        let server = try await DovecotServer.shared()
        let user = server.newUser()
        let endpoint = try MailEndpoint(
            url: "imaps://localhost:\(server.imapsPort)",
            credentials: .password(user: user, password: server.password), caFile: server.caFile)
        let shop = try await ScratchShop {
            $0.policy.modes["track_order"] = .draft
            $0.limits.backstops.perSender = 100
            $0.drafts = .imap(endpoint, folder: nil)
            $0.channels = [
                DeskConfiguration.ChannelEntry(
                    name: "support", source: .imap(endpoint, folder: "INBOX", after: .flag),
                    adoptFrom: ScratchShop.start.addingTimeInterval(-86_400))
            ]
        }
        for number in 1...6 {
            var mail = TestMail.whereIsIt()
            mail.id = "q\(number)@mail.example"
            mail.subject = "Order NC-104233, letter \(number)"
            try server.deliver(mail.bytes, to: user, received: ScratchShop.start.addingTimeInterval(-600))
        }
        let first = try await shop.run()
        #expect(first.handled.filter { $0.disposition == .drafted }.count == 6, "\(first.handled.map(\.rule))")
        // She opens one, changes a word, sends it: gone from Drafts, in Sent under another name.
        let drafts = try server.messages(of: user, in: "Drafts")
        #expect(drafts.count == 6 && drafts.allSatisfy { $0.flags.contains("D") })
        let mine = try #require(drafts.first { $0.bytes.holds("q3@mail.example") })
        let draft = try Message(parsing: mine.bytes)
        let sent = try DraftFolder.mail(
            from: draft, messageID: "hers@agent.example", text: draft.text.replacing("Hello", with: "Good day"))
        try server.deliver(sent, to: user, folder: "Sent", flags: ["S"], received: ScratchShop.start)
        let session = try await TransferAgent().openIMAP(endpoint)
        _ = try await session.select("Drafts")
        try await session.remove(try await session.search(.header("In-Reply-To", "q3@mail.example")))
        await session.logout()
        try await shop.run()
        let rows = try await shop.ledger().drafts(all: true, limit: 10)
        #expect(rows.map(\.state.rawValue).sorted() == ["open", "open", "open", "open", "open", "sent"])
        let id = try #require(rows.first { $0.state == .sent }).message
        let difference = try #require(try await shop.ledger().end(ofDraft: id)?.difference)
        #expect(difference.removed >= 1 && difference.added >= 2 && difference.kept > 20, "\(difference)")
        // Another one by the desk.
        let other = try #require(rows.first { $0.state == .open }).message
        let desk = try await shop.desk()
        let row = try await desk.approve(other)
        #expect(try await desk.send(row, of: other).isSent)
        #expect(try server.messages(of: user, in: "Drafts").count == 4)
        #expect(try shop.replies().count == 1)
    }

    @Test("without a folder the ledger has them: approved, rejected, expired, overtaken all the same")
    func ledgerOnly() async throws {
        let scene = try await DraftScene(nil)
        let one = try await scene.ask()
        #expect(try await scene.message(one) == "drafted mode-draft")
        #expect(try await scene.run().report.workRemains == false)
        #expect(try await scene.approve(one).isSent)
        #expect(try scene.shop.replies().count == 1)
        let two = try await scene.ask(TestMail(text: "Where is order NC-104233 now?\n"))
        _ = try await scene.desk().reject(two, reason: "the wrong parcel")
        try await scene.run()
        #expect(try await scene.message(two) == "escalated draft-rejected")
        let three = try await scene.ask(
            TestMail(name: "Ravi", from: "ravi@other.example", text: "Where is my order NC-104299?\n"))
        scene.shop.clock.advance(by: 8 * 86_400)
        try await scene.run()
        #expect(try await scene.message(three) == "escalated draft-expired")
        #expect(scene.shop.tickets().count == 2)
    }

    @Test("the folder cannot be reached: the draft is kept, approved it is sent, and nothing is laid there afterwards")
    func away() async throws {
        let scene = try await DraftScene(.maildir)
        let path = try #require(
            scene.shop.configuration.drafts.flatMap { outlet -> String? in
                if case .maildir(let path) = outlet { return path }
                return nil
            })
        try FileManager.default.removeItem(atPath: path)
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        try scene.shop.receive(.whereIsIt())
        let run = try await scene.run()
        #expect(run.report.unavailable.count == 1, "\(run.report.unavailable)")
        try FileManager.default.removeItem(atPath: path)
        // Still in the outbox: that it was never laid there is known.
        let desk = try await scene.desk()
        let row = try await desk.approve(1)
        #expect(try await desk.send(row, of: 1).isSent)
        try await scene.run()
        #expect(try scene.shop.replies().count == 1)
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
