import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What the fuzzers found, and what was found when they were written.
@Suite("Strange input")
struct StrangeInputTests {
    private func message(of body: () throws -> Void) -> String {
        do {
            try body()
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    private func read(_ text: String) throws {
        _ = try ConfigurationProbe.desk(text, file: "desk.yaml")
    }

    private static let rest = """

        channels: [{maildir: /in}]
        carrier: {maildir: /out}
        tickets: {folder: /tickets}
        state: /state
        """

    @Test(
        "an error about a file that is no YAML, or empty, names file and line as every other does",
        arguments: [
            ("shop: [a\nb: c", "desk.yaml:2: "), ("", "desk.yaml:1: the file is empty"),
            ("a: 1\nb: \u{1}", "desk.yaml:2: "), ("a: 1\na: 2", "desk.yaml:"),
        ])
    func yaml(text: String, beginning: String) {
        let message = message { try read(text) }
        #expect(message.hasPrefix(beginning), "\(message)")
        let line = message.dropFirst("desk.yaml:".count).prefix { $0 != ":" }
        #expect(Int(line) != nil, "\(message)")
    }

    @Test("an error is one line, whatever a key is called")
    func oneLine() {
        let message = message {
            try read("shop: {name: A, address: a@b.example}" + Self.rest + "\n\"odd\\nkey\": 1\n")
        }
        #expect(message == "desk.yaml:6: unknown key odd key")
    }

    @Test(
        "a shop in whose name no mail can be written is refused when it is read, and not at each reply",
        arguments: [
            (#"{name: "A\nB", address: a@b.example}"#, "desk.yaml:1: shop.name must be one line"),
            (
                #"{name: A, address: "a@b.example\r\nBcc: c@d.example"}"#,
                "desk.yaml:1: shop.address must be an e-mail address"
            ),
            (#"{name: A, address: "@"}"#, "desk.yaml:1: shop.address must be an e-mail address"),
            (#"{name: A, address: a@b..example}"#, "desk.yaml:1: shop.address must be an e-mail address"),
            (#"{name: "Neem & Clay", address: a@b.example}"#, "accepted"),
        ])
    func shop(section: String, expected: String) {
        #expect(message { try read("shop: \(section)" + Self.rest) } == expected)
    }

    @Test(
        "a reply template that cannot be read is named with its line",
        arguments: [
            ("\n\nHello\n{{#a}}\nx", 3...5), ("---\nneeds: none\n---\n\nHello\n{{/a}}\nx\n", 6...6),
            ("---\ncites: [a]\nneeds: perhaps\n---\nHello\n", 3...3), ("---\nneeds: [a\n---\nHello\n", 2...3),
        ])
    func template(text: String, lines: ClosedRange<Int>) {
        let message = message { _ = try TemplateProbe.render(text, path: "x.mustache", values: [:]) }
        let line = message.dropFirst("x.mustache:".count).prefix { $0 != ":" }
        #expect(message.hasPrefix("x.mustache:") && Int(line).map(lines.contains) == true, "\(message)")
    }

    @Test(
        "a template that asks for all there is, or for a group of values, is not sent",
        arguments: ["{{.}}", "{{shop}}"])
    func everything(tag: String) throws {
        #expect(try TemplateProbe.render("Hello \(tag)", path: "x", values: ["body": "secret"]) == nil)
        #expect(try TemplateProbe.render("{{#shop}}{{name}}{{/shop}}", path: "x", values: [:]) == "Neem & Clay")
    }

    @Test(
        "Request Tracker's numbers are numbers: they stand in the paths of later requests",
        arguments: ["../user/14", "1?x=2", "1/2", "", "1\n", "12345678901234567890", "٣"])
    func numbers(number: String) throws {
        let probe = TicketProbe()
        let quoted = String(decoding: try JSONEncoder().encode(number), as: UTF8.self)
        func reading(_ text: String) -> TicketProbe.Reading { probe.read(Array(text.utf8)) }
        #expect(reading("{\"id\": \(quoted)}").numbers == [])
        #expect(reading("{\"id\": \"20\"}").numbers == ["20"] && reading("{\"id\": 20}").numbers == ["20"])
        let ticket = "{\"id\": \(quoted), \"EffectiveId\": {\"id\": \(quoted)}, \"Status\": \"open\"}"
        #expect(reading(ticket).records.map(\.id) == ["1"], "the number by which it was asked for")
        let entry = "{\"id\": 1, \"Type\": \"Create\", \"ObjectId\": \(quoted), \"Creator\": {\"id\": \"a\"}}"
        #expect(reading("{\"items\": [\(entry)]}").entries.isEmpty)
    }

    @Test(
        "the next page is asked for, with the desk's login, at the same server only",
        arguments: [
            ("https://shop.zendesk.example/api/v2/groups?page=2", true), ("https://evil.example/api", false),
            ("https://shop.zendesk.example@evil.example/", false), ("https://shop.zendesk.example:444/", false),
            ("http://shop.zendesk.example/", false), ("https://evil.example\\@shop.zendesk.example/", false),
            ("https://evil@shop.zendesk.example/", false), ("https://shop.zendesk.example/a b", false),
        ])
    func pages(link: String, isFollowed: Bool) throws {
        let answer = try JSONSerialization.data(withJSONObject: [
            "groups": [], "meta": ["has_more": true], "links": ["next": link],
        ])
        #expect(TicketProbe().read([UInt8](answer)).pages == (isFollowed ? [link] : []))
    }

    @Test("what Zendesk refuses is told by names of fields, never in its words")
    func refusal() {
        let answer = #"{"error": "Mail\nto a@b.example", "details": {"priority": [{}], "see a@b.example\n": [{}]}}"#
        #expect(TicketProbe().read(Array(answer.utf8)).messages == ["HTTP 422 (no reason): priority"])
    }

    @Test("an entry of a ticket becomes a mail, whatever its author, its subject and its files are called")
    func entry() throws {
        var entry = TicketEntry(
            id: "1", ticket: "20", author: .customer(address: "ä\"b@mail.example"), isPublic: true, text: "Hello",
            created: "2026-03-10T08:30:00Z",
            attachments: [
                TicketAttachment(locator: "1", name: "a\r\nb\u{2028}.jpg", type: "image/jpeg; name=x"),
                TicketAttachment(locator: "2", name: "", type: "multipart/mixed"),
            ])
        entry.authorName = "Priya\u{2029}Sharma"
        var record = TicketRecord(id: "20", externalID: nil, version: nil, state: .open, owner: nil)
        record.requestors = ["priya@mail.example", "ü@mail.example"]
        record.subject = "Where\u{2028}is it?"
        let mail = try Message(parsing: TicketProbe().mail(of: entry, after: [], on: record))
        #expect(mail.subject == "Where is it?")
        #expect(mail.from.first?.address.hasSuffix(".ticket.invalid") == true)
        #expect(mail.cc.count == 2 && mail.cc.first?.address == "priya@mail.example", "who reads it does not vanish")
        #expect(mail.attachments.map(\.type) == ["image/jpeg", "application/octet-stream"])
    }

    @Test(
        "a reply can be written whatever control characters its question's subject holds",
        arguments: ["a\u{1}b\u{7F}c", "=?utf-8?b?YeKAqGLigKlj?=", "a=?utf-8?q?=0Db=0A?=c"])
    func subject(subject: String) throws {
        let mail = "From: a@b.example\r\nSubject: \(subject)\r\n\r\nHi\r\n"
        let question = try Message(parsing: Array(mail.utf8))
        #expect(question.subject.filter(\.isLetter) == "abc" && question.subject.contains(" "))
        let reply = OutgoingMail(
            from: Mailbox(address: "c@d.example"), to: question.from, subject: "Re: \(question.subject)",
            messageID: "1@d.example", date: Date(timeIntervalSince1970: 0), text: "Hello")
        #expect(try Message(parsing: reply.bytes()).subject == "Re: \(question.subject)")
    }

    @Test(
        "the next page of a ticket system's answer is asked for on its own server only, by a path of it",
        arguments: [
            ("https://shop.zendesk.example/api/v2/groups?page=2", true),
            ("https://shop.zendesk.example#/api/v2/groups", false), ("https://shop.zendesk.example?/page=2", false),
            ("https://shop.zendesk.example/api#/v2/groups", false), ("https://other.example/api/v2/groups", false),
            ("https://shop.zendesk.example@other.example/api", false), ("http://shop.zendesk.example/api", false),
            ("https://shop.zendesk.example:8443/api", false),
            ("https://other.example\\\\@shop.zendesk.example/", false),
        ])
    func nextPage(link: String, isFollowed: Bool) {
        let answer = #"{"groups": [], "meta": {"has_more": true}, "links": {"next": "\#(link)"}}"#
        #expect(TicketProbe().read(Array(answer.utf8)).pages == (isFollowed ? [link] : []))
    }
}
