import Foundation
import Glibc
import Testing

@testable import Mail

@Suite("Looks at a maildir")
struct MaildirLookTests {
    private let maildir: Maildir

    init() throws {
        maildir = Maildir(path: NSTemporaryDirectory() + "auradesk-look-\(UUID().uuidString)")
        try maildir.create()
    }

    private func removed(_ body: () throws -> Void) rethrows {
        defer { try? FileManager.default.removeItem(atPath: maildir.path) }
        try body()
    }

    /// Sets a folder's modification time to a number of seconds ago.
    private func age(_ folder: String, by seconds: Int) {
        let then = timeval(tv_sec: time(nil) - seconds, tv_usec: 0)
        utimes("\(maildir.path)/\(folder)", [then, then])
    }

    @Test func whatWasMetIsNotToldAgainWhereverItLies() throws {
        try removed {
            for index in 0..<20 { try maildir.deliver([1], uniqueName: "\(1_700_000_019 - index).m\(index)") }
            let first = try maildir.look(in: [.new, .cur], besides: MaildirRoll())
            #expect(first.new.map(\.uniqueName) == (0..<20).reversed().map { "\(1_700_000_019 - $0).m\($0)" })
            #expect(first.new.first?.arrival.timeIntervalSince1970 == 1_700_000_000)
            for index in 0..<10 { try maildir.mark("\(1_700_000_019 - index).m\(index)", adding: ["S", "R"]) }
            try maildir.deliver([1], uniqueName: "1800000000.late", to: .cur, flags: ["S"])
            let second = try maildir.look(in: [.new, .cur], besides: first.roll)
            #expect(second.new.map(\.uniqueName) == ["1800000000.late"])
            #expect(second.roll.count == 21)
            #expect(try maildir.look(in: [.new], besides: first.roll).new.isEmpty)
            #expect(try maildir.look(in: [.new, .cur], besides: second.roll).roll == second.roll)
        }
    }

    @Test func aNameWithoutATimeHasTheTimeOfItsFile() throws {
        try removed {
            try Data([1]).write(to: URL(fileURLWithPath: maildir.path + "/new/odd"))
            let then = timeval(tv_sec: 1_600_000_000, tv_usec: 0)
            utimes(maildir.path + "/new/odd", [then, then])
            let look = try maildir.look(in: [.new, .cur], besides: MaildirRoll())
            #expect(look.new == [Maildir.Sighting(uniqueName: "odd", arrival: Date(timeIntervalSince1970: 1.6e9))])
        }
    }

    @Test func theRollSurvivesItsBytesAndForgetsWhatIsGone() throws {
        try removed {
            let names = (0..<3_000).map { "1700000000.M\($0)P1.host" }
            for name in names { try Data().write(to: URL(fileURLWithPath: "\(maildir.path)/new/\(name)")) }
            let roll = try maildir.look(in: [.new, .cur], besides: MaildirRoll()).roll
            #expect(roll.count == 3_000, "no two names share a number")
            let again = MaildirRoll(bytes: roll.bytes)
            #expect(again == roll && names.allSatisfy(again.contains) && !again.contains("1700000000.M1P2.host"))
            #expect(MaildirRoll(bytes: [1, 2, 3]).count == 0)
            #expect(MaildirRoll(bytes: roll.bytes.reversed()).count == 0, "a roll that is not in order is none")
            for name in names.dropLast(10) { unlink("\(maildir.path)/new/\(name)") }
            #expect(try maildir.look(in: [.new], besides: roll).roll.count == 3_000)
            #expect(try maildir.look(in: [.new, .cur], besides: roll).roll.count == 10)
        }
    }

    @Test func aLimitTellsTheOldestFirstAndLosesNothing() throws {
        try removed {
            let names = (0..<95).map { "\(1_700_000_000 + $0 / 3).m\(100 + $0)" }
            for name in names.shuffled() {
                try maildir.deliver([1], uniqueName: name, to: name.hasSuffix("7") ? .cur : .new)
            }
            for name in ["1600000000.a", "1600000001.b"] { try maildir.deliver([1], uniqueName: name) }
            var roll = MaildirRoll()
            var told: [String] = []
            for round in 0..<10 {
                let look = try maildir.look(
                    in: [.new, .cur], besides: roll, since: Date(timeIntervalSince1970: 1.7e9), limit: 10)
                told += look.new.map(\.uniqueName)
                roll = look.roll
                #expect(look.hasMore == (round < 9))
                #expect(look.new.count == (round < 9 ? 10 : 5))
            }
            #expect(told == names)
            #expect(roll.count == 97)
        }
    }

    @Test func aFolderThatChangedJustNowHasNotSettled() throws {
        try removed {
            #expect(try maildir.edition(of: .new).isSettled == false)
            age("new", by: 10)
            let settled = try maildir.edition(of: .new)
            #expect(settled.isSettled)
            try maildir.deliver([1])
            let changed = try maildir.edition(of: .new)
            #expect(!changed.isSettled && changed.stamp != settled.stamp)
            age("new", by: -3_600)
            #expect(try maildir.edition(of: .new).isSettled == false, "a clock that runs ahead proves nothing")
            let missing = #expect(throws: MailError.self) { try Maildir(path: "/nowhere").edition(of: .cur) }
            #expect(missing?.code == .vanished)
        }
    }

    @Test func manyAreFoundAndMarkedTogetherWhereverOthersPutThem() throws {
        try removed {
            for name in ["a", "b", "c", "d"] { try maildir.deliver([1], uniqueName: "1700000000.\(name)") }
            try maildir.mark("1700000000.b", adding: ["R", "S", "F"])
            rename("\(maildir.path)/new/1700000000.c", "\(maildir.path)/cur/1700000000.c:2,PS")
            let names = ["a", "b", "c", "gone"].map { "1700000000.\($0)" }
            let entries = try maildir.entries(named: names)
            #expect(entries.keys.sorted() == Array(names.prefix(3)))
            #expect(entries["1700000000.c"]?.flags == ["P", "S"])
            let gone = try maildir.mark(Dictionary(uniqueKeysWithValues: names.map { ($0, ["S"]) }))
            #expect(gone == ["1700000000.gone"])
            let files = try FileManager.default.contentsOfDirectory(atPath: maildir.path + "/cur").sorted()
            #expect(files == ["1700000000.a:2,S", "1700000000.b:2,FRS", "1700000000.c:2,PS"])
            #expect(throws: MailError.self) { try maildir.mark(["../a": ["S"]]) }
        }
    }
}
