import Foundation
import TestServers
import Testing

@testable import SupportDesk

/// The last link of the audit log, in all places where it can be kept apart from the ledger.
@Suite("Audit heads", .onEachEngine, .timeLimit(.minutes(5)))
struct AuditHeadTests {
    private struct Summary: Decodable {
        let audit: AuditHead?
        let handled: Int
    }

    private func desk(_ limits: String = "") async throws -> EndToEndDesk {
        try await EndToEndDesk.onFiles(
            [("question.eml", TestMail.whereIsIt().bytes)], limits: "metrics:\n  file: a.prom\n" + limits)
    }

    private func type(_ words: [String], _ desk: EndToEndDesk) async throws -> EndToEndProgram.Ending {
        try await EndToEndProgram.run(
            words + ["--config", desk.configurationFile]
                + (words[0] == "audit" || words[0] == "pause" || words[0] == "resume"
                    ? [] : ["--now", EndToEndDesk.nowText]))
    }

    private func verdict(_ desk: EndToEndDesk) async throws -> AuditVerdict {
        try JSONDecoder().decode(
            AuditVerdict.self, from: Data(try await type(["audit", "verify", "--json"], desk).output.utf8))
    }

    private func figures(_ desk: EndToEndDesk) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(desk.folder)/a.prom") ?? Data(), as: UTF8.self)
    }

    @Test("a run's head is in its summary, its log and the metrics; against it a cut end shows")
    func heads() async throws {
        let desk = try await desk()
        func run() async throws -> (Summary, log: String) {
            let ending = try await type(["run", "--json"], desk)
            #expect(ending.code == 0, "\(ending.errors)")
            let line = try #require(ending.output.split(separator: "\n").last)
            return (try JSONDecoder().decode(Summary.self, from: Data(line.utf8)), ending.errors)
        }
        let (summary, log) = try await run()
        let head = try #require(summary.audit)
        #expect(summary.handled == 1 && head.total == head.entries && head.number == 1)
        #expect(
            log.contains("level=notice") && log.contains("head=\(head.hash)") && log.contains("entries=\(head.total)"))
        #expect(figures(desk).contains("auradesk_audit_head_info{link=\"1\",hash=\"\(head.hash)\"} 1\n"))
        #expect(figures(desk).contains("\nauradesk_audit_entries \(head.total)\n"))
        // A run without anything to do says nothing, and the figures still have it.
        let (idle, silence) = try await run()
        #expect(idle.audit == nil && silence == "", "\(silence)")
        #expect(figures(desk).contains(head.hash))
        try desk.deliver([("second.eml", TestMail.whereIsIt("NC-104240").bytes)])
        let second = try #require(try await run().0.audit)
        #expect(second.number == 2 && second.total == head.total + second.entries)
        #expect(!figures(desk).contains(head.hash) && figures(desk).contains(second.hash))
        #expect(try await type(["audit", "verify", "--head", head.hash], desk).code == 0)
        // Its end is cut off.
        let database = try await desk.store.open(in: desk.state)
        try await database.write { transaction in
            try transaction.execute("DELETE FROM audit WHERE seal = 2", [])
            try transaction.execute("DELETE FROM audit_seal WHERE number = 2", [])
        }
        try await database.close()
        #expect(try await type(["audit", "verify"], desk).code == 0)
        let cut = try await type(["audit", "verify", "--head", second.hash], desk)
        #expect(cut.code == 65 && cut.output.contains("cut off"), "\(cut.output)")
    }

    @Test("what a person does is sealed when she has done it, and said in the log")
    func atOnce() async throws {
        let desk = try await desk("intents:\n  track_order: draft\n")
        #expect(try await type(["run"], desk).code == 0)
        var before = try await verdict(desk)
        #expect(before.open == 0 && before.problem == nil)
        for words in [["pause", "--reason", "x"], ["resume"], ["approve", "1"]] {
            let ending = try await type(words, desk)
            #expect(ending.code == 0, "\(words): \(ending.errors)")
            let after = try await verdict(desk)
            let head = try #require(after.head)
            #expect(after.open == 0 && after.problem == nil && after.entries > before.entries, "\(words)")
            #expect(ending.errors.contains("head=\(head.hash)"), "\(words)")
            before = after
        }
        try desk.deliver([("second.eml", TestMail.whereIsIt("NC-104240").bytes)])
        #expect(try await type(["run"], desk).code == 0)
        let count = try await verdict(desk).entries
        #expect(try await type(["reject", "2", "--reason", "no"], desk).code == 0)
        let after = try await verdict(desk)
        #expect(after.open == 0 && after.entries > count)
    }
}
