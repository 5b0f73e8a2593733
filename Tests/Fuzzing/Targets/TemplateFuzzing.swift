import Foundation
import Mail
import SupportDesk

/// A reply template as the shop would write it, in front of the first NUL, and behind it the values that strangers choose: the
/// customer's name, then the body.
///
/// It is refused with file and line, or gives a text in which every value stands as it is, and of which a mail with the desk's own
/// header and nothing else can be made.
enum TemplateFuzzing {
    private static let file = "replies/en/input.mustache"
    /// Stand for a value in a second rendering.
    private static let marks = ["\u{E010}\u{E011}", "\u{E012}\u{E013}"]

    static func check(_ bytes: [UInt8]) throws {
        let parts = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let template = parts[0]
        let values = [
            "greetingName": parts.count > 1 ? parts[1] : "Priya {{shop.name}}",
            "body": parts.count > 2 ? parts[2] : "Hello\r\nBcc: thief@evil.example\r\n\r\n.\r\n{{#order}}",
        ]
        let text: String?
        do {
            text = try TemplateProbe.render(template, path: file, values: values)
        } catch let error as DeskError {
            return try ConfigurationFuzzing.checkError(error, file: file, lines: template)
        }
        guard let text else { return }
        try demand(!text.unicodeScalars.contains("\u{FFFC}"), "a value that is missing leaves its mark")
        try demand(!text.contains("TemplateContext("), "a template shows what it is given, as the program sees it")
        try demand(
            try TemplateProbe.render(template, path: file, values: values) == text, "the second time was another")
        try checkValues(template, values, text)
        try checkMail(text)
    }

    /// A value is no template: what comes of it is the same as with a mark in its place that is replaced afterwards. Templates that
    /// transform values or look into them are left out.
    private static func checkValues(_ template: String, _ values: [String: String], _ text: String) throws {
        guard !template.contains("("), !template.contains("%"), !template.contains("{{="),
            values.values.allSatisfy({ !$0.isEmpty })
        else { return }
        let marked = Dictionary(uniqueKeysWithValues: zip(["greetingName", "body"], marks))
        guard let rendered = try TemplateProbe.render(template, path: file, values: marked),
            !marks.contains(where: { template.contains($0) })
        else { return }
        var expected = rendered
        for (name, mark) in marked { expected = expected.replacingOccurrences(of: mark, with: values[name] ?? "") }
        // Empty lines are put together, in a value as well.
        func words(_ text: String) -> [Unicode.Scalar] {
            text.unicodeScalars.filter { !$0.properties.isWhitespace }
        }
        try demand(words(expected) == words(text), "a value was read as a template")
    }

    private static func checkMail(_ text: String) throws {
        let mail = OutgoingMail(
            from: Mailbox(name: "Neem & Clay", address: "support@shop.example"),
            to: [Mailbox(address: "priya@mail.example")], subject: "Re: Your order", messageID: "1@shop.example",
            inReplyTo: "2@mail.example", date: Date(timeIntervalSince1970: 1_773_133_200), text: text,
            html: HTMLText.html(fromText: text, links: ["https://shop.example/x"], language: "en"),
            headers: [.init("Auto-Submitted", "auto-replied")])
        let bytes = try mail.bytes()
        let message = try Message(parsing: bytes)
        try demand(message.to.map(\.address) == ["priya@mail.example"] && message.cc.isEmpty, "another recipient")
        try demand(message.header("Bcc") == nil && message.subject == "Re: Your order", "a field came out of the text")
        try demand(message.from.map(\.address) == ["support@shop.example"], "another sender")
        // No line end that is not CRLF: an SMTP server must not see a line that the desk did not see (RFC 5321 §2.3.8).
        var previous: UInt8 = 0
        for byte in bytes {
            try demand(byte != 0x0A || previous == 0x0D, "a bare line feed")
            try demand(previous != 0x0D || byte == 0x0A, "a bare carriage return")
            previous = byte
        }
    }
}
