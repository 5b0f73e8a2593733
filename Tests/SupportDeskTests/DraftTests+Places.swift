import Foundation
import TestServers
import Testing

@testable import SupportDesk

extension DraftTests {
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
