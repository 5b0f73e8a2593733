import Foundation
import Mail
import Postgres
import Redaction
import TestServers
import Testing

@testable import SupportDesk

/// A person asks to be forgotten, or to see what is held of her.
@Suite("Forgetting", .timeLimit(.minutes(5)))
struct ForgettingTests {
    private static let priya = "priya.sharma@mail.example"
    private static let phone = "+91 98220 14477"
    private static let keys = [priya, "Priya Sharma", phone, "14 Lake View Road"].map(ByteSearch.key)

    /// A shop in which Priya was answered, got a ticket and a draft, wrote what nobody could read, and had Arjun take part;
    /// Meera wrote for herself.
    private func shop() async throws -> ScratchShop {
        let shop = try await ScratchShop {
            $0.limits.messageBytes = 8_192
            $0.limits.backstops.perSender = 20
            $0.acknowledges = true
        }
        var answered = TestMail.whereIsIt()
        answered.id = "opening@mail.example"
        answered.headers = ["Cc: Arjun Mehta <arjun.mehta@inbox.example>"]
        answered.text += "My number is \(Self.phone), I live at 14 Lake View Road.\n"
        try shop.receive(answered, name: "answered")
        var encoded = TestMail(
            text: Data("Priya Sharma: give me a person, call \(Self.phone).\n".utf8).base64EncodedString())
        encoded.contentType = "text/plain; charset=utf-8\r\nX-Priya: =50=72=69=79=61=20Sharma"
        try shop.receive(Self.with("Content-Transfer-Encoding: base64", encoded), name: "person")
        var wide = TestMail(text: "")
        wide.text =
            "I want a person, says Priya Sharma of 14 Lake View Road".data(using: .utf16LittleEndian)?
            .base64EncodedString() ?? ""
        wide.contentType = "text/plain; charset=utf-16le"
        try shop.receive(Self.with("Content-Transfer-Encoding: base64", wide), name: "wide")
        var large = TestMail.whereIsIt()
        large.text += String(repeating: "word ", count: 4_000)
        try shop.receive(large, name: "large")
        var meera = TestMail(
            name: "Meera Nair", from: "meera.nair@post.example", text: "Hello, I want to speak to a person.\n",
            verdict: .none)
        meera.id = "meera@post.example"
        try shop.receive(meera, name: "meera")
        return shop
    }

    private static func with(_ field: String, _ mail: TestMail) -> [UInt8] {
        Array(
            String(decoding: mail.bytes, as: UTF8.self).replacing("Content-Transfer-Encoding: 8bit", with: field).utf8)
    }

    /// What is left of Priya: in a file's bytes, however encoded; or in a sealed value that the ledger's keys still open.
    private func traces(in shop: ScratchShop) async throws -> [String] {
        let search = ByteSearch(Self.keys)
        var found: [String] = []
        for folder in ["state", "tickets", "drafts"] {
            let root = "\(shop.folder.path)/\(folder)"
            for name in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] {
                guard let data = FileManager.default.contents(atPath: "\(root)/\(name)") else { continue }
                if !search.find(in: [UInt8](data)).isEmpty { found.append("\(folder)/\(name)") }
            }
        }
        let ledger = try await shop.ledger()
        for table in SealedTable.all {
            for row in try await ledger.database.read({ try $0.rows("SELECT * FROM \(table.name)", []) }) {
                guard let sealed = row.blob("sealed"), !sealed.isEmpty else { continue }
                let bytes = try await ledger.open(sealed, as: table.place(row))
                let text = (try? PropertyListSerialization.propertyList(from: Data(bytes), format: nil)).map { "\($0)" }
                let isSeen = !search.find(in: bytes).isEmpty || !search.find(in: Array((text ?? "").utf8)).isEmpty
                if isSeen { found.append(table.place(row)) }
            }
        }
        try await ledger.close()
        return found
    }

    /// All sealed values, and the keys of conversations.
    private func sealed(_ shop: ScratchShop) async throws -> [(place: String, bytes: [UInt8])] {
        let ledger = try await shop.ledger()
        var all: [(String, [UInt8])] = []
        for table in SealedTable.all {
            for row in try await ledger.database.read({ try $0.rows("SELECT * FROM \(table.name)", []) }) {
                if let sealed = row.blob("sealed"), !sealed.isEmpty { all.append((table.place(row), sealed)) }
            }
        }
        for row in try await ledger.database.read({ try $0.rows("SELECT * FROM conversation_key", []) }) {
            all.append(("key \(row.integer("conversation") ?? 0)", row.blob("secret") ?? []))
        }
        try await ledger.close()
        return all
    }

    /// What lies in the files of a ledger; of a server's, as they are on its disk without its journal.
    private func files(of shop: ScratchShop) async throws -> Data {
        var folder = shop.configuration.state
        if case .postgres(let server, _, _) = shop.configuration.keys.store {
            let pool = PostgresPool(server, size: 1)
            try await pool.withConnection { try await $0.script("CHECKPOINT") }
            await pool.shutdown()
            folder = try await PostgreSQLServer.shared().data + "/base"
        }
        var files = Data()
        for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
            files += FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
        }
        return files
    }

    @Test(
        "nothing of her is left: not in a file, a free page or a journal, nor behind a key; others keep what is theirs",
        .onEachEngine)
    func forgets() async throws {
        let shop = try await shop()
        let first = try await shop.run()
        #expect(first.handled.count == 5)
        let before = try await traces(in: shop)
        #expect(before.contains { $0.hasPrefix("tickets/") } && before.contains { $0.hasPrefix("archive") })
        #expect(before.contains { $0.hasPrefix("vault") } && before.contains { $0.hasPrefix("outbox") })
        let values = try await sealed(shop)
        let secrets = values.filter { $0.place.hasPrefix("key") }
        let lying = try await files(of: shop)
        #expect(secrets.allSatisfy { lying.range(of: Data($0.bytes)) != nil })
        let stranger = Set(shop.tickets())

        let desk = try await shop.desk()
        let receipt = try await desk.forget(["Priya.Sharma@mail.example"])
        #expect(receipt.conversations == 4 && receipt.keys == 4 && receipt.remaining == 0)
        #expect(receipt.mails == 4 && receipt.messages == 4)
        try await desk.ledger.close()
        #expect(try await traces(in: shop) == [])
        // Meera's ticket stands.
        #expect(shop.tickets().count == 1 && stranger.count > 1)
        let left = try await sealed(shop)
        #expect(left.contains { $0.place.hasPrefix("archive") } && left.count < values.count)
        // What was sealed for her opens nowhere: its keys lie nowhere any more. In a file of the desk's own it lies not either.
        let kept = Set(left.map(\.bytes))
        let files = try await files(of: shop)
        var isServer = false
        if case .postgres = shop.configuration.keys.store { isServer = true }
        let ledger = try await shop.ledger()
        for value in values where !kept.contains(value.bytes) {
            if !isServer || value.place.hasPrefix("key") {
                #expect(files.range(of: Data(value.bytes.suffix(24))) == nil, "\(value.place)")
            }
            guard !value.place.hasPrefix("key") else { continue }
            await #expect(throws: DeskError.self, "\(value.place)") {
                _ = try await ledger.open(value.bytes, as: value.place)
            }
        }
        // Once more finds nothing, and the log of what was done stands as it was written.
        let again = try await shop.desk().forget([Self.priya])
        #expect(again.conversations == 0 && again.remaining == 0)
        let verdict = try await ledger.verifyAudit()
        #expect(verdict.problem == nil && verdict.entries > 10 && verdict.open == 0)
        #expect(try await ledger.check().filter { !$0.contains("power cut") } == [])
    }

    @Test(
        "her earlier mail is not taken in again, however it turns up; what she writes from now on is new", .onEachEngine
    )
    func tombstone() async throws {
        let shop = try await shop()
        try await shop.run()
        let desk = try await shop.desk()
        shop.clock.advance(by: 600)
        _ = try await desk.forget([Self.priya])
        // The mailbox was restored from a backup: other names, the same mails; and one that was never seen.
        for (index, entry) in try shop.maildir.entries().enumerated() where !entry.uniqueName.hasSuffix("large") {
            try shop.receive(shop.maildir.read(entry), age: 900, name: "again\(index)")
        }
        try shop.receive(TestMail(text: "Where is NC-104233? Call \(Self.phone)\n"), age: 700, name: "late")
        shop.clock.advance(by: 60)
        let run = try await shop.run()
        #expect(
            run.handled.map(\.rule).sorted() == ["duplicate", "forgotten", "forgotten", "forgotten", "forgotten"],
            "\(run.handled.map(\.rule))")
        #expect(try await traces(in: shop) == [])
        shop.clock.advance(by: 60)
        try shop.receive(.whereIsIt(), age: 10, name: "new")
        #expect(try await shop.run().outcome == "answered answered")
    }

    @Test(
        "a draft that waits is taken out of its folder, and her mail is not left open", .onEachEngine)
    func drafts() async throws {
        let scene = try await DraftScene(.maildir)
        let open = try await scene.ask()
        #expect(try await scene.box().drafts().count == 1)
        let receipt = try await scene.desk().forget([Self.priya])
        #expect(receipt.drafts == 1 && receipt.conversations == 1)
        #expect(try await scene.box().drafts().isEmpty)
        #expect(try await scene.message(open) == "ignored forgotten")
        #expect(try await scene.run().handled.isEmpty)
        #expect(try await scene.shop.ledger().hasOpenWork() == false)
    }

    @Test(
        "what is on its way, or waits for somebody else, is not lost: the command says so and is run again",
        .onEachEngine)
    func held() async throws {
        let shop = try await ScratchShop()
        let carrier = ScriptedCarrier([.deferred(reason: "busy")])
        try shop.receive(.whereIsIt())
        try await shop.run { $0.carrier = carrier }
        let ledger = try await shop.ledger()
        let state = {
            try await ledger.database.read { try $0.rows("SELECT state FROM outbox", []).map { $0.text("state") } }
        }
        #expect(try await state() == ["queued"])
        try await ledger.database.write { transaction in
            try transaction.execute("UPDATE outbox SET state = 'sending'", [])
            return
        }
        let receipt = try await shop.desk().forget([Self.priya])
        #expect(receipt.remaining == 1 && receipt.conversations == 0)
        #expect(try await state() == ["sending"])
        try await ledger.database.write { transaction in
            try transaction.execute("UPDATE outbox SET state = 'queued'", [])
            return
        }
        // Her own answer that only waits is not sent any more.
        let second = try await shop.desk().forget([Self.priya])
        #expect(second.remaining == 0 && second.conversations == 1)
        #expect(try await state() == [])
        shop.clock.advance(by: 3_600)
        let run = try await shop.run()
        #expect(run.handled.isEmpty && !run.report.workRemains)
        #expect(try shop.replies().isEmpty)
    }

    @Test(
        "killed between a ticket's folder and the ledger, the command ends its work when it is run again", .onEachEngine
    )
    func killed() async throws {
        let shop = try await shop()
        try await shop.run()
        let file = try await shop.folder.write(
            "desk.yaml",
            String(
                decoding: FileManager.default.contents(atPath: "\(shop.folder.path)/desk.yaml") ?? Data(), as: UTF8.self
            )
                + "\ntemplates: \(PackageFolder.templates)\n"
                + LedgerEngine.current.section(for: shop.folder.path))
        let arguments = ["forget", Self.priya, "--config", file, "--json"]
        let dead = try await EndToEndProgram.run(arguments, environment: ["AURADESK_FAULT": "forgetting:2"])
        #expect(dead.signal == SIGKILL)
        let ended = try await EndToEndProgram.run(arguments)
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(ended.output.contains("\"remaining\":0") && !ended.output.contains("priya"))
        #expect(try await traces(in: shop) == [])
    }

    @Test("a draft that a person has changed is hers: it is counted, and left where it lies")
    func changedDraft() async throws {
        let scene = try await DraftScene(.maildir)
        _ = try await scene.ask()
        _ = try await scene.box().edit { $0.replacing("Hello", with: "Dear Priya") }
        try await scene.run()
        let receipt = try await scene.desk().forget([Self.priya])
        #expect(receipt.conversations == 1 && receipt.drafts == 1 && receipt.changedDrafts == 1)
        #expect(try await scene.box().drafts().count == 1)
    }

    @Test("a mail that waited for a batch goes with its author, and its request with it", .onEachEngine)
    func batch() async throws {
        let scene = try await BatchScene(.openai)
        var mail = TestMail(text: "Hello, what is your return policy?\n", verdict: .none)
        mail.name = nil
        try scene.shop.receive(mail)
        #expect(try await scene.shop.run().report.waiting == 1)
        #expect(try await scene.rows("SELECT id FROM batch_request").count == 1)
        _ = try await scene.shop.desk().forget([Self.priya])
        scene.provider.finish { _ in }
        scene.shop.clock.advance(by: 300)
        #expect(try await scene.shop.run().outcome == "ignored forgotten")
        scene.shop.clock.advance(by: 300)
        try await scene.shop.run()
        #expect(try await scene.rows("SELECT id FROM batch_request").isEmpty)
        #expect(scene.provider.files == [])
    }

    @Test(
        "what is held of her is handed out: her mails word for word, what was made of them, nothing that others wrote",
        .onEachEngine)
    func exports() async throws {
        let shop = try await shop()
        try await shop.run()
        var arjun = TestMail(
            name: "Arjun Mehta", from: "arjun.mehta@inbox.example",
            text: "I am Arjun; my own number is +91 98191 60532. I want a person.\n")
        arjun.inReplyTo = "opening@mail.example"
        try shop.receive(arjun)
        try await shop.run()
        let folder = "\(shop.folder.path)/export"
        let record = try await shop.desk().export([Self.priya], into: folder)
        #expect(record.conversations.count == 4)
        let messages = record.conversations.flatMap(\.messages)
        #expect(messages.count == 5 && messages.count { $0.file != nil } == 4)
        let file = try #require(messages.first?.file)
        let original = try #require(FileManager.default.contents(atPath: "\(folder)/\(file)"))
        #expect([UInt8](original).holds("14 Lake View Road"))
        let letters = record.conversations.flatMap(\.letters)
        #expect(letters.contains { $0.kind == "reply" && $0.file != nil })
        #expect(letters.contains { $0.kind == "ticket" && $0.text?.isEmpty == false })
        #expect(record.conversations.contains { $0.values.values.contains(Self.phone) })
        #expect(record.conversations.contains { !$0.ticketFiles.isEmpty })
        let whole = String(
            decoding: FileManager.default.contents(atPath: "\(folder)/person.json") ?? Data(), as: UTF8.self)
        #expect(whole.contains(Self.priya) && !whole.contains("98191"))
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/person.json")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        await #expect(throws: DeskError.self, "the folder is there") {
            try await shop.desk().export([Self.priya], into: folder)
        }
        for nobody in ["nobody", "Priya Sharma <\(Self.priya)>", "\(Self.priya),", " \(Self.priya)"] {
            await #expect(throws: DeskError.self) { try await shop.desk().export([nobody], into: folder + "2") }
        }
    }
}
