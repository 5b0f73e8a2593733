import Foundation
import Mail
import Testing

@testable import SupportDesk

/// One run over a maildir: how far automation goes, what a dead run left, what cannot be read.
@Suite("Run")
struct RunTests {
    @Test(
        "how far automation goes is set by intent",
        arguments: [
            (Mode.auto, "answered answered"), (.draft, "drafted mode-draft"), (.shadow, "escalated mode-shadow"),
            (.off, "escalated mode-off"),
        ])
    func modes(mode: Mode, expected: String) async throws {
        let shop = try await ScratchShop {
            $0.policy.modes["track_order"] = mode
            $0.drafts = .maildir($0.state + "/../drafts")
        }
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == expected)
        #expect(try shop.replies().count == (mode == .auto ? 1 : 0))
        let drafts = Maildir(path: shop.folder.path + "/drafts")
        let entries = FileManager.default.fileExists(atPath: drafts.path) ? try drafts.entries() : []
        #expect(entries.map(\.flags) == (mode == .draft ? [["D"]] : []))
        #expect(shop.tickets().count == (mode == .off || mode == .shadow ? 1 : 0))
        // The agent sees the order, and nothing of what the desk would have said of it.
        for ticket in shop.tickets() {
            let note = try #require(shop.file("note-1.txt", of: ticket))
            #expect(note.holds("NC-104233") && !note.holds("Delhivery") && !note.holds("Kind regards"))
        }
    }

    @Test("a mail that is less certain than its threshold goes to a person")
    func threshold() async throws {
        // No probability is above one.
        for intent in ["track_order", "get_refund"] {
            let shop = try await ScratchShop { $0.policy.thresholds[intent] = 1.01 }
            try shop.receive(.whereIsIt())
            #expect(
                try await shop.run().outcome
                    == (intent == "track_order" ? "escalated low-confidence" : "answered answered"))
        }
        let never = try await ScratchShop { $0.policy.defaultThreshold = 1.01 }
        try never.receive(.whereIsIt())
        #expect(try await never.run().outcome == "escalated low-confidence")
    }

    @Test("of several messages that a run died on, only the one that fails its trial is quarantined")
    func crash() async throws {
        let shop = try await ScratchShop {
            $0.limits.backstops.perSender = 10
            $0.limits.backstops.perText = 10
        }
        for number in 0..<5 {
            var mail = TestMail.whereIsIt()
            mail.headers = ["X-Number: \(number)"]
            try shop.receive(mail, name: "m\(number)")
        }
        // The run that dies: everything is found and begun, nothing is settled.
        let desk = try await shop.desk()
        let ledger = desk.ledger
        let state = try await ledger.adopt(channel: "support", from: shop.clock.now.addingTimeInterval(-86_400))
        try await desk.lease.whileKept {
            let discovery = try await desk.channels[0].channel.discover(
                after: state.cursor, adoptedAt: state.adoptedAt, ledger: ledger)
            #expect(try await ledger.record(discovery, of: "support", by: desk.lease, now: shop.clock.now))
            try await ledger.begin(ledger.claim(in: "support", now: shop.clock.now, by: desk.lease))
        }
        let trials = Collector<Int>()
        let run = try await shop.run {
            $0.rehearsal = Rehearsal { messages in
                await trials.add(messages.count)
                return !messages.contains { $0.bytes.holds("X-Number: 3") }
            }
        }
        #expect(run.handled.count == 5)
        #expect(run.handled.count { $0.disposition == .answered } == 4)
        #expect(run.handled.filter { $0.disposition == .quarantined }.map(\.rule) == ["crash"])
        #expect(await trials.all.first == 5, "one trial for all of them comes first")
        let ticket = try #require(shop.tickets().first)
        #expect(shop.files(of: ticket).contains { $0.hasSuffix("-message.eml") })
        #expect(try shop.maildir.entries().count { $0.flags == ["S", "F"] } == 1)
        #expect(try await shop.run().handled.isEmpty)
    }

    @Test("a message over the limit is quarantined with its beginning, the run goes on")
    func tooLarge() async throws {
        let shop = try await ScratchShop { $0.limits.messageBytes = 4_096 }
        var large = TestMail.whereIsIt()
        large.text += String(repeating: "word ", count: 2_000)
        try shop.receive(large, name: "a")
        try shop.receive(.whereIsIt(), name: "b")
        let run = try await shop.run()
        #expect(
            run.handled.map { "\($0.disposition) \($0.rule)" }.sorted() == [
                "answered answered", "quarantined too-large",
            ])
        let ticket = try #require(shop.tickets().first)
        #expect(shop.files(of: ticket).count == 2)
    }

    @Test("a mailbox that is numbered anew: what could not be read is known again, and has one ticket")
    func unreadAgain() async throws {
        let shop = try await ScratchShop { $0.limits.messageBytes = 4_096 }
        var large = TestMail.whereIsIt()
        large.text += String(repeating: "word ", count: 2_000)
        for name in ["a", "b"] {
            try shop.receive(large, name: name)
            try shop.receive(Array("no header at all".utf8), name: "\(name)2")
            let run = try await shop.run()
            #expect(
                run.handled.map { "\($0.disposition) \($0.rule)" }.sorted()
                    == (name == "a"
                        ? ["quarantined too-large", "quarantined unparsable"]
                        : ["ignored duplicate", "ignored duplicate"]))
        }
        #expect(shop.tickets().count == 2)
        // The same at once.
        large.id = "another@mail.example"
        for name in ["c", "d"] { try shop.receive(large, name: name) }
        #expect(
            try await shop.run().handled.map { "\($0.disposition) \($0.rule)" }.sorted()
                == ["ignored duplicate", "quarantined too-large"])
        #expect(shop.tickets().count == 3)
    }

    @Test("a file that another program takes is nobody's loss")
    func vanished() async throws {
        let shop = try await ScratchShop()
        let name = try shop.receive(.whereIsIt())
        let desk = try await shop.desk()
        let state = try await desk.ledger.adopt(channel: "support", from: shop.clock.now.addingTimeInterval(-86_400))
        let discovery = try await desk.channels[0].channel.discover(
            after: nil, adoptedAt: state.adoptedAt, ledger: desk.ledger)
        #expect(try await desk.ledger.record(discovery, of: "support", by: desk.lease, now: shop.clock.now))
        try FileManager.default.removeItem(atPath: "\(shop.maildir.path)/new/\(name)")
        #expect(try await shop.run(desk).outcome == "ignored vanished")
        #expect(try await shop.run().handled.isEmpty)
    }

    @Test("mail that is already marked, moved or read by another program is handled all the same, once")
    func movedByOthers() async throws {
        let shop = try await ScratchShop()
        let name = try shop.receive(.whereIsIt())
        try shop.maildir.mark(name, adding: ["S"])
        #expect(try await shop.run().outcome == "answered answered")
        try shop.maildir.mark(name, adding: ["F"])
        #expect(try await shop.run().handled.isEmpty)
    }

    @Test("explain says what each stage found and leaves no trace")
    func explain() async throws {
        let shop = try await ScratchShop()
        let desk = try await shop.desk()
        let raw = RawMessage(
            id: 0, channel: "support", source: "x", arrival: shop.clock.now, bytes: TestMail.whereIsIt().bytes)
        let explanation = try await desk.explain(raw)
        #expect(explanation.disposition == .answered)
        #expect(explanation.reply?.contains("Delhivery") == true)
        #expect(
            explanation.stages.map(\.name) == [
                "parse", "associate", "screen", "identify", "redact", "triage", "ground", "respond", "review", "decide",
            ])
        #expect(try await desk.ledger.status().messages.isEmpty)
        #expect(try shop.replies().isEmpty && shop.tickets().isEmpty)
    }

    @Test("two runs do not work on one state at a time")
    func lock() throws {
        let folder = try ScratchFolder()
        var first: RunLock? = try RunLock(state: folder.path)
        let error = #expect(throws: DeskError.self) { _ = try RunLock(state: folder.path) }
        #expect(error?.code == .locked)
        #expect(error?.message.contains(folder.path) == true)
        withExtendedLifetime(first) {}
        first = nil
        _ = try RunLock(state: folder.path)
    }
}
