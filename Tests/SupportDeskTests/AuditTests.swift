import Foundation
import Testing

@testable import SupportDesk

/// Whatever is altered in the log of what was done shows.
@Suite("Audit log", .onEachEngine)
struct AuditTests {
    /// A ledger with three links of ten entries each.
    private func ledger() async throws -> Ledger {
        let ledger = try await Ledger.test()
        for link in 0..<3 {
            for entry in 0..<10 {
                try await ledger.audit(
                    .decision, "answered rule=\(entry)", message: Int64(link * 10 + entry), now: ScratchShop.start)
            }
            #expect(try await ledger.sealAudit(now: ScratchShop.start)?.number == Int64(link + 1))
        }
        return ledger
    }

    private func execute(_ ledger: Ledger, _ sql: String) async throws {
        try await ledger.database.write { transaction in
            try transaction.execute(sql, [])
            return
        }
    }

    @Test(
        "an entry that is edited, removed, added or put elsewhere shows, and so does a link",
        arguments: [
            "UPDATE audit SET detail = 'ignored rule=4' WHERE id = 15", "UPDATE audit SET actor = '1' WHERE id = 1",
            "UPDATE audit SET account = 'somebody' WHERE id = 1", "UPDATE audit SET at = at + 1 WHERE id = 30",
            "UPDATE audit SET message = NULL WHERE id = 7",
            "UPDATE audit SET kind = 'draft' WHERE id = 7",
            "DELETE FROM audit WHERE id = 20", "DELETE FROM audit WHERE seal = 2",
            "DELETE FROM audit_seal WHERE number = 2", "DELETE FROM audit_seal WHERE number = 3",
            "UPDATE audit SET seal = 2 WHERE id = 21", "UPDATE audit SET seal = NULL WHERE id = 30",
            "INSERT INTO audit (at, kind, detail, actor, seal) VALUES (0, 'decision', '', '0', 3)",
            "INSERT INTO audit (at, kind, detail, actor, seal) VALUES (0, 'decision', '', '0', 0)",
            "INSERT INTO audit (at, kind, detail, actor, seal) VALUES (0, 'decision', '', '0', -1)",
            // Two that change places.
            """
            UPDATE audit SET message = CASE id WHEN 11 THEN 11 ELSE 10 END,
            detail = CASE id WHEN 11 THEN 'answered rule=1' ELSE 'answered rule=0' END WHERE id IN (11, 12)
            """,
            "UPDATE audit_seal SET at = at + 1 WHERE number = 1", "UPDATE audit_seal SET entries = 9 WHERE number = 3",
            "UPDATE audit_seal SET total = 31 WHERE number = 3",
        ])
    func altered(sql: String) async throws {
        let ledger = try await ledger()
        #expect(try await ledger.verifyAudit().problem == nil)
        try await execute(ledger, sql)
        let verdict = try await ledger.verifyAudit()
        #expect(verdict.problem != nil, "\(sql)")
    }

    @Test("a cut end and a chain written anew show against a head that was noted before, and only there")
    func cut() async throws {
        let ledger = try await ledger()
        let head = try #require(try await ledger.auditHead()).hash
        #expect(try await ledger.verifyAudit(head: head.uppercased()).problem == nil)
        try await ledger.audit(.delivery, "sent reply outbox=1", now: ScratchShop.start)
        #expect(try await ledger.verifyAudit(head: head).open == 1)
        _ = try await ledger.sealAudit(now: ScratchShop.start)
        #expect(try await ledger.verifyAudit(head: head).problem == nil, "an earlier head is in the chain")
        try await execute(ledger, "DELETE FROM audit WHERE seal >= 3")
        try await execute(ledger, "DELETE FROM audit_seal WHERE number >= 3")
        #expect(try await ledger.verifyAudit().problem == nil)
        #expect(try await ledger.verifyAudit(head: head).problem?.contains("cut off") == true)
        // Sealed anew from the first entry on, with one of them altered.
        try await execute(ledger, "UPDATE audit SET detail = 'x', seal = NULL")
        try await execute(ledger, "DELETE FROM audit_seal")
        _ = try await ledger.sealAudit(now: ScratchShop.start)
        #expect(try await ledger.verifyAudit().problem == nil)
        #expect(try await ledger.verifyAudit(head: head).problem != nil)
    }

    @Test("an entry that is committed late, with a smaller number, is sealed by the next link")
    func late() async throws {
        let ledger = try await ledger()
        try await execute(
            ledger,
            """
            INSERT INTO audit (id, at, kind, detail, actor) \(ledger.database.dialect.catalog.overriding)
            VALUES (-5, 0, 'decision', 'late', '0')
            """)
        let head = try #require(try await ledger.sealAudit(now: ScratchShop.start))
        #expect(head.number == 4 && head.entries == 1 && head.total == 31)
        // The pages of a verification begin at the first number.
        #expect(try await ledger.verifyAudit().problem == nil)
        #expect(try await ledger.sealAudit(now: ScratchShop.start) == nil)
    }

    @Test("each decision, delivery and word of a person has its entry, and what changed besides; none names anybody")
    func entries() async throws {
        let scene = try await DraftScene(.maildir)
        let id = try await scene.ask()
        _ = try await scene.approve(id)
        try scene.shop.receive(
            TestMail(name: "Meera", from: "meera@post.example", text: "I want to speak to a person.\n"))
        let run = try await scene.run()
        let head = try #require(run.report.audit)
        let ledger = try await scene.shop.ledger()
        let entries = try await ledger.newestAuditEntries(1_000)
        let lines = entries.map { "\($0.kind) \($0.detail)" }
        #expect(lines.contains("decision drafted rule=mode-draft") && lines.contains("draft approved rule=approved"))
        #expect(
            lines.contains { $0.hasPrefix("delivery sent draft") }
                && lines.contains { $0.hasPrefix("delivery sent reply") })
        #expect(lines.contains { $0.hasPrefix("decision escalated rule=") })
        #expect(lines.contains { $0.hasPrefix("delivery sent ticket") })
        let versions = ["configuration", "knowledge", "models", "prompts"]
        #expect(versions.allSatisfy { what in lines.count { $0.hasPrefix("version \(what)=") } == 1 }, "\(lines)")
        #expect(entries.allSatisfy { $0.actor == String(getuid()) })
        let account = LedgerEngine.current == .postgres ? "desk" : nil
        #expect(entries.allSatisfy { $0.account == account })
        #expect(try await ledger.verifyAudit(head: head.hash).problem == nil)
        #expect(!lines.contains { $0.contains("priya") || $0.contains("meera") || $0.contains("@") })
        // An idle run adds nothing.
        #expect(try await scene.run().report.audit == nil)
        // Another file, another entry.
        #expect(try await ledger.auditHead() == head)
    }
}
