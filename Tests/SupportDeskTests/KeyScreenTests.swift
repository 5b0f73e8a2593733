import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

/// The screens on which a person decides with one key each, at a real terminal.
@Suite("Key screens", .timeLimit(.minutes(3)))
struct KeyScreenTests {
    private static let instant = "2026-03-10T09:10:00Z"

    private func configuration(of shop: ScratchShop) throws -> String {
        let file = "\(shop.folder.path)/desk.yaml"
        let yaml = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
        return try shop.folder.write("desk.yaml", yaml + "\ntemplates: \(PackageFolder.templates)\n")
    }

    private func terminal(_ words: [String], _ shop: ScratchShop) throws -> PseudoTerminal {
        try PseudoTerminal(words + ["--config", configuration(of: shop), "--now", Self.instant])
    }

    @Test(
        "auradesk review: skip, back, rate with and without a number; no other key counts; the terminal is given back")
    func review() async throws {
        let shop = try await ScratchShop { $0.limits.backstops = .wide }
        for number in 0..<3 { try shop.receive(.whereIsIt(), age: 1_000 - Double(number)) }
        let desk = try await shop.desk()
        #expect(try await shop.run(desk).handled.allSatisfy { $0.disposition == .answered })
        let ids = try await desk.reviewQueue().map(\.id)
        #expect(ids.count == 3)
        let terminal = try terminal(["review"], shop)
        let first = try await terminal.wait(for: "q end > ")
        #expect(first.contains("1 of 3") && first.contains("where is my order NC-104233"), "\(first)")
        #expect(await !terminal.isAsItWas, "keys come one by one")
        try await terminal.type("xzs")
        try await terminal.wait(for: "2 of 3")
        try await terminal.wait(for: "q end > ")
        // An arrow, and a digit where none is asked for.
        try await terminal.type("\u{1B}[A")
        try await Task.sleep(for: .milliseconds(200))
        try await terminal.type("4b")
        try await terminal.wait(for: "1 of 3")
        try await terminal.wait(for: "q end > ")
        try await terminal.type("R")
        try await terminal.wait(for: "tone")
        try await terminal.type("75")
        try await terminal.wait(for: "empathy")
        try await terminal.type("\r")
        try await terminal.wait(for: "no word")
        try await terminal.wait(for: "2 of 3")
        try await terminal.wait(for: "q end > ")
        try await terminal.type("w")
        try await terminal.wait(for: "tone")
        // She thinks again, and goes on to the last one.
        try await terminal.type("b")
        try await terminal.wait(for: "q end > ")
        try await terminal.type("w12")
        try await terminal.wait(for: "3 of 3")
        try await terminal.wait(for: "q end > ")
        try await terminal.type("\u{3}")
        try await terminal.wait(for: "2 of 3 replies rated.")
        #expect(try await terminal.ending().code == 0)
        #expect(await terminal.isAsItWas)
        #expect(try await desk.reviewQueue().map(\.id) == [ids[2]])
        let rows = try await desk.ledger.database.read { transaction in
            try transaction.rows("SELECT * FROM rating ORDER BY message", []).map { row in
                let numbers = ["tone", "empathy"].map { row.integer($0).map(String.init) ?? "-" }
                return "\(row.text("verdict") ?? "") \(numbers.joined(separator: " "))"
            }
        }
        #expect(rows == ["right 5 -", "wrong 1 2"])
    }

    @Test("auradesk learn review: approve, relabel by a few letters, go back and reject; each stands at once")
    func lessons() async throws {
        let shop = try await ScratchShop { $0.limits.backstops.perSender = 50 }
        for text in ["Is there a real person?", "Can I talk to an agent please?", "Put me through to a human."] {
            try shop.receive(TestMail(subject: "Please", text: "Hello,\n\(text)\n"))
        }
        try await shop.run()
        for ticket in shop.tickets() {
            try shop.folder.write("tickets/\(ticket)/agent-1.txt", "From: Nisha Verma\n\nYes, call us.\n")
        }
        let desk = try await shop.desk()
        #expect(try await desk.collectLessons().new == 3)
        let terminal = try terminal(["learn", "review"], shop)
        let first = try await terminal.wait(for: "q quit")
        #expect(first.contains("1 of 3") && first.contains("contact_human_agent"), "\(first)")
        try await terminal.type("a")
        try await terminal.wait(for: "2 of 3")
        try await terminal.wait(for: "q quit")
        try await terminal.type("r")
        try await terminal.wait(for: "Which intent?")
        try await terminal.type("custserv")
        try await terminal.wait(for: "custserv")
        try await terminal.wait(for: "contact_customer_service")
        // One letter less is the same intent; Enter takes the first of the list.
        try await terminal.type("\u{7F}\r")
        try await terminal.wait(for: "3 of 3")
        try await terminal.wait(for: "q quit")
        try await terminal.type("b")
        let again = try await terminal.wait(for: "q quit")
        #expect(again.contains("approved as contact_customer_service"), "\(again)")
        try await terminal.type("b")
        try await terminal.wait(for: "1 of 3")
        try await terminal.wait(for: "q quit")
        try await terminal.type("xsq")
        try await terminal.wait(for: "0 approved, 1 relabelled, 1 rejected, 1 left.")
        #expect(try await terminal.ending().code == 0)
        #expect(await terminal.isAsItWas)
        let lessons = try await desk.ledger.lessons(nil, limit: 10)
        #expect(lessons.map(\.state) == [.rejected, .approved, .candidate])
        #expect(lessons[1].label == "contact_customer_service" && lessons[1].seen == "contact_human_agent")
        // Without a terminal it says what there is for scripts.
        let ending = try await EndToEndProgram.run(["learn", "review", "--config", "\(shop.folder.path)/desk.yaml"])
        #expect(ending.code == 65 && ending.errors.contains("learn list"), "\(ending.errors)")
    }
}
