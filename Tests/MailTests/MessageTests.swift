import Foundation
import Mail
import Testing

@Suite("Reading messages: limits, charsets, faults")
struct MessageTests {
    private func parse(_ text: String, _ limits: Message.Limits = .default) throws -> Message {
        try Message(parsing: Array(text.utf8), limits: limits)
    }

    @Test(arguments: ["", "\n\n\n", "just words\nand more\n", "\u{0}\u{1}\u{2}", " : x\n\ny"])
    func withoutAHeaderItIsNoMail(_ text: String) {
        let error = #expect(throws: MailError.self) { try parse(text) }
        #expect(error?.code == .noHeader && error?.isRetryable == false)
    }

    @Test func tooManyBytesAreRefused() {
        var limits = Message.Limits.default
        limits.bytes = 10
        let error = #expect(throws: MailError.self) { try parse("From: a@b.example\n\nx", limits) }
        #expect(error?.code == .tooLarge)
    }

    @Test func aThreadHasSoManyIdentifiersAndNotMoreByMoreFields() throws {
        let field = { (name: String, from: Int) in
            "\(name): " + (from..<from + 150).map { "<m\($0)@mail.example>" }.joined(separator: "\n ") + "\n"
        }
        let names = ["References", "In-Reply-To"]
        let header = names.flatMap { name in [0, 150, 300].map { field(name, $0) } }.joined()
        let message = try parse("From: a@b.example\n\(header)\nbody\n")
        #expect(message.references == (0..<200).map { "m\($0)@mail.example" })
        #expect(message.inReplyTo == message.references)
    }

    @Test func aHeaderLineOfOneMegabyteIsCutInLinearTime() throws {
        for filler in ["x", "=?utf-8?q?x?= ", "\n y", "a@b.example, ", "(", "g:", "<"] {
            let line = String(repeating: filler, count: (1 << 20) / filler.utf8.count)
            let text = "From: a@b.example\nTo: \(line)\nReferences: \(line)\nSubject: hello\n\nbody\n"
            let clock = ContinuousClock()
            let start = clock.now
            let message = try parse(text)
            #expect(clock.now - start < .seconds(10))
            #expect(message.subject == "hello" && message.text == "body")
            #expect(message.problems.contains { $0.contains("was cut") })
        }
    }

    @Test func headersOverTheSumAreLeftOut() throws {
        var limits = Message.Limits.default
        limits.headerBytes = 2_000
        let text =
            "From: a@b.example\n" + String(repeating: "X-Filler: 1234567890\n", count: 1_000) + "Subject: late\n\nbody"
        let message = try parse(text, limits)
        #expect(message.headers.count < 150 && message.subject.isEmpty && message.text == "body")
        #expect(message.problems.contains { $0.contains("left out") })
    }

    @Test func depthAndPartsAndTextAreLimited() throws {
        var text = "From: a@b.example\n"
        for level in 0..<200 { text += "Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n" }
        #expect(try parse(text + "\ndeep").problems.contains { $0.contains("nested deeper") })
        let many =
            "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
            + String(repeating: "--b\n\nx\n", count: 5_000) + "--b--\n"
        let message = try parse(many)
        #expect(message.problems.contains { $0.contains("parts behind") } && message.text.utf8.count < 5_000)
        var limits = Message.Limits.default
        limits.textBytes = 100
        let long = try parse(
            "From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n" + String(repeating: "é", count: 500),
            limits)
        #expect(long.text.utf8.count <= 100 && !long.text.contains("\u{FFFD}"))
        #expect(long.problems.contains { $0.contains("left out") })
    }

    @Test(
        arguments: [
            ("utf-8", [0xC3, 0xA4], "ä"), ("iso-8859-1", [0xE4, 0x80], "ä€"), ("koi8-r", [0xC4, 0xC1], "да"),
            ("shift_jis", [0x82, 0xA0], "あ"), ("gb2312", [0xC4, 0xE3], "你"), ("windows-1251", [0xE4, 0xE0], "да"),
            ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42], "あ"), ("us-ascii", [0xC3, 0xA4], "ä"),
            ("utf-8", [0x47, 0xFC, 0x6E], "Gün"), ("x-nothing", [0x47, 0xFC, 0x6E], "Gün"),
            ("x-nothing", [0xC3, 0xA4], "ä"),
        ] as [(String, [UInt8], String)])
    func charsets(_ label: String, _ bytes: [UInt8], _ text: String) throws {
        let head = Array("From: a@b.example\nContent-Type: text/plain; charset=\"\(label)\"\n\n".utf8)
        #expect(try Message(parsing: head + bytes).text == text)
    }

    @Test func rawEightBitHeadersAreRead() throws {
        let utf8 = try parse("From: Jürgen <j@b.example>\nSubject: Grüße\n\nx")
        #expect(utf8.subject == "Grüße" && utf8.from.first?.name == "Jürgen")
        let latin =
            Array("From: J".utf8) + [0xFC] + Array("rgen <j@b.example>\nSubject: Gr".utf8) + [0xFC, 0xDF]
            + Array("e\n\nx".utf8)
        let message = try Message(parsing: latin)
        #expect(message.subject == "Grüße" && message.from.first?.name == "Jürgen")
    }

    @Test(arguments: [
        ("=?utf-8?B?w6Q=?= =?UTF-8?b?w7Y=?=", "äö"), ("=?utf-8?B?4KSV4KQ=?= =?utf-8?B?vg==?=", "का"),
        ("=?utf-8?B?w6Q=?= and =?utf-8?Q?=C3=B6?=", "ä and ö"), ("=?utf-8?Q?a=5Fb?= =?utf-8?Q?_c?=", "a_b c"),
        ("=?iso-8859-1?B?5A==?= =?utf-8?B?w7Y=?=", "äö"), ("=?utf-8?B?w6Q=?= =? x", "ä =? x"),
        ("=?utf-8?Q?a=C2=85b=C2=A0c=0Ad?=", "a b\u{A0}c d"), ("a\u{9B}31m", "a 31m"),
        ("a =?b?= c", "a =?b?= c"),
        ("=?x-nothing?Q?abc?=", "abc"),
    ])
    func encodedWords(_ raw: String, _ text: String) throws {
        let message = try parse("From: \(raw) <a@b.example>\nSubject: \(raw)\n\nx")
        #expect(message.subject == text)
        if !raw.contains("=? x"), !raw.contains("=?b?=") { #expect(message.from.first?.name == text) }
    }

    @Test func aSubjectStaysOnOneLine() throws {
        let message = try parse("From: a@b.example\nSubject: =?utf-8?Q?a=0D=0ABcc:_x@y.example?=\n\nx")
        #expect(!message.subject.contains("\n") && !message.subject.contains("\r") && !message.subject.contains("\r\n"))
        #expect(message.subject.hasPrefix("a"))
    }

    @Test(arguments: [
        ("<>", ReturnPath.null), ("<a@B.Example>", .address("a@b.example")), ("a@b.example", .address("a@b.example")),
        ("", .missing), (" < > ", .null),
    ])
    func returnPaths(_ value: String, _ expected: ReturnPath) throws {
        #expect(try parse("Return-Path: \(value)\nFrom: a@b.example\n\nx").returnPath == expected)
    }

    @Test(arguments: [
        ("no", false), ("No", false), (" no ; x=y", false), ("no (a person)", false), ("(comment) no", false),
        ("", false),
        ("auto-replied", true), ("AUTO-GENERATED", true), ("auto-notified; owner=\"x\"", true), ("yes", true),
        ("nothing", true),
    ])
    func autoSubmitted(_ value: String, _ isAutomatic: Bool) throws {
        let message = try parse("From: a@b.example\nAuto-Submitted: \(value)\n\nWhere is my order?")
        #expect((message.automatic != nil) == isAutomatic)
    }

    @Test(
        arguments: [
            ("From: noreply@b.example", "no-reply-sender"), ("From: No-Reply <no-reply@b.example>", "no-reply-sender"),
            ("From: do_not_reply@b.example", "no-reply-sender"),
            ("From: a@b.example\nPrecedence: Bulk", "precedence-bulk"),
            ("From: owner-list@b.example", "list-sender"), ("From: a@b.example\nX-Autoreply: yes", "vacation-header"),
            ("From: a@b.example\nReturn-Path: <>", "null-path"), ("From: postmaster@b.example", "postmaster-sender"),
            ("From: a@b.example\nList-Id: <x.example>", "list-id"),
            ("From: a@b.example\nX-Failed-Recipients: c@d.example", "failed-recipients"),
            (
                "From: a@b.example\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b",
                "disposition-notification"
            ),
            (
                "From: a@b.example\nContent-Type: multipart/report; report-type=\"feedback-report\"; boundary=b",
                "feedback-report"
            ),
            ("From: MAILER-DAEMON <>", "daemon-sender"), ("From: a@b.example\nX-Auto-Response-Suppress: All", nil),
            ("From: noreplysson@b.example\nSubject: hi", "no-reply-sender"), ("From: norah.eply@b.example", nil),
            ("From: a@b.example\nReturn-Path: <a@b.example>\nPrecedence: normal", nil),
        ] as [(String, String?)])
    func automaticRules(_ header: String, _ rule: String?) throws {
        #expect(try parse(header + "\n\nWhere is my order NC-104233?").automatic?.rule == rule)
    }

    @Test(arguments: [
        ("Undelivered order NC-104233", "I paid 550 rupees on 4.5.26 and it could not be delivered to my flat."),
        ("Delivery failure", "The courier made three delivery attempts and the parcel was returned to sender."),
        ("Away from home on Friday", "Please deliver on Monday, I am out of town."),
        ("Absence de réponse", "Je suis absent vendredi, livrez lundi s'il vous plaît."),
        ("I am out of patience", "Where is my order? It is the third mail."),
        ("Re: Automatic doors", "I am on vacation until Friday."),
        ("Rejected payment", "The bank says error 5.1 for NC-104233."),
        ("Newsletter", "Please subscribe me to the newsletter, I never unsubscribe."),
    ])
    func peopleAreNotTakenForMachines(_ subject: String, _ text: String) throws {
        #expect(
            try parse("From: a@b.example\nSubject: \(subject)\nContent-Type: text/plain; charset=utf-8\n\n\(text)")
                .automatic == nil)
    }

    @Test func armoredTextIsRecognised() throws {
        let signed = try parse(
            "From: a@b.example\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- dash\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
        )
        #expect(signed.isSigned && !signed.isEncrypted && signed.text == "Hello\n-- dash")
        let sealed = try parse("From: a@b.example\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n")
        #expect(sealed.isEncrypted && sealed.automatic == nil)
    }

    @Test func valuesBecomeAMessageByTheSameRules() {
        let message = Message(
            from: Mailbox(name: "A", address: "a@B.example"), subject: "Re: x",
            text: "Thanks\n\nOn 3 Mar 2026, Shop wrote:\n> y",
            messageID: "entry.1@tickets.example",
            headers: [HeaderField(name: "Auto-Submitted", value: "auto-generated")])
        #expect(message.newText == "Thanks" && message.quoted.hasSuffix("> y"))
        #expect(message.from.first?.address == "a@b.example" && message.messageID == "entry.1@tickets.example")
        #expect(message.automatic?.rule == "auto-submitted")
        #expect(Message(from: Mailbox(address: "a@b.example"), subject: "", text: "").automatic?.class == .empty)
    }

    @Test func invisibleCharactersAreRemovedAndNoted() throws {
        let message = try parse(
            "From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nor\u{200B}der\u{E0041}\u{E0042} क\u{94D}\u{200D}ष\u{AD}"
        )
        #expect(message.text == "order क\u{94D}\u{200D}ष")
        #expect(message.problems == ["invisible characters were removed"])
    }

    @Test func manyThreadsMayReadAtOnce() async throws {
        let names = FixtureTests.names
        let alone = try names.map { try Message(parsing: Fixture.bytes($0 + ".eml")).newText }
        let inputs = try names.map { try Fixture.bytes($0 + ".eml") }
        let results = await withTaskGroup(of: (Int, String?).self) { group in
            for round in 0..<500 {
                group.addTask {
                    let index = round % inputs.count
                    return (index, try? Message(parsing: inputs[index]).newText)
                }
            }
            var all: [(Int, String?)] = []
            for await result in group { all.append(result) }
            return all
        }
        #expect(results.count == 500)
        #expect(results.allSatisfy { $0.1 == alone[$0.0] })
    }

    @Test func hostileNestingFitsTheStackOfATask() async throws {
        var text = "From: a@b.example\n"
        for level in 0..<3_000 { text += "Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n" }
        let mails = [
            text, "From: a@b.example\n" + String(repeating: "Content-Type: message/rfc822\n\n", count: 3_000) + "x",
            "From: a@b.example\nTo: " + String(repeating: "g:", count: 20_000) + "\n\nx",
        ]
        for mail in mails {
            let problems = try await Task.detached { try Message(parsing: Array(mail.utf8)).problems }.value
            #expect(problems.count < 10)
        }
    }
}
