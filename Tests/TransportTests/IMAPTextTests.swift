import Foundation
import Testing

@testable import Transport

@Suite struct IMAPTextTests {
    // RFC 3501 section 5.1.3 has the third.
    @Test(arguments: [
        ("INBOX", "INBOX"), ("Fish & Chips", "Fish &- Chips"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("Entwürfe", "Entw&APw-rfe"), ("ड्राफ़्ट", "&CSEJTQkwCT4JKwk8CU0JHw-"), ("😀", "&2D3eAA-"), ("a\"b\\c", "a\"b\\c"),
        ("", ""),
    ])
    func mailboxNames(_ name: String, _ wire: String) {
        #expect(ModifiedUTF7.encode(name) == wire)
        #expect(ModifiedUTF7.decode(Array(wire.utf8)) == name)
    }

    @Test(arguments: ["&", "&AGE", "&A-", "&!!!!-", "&2D0-", "&AGEA-", "\u{e9}"])
    func wrongModifiedUTF7IsNotDecoded(_ wire: String) {
        #expect(ModifiedUTF7.decode(Array(wire.utf8)) == nil)
    }

    @Test func setsAreSortedAndCompressed() {
        #expect(UIDSet.texts([]) == [])
        #expect(UIDSet.texts([5]) == ["5"])
        #expect(UIDSet.texts([3, 1, 2, 2, 9, 4_294_967_295, 4_294_967_294]) == ["1:3,9,4294967294:4294967295"])
        #expect(UIDSet.texts([0, 7]) == ["7"])
    }

    @Test func longSetsAreCut() {
        let uids = stride(from: UInt32(1), to: 100_000, by: 2).map { $0 }
        let sets = UIDSet.texts(uids)
        #expect(sets.count > 1 && sets.allSatisfy { $0.utf8.count <= UIDSet.maximumCharacters })
        #expect(sets.flatMap { UIDSet.numbers($0, limit: 100_000) ?? [] } == uids)
    }

    @Test func setsFromTheServerAreChecked() {
        #expect(UIDSet.numbers("2,10:12,5:4", limit: 100) == [2, 10, 11, 12, 4, 5])
        for text in ["", "1:*", "a", "1:2:3", "1,,2", "-1", "1:4294967296", "1:4294967295"] {
            #expect(UIDSet.numbers(text, limit: 1000) == nil, "\(text)")
        }
        #expect(UIDSet.numbers("1:10", limit: 10)?.count == 10)
        #expect(UIDSet.numbers("1:11", limit: 10) == nil)
    }

    @Test func datesAreWrittenAndRead() {
        let date = Date(timeIntervalSince1970: 760_657_945)  // 1994-02-07 21:52:25 UTC
        #expect(IMAPDate.dateTime(date) == "07-Feb-1994 21:52:25 +0000")
        #expect(IMAPDate.day(date) == "7-Feb-1994")
        #expect(IMAPDate.date("07-Feb-1994 21:52:25 +0000") == date)
        #expect(IMAPDate.date(" 7-Feb-1994 13:52:25 -0800") == date)
        #expect(IMAPDate.date(" 8-feb-1994 03:22:25 +0530") == date)
        for text in [
            "", "7-Feb-1994", "7-Foo-1994 00:00:00 +0000", "7-Feb-1994 24:00:00 +0000", "32-Feb-1994 1:1:1 +0000",
        ] {
            #expect(IMAPDate.date(text) == nil, "\(text)")
        }
        for days in stride(from: -200_000, through: 200_000, by: 97) {
            let (year, month, day) = CivilTime.civil(days: days)
            #expect(CivilTime.days(year: year, month: month, day: day) == days)
        }
    }

    @Test func searchKeysAreWritten() {
        func text(_ criteria: SearchCriteria, _ capabilities: Set<String> = []) -> [String]? {
            var command = IMAPCommand("UID SEARCH", capabilities: capabilities)
            return criteria.write(to: &command) ? command.parts.map { String(decoding: $0, as: UTF8.self) } : nil
        }
        #expect(text(.all) == ["UID SEARCH ALL"])
        #expect(
            text(.and([.uids(from: 0), .not(.flag("\\Seen")), .flag("$Done")])) == [
                "UID SEARCH (ALL UID 1:* NOT SEEN KEYWORD $Done)"
            ])
        #expect(text(.header("Message-ID", "<a\"b@c>")) == ["UID SEARCH HEADER \"Message-ID\" \"<a\\\"b@c>\""])
        #expect(text(.since(Date(timeIntervalSince1970: 0))) == ["UID SEARCH SINCE 1-Jan-1970"])
        #expect(text(.header("Subject", "é")) == ["UID SEARCH HEADER \"Subject\" {2}\r\n", "é"])
        #expect(text(.header("Subject", "é"), ["LITERAL+"]) == ["UID SEARCH HEADER \"Subject\" {2+}\r\né"])
        #expect(text(.header("Subject", "a\r\nx LOGOUT")) == nil)
        #expect(text(.header("A: b", "")) == nil)
        #expect(text(.flag("a b")) == nil && text(.flag("\\Whatever")) == nil && text(.flag("")) == nil)
    }

    @Test func fetchPlansKeepToTheirBounds() throws {
        let batch = FetchBatch(messages: 200, bytes: 3_000_000, inFlight: 2)
        var plan = FetchPlan(Array(1...1500), maximumMessageBytes: 1_000_000, batch: batch)
        let first = plan.next()
        #expect(first?.text == "UID FETCH 1:1000 (UID RFC822.SIZE)" && first?.asksForSizes == true)
        // Nothing more before the sizes have come.
        #expect(plan.next() == nil)
        for uid in UInt32(1)...1000 {
            #expect(try plan.take(Self.items("UID \(uid) RFC822.SIZE \(uid % 100 == 0 ? 5_000_000 : 30_000)")) == nil)
        }
        plan.endSizes()
        var commands: [(text: String, asksForSizes: Bool)] = []
        while let command = plan.next() { commands.append(command) }
        // 100 messages of 30,000 bytes; the ten large ones by their beginnings; the sizes of the others when two are left.
        #expect(commands.count == 12)
        #expect(commands[0].text.hasPrefix("UID FETCH 1:99,101 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])"))
        #expect(commands.map(\.asksForSizes).firstIndex(of: true) == 10)
        #expect(commands[10].text == "UID FETCH 1001:1500 (UID RFC822.SIZE)")
        #expect(commands[11].text.hasSuffix("BODY.PEEK[]<0.65536>)"))
        // Each message once, and none that nobody asked for.
        #expect(try plan.take(Self.items("UID 100 BODY[] abc"))?.isTruncated == true)
        #expect(try plan.take(Self.items("UID 1 BODY[] abc"))?.isTruncated == false)
        #expect(
            try plan.take(Self.items("UID 1 BODY[] abc")) == nil && plan.take(Self.items("UID 1001 BODY[] abc")) == nil)
        // The last window has vanished.
        plan.endSizes()
        #expect(plan.next() == nil)
    }

    private static func items(_ text: String) throws -> FetchItems {
        let words = text.split(separator: " ").map { IMAPValue.atom(Array($0.utf8)) }
        return try #require(FetchItems(.data(number: 1, name: "FETCH", values: [.list(words)])))
    }
}
