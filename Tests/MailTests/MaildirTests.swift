import Foundation
import Glibc
import Mail
import Testing

@Suite("Maildirs")
struct MaildirTests {
    private func withMaildir(_ body: (Maildir) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "auradesk-maildir-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let maildir = Maildir(path: path + "/")
        try maildir.create()
        try maildir.create()
        try body(maildir)
    }

    private func names(_ maildir: Maildir, _ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(maildir.path)/\(folder)").sorted()) ?? []
    }

    private func write(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test func deliversAndLists() throws {
        try withMaildir { maildir in
            let first = try maildir.deliver(Array("one".utf8))
            let second = try maildir.deliver(Array("two".utf8), to: .cur, flags: ["S", "F"])
            #expect(first != second)
            let entries = try maildir.entries()
            #expect(entries.map(\.uniqueName) == [first, second])
            #expect(entries.map(\.isNew) == [true, false])
            #expect(entries.last?.flags == ["S", "F"])
            #expect(entries.map(\.size) == [3, 3])
            #expect(try maildir.read(entries[0]) == Array("one".utf8))
            #expect(abs(entries[0].arrival.timeIntervalSinceNow) < 60)
            #expect(names(maildir, "cur") == ["\(second):2,FS"])
            #expect(names(maildir, "tmp").isEmpty)
            #expect(try maildir.entries(limit: 1).map(\.uniqueName) == [first])
        }
    }

    /// A delivery that died between its link and its unlink leaves a second name of the message in `tmp`; the message itself may
    /// have been moved to another folder since.
    @Test func theRestOfADeliveryIsNotWrittenOver() throws {
        try withMaildir { maildir in
            let kept = "\(maildir.path)/kept"
            try write(Array("one".utf8), kept)
            #expect(link(kept, "\(maildir.path)/tmp/a.\(getpid())") == 0)
            try maildir.deliver(Array("another".utf8), uniqueName: "a")
            #expect(FileManager.default.contents(atPath: kept) == Data("one".utf8))
            #expect(try maildir.entries().map { try maildir.read($0) } == [Array("another".utf8)])
            #expect(names(maildir, "tmp").isEmpty)
        }
    }

    @Test func arrivalComesFromTheNameElseTheFile() throws {
        try withMaildir { maildir in
            try write([1], maildir.path + "/new/1700000000.M1P1.host")
            try write([1], maildir.path + "/new/odd-name")
            var times = [timeval(tv_sec: 1_600_000_000, tv_usec: 0), timeval(tv_sec: 1_600_000_000, tv_usec: 0)]
            #expect(utimes(maildir.path + "/new/odd-name", &times) == 0)
            let entries = try maildir.entries()
            let micros = entries.map { ($0.arrival.timeIntervalSince1970 * 1_000_000).rounded() }
            #expect(micros == [1_600_000_000_000_000, 1_700_000_000_000_001])
        }
    }

    @Test func mailsOfOneSecondAreInOrder() throws {
        try withMaildir { maildir in
            let names =
                ["M7714P1Q1", "M12374P1Q2", "M999999P1Q3"].map { "1700000000.\($0).host" } + ["1700000001.1.host"]
            for name in names.reversed() { try write([1], maildir.path + "/new/\(name)") }
            #expect(try maildir.entries().map(\.uniqueName) == names)
        }
    }

    @Test func aNamedDeliveryHappensOnce() throws {
        try withMaildir { maildir in
            #expect(try maildir.deliver([1], uniqueName: "100.reply-1.desk") == "100.reply-1.desk")
            #expect(try maildir.deliver([2], uniqueName: "100.reply-1.desk") == "100.reply-1.desk")
            #expect(names(maildir, "new") == ["100.reply-1.desk"])
            try maildir.mark("100.reply-1.desk", adding: ["S"])
            try maildir.deliver([3], uniqueName: "100.reply-1.desk")
            #expect(names(maildir, "new").isEmpty)
            let entries = try maildir.entries()
            #expect(entries.count == 1)
            #expect(try maildir.read(entries[0]) == [1])
        }
    }

    @Test func theRestOfADeadDeliveryIsReplaced() throws {
        try withMaildir { maildir in
            // Killed while writing: a part of the message lies in tmp and nowhere else.
            try write([9], maildir.path + "/tmp/100.reply-2.desk.\(getpid())")
            #expect(try maildir.entries().isEmpty)
            try maildir.deliver([1, 2, 3], uniqueName: "100.reply-2.desk")
            #expect(try maildir.entries().map(\.size) == [3])
            #expect(names(maildir, "tmp").isEmpty)
        }
    }

    @Test func manyDeliveriesOfOneNameLeaveOneMessage() async throws {
        let path = NSTemporaryDirectory() + "auradesk-maildir-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let maildir = Maildir(path: path)
        try maildir.create()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    _ = try? maildir.deliver([1], uniqueName: "200.same.desk")
                    _ = try? maildir.deliver([2], uniqueName: "200.other-\(number % 4).desk")
                }
            }
        }
        #expect(try maildir.entries().count == 5)
    }

    @Test func flagsAddUpAndFollowTheFile() throws {
        try withMaildir { maildir in
            let name = try maildir.deliver([1])
            let listed = try #require(try maildir.entries().first)
            // Another program shows the message and moves it.
            #expect(rename(listed.path, "\(maildir.path)/cur/\(name):2,F") == 0)
            #expect(try maildir.read(listed) == [1])
            try maildir.mark(listed, adding: ["S"])
            #expect(names(maildir, "cur") == ["\(name):2,FS"])
            #expect(try maildir.contains(uniqueName: name))
            #expect(try maildir.entry(uniqueName: name)?.flags == ["F", "S"])
            try maildir.mark(name, adding: ["S"])
            #expect(names(maildir, "cur") == ["\(name):2,FS"])
        }
    }

    @Test func aVanishedFileIsSaidToBe() throws {
        try withMaildir { maildir in
            try maildir.deliver([1])
            let listed = try #require(try maildir.entries().first)
            unlink(listed.path)
            var error = #expect(throws: MailError.self) { try maildir.read(listed) }
            #expect(error?.code == .vanished && error?.isRetryable == false)
            error = #expect(throws: MailError.self) { try maildir.mark(listed, adding: ["S"]) }
            #expect(error?.code == .vanished)
            #expect(try maildir.entry(uniqueName: listed.uniqueName) == nil)
        }
    }

    @Test func whatIsNoFileIsUnreadable() throws {
        try withMaildir { maildir in
            // Root may read every file; a folder in the place of one is unreadable to everybody.
            #expect(mkdir(maildir.path + "/new/1700000000.folder", 0o700) == 0)
            #expect(mkfifo(maildir.path + "/new/1700000001.pipe", 0o600) == 0)
            for entry in try maildir.entries() {
                let error = #expect(throws: MailError.self) { try maildir.read(entry) }
                #expect(error?.code == .unreadable)
                #expect(error?.description.contains(maildir.path) == false)
            }
            #expect(try maildir.entries().count == 2)
        }
    }

    @Test func aLargeFileIsRefusedUnread() throws {
        try withMaildir { maildir in
            let name = try maildir.deliver([UInt8](repeating: 120, count: 5_000))
            let entry = try #require(try maildir.entry(uniqueName: name))
            let error = #expect(throws: MailError.self) { try maildir.read(entry, maximumBytes: 4_999) }
            #expect(error?.code == .tooLarge)
            #expect(try maildir.read(entry, maximumBytes: 5_000).count == 5_000)
        }
    }

    @Test(arguments: ["../evil", "a/b", ".hidden", "", "a:2,S", "a b", "ü", String(repeating: "a", count: 300)])
    func badNamesAreRefused(_ name: String) throws {
        try withMaildir { maildir in
            let error = #expect(throws: MailError.self) { try maildir.deliver([1], uniqueName: name) }
            #expect(error?.code == .invalidName)
            #expect(names(maildir, "new").isEmpty && names(maildir, "tmp").isEmpty)
        }
    }

    @Test func badFlagsAreRefused() throws {
        try withMaildir { maildir in
            let name = try maildir.deliver([1])
            for flag in ["/", ":", "é"] as [Character] {
                #expect(throws: MailError.self) { try maildir.mark(name, adding: [flag]) }
            }
            #expect(throws: MailError.self) { try maildir.mark("../new/" + name, adding: ["S"]) }
            #expect(names(maildir, "new") == [name])
        }
    }

    @Test func aMissingMaildirAndAReadOnlyPlaceAreSaid() throws {
        let missing = Maildir(path: "/nonexistent/maildir")
        var error = #expect(throws: MailError.self) { try missing.entries() }
        #expect(error?.code == .vanished)
        error = #expect(throws: MailError.self) { try missing.deliver([1]) }
        #expect(error?.code == .unwritable && error?.isRetryable == true && error?.errno == ENOENT)
        #expect(throws: MailError.self) { try missing.create() }
    }
}
