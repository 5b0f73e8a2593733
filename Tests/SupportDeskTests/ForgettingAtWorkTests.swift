import Foundation
import Logging
import Mail
import Synchronization
import TestServers
import Testing

@testable import SupportDesk

/// A person is forgotten while other processes, here or on another machine, have her mail in hand.
@Suite("Forgetting while others work", .onEachEngine, .timeLimit(.minutes(5)))
struct ForgettingAtWorkTests {
    private static let priya = "priya.sharma@mail.example"

    /// How many rows still belong to anybody.
    private func rows(_ ledger: Ledger) async throws -> [String: Int] {
        try await ledger.database.read { transaction in
            try ["conversation", "participant", "archive", "outbox", "vault", "draft", "conversation_key"].reduce(
                into: [:]
            ) { counts, table in
                let count = try transaction.rows("SELECT COUNT(*) AS n FROM \(table)", []).first?.integer("n") ?? -1
                if count != 0 { counts[table] = Int(count) }
            }
        }
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isRaised: Bool { state.withLock { $0 } }
        func raise() { state.withLock { $0 = true } }
    }

    /// Forgets her before it answers.
    private struct ForgetfulModel: LanguageModel {
        let name = "forgetful"
        let receipts = Collector<ForgettingReceipt>()
        let other: Desk

        func draft(_ brief: Brief) async throws -> Draft {
            await receipts.add(try await other.forget([ForgettingAtWorkTests.priya]))
            return Draft(
                body: "Thank you.", language: brief.language, citations: [], author: .model(name), asksForPerson: nil)
        }
    }

    /// Forgets her while a mail to her is on the wire.
    private actor ForgetfulCarrier: MailCarrier {
        nonisolated let name = "forgetful"
        private(set) var receipts: [ForgettingReceipt] = []
        private let other: Desk
        init(_ other: Desk) { self.other = other }

        func carry(_ envelope: SupportDesk.Envelope) async -> Carriage {
            if let receipt = try? await other.forget([ForgettingAtWorkTests.priya]) { receipts.append(receipt) }
            return .accepted(remote: nil)
        }
        func presence(of messageID: String) -> Presence { .unknown }
        func close() {}
    }

    @Test("what is being decided is decided anew, and nothing of it is kept")
    func decided() async throws {
        let shop = try await ScratchShop()
        var mail = TestMail(text: "Hello, what is your return policy?\n", verdict: .none)
        mail.name = nil
        try shop.receive(mail)
        let model = ForgetfulModel(other: try await shop.desk())
        let run = try await shop.run { $0.model = model }
        // A draft that is refused is asked for once more.
        let receipts = await model.receipts.all
        #expect(!receipts.isEmpty && receipts.allSatisfy { $0.remaining == 0 })
        #expect(run.outcome == "ignored forgotten")
        #expect(try await rows(shop.ledger()) == [:])
        #expect(try shop.replies().isEmpty && shop.tickets().isEmpty)
    }

    @Test("what is on the wire is counted, and goes when the command is run again")
    func onTheWire() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let other = try await shop.desk()
        let carrier = ForgetfulCarrier(other)
        #expect(try await shop.run { $0.carrier = carrier }.outcome == "answered answered")
        #expect(await carrier.receipts.map(\.remaining) == [1])
        let again = try await other.forget([Self.priya])
        #expect(again.remaining == 0 && again.conversations == 1 && again.letters == 1)
        #expect(try await rows(shop.ledger()) == [:])
        #expect(try await other.ledger.verifyAudit().problem == nil)
    }

    @Test("what is just being committed by somebody who has not seen it yet is found, or committed anew")
    func beingCommitted() async throws {
        let folder = try ScratchFolder()
        let (here, there) = (
            try await Ledger.test(path: "\(folder.path)/l.sqlite"),
            try await Ledger.test(path: "\(folder.path)/l.sqlite")
        )
        let person = try Person([Self.priya], of: here)
        let digest = try #require(person.digests.first)
        let isWriting = Flag()
        let outcome = Task {
            try await there.database.write { transaction in
                if try Ledger.isForgotten(digest, at: ScratchShop.start, in: transaction) { return false }
                let conversation = try Ledger.openConversation("AD-X", now: ScratchShop.start, in: transaction)
                try transaction.execute(
                    "INSERT INTO participant (conversation, digest) VALUES ($1, $2)",
                    [.integer(conversation), .blob(digest)])
                isWriting.raise()
                usleep(1_500_000)
                return true
            }
        }
        for _ in 0..<200 where !isWriting.isRaised { try await Task.sleep(for: .milliseconds(20)) }
        try await here.bury(person, now: ScratchShop.start)
        let found = try await here.shares(of: person)
        #expect(try await outcome.value == !found.isEmpty)
    }

    @Test("beside a daemon: it goes on, and her next mail is answered as anybody's")
    func daemon() async throws {
        let desk = try await EndToEndDesk.onFiles([("one.eml", TestMail.whereIsIt().bytes)])
        let options = ["--config", desk.configurationFile, "--now", EndToEndDesk.nowText]
        let child = try EndToEndProgram.start(["watch"] + options)
        let ledger = try await Ledger(desk.keys)
        func wait(_ condition: ([String: Int]) -> Bool) async throws {
            for _ in 0..<1_200 {
                if condition(try await ledger.status().messages) { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            Issue.record("it did not come to pass: \(try await ledger.status().messages)")
        }
        try await wait { $0 == ["answered": 1] }
        // What somebody left who died while she edited a draft.
        let left = "\(desk.state)/edit-\(Int32.max)"
        try DurableFile.makeFolder(left)
        try DurableFile.write(Array("Dear Priya".utf8), to: "\(left)/draft-1.txt")
        let forgotten = try await EndToEndProgram.run(["forget", Self.priya, "--json"] + options)
        #expect(forgotten.code == 0 && forgotten.output.contains("\"conversations\":1"), "\(forgotten.errors)")
        #expect(try await rows(ledger) == [:])
        #expect(!FileManager.default.fileExists(atPath: left))
        try Maildir(path: "\(desk.folder)/mail").deliver(
            TestMail.whereIsIt("NC-104240").bytes,
            uniqueName: "\(Int(EndToEndDesk.now.timeIntervalSince1970) + 60).two.eml")
        try await wait { $0 == ["answered": 2] }
        kill(child.id, SIGTERM)
        let ending = await child.ending()
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(try await rows(ledger)["conversation"] == 1)
    }

    #if DEBUG
        @Test(
            "a process that had her mail in hand, before and after it was decided, goes on and sends nothing",
            arguments: ["begun", "decided"])
        func stopped(at point: String) async throws {
            let desk = try await EndToEndDesk.onFiles([("question.eml", TestMail.whereIsIt().bytes)])
            let run = ["run", "--config", desk.configurationFile, "--now", EndToEndDesk.nowText]
            let child = try EndToEndProgram.start(run, environment: ["AURADESK_FAULT": "\(point):1:stop"])
            let deadline = ContinuousClock.now + .seconds(60)
            while !child.isStopped, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
            #expect(child.isStopped)
            var surroundings = DeskSurroundings(logger: Logger(label: "e2e") { _ in SwiftLogNoOpLogHandler() })
            surroundings.now = { EndToEndDesk.now }
            let other = try await Desk.build(DeskConfiguration(file: desk.configurationFile), surroundings)
            let receipt = try await other.forget([Self.priya])
            #expect(receipt.remaining == 0 && receipt.conversations == (point == "begun" ? 0 : 1))
            kill(child.id, SIGCONT)
            let ending = await child.ending()
            #expect(ending.code == 0, "\(ending.errors)")
            #expect(try await rows(other.ledger) == [:])
            #expect(try desk.tree("outbox").isEmpty)
            #expect(try await other.ledger.status().messages == ["ignored": 1])
            #expect(try await other.ledger.hasOpenWork() == false)
        }

        @Test("a mail that kills whoever reads it kills nobody who looks for what is held of a person")
        func poison() async throws {
            let desk = try await EndToEndDesk.onFiles([("poison.eml", TestMail(text: "kaboom-4711\n").bytes)])
            func type(_ words: [String]) async throws -> EndToEndProgram.Ending {
                try await EndToEndProgram.run(
                    words + ["--config", desk.configurationFile, "--now", EndToEndDesk.nowText],
                    environment: ["AURADESK_FAULT": "parse:kaboom-4711"])
            }
            #expect(try await type(["run"]).signal == SIGABRT)
            #expect(try await type(["run", "--json"]).output.contains("\"quarantined\":1"))
            let exported = try await type(["export", Self.priya, "--output", "\(desk.folder)/export", "--json"])
            #expect(exported.code == 0 && exported.output.contains("-message.eml"), "\(exported.errors)")
            let forgotten = try await type(["forget", Self.priya, "--json"])
            #expect(forgotten.code == 0 && forgotten.output.contains("\"conversations\":1"), "\(forgotten.errors)")
        }
    #endif
}
