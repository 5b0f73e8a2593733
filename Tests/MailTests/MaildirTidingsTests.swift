import Foundation
import Testing

@testable import Mail

/// What is told of a maildir is what a look at it finds; what cannot be told is said not to be.
@Suite("Tidings of a maildir")
struct MaildirTidingsTests {
    private func withMaildir(_ body: (Maildir) throws -> Void) throws {
        let maildir = Maildir(path: NSTemporaryDirectory() + "auradesk-tidings-\(UUID().uuidString)")
        try maildir.create()
        defer { try? FileManager.default.removeItem(atPath: maildir.path) }
        try body(maildir)
    }

    @Test func whatComesIsToldOnceAndWhatMovesIsToldAgain() throws {
        try withMaildir { maildir in
            try maildir.deliver([1], uniqueName: "1700000000.before")
            let tidings = try #require(MaildirTidings(maildir))
            #expect(tidings.names() == [])
            try maildir.deliver([1], uniqueName: "1700000001.a")
            try maildir.deliver([1], uniqueName: "1700000002.b", to: .cur, flags: ["S"])
            #expect(tidings.names() == ["1700000001.a", "1700000002.b"])
            #expect(tidings.names() == [])
            try maildir.mark("1700000000.before", adding: ["S"])
            #expect(tidings.names() == ["1700000000.before"])
            try FileManager.default.removeItem(atPath: maildir.path + "/new/1700000001.a")
            #expect(tidings.names() == [])
        }
    }

    @Test func sightingsAreThoseOfALook() throws {
        try withMaildir { maildir in
            let roll = try maildir.look(in: [.new, .cur], besides: MaildirRoll()).roll
            let tidings = try #require(MaildirTidings(maildir))
            for index in 0..<300 { try maildir.deliver([1], uniqueName: "\(1_700_000_300 - index).m\(index)") }
            try Data([1]).write(to: URL(fileURLWithPath: maildir.path + "/new/odd"))
            let names = try #require(tidings.names())
            let start = Date(timeIntervalSince1970: 1_700_000_100)
            let told = try maildir.sightings(of: names.union(["1700000000.gone", "gone"]), besides: roll, since: start)
            let seen = try maildir.look(in: [.new, .cur], besides: roll, since: start)
            #expect(told.new.filter { $0.uniqueName != "1700000000.gone" } == seen.new && seen.new.count == 202)
            #expect(try maildir.sightings(of: names, besides: told.roll, since: start).new.isEmpty)
        }
    }

    /// The kernel keeps so many events and no more (`/proc/sys/fs/inotify/max_queued_events`).
    @Test func moreThanIsKeptIsSaidToBeMissing() throws {
        try withMaildir { maildir in
            let text = try String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)
            let most = try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            try #require(most <= 65_536)
            let tidings = try #require(MaildirTidings(maildir))
            // A move is told as well as a delivery; two events that are the same one after the other count once.
            let paths = ["a", "b"].map { maildir.path + "/new/170000000\($0)" }
            try Data().write(to: URL(fileURLWithPath: paths[0]))
            for index in 0..<most + 10 { #expect(rename(paths[index % 2], paths[(index + 1) % 2]) == 0) }
            #expect(tidings.names() == nil)
            #expect(tidings.names() == [])
        }
    }

    @Test func aFolderThatIsAnotherOneNowIsSaid() throws {
        try withMaildir { maildir in
            let tidings = try #require(MaildirTidings(maildir))
            try FileManager.default.removeItem(atPath: maildir.path + "/cur")
            #expect(tidings.names() == nil)
            #expect(MaildirTidings(maildir) == nil)
            #expect(MaildirTidings(Maildir(path: "/proc/self")) == nil)
        }
    }
}
