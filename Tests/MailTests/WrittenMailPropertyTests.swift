import Foundation
import Mail
import Seeded
import Testing

/// Parse, write, parse: what is written comes back, and written again it is the same bytes.
@Suite("Mails written and read again")
struct WrittenMailPropertyTests {
    /// Words of many scripts, and what is special to header fields, bodies and SMTP.
    private static let words = [
        "Hello", "NC-104233", "नमस्ते", "प्रिया", "Grüße", "Ωμέγα", "привет", "你好", "こんにちは", "안녕", "שלום", "مرحبا",
        "ਸਤ", "বাংলা", "தமிழ்", "👩‍👩‍👧", "e\u{301}", "=?utf-8?q?x?=", "=3D", "?=", ".", "..", "-", "--", "From", ">", "a,b",
        "\"quoted\"", "back\\slash", "(comment)", "<a@b.example>", "semi;colon", "co:lon", "@", "%00", "\u{A0}",
        String(repeating: "long", count: 40), String(repeating: "ä", count: 90),
    ]

    /// A line of words; one space between two, and none at the ends: what a header field keeps.
    private static func line(_ random: inout SeededRandom, _ count: ClosedRange<Int> = 1...9) -> String {
        (0..<Int.random(in: count, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
            .joined(separator: " ").trimmingCharacters(in: .whitespaces)
    }

    /// Without a folder part, and not endless: that is cut off when it is read.
    private static func fileName(_ random: inout SeededRandom) -> String {
        line(&random, 1...3).replacing("\\", with: "").replacing("/", with: "").prefix(40)
            .trimmingCharacters(in: .whitespaces)
    }

    private static func mail(_ random: inout SeededRandom, _ number: Int) -> OutgoingMail {
        func mailbox(_ random: inout SeededRandom) -> Mailbox {
            Mailbox(
                name: Bool.random(using: &random) ? line(&random, 1...4) : nil,
                address: ["priya@mail.example", "a.b+c@x.example", "o'neil_1@mail-2.example"]
                    .randomElement(using: &random) ?? "")
        }
        let lines = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            Int.random(in: 0..<4, using: &random) == 0 ? "" : line(&random)
        }
        var mail = OutgoingMail(
            from: mailbox(&random), to: [mailbox(&random)],
            cc: Bool.random(using: &random) ? [mailbox(&random), mailbox(&random)] : [], subject: line(&random),
            messageID: "m\(number)@shop.example",
            inReplyTo: Bool.random(using: &random) ? "q\(number)@mail.example" : nil,
            references: (0..<Int.random(in: 0...20, using: &random)).map { "r\($0).\(number)@mail.example" },
            date: Date(timeIntervalSince1970: Double(Int.random(in: 0...4_000_000_000, using: &random))),
            text: (["Hello"] + lines + ["Bye"]).joined(separator: "\n"))
        if Bool.random(using: &random) { mail.html = HTMLText.html(fromText: mail.text, language: "en") }
        mail.headers = [.init("X-Words", line(&random))]
        if Bool.random(using: &random) {
            let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            mail.attachments = [
                Mail.Attachment(name: "\(fileName(&random)).bin", type: "application/octet-stream", bytes: bytes)
            ]
        }
        return mail
    }

    /// The mail that a message would be written as; what only its author knows is taken from `source`.
    private func again(_ message: Message, like source: OutgoingMail) -> OutgoingMail {
        OutgoingMail(
            from: message.from.first ?? source.from, to: message.to, cc: message.cc, subject: message.subject,
            messageID: message.messageID ?? "", inReplyTo: message.inReplyTo.first, references: message.references,
            date: message.date ?? .distantPast, text: message.text, html: source.html,
            headers: source.headers.map { .init($0.name, message.header($0.name) ?? "") },
            attachments: message.attachments.map {
                Mail.Attachment(name: $0.name, type: $0.type, bytes: $0.bytes)
            })
    }

    /// What came back otherwise than it was written; nil: nothing.
    private static func difference(_ one: OutgoingMail, _ other: OutgoingMail) -> String? {
        if one == other { return nil }
        if one.subject != other.subject {
            return "\(one.subject.debugDescription), not \(other.subject.debugDescription)"
        }
        if one.text != other.text { return "the text \(one.text.debugDescription)" }
        if one.from != other.from || one.to != other.to || one.cc != other.cc {
            return "\([one.from] + one.to + one.cc)"
        }
        if one.attachments.map(\.name) != other.attachments.map(\.name) {
            return "files \(one.attachments.map(\.name))"
        }
        if one.headers != other.headers { return "fields \(one.headers)" }
        return "something else"
    }

    @Test("a mail comes back as it was written, and gives the same bytes again", arguments: 0..<20)
    func roundTrip(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed) &* 0x9E37_79B9 &+ 7)
        for number in 0..<15 {
            let mail = Self.mail(&random, number)
            let bytes = try mail.bytes()
            let message = try Message(parsing: bytes)
            let second = again(message, like: mail)
            // Said in short: both are long.
            let difference = Self.difference(second, mail)
            #expect(difference == nil, "seed \(seed), mail \(number)")
            let isSame = try second.bytes() == bytes
            #expect(isSame, "seed \(seed), mail \(number): other bytes")
            await _Concurrency.Task.yield()
        }
    }

    @Test("a received mail, written and read, says the same; written once more it is the same bytes")
    func received() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        var written = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasSuffix(".eml") {
            let received = try Message(parsing: [UInt8](Data(contentsOf: folder.appendingPathComponent(name))))
            guard let author = received.from.first, let id = received.messageID, !received.to.isEmpty else { continue }
            let mail = OutgoingMail(
                from: author, to: received.to, cc: received.cc, subject: received.subject, messageID: id,
                inReplyTo: received.inReplyTo.first, references: received.references,
                date: received.date ?? Date(timeIntervalSince1970: 0), text: received.text)
            // What nobody may write is not written (an address of other letters than ASCII, for one).
            guard let bytes = try? mail.bytes() else { continue }
            let message = try Message(parsing: bytes)
            let second = again(message, like: mail)
            let difference = Self.difference(second, mail)
            #expect(difference == nil, "\(name)")
            let isSame = try second.bytes() == bytes
            #expect(isSame, "\(name): other bytes")
            written += 1
        }
        #expect(written >= 8)
    }
}
