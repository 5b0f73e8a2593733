import Foundation
import Mail
import Testing

@testable import SupportDesk

/// A maildir as a channel, beside other programs that deliver, move and mark at the same time.
@Suite("Maildir channel")
struct MaildirChannelTests {
    private let folder: ScratchFolder
    private let maildir: Maildir
    private let channel: MaildirChannel
    private let ledger: Ledger
    private let lease: Lease
    private let adoption = Date(timeIntervalSince1970: 1_700_000_000)

    init() async throws {
        folder = try ScratchFolder()
        maildir = Maildir(path: folder.path + "/mail")
        try maildir.create()
        channel = MaildirChannel(name: "c", path: maildir.path)
        ledger = try await Ledger.test()
        lease = try ledger.lease()
    }

    private func receive(_ names: String...) throws {
        for name in names { try maildir.deliver([1], uniqueName: name) }
    }

    /// A look that is recorded; the names that it found.
    private func look(by other: MaildirChannel? = nil) async throws -> [String] {
        let channel = other ?? channel
        let state = try await ledger.adopt(channel: "c", from: adoption)
        let discovery = try await channel.discover(after: state.cursor, adoptedAt: adoption, ledger: ledger)
        #expect(try await ledger.record(discovery, of: "c", by: lease, now: adoption))
        return discovery.items.map(\.source)
    }

    /// Sets both folders' modification times.
    private func setTimes(_ seconds: Int) {
        let then = timeval(tv_sec: seconds, tv_usec: 0)
        for part in ["new", "cur"] { utimes("\(maildir.path)/\(part)", [then, then]) }
    }

    @Test("a second mail within the tick of the folder's time is found all the same")
    func sameTick() async throws {
        // In the future, so that it stays "just now" however long this takes.
        let tick = Int(Date().timeIntervalSince1970) + 3_600
        try receive("1700000001.a")
        setTimes(tick)
        #expect(try await look() == ["1700000001.a"])
        try receive("1700000002.b")
        setTimes(tick)
        #expect(try await look() == ["1700000002.b"])
    }

    @Test("a folder that has settled and did not change is not listed again; one that did is")
    func settled() async throws {
        try receive("1700000001.a")
        setTimes(1_700_000_500)
        #expect(try await look() == ["1700000001.a"])
        try receive("1700000002.b")
        setTimes(1_700_000_500)
        #expect(try await look() == [], "who sets a folder's time back hides what is in it")
        setTimes(1_700_000_501)
        #expect(try await look() == ["1700000002.b"])
    }

    @Test("history is passed over; what other programs moved and marked is known; a lost roll finds nothing twice")
    func known() async throws {
        try receive("1699999999.history", "1700000001.a", "1700000002.b", "1700000003.c")
        #expect(try await look() == ["1700000001.a", "1700000002.b", "1700000003.c"])
        rename("\(maildir.path)/new/1700000001.a", "\(maildir.path)/cur/1700000001.a:2,")
        try maildir.mark("1700000002.b", adding: ["F"])
        try maildir.mark("1699999999.history", adding: ["S"])
        #expect(try await look() == [])
        _ = try await ledger.database.write { try $0.execute("UPDATE channel SET memory = NULL", []) }
        try receive("1700000004.d")
        let next = MaildirChannel(name: "c", path: maildir.path, after: .flag, people: nil, unkept: 4)
        #expect(try await look(by: next) == ["1700000004.d"])
        #expect(MaildirRoll(bytes: try await ledger.memory(of: "c")).count == 5)
    }

    @Test("the roll is written when it lacks many names, not for each; what is not on it is known by the ledger")
    func unkept() async throws {
        let channel = MaildirChannel(name: "c", path: maildir.path, after: .flag, people: nil, unkept: 2)
        for (number, kept) in [(1, 0), (2, 0), (3, 3), (4, 3), (5, 3), (6, 6), (7, 6)] {
            try receive("170000000\(number).a")
            #expect(try await look(by: channel) == ["170000000\(number).a"])
            #expect(MaildirRoll(bytes: try await ledger.memory(of: "c")).count == kept, "\(number)")
        }
        // What was found and not put on record, as by a run that died, is found again.
        try receive("1700000008.a", "1700000009.a")
        let state = try await ledger.adopt(channel: "c", from: adoption)
        let lost = try await channel.discover(after: state.cursor, adoptedAt: adoption, ledger: ledger)
        #expect(lost.items.count == 2 && lost.memory != nil)
        #expect(try await look(by: channel) == ["1700000008.a", "1700000009.a"])
    }

    @Test("a message that moved between the listing and the reading is read; one that went away is told")
    func moved() async throws {
        try receive("1700000001.a", "1700000002.b", "1700000003.c")
        let names = try await look()
        rename("\(maildir.path)/new/1700000001.a", "\(maildir.path)/cur/1700000001.a:2,PT")
        unlink("\(maildir.path)/new/1700000002.b")
        let collected = Collector<String>()
        try await channel.fetch(names, maximumBytes: 100) { fetched in
            switch fetched {
            case .message(let source, let bytes, _), .entry(let source, let bytes, _, _):
                await collected.add("\(source) \(bytes)")
            case .vanished(let source): await collected.add("\(source) gone")
            case .unreadable(let source, _, _): await collected.add("\(source) unreadable")
            }
        }
        #expect(await collected.all == ["1700000001.a [1]", "1700000002.b gone", "1700000003.c [1]"])
        let items = names.enumerated().map {
            MarkItem(id: Int64($0.offset), source: $0.element, status: .answered, rule: "")
        }
        try await channel.mark(items)
        #expect(try maildir.entries().map(\.flags) == [["P", "R", "S", "T"], ["R", "S"]])
    }

    @Test("after: leave sets no flag, and nothing is handled twice")
    func leave() async throws {
        let shop = try await ScratchShop { configuration in
            let entry = configuration.channels[0]
            guard case .maildir(let path, _) = entry.source else { return }
            configuration.channels[0] = DeskConfiguration.ChannelEntry(
                name: entry.name, source: .maildir(path, after: .leave), adoptFrom: entry.adoptFrom)
        }
        try shop.receive(.whereIsIt())
        for expected in [1, 0] { #expect(try await shop.run().handled.count == expected) }
        #expect(try shop.maildir.entries().map(\.isNew) == [true])
        #expect(try await shop.ledger().status().unmarked == 0)
    }

    @Test("waiting ends when a mail comes, and when a folder has settled since the last look")
    func waits() async throws {
        setTimes(1_700_000_500)
        #expect(try await look() == [])
        let start = ContinuousClock.now
        try await channel.waitForNews(upTo: .seconds(2))
        #expect(ContinuousClock.now - start >= .seconds(1.9), "nothing came")
        async let waiting: Void = channel.waitForNews(upTo: .seconds(60))
        try await Task.sleep(for: .milliseconds(200))
        try receive("1700000009.late")
        try await waiting
        #expect(try await look() == ["1700000009.late"])
        try await channel.waitForNews(upTo: .seconds(60))
        // A folder in change is looked at once more, and then it has settled.
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
