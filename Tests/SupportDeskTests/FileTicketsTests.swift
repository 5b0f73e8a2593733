import Foundation
import Testing

@testable import SupportDesk

/// The embedded ticket system: folders that are whole or can be completed.
@Suite("File tickets")
struct FileTicketsTests {
    private func packet(_ message: Int64, note: String = "note") -> Packet {
        Packet(
            externalID: "AD-TEST", message: message, subject: "s", requestor: nil, note: note, rule: "r", priority: 40)
    }

    private func entry(_ message: Int64, isOurs: Bool = false, _ text: String = "bytes\r\n\u{0}é") -> ThreadEntry {
        ThreadEntry(message: message, isOurs: isOurs, bytes: Array("\(message) \(text)".utf8))
    }

    private func snapshot(_ folder: String) -> [String: Data] {
        var files: [String: Data] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init()
        where !name.hasSuffix("ticket.json") {
            if let data = FileManager.default.contents(atPath: "\(folder)/\(name)") { files[name] = data }
        }
        return files
    }

    @Test("a packet becomes a folder with the thread and the note; filing it again changes nothing")
    func idempotent() async throws {
        let folder = try ScratchFolder()
        let tickets = FileTickets(folder: "\(folder.path)/tickets")
        #expect(try await tickets.file(packet(1), thread: [entry(1)]) == "AD-TEST")
        let once = snapshot(folder.path)
        #expect(once["tickets/AD-TEST/1-message.eml"] == Data(entry(1).bytes))
        #expect(once["tickets/AD-TEST/note-1.txt"] == Data("note".utf8))
        #expect(try await tickets.file(packet(1, note: "other"), thread: [entry(1, "other")]) == "AD-TEST")
        #expect(snapshot(folder.path) == once)
        let attributes = try FileManager.default.attributesOfItem(
            atPath: "\(folder.path)/tickets/AD-TEST/1-message.eml")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("a later message of the conversation is added to its folder")
    func append() async throws {
        let folder = try ScratchFolder()
        let tickets = FileTickets(folder: folder.path)
        _ = try await tickets.file(packet(1), thread: [entry(1)])
        let thread = [entry(1), entry(1, isOurs: true), entry(4)]
        #expect(try await tickets.file(packet(4, note: "second"), thread: thread) == "AD-TEST")
        #expect(
            snapshot(folder.path).keys.sorted() == [
                "AD-TEST/1-message.eml", "AD-TEST/1-reply.eml", "AD-TEST/4-message.eml", "AD-TEST/note-1.txt",
                "AD-TEST/note-4.txt",
            ])
    }

    @Test("a folder that a dead run left half written is completed")
    func completed() async throws {
        let folder = try ScratchFolder()
        let half = "\(folder.path)/AD-TEST"
        try FileManager.default.createDirectory(atPath: half, withIntermediateDirectories: true)
        try DurableFile.write(entry(1).bytes, to: "\(half)/1-message.eml")
        // What a crash in the middle of a file leaves is set aside under another name.
        try folder.write("AD-TEST/4-message.eml.999999.tmp", "4 by")
        let tickets = FileTickets(folder: folder.path)
        _ = try await tickets.file(packet(4), thread: [entry(1), entry(4)])
        let files = snapshot(folder.path)
        #expect(files["AD-TEST/1-message.eml"] == Data(entry(1).bytes))
        #expect(files["AD-TEST/4-message.eml"] == Data(entry(4).bytes))
        #expect(files["AD-TEST/note-4.txt"] == Data("note".utf8))
        // Without its card nobody would know what it is about, and how urgent.
        #expect(files.count == 4 && tickets.card("AD-TEST").subject == "s")
        #expect(tickets.card("AD-TEST").placement.priority == 40)
    }

    @Test("a folder whose time lies in the future moves nobody past what is written afterwards")
    func future() async throws {
        let folder = try ScratchFolder()
        let tickets = FileTickets(folder: folder.path)
        for number in ["AD-LATE", "AD-NOW"] {
            try DurableFile.makeFolder("\(folder.path)/\(number)")
            try folder.write("\(number)/note-1.txt", "note")
        }
        let late = timeval(tv_sec: time(nil) + 3 * 365 * 86_400, tv_usec: 0)
        #expect(utimes("\(folder.path)/AD-LATE", [late, late]) == 0)
        let first = try await tickets.customerEntries(in: [], after: nil, since: .distantPast)
        let cursor = try #require(first.cursor.flatMap(Int.init))
        #expect(first.entries.isEmpty && cursor <= Int(Date().timeIntervalSince1970))
        try folder.write("AD-NOW/customer-2.txt", "From: a@b.example\n\nStill nothing.")
        let second = try await tickets.customerEntries(in: [], after: "\(cursor)", since: .distantPast)
        #expect(second.entries.map(\.ticket) == ["AD-NOW"])
        // A cursor that such a folder once moved comes back by itself.
        let stray = try await tickets.customerEntries(in: [], after: "9999999999", since: .distantPast)
        #expect(try #require(stray.cursor.flatMap(Int.init)) <= Int(Date().timeIntervalSince1970))
    }

    @Test("a folder that cannot be written is an error that names it and may pass")
    func unwritable() async throws {
        let folder = try ScratchFolder()
        let file = try folder.write("tickets", "a file, not a folder")
        let error = await #expect(throws: TicketError.self) {
            _ = try await FileTickets(folder: file).file(packet(1), thread: [entry(1)])
        }
        #expect(error?.isRetryable == true)
        #expect(error?.message.contains(file) == true)
    }
}
