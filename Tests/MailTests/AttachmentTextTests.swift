import Mail
import Testing

/// The text of an attached file: what is redacted before anybody reads it.
@Suite("Text of attachments")
struct AttachmentTextTests {
    private func text(_ bytes: [UInt8], _ type: String = "text/plain", limit: Int = 1_000) -> String? {
        Attachment(name: "a", type: type, bytes: bytes).text(limit: limit)
    }

    @Test("text in UTF-8 and in Windows-1252, HTML without its markup, nothing of what is no text")
    func types() {
        #expect(text(Array("Grüße\n".utf8)) == "Grüße\n")
        #expect(text([0x47, 0x72, 0xFC, 0xDF, 0x65]) == "Grüße")
        #expect(text(Array("<p>One <b>two</b></p>".utf8), "text/html")?.contains("One two") == true)
        #expect(text(Array("%PDF".utf8), "application/pdf") == nil)
        #expect(text([]) == "")
    }

    @Test("a cut never falls into a letter", arguments: 1...12)
    func cut(limit: Int) {
        let whole = "aü€😀b"
        let head = text(Array(whole.utf8), limit: limit)
        #expect(whole.hasPrefix(head ?? "x"))
        #expect((head?.utf8.count ?? 0) <= limit)
    }
}
