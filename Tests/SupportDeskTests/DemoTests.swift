import Foundation
import Logging
import Mail
import Testing

@testable import SupportDesk

/// The demo is the desk on 117 mails: what it promises on the screen holds here too.
@Suite("Demo shop")
struct DemoTests {
    /// One finished demo, shared by the tests of this suite.
    private struct Finished: Sendable {
        let folder: ScratchFolder
        let demonstration: Demonstration
        let rows: [Demonstration.Row]
        let second: RunReport
        let repliesAfterFirst: [String]
        let ticketsAfterFirst: [String]

        var outbox: [String] { Self.names(demonstration.outbox + "/new") }
        var tickets: [String] { Self.tree(demonstration.tickets) }

        static func names(_ folder: String) -> [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        }

        static func tree(_ folder: String) -> [String] {
            (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
        }
    }

    private static let run = Task { () throws -> Finished in
        let folder = try ScratchFolder()
        let layout = try Layout(templates: PackageFolder.templates, mailboxes: PackageFolder.mailboxes)
        let demonstration = try Demonstration(into: "\(folder.path)/demo", layout: layout)
        var configuration = try DeskConfiguration(file: demonstration.configurationFile)
        configuration.templates = layout.templates
        var surroundings = DeskSurroundings(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { demonstration.now }
        let collected = Collector<HandledMessage>()
        let report = try await Desk.build(configuration, surroundings).run { await collected.add($0) }
        #expect(report.unavailable.isEmpty)
        #expect(!report.workRemains)
        #expect(report.handled == demonstration.count)
        let replies = Finished.names(demonstration.outbox + "/new")
        let tickets = Finished.tree(demonstration.tickets)
        let second = try await Desk.build(configuration, surroundings).run()
        return Finished(
            folder: folder, demonstration: demonstration, rows: try demonstration.rows(of: await collected.all),
            second: second, repliesAfterFirst: replies, ticketsAfterFirst: tickets)
    }

    @Test("no column of the ledger holds anybody's data, in whatever table")
    func ledger() async throws {
        let demo = try await Self.run.value
        let folder = demo.demonstration.configurationFile.dropLast("/desk.yaml".count)
        let needles = try PersonalData.ofDemo()
        #expect(needles.count > 400)
        let state = try DeskConfiguration(file: demo.demonstration.configurationFile).state
        let database = try SQLiteDatabase(path: "\(state)/ledger.sqlite")
        let cells = try await database.read { transaction in
            let tables = try transaction.rows("SELECT name FROM sqlite_master WHERE type = 'table'", [])
            return try tables.compactMap { $0.text("name") }.flatMap { table in
                try transaction.rows("SELECT * FROM \"\(table)\"", []).flatMap { row in
                    row.names.map { (place: "\(table).\($0)", value: row[$0] ?? .null) }
                }
            }
        }
        try await database.close()
        #expect(Set(cells.map(\.place)).isSuperset(of: ["outbox.sealed", "archive.sealed", "vault.sealed"]))
        var found: [String: Int] = [:]
        for cell in cells {
            let text: String
            switch cell.value {
            case .text(let value): text = value
            case .blob(let bytes): text = String(decoding: bytes, as: UTF8.self)
            default: continue
            }
            let lower = text.lowercased()
            for needle in needles where lower.contains(needle) { found[cell.place, default: 0] += 1 }
        }
        #expect(found.isEmpty, "\(found)")
        // Nor does any file of the state folder, journal included.
        for name in try FileManager.default.contentsOfDirectory(atPath: state) where name.hasPrefix("ledger.sqlite") {
            let bytes = FileManager.default.contents(atPath: "\(state)/\(name)") ?? Data()
            for needle in needles { #expect(bytes.range(of: Data(needle.utf8)) == nil, "\(name) in \(folder)") }
        }
    }

    @Test("every message ends in exactly one outcome, and nine of ten as expected")
    func expectations() async throws {
        let demo = try await Self.run.value
        #expect(demo.demonstration.count >= 60)
        #expect(demo.rows.count == demo.demonstration.count)
        #expect(Set(demo.rows.map(\.outcome.id)).count == demo.demonstration.count)
        for row in demo.rows {
            let outcome = row.outcome
            #expect((outcome.reply != nil) == (outcome.disposition == .answered), "\(row.file)")
            #expect(
                (outcome.ticket != nil) == (outcome.disposition == .escalated || outcome.disposition == .quarantined),
                "\(row.file)")
        }
        let right = demo.rows.count { $0.problems.isEmpty }
        let wrong = demo.rows.filter { !$0.problems.isEmpty }.map { "\($0.file): \($0.problems)" }
        #expect(Double(right) >= 0.9 * Double(demo.rows.count), "\(right) right; \(wrong)")
    }

    @Test("no reply holds a forbidden fact")
    func leaks() async throws {
        let demo = try await Self.run.value
        #expect(demo.demonstration.leaks(in: demo.rows) == [])
        #expect(demo.rows.count { $0.reply != nil } > 30)
    }

    @Test("three of five mails that people wrote are answered")
    func answeredShare() async throws {
        let demo = try await Self.run.value
        let written = demo.rows.filter { $0.outcome.disposition != .ignored }
        let answered = written.count { $0.outcome.disposition == .answered }
        #expect(Double(answered) >= 0.6 * Double(written.count), "\(answered) of \(written.count)")
    }

    @Test("a second run handles, sends and files nothing")
    func secondRun() async throws {
        let demo = try await Self.run.value
        #expect(demo.second.handled == 0)
        #expect(!demo.second.workRemains)
        #expect(demo.outbox == demo.repliesAfterFirst)
        #expect(demo.tickets == demo.ticketsAfterFirst)
        let replies = Set(demo.rows.compactMap { $0.outcome.disposition == .answered ? $0.outcome.reply : nil })
        #expect(replies.isSubset(of: demo.outbox))
        // The others tell a customer that a person has her matter, each of them about another message.
        let others = try Set(demo.outbox).subtracting(replies).map { name in
            let path = "\(demo.demonstration.outbox)/new/\(name)"
            return try Message(parsing: [UInt8](FileManager.default.contents(atPath: path) ?? Data())).inReplyTo
        }
        #expect(Set(others).count == others.count && !others.isEmpty)
        #expect(others.count <= demo.rows.count { $0.outcome.disposition == .escalated })
    }

    @Test("every ticket holds the message as it came, byte for byte")
    func originals() async throws {
        let demo = try await Self.run.value
        let filed = demo.rows.filter { $0.outcome.ticket != nil }
        #expect(filed.count > 20)
        for row in filed {
            let ticket = try #require(row.outcome.ticket)
            let path = "\(demo.demonstration.tickets)/\(ticket)/\(row.outcome.id)-message.eml"
            let original = FileManager.default.contents(atPath: "\(PackageFolder.demo)/mail/\(row.file)")
            #expect(FileManager.default.contents(atPath: path) == original, "\(row.file)")
        }
    }

    @Test("every file of every ticket is a mail that came, a reply that left, or a note; threads are whole")
    func threads() async throws {
        let demo = try await Self.run.value
        let byID = Dictionary(demo.rows.map { ($0.outcome.id, $0) }, uniquingKeysWith: { first, _ in first })
        for (ticket, rows) in Dictionary(grouping: demo.rows, by: \.outcome.ticket) {
            guard let ticket else { continue }
            let files = Finished.names("\(demo.demonstration.tickets)/\(ticket)")
            for name in files {
                let content = FileManager.default.contents(atPath: "\(demo.demonstration.tickets)/\(ticket)/\(name)")
                let parts = name.split(whereSeparator: { $0 == "-" || $0 == "." }).map(String.init)
                if name == "ticket.json" { continue }
                if parts.first == "note" {
                    #expect(rows.contains { String($0.outcome.id) == parts[1] }, "\(ticket)/\(name)")
                    continue
                }
                let row = try #require(Int64(parts[0]).flatMap { byID[$0] })
                let source =
                    parts[1] == "message"
                    ? "\(PackageFolder.demo)/mail/\(row.file)"
                    : "\(demo.demonstration.outbox)/new/\(row.outcome.reply ?? "none")"
                #expect(content != nil && content == FileManager.default.contents(atPath: source), "\(ticket)/\(name)")
            }
            for row in rows {
                #expect(files.contains("note-\(row.outcome.id).txt"))
                #expect(files.contains("\(row.outcome.id)-message.eml"))
            }
        }
    }

    @Test("every reply is stamped as automatic, goes to its author alone and is in her thread")
    func repliesAreAutomatic() async throws {
        let demo = try await Self.run.value
        for row in demo.rows {
            guard let name = row.outcome.reply else { continue }
            let path = "\(demo.demonstration.outbox)/new/\(name)"
            let bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
            let reply = try Message(parsing: bytes)
            let original = try Message(
                parsing: [UInt8](
                    try #require(FileManager.default.contents(atPath: "\(PackageFolder.demo)/mail/\(row.file)"))))
            #expect(reply.header("Auto-Submitted") == "auto-replied", "\(row.file)")
            #expect(reply.to.map(\.address) == original.from.map(\.address), "\(row.file)")
            #expect(reply.cc.isEmpty && reply.header("Bcc") == nil, "\(row.file)")
            #expect(reply.inReplyTo == [original.messageID].compactMap(\.self), "\(row.file)")
            #expect(reply.automatic != nil, "our own reply must never be answered by another desk: \(row.file)")
        }
    }

    @Test("the ledger's files hold no address, name or text of a sender")
    func ledgerIsBlind() async throws {
        let demo = try await Self.run.value
        let state = "\(demo.demonstration.folder)/state"
        var bytes: [UInt8] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: state) where name.hasPrefix("ledger.sqlite") {
            bytes += FileManager.default.contents(atPath: "\(state)/\(name)").map { [UInt8]($0) } ?? []
        }
        #expect(bytes.count > 100_000)
        #expect(bytes.holds("track_order"), "the search itself works")
        let customers = try PersonalData.customersOfDemo()
        #expect(customers.count > 30)
        for customer in customers {
            for text in customer.addresses + [customer.name, customer.phone].compactMap(\.self) {
                #expect(!bytes.holds(text), "\(text)")
            }
        }
        for text in ["blue pottery bowls", "mail.example", "Jaipur yet", "98220 14477", "NC-104233"] {
            #expect(!bytes.holds(text), "\(text)")
        }
        for row in demo.rows {
            let original = try Message(
                parsing: [UInt8](
                    try #require(FileManager.default.contents(atPath: "\(PackageFolder.demo)/mail/\(row.file)"))))
            for address in original.from.map(\.address) { #expect(!bytes.holds(address), "\(row.file)") }
            for identifier in [original.messageID].compactMap(\.self) {
                #expect(!bytes.holds(identifier), "\(row.file)")
            }
            let line =
                original.text.split(whereSeparator: \.isNewline).map(String.init).max { $0.count < $1.count } ?? ""
            if line.count > 25 { #expect(!bytes.holds(line), "\(row.file)") }
        }
    }
}

extension [UInt8] {
    /// Whether a text stands somewhere in these bytes.
    func holds(_ text: String) -> Bool {
        let needle = Data(text.utf8)
        return Data(self).range(of: needle) != nil
    }
}
