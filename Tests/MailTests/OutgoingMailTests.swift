import Foundation
import Mail
import Testing

@Suite("Mails that are written")
struct OutgoingMailTests {
    private func sample() -> OutgoingMail {
        OutgoingMail(
            from: Mailbox(name: "Neem & Clay, Support", address: "support@neemandclay.example"),
            to: [Mailbox(name: "सुनीता वर्मा", address: "sunita@mail.example")],
            subject: "Re: मेरा ऑर्डर NC-104250 कहाँ है? एक बहुत लंबा विषय जो एक पंक्ति में नहीं आता",
            messageID: "reply.1@neemandclay.example", inReplyTo: "hindi@mail.example",
            references: (1...12).map { "message-number-\($0)@mail.example" } + ["hindi@mail.example"],
            date: Date(timeIntervalSince1970: 1_773_133_200),
            text: "Dear customer,\n\nFrom here on: a line with = and a trailing blank \n.dot\n"
                + String(repeating: "long ", count: 60) + "\n",
            headers: [.init("Auto-Submitted", "auto-replied"), .init("X-AuraDesk", "stämp")])
    }

    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: 10, omittingEmptySubsequences: false)
    }

    @Test func readsBackAsItWasWritten() throws {
        let mail = sample()
        let bytes = try mail.bytes()
        let message = try Message(parsing: bytes)
        #expect(message.from == [mail.from])
        #expect(message.to == mail.to)
        #expect(message.subject == mail.subject)
        #expect(message.messageID == mail.messageID)
        #expect(message.inReplyTo == ["hindi@mail.example"])
        #expect(message.references == mail.references)
        #expect(message.date == mail.date)
        #expect(message.header("auto-submitted") == "auto-replied")
        #expect(message.header("X-AuraDesk") == "stämp")
        #expect(message.text == mail.text.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(message.automatic?.rule == "auto-submitted")
        #expect(message.problems.isEmpty)
    }

    @Test func everyLineIsShortASCIIWithCRLF() throws {
        for text in [
            "plain\n", "Grüße\n" + String(repeating: "ä", count: 500), String(repeating: "नमस्ते ", count: 200),
            "x\r\ny\rz",
        ] {
            var mail = sample()
            mail.text = text
            mail.html = HTMLText.html(fromText: text)
            let bytes = try mail.bytes()
            #expect(bytes.allSatisfy { $0 < 0x80 })
            for line in lines(bytes).dropLast() {
                #expect(line.last == 13 && !line.dropLast().contains(13))
                #expect(line.count <= 79)
            }
            #expect(lines(bytes).last?.isEmpty == true)
        }
    }

    @Test func theSameValueGivesTheSameBytes() throws {
        var mail = sample()
        mail.html = "<p>x</p>"
        let first = try mail.bytes()
        #expect(try mail.bytes() == first)
        mail.messageID = "reply.2@neemandclay.example"
        #expect(try mail.bytes() != first)
    }

    @Test(arguments: [
        "subject\r\nBcc: thief@evil.example", "a\nb", "a\rb", "a\u{0}b", "a\u{85}b", "a\u{2028}b", "tab\tb",
    ])
    func lineBreaksAreRefused(_ value: String) throws {
        var mails: [OutgoingMail] = []
        var mail = sample()
        mail.subject = value
        mails.append(mail)
        mail = sample()
        mail.from = Mailbox(name: value, address: "a@b.example")
        mails.append(mail)
        mail = sample()
        mail.to = [Mailbox(address: value + "@b.example")]
        mails.append(mail)
        mail = sample()
        mail.headers = [.init("X-A", value)]
        mails.append(mail)
        mail = sample()
        mail.headers = [.init(value, "x")]
        mails.append(mail)
        mail = sample()
        mail.messageID = value
        mails.append(mail)
        mail = sample()
        mail.references = [value]
        mails.append(mail)
        mail = sample()
        mail.attachments = [Mail.Attachment(name: value, type: "text/plain", bytes: [])]
        mails.append(mail)
        mail = sample()
        mail.attachments = [Mail.Attachment(name: "a", type: "text/plain; x=\(value)", bytes: [])]
        mails.append(mail)
        for mail in mails {
            let error = #expect(throws: MailError.self) { try mail.bytes() }
            #expect(error?.code == .invalidValue)
            #expect(error?.description.contains("evil") == false)
        }
    }

    @Test(arguments: [
        "a", "a@", "@b", "a@b@c.example", "a b@c.example", "<a@b.example>", "a@b.example,c@d.example", "ä@b.example",
        "", "a@b..example", "a@.b.example", "a@.", "a..b@c.example", ".a@c.example", "a.@c.example",
    ])
    func badAddressesAreRefused(_ address: String) {
        var mail = sample()
        mail.to = [Mailbox(address: address)]
        #expect(throws: MailError.self) { try mail.bytes() }
    }

    /// Customers whose domain has other letters could not be answered: their address was read in Unicode.
    @Test(arguments: [
        "priya@xn--mller-kva.example", "priya@mail.xn--example", "priya@xn--i-7iq.ws", "xn--a.xn--b@shop.example",
    ])
    func domainsOfOtherLettersStayAsTheyTravel(_ address: String) throws {
        var mail = sample()
        mail.to = [Mailbox(name: "Priya", address: address), Mailbox(address: "second@mail.example")]
        let bytes = try mail.bytes()
        #expect(try Message(parsing: bytes).to == mail.to)
        let foreign = """
            From: all: \(address), P <\(address)>, <\(address.uppercased())>;
            Reply-To: (c)\(address)

            hi
            """
        let message = try Message(parsing: Array(foreign.utf8))
        #expect(message.from.map { $0.address.lowercased() } == [address, address, address])
        #expect(message.replyTo.map(\.address) == [address])
    }

    @Test(arguments: ["Bcc", "From", "content-type", "Received", "Return-Path", "X A", "", "X:"])
    func headersOfOurOwnAreRefused(_ name: String) {
        var mail = sample()
        mail.headers = [.init(name, "x")]
        #expect(throws: MailError.self) { try mail.bytes() }
    }

    @Test func alternativePrefersTheTextAndKeepsTheHTML() throws {
        var mail = sample()
        mail.text = "See https://neemandclay.example/returns.\n"
        mail.html = HTMLText.html(fromText: mail.text, links: ["https://neemandclay.example/returns"], language: "en")
        let bytes = try mail.bytes()
        let message = try Message(parsing: bytes)
        #expect(message.text == "See https://neemandclay.example/returns.")
        #expect(!message.isFromHTML)
        #expect(String(decoding: bytes, as: UTF8.self).contains("multipart/alternative"))
        #expect(message.attachments.isEmpty)
    }

    @Test func attachmentsComeBackByteForByte() throws {
        let binary = [UInt8]((0...255).flatMap { [UInt8($0), 13, 10, 0] })
        let strict = Array("From: a@b.example\r\nSubject: x\r\n\r\nHello\r\n\r\nFrom here\r\n".utf8)
        let loose = Array("From: a@b.example\nSubject: ü\n\nHello".utf8)
        var mail = sample()
        mail.attachments = [
            Mail.Attachment(name: "data.bin", type: "application/octet-stream", bytes: binary),
            Mail.Attachment(
                name: "Rechnung für März – eine sehr lange Bezeichnung, die in Stücke muss.pdf",
                type: "application/pdf", bytes: [1]),
            Mail.Attachment(name: "thread.eml", type: "message/rfc822", bytes: strict),
            Mail.Attachment(name: "raw.eml", type: "message/rfc822", bytes: loose),
            // Found by WrittenMailPropertyTests: it came back as "x.bin".
            Mail.Attachment(name: "=?utf-8?q?x?=.bin", type: "application/octet-stream", bytes: [1]),
        ]
        let bytes = try mail.bytes()
        let message = try Message(parsing: bytes)
        try #require(message.attachments.count == 5)
        #expect(message.attachments.map(\.name) == mail.attachments.map(\.name))
        #expect(message.attachments[0].bytes == binary)
        #expect(message.attachments[1].bytes == [1])
        #expect(message.attachments[3].bytes == loose)
        #expect(message.attachments[3].type == "application/octet-stream")
        // The strict mail stands in the mail as it is.
        #expect(String(decoding: bytes, as: UTF8.self).contains(String(decoding: strict, as: UTF8.self)))
        #expect(message.attachments[2].bytes == strict)
    }

    @Test func aBoundaryInsideAnAttachedMailIsAvoided() throws {
        var inner = sample()
        inner.html = "<p>x</p>"
        var outer = inner
        // The same Message-ID gives the same boundaries: the hardest case.
        outer.attachments = [Mail.Attachment(name: "same.eml", type: "message/rfc822", bytes: try inner.bytes())]
        let message = try Message(parsing: outer.bytes())
        #expect(message.attachments.first?.bytes == (try inner.bytes()))
        #expect(message.forwarded?.subject == inner.subject)
    }

    @Test func noControlCharacterTravelsBare() throws {
        for text in ["a\u{0}b\n", "bell\u{7}\n", "\u{1B}[31mred\n", "del\u{7F}\n", "a\u{0}ä\n"] {
            var mail = sample()
            mail.text = text
            let bytes = try mail.bytes()
            #expect(bytes.allSatisfy { $0 >= 32 && $0 < 127 || $0 == 10 || $0 == 13 })
            mail.text = "tab\tand plain\n"
            #expect(String(decoding: try mail.bytes(), as: UTF8.self).contains("\r\n\r\ntab\tand plain\r\n"))
        }
    }

    /// Whoever writes such a Message-ID gets an answer nevertheless.
    @Test func identifiersOfOthersThatCannotBeWrittenAreLeftOut() throws {
        let foreign = ["ключ@mail.example", "a b@mail.example", String(repeating: "x", count: 901), "<a@b", ""]
        var mail = sample()
        mail.references = [foreign[0], "good@mail.example"] + foreign.dropFirst()
        mail.inReplyTo = foreign[0]
        let message = try Message(parsing: mail.bytes())
        #expect(message.references == ["good@mail.example"] && message.inReplyTo.isEmpty)
        mail.references = foreign
        #expect(try Message(parsing: mail.bytes()).header("References") == nil)
        mail.messageID = foreign[0]
        #expect(throws: MailError.self) { try mail.bytes() }
    }

    @Test func datesAreRight() throws {
        for (seconds, text) in [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_825_599, "Tue, 29 Feb 2000 11:59:59 +0000"),
            (-1, "Wed, 31 Dec 1969 23:59:59 +0000"), (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 +0000"),
        ] {
            var mail = sample()
            mail.date = Date(timeIntervalSince1970: TimeInterval(seconds))
            #expect(String(decoding: try mail.bytes(), as: UTF8.self).hasPrefix("Date: \(text)\r\n"))
        }
    }
}
