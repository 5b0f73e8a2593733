import Testing

@testable import Transport

@Suite struct SMTPTextTests {
    @Test(arguments: [
        ("", ""), ("a", "a\r\n"), ("a\r\n", "a\r\n"), ("a\nb\r\nc", "a\r\nb\r\nc\r\n"), (".", "..\r\n"),
        (".a\r\n..b\r\n.\r\n", "..a\r\n...b\r\n..\r\n"), ("a\n.\nb\n", "a\r\n..\r\nb\r\n"),
        ("a\r.\rb", "a\r\n..\r\nb\r\n"),
        ("a\r\n\r\n.b", "a\r\n\r\n..b\r\n"), ("a\r\r\n.\n", "a\r\n\r\n..\r\n"), ("a.b\r\n", "a.b\r\n"), ("\n", "\r\n"),
        ("\r", "\r\n"),
        ("\n\r", "\r\n\r\n"),
    ])
    func linesEndInCRLFAndDotsAreDoubled(_ message: String, _ wire: String) {
        #expect(String(decoding: SMTPMessage.wire(Array(message.utf8)), as: UTF8.self) == wire)
    }

    /// Whatever the bytes: undoing the stuffing gives the normalised message, and nothing in it can end the text early.
    @Test func nothingEndsTheTextEarly() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("\r\n.a\u{e9}\0".utf8)
        for _ in 0..<3000 {
            let message = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            let wire = SMTPMessage.wire(message)
            let text = String(decoding: wire, as: UTF8.self).unicodeScalars.map { $0 }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.last?.isEmpty == true)
            for line in lines.dropLast() {
                #expect(line.last == "\r" && line.count { $0 == "\r" } == 1)
                #expect(line.first != "." || line.dropFirst().first == ".")
            }
            let content: ([UInt8]) -> [UInt8] = { $0.filter { $0 != 0x0D && $0 != 0x0A && $0 != 0x2E } }
            #expect(content(wire) == content(message))
        }
    }

    @Test func headersInUTF8AreSeen() {
        #expect(SMTPMessage.hasEightBitHeader(Array("Subject: é\r\n\r\na".utf8)))
        #expect(!SMTPMessage.hasEightBitHeader(Array("Subject: e\r\n\r\né".utf8)))
        #expect(!SMTPMessage.hasEightBitHeader([]))
    }

    @Test(arguments: ["a@b.example", "\"a\"@b.example", "jürgen@bücher.example", "a+b=c/d@b.example", "a@[127.0.0.1]"])
    func addressesThatCanBeSent(_ address: String) { #expect(Envelope.isAddress(address)) }

    @Test(arguments: [
        "", "a", "@b", "a@", "a b@c", "a@b\r\nRCPT TO:<x@y>", "a@b\n", "a@b\0", "<a@b>", "a@b>", "a@b> SIZE=1",
        "a\u{7f}@b",
        "a\u{85}@b", "a\u{a0}@b", "a\u{2028}@b", "@x,@y:a@b", String(repeating: "a", count: 65) + "@b",
        "a@" + String(repeating: "b", count: 253),
    ])
    func addressesThatCannot(_ address: String) {
        #expect(!Envelope.isAddress(address))
        #expect(Envelope(sender: .address(address), recipients: ["a@b"]).problem != nil)
        #expect(Envelope(sender: .null, recipients: ["a@b", address]).problem?.contains("a@b") == false)
    }

    @Test func envelopesHaveOneToAThousandRecipients() {
        #expect(Envelope(sender: .null, recipients: []).problem != nil)
        #expect(Envelope(sender: .null, recipients: Array(repeating: "a@b", count: 1000)).problem == nil)
        #expect(Envelope(sender: .null, recipients: Array(repeating: "a@b", count: 1001)).problem != nil)
    }

    private static let replies =
        "220 ready\r\n250-one\r\n250-two\r\n250 three\r\n550-5.1.1 no such\r\n550 5.1.1 user\r\n354\r\n"
        + "451 4.7 odd\r\n550 4.1.1 wrong class\n250 2.0.0 \r\n"
    private static let expected = [
        SMTPReply(code: 220, text: "ready"), SMTPReply(code: 250, text: "one two three"),
        SMTPReply(code: 550, enhancedCode: "5.1.1", text: "no such user"), SMTPReply(code: 354),
        SMTPReply(code: 451, text: "4.7 odd"), SMTPReply(code: 550, text: "4.1.1 wrong class"),
        SMTPReply(code: 250, enhancedCode: "2.0.0", text: ""),
    ]

    private func parse(_ pieces: [[UInt8]]) throws(SMTPReplyParser.Failure) -> [SMTPReply] {
        var parser = SMTPReplyParser()
        var replies: [SMTPReply] = []
        for piece in pieces {
            parser.feed(piece)
            while let (reply, _) = try parser.next() { replies.append(reply) }
        }
        return replies
    }

    @Test func repliesAreReadHoweverTheyAreSplit() throws {
        let bytes = Array(Self.replies.utf8)
        for cut in 0...bytes.count {
            #expect(try parse([Array(bytes[..<cut]), Array(bytes[cut...])]) == Self.expected)
        }
        #expect(try parse(bytes.map { [$0] }) == Self.expected)
    }

    @Test(arguments: [
        "\r\n", "25\r\n", "2500 a\r\n", "abc d\r\n", "199 a\r\n", "600 a\r\n", "250-a\r\n251 b\r\n", "250_a\r\n",
    ])
    func whatIsNoReplyIsMalformed(_ text: String) {
        #expect(throws: SMTPReplyParser.Failure.malformed) { try parse([Array(text.utf8)]) }
    }

    @Test func endlessRepliesAreRefused() {
        let line = [UInt8](repeating: 0x61, count: 5000)
        #expect(throws: SMTPReplyParser.Failure.tooLarge) { try parse([line]) }
        let many = Array(String(repeating: "250-a\r\n", count: 600).utf8)
        #expect(throws: SMTPReplyParser.Failure.tooLarge) { try parse([many]) }
    }

    @Test func extensionsAreRead() {
        let lines = [
            "mail.example hello", "PIPELINING", "size 52428800", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES",
        ]
        let all = SMTPSession.Extensions(lines: lines)
        #expect(all.pipelining && all.eightBitMIME && all.smtpUTF8 && all.dsn && all.enhancedStatusCodes)
        #expect(all.size == 52_428_800)
        // The first line is only a name.
        #expect(SMTPSession.Extensions(lines: ["PIPELINING"]).pipelining == false)
        #expect(SMTPSession.Extensions(lines: ["x", "SIZE"]).size == 0)
        #expect(SMTPSession.Extensions(lines: []).size == nil)
    }
}
