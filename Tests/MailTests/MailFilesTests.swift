import Foundation
import Mail
import Testing

@Suite("Files, folders, mboxes, and the line of `parse`")
struct MailFilesTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "/mailfiles-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func write(_ text: String, _ path: String) throws {
        let file = URL(fileURLWithPath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func items(_ paths: [String], limits: Message.Limits = .default) -> [(name: String, text: String?)] {
        var files = MailFiles(paths, limits: limits)
        var result: [(String, String?)] = []
        while let item = files.next() {
            let text = (try? item.bytes(maximum: limits.bytes)).map { String(decoding: $0, as: UTF8.self) }
            result.append((item.name.replacingOccurrences(of: folder + "/", with: ""), text))
        }
        return result
    }

    private static let mail = "From: a@b.example\nSubject: one\n\nHello\n"

    @Test func foldersAreReadByNameAndMaildirsWithoutWhatServersKeepThere() throws {
        for path in [
            "b.eml", "a/2.eml", "a/10.eml", ".hidden", "box/new/1", "box/cur/2:2,S", "box/tmp/3", "box/uidlist",
            "box/.Sent/cur/4", "box/.Sent/new/5",
        ] { try write(Self.mail, path) }
        #expect(
            items([folder]).map(\.name)
                == ["a/10.eml", "a/2.eml", "b.eml", "box/.Sent/cur/4", "box/.Sent/new/5", "box/cur/2:2,S", "box/new/1"])
    }

    @Test func anMboxIsDividedAtItsSeparatorsOnly() throws {
        let separator = "From a@b.example Mon Mar  2 09:00:00 2026\n"
        let second = "Subject: two\n\n>From the start\n>>From deeper\n\nFrom here on\nFrom a Mon Mar  2 09:00:00 2026\n"
        try write(separator + Self.mail + "\n" + separator + second + "\n", "box.mbox")
        let found = items(["\(folder)/box.mbox"])
        #expect(found.map(\.name) == ["box.mbox#1", "box.mbox#2"])
        #expect(found.first?.text == Self.mail)
        #expect(
            found.last?.text
                == "Subject: two\n\nFrom the start\n>From deeper\n\nFrom here on\nFrom a Mon Mar  2 09:00:00 2026\n")
    }

    /// The line behind a separator is the mail's own, in the second mail as in the first.
    @Test func aSeparatorDirectlyBehindAnotherIsNone() throws {
        let separator = "From a@b.example Mon Mar  2 09:00:00 2026\n"
        let doubled = separator + Self.mail
        try write(separator + doubled + "\n" + separator + doubled + "\n" + separator + Self.mail, "box.mbox")
        #expect(items(["\(folder)/box.mbox"]).map(\.text) == [doubled, doubled, Self.mail])
    }

    @Test func anMboxThatIsNotReadToItsEndIsClosed() throws {
        let separator = "From a@b.example Mon Mar  2 09:00:00 2026\n"
        try write(String(repeating: separator + Self.mail + "\n", count: 3), "box.mbox")
        let path = "\(folder)/box.mbox"
        let name = URL(fileURLWithPath: folder).lastPathComponent + "/box.mbox"
        func descriptors() throws -> Int {
            let table = "/proc/self/fd"
            return try FileManager.default.contentsOfDirectory(atPath: table).count {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(table)/\($0)"))?.hasSuffix(name) ?? false
            }
        }
        do {
            var files = MailFiles([path])
            #expect(files.next()?.name == "\(path)#1")
            #expect(try descriptors() == 1)
            #expect(files.next()?.name == "\(path)#2")
        }
        #expect(try descriptors() == 0)
    }

    @Test func theOnlyMailOfAnMboxKeepsTheNameOfTheFile() throws {
        try write("From a@b.example Mon Mar  2 09:00:00 2026\n" + Self.mail, "one.eml")
        #expect(items(["\(folder)/one.eml"]).map(\.name) == ["one.eml"])
    }

    @Test func anMboxIsReadInPiecesOfAnySize() throws {
        let separator = "From a@b.example Mon Mar  2 09:00:00 2026\r\n"
        // Lines over the size of the buffer, and mails that end anywhere in it.
        let mails = (0..<40).map { number in
            "Subject: \(number)\r\n\r\n" + String(repeating: "x", count: number * 7_919) + "\r\nend\r\n"
        }
        try write(mails.map { separator + $0 + "\r\n" }.joined(), "large.mbox")
        #expect(items(["\(folder)/large.mbox"]).map(\.text) == mails)
    }

    @Test func aMailOverTheLimitIsRefusedAndTheNextOneRead() throws {
        let separator = "From a@b.example Mon Mar  2 09:00:00 2026\n"
        let long = Self.mail + String(repeating: "word word\n", count: 1_000)
        try write(separator + long + "\n" + separator + Self.mail, "box.mbox")
        var limits = Message.Limits.default
        limits.bytes = 1_000
        #expect(items(["\(folder)/box.mbox"], limits: limits).map(\.text) == [nil, Self.mail])
    }

    @Test func whatIsNotThereIsNamed() throws {
        try write(Self.mail, "a.eml")
        var files = MailFiles(["\(folder)/none", "\(folder)/a.eml"])
        #expect(files.next()?.name == "\(folder)/a.eml")
        #expect(files.next() == nil)
        #expect(files.missing == ["\(folder)/none"])
    }

    @Test func theLineHoldsTheKeysOfTheContractInOrder() throws {
        let text = """
            Message-ID: <m@x.example>
            In-Reply-To: <p@x.example>
            References: <o@x.example> <p@x.example>
            From: "A \\"B\\"" <a@x.example>
            To: c@x.example
            Date: Sat, 29 Feb 2020 23:59:59 -0100
            Subject: tab\tand \\slash

            New "words"

            -- 
            A
            """
        let reading = MessageReading(of: { Array(text.utf8) }, file: "x.eml")
        #expect(
            String(decoding: reading.json, as: UTF8.self)
                == #"{"file":"x.eml","messageID":"m@x.example","inReplyTo":"p@x.example","#
                + #""references":["o@x.example","p@x.example"],"from":{"name":"A \"B\"","address":"a@x.example"},"#
                + #""to":[{"name":null,"address":"c@x.example"}],"cc":[],"replyTo":[],"subject":"tab and \\slash","#
                + #""date":"2020-03-01T00:59:59Z","text":"New \"words\"\n\n-- \nA","newText":"New \"words\"","quoted":"","#
                + #""signature":"-- \nA","attachments":[],"forwarded":null,"answerable":true,"rule":null,"class":"person","#
                + #""authentication":"unknown","problems":[]}"#)
    }

    @Test func whatCannotBeReadIsALineWithTheReason() throws {
        let reading = MessageReading(of: { Array("no header".utf8) }, file: "x")
        #expect(reading.class == "unreadable" && !reading.isAnswerable)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(reading.json)) as? [String: Any])
        #expect(object["problems"] as? [String] == ["no header field was found (RFC 5322 §2.2)"])
        #expect(object.count == 21)
    }

    @Test func theShopsOwnMailIsKnown() throws {
        let reading = MessageReading(
            of: { Array("From: Shop <Support@Shop.example>\n\nHello\n".utf8) }, file: "x",
            perspective: .init(ownAddresses: ["support@shop.example"]))
        #expect(reading.class == "own" && reading.rule == "own-mail" && !reading.isAnswerable)
    }

    @Test(arguments: [0, 951_782_399, 951_782_400, -1, 253_402_300_799, 1_709_164_800])
    func instantsAreWrittenAsFoundationWritesThem(_ seconds: Int) {
        let date = Date(timeIntervalSince1970: TimeInterval(seconds))
        let reading = MessageReading(
            of: { Array("From: a@b.example\nDate: \(Self.header(date))\n\nx\n".utf8) }, file: "x")
        #expect(String(decoding: reading.json, as: UTF8.self).contains("\"date\":\"\(date.formatted(.iso8601))\""))
    }

    private static func header(_ date: Date) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "EEE, d MMM yyyy HH:mm:ss '+0000'"
        return format.string(from: date)
    }
}
