import Foundation
import Mail
import Testing

/// What a reply or a forwarded mail of one mail program in one language must read as.
private struct Reading: Decodable, Sendable {
    let newText: String
    let signature: String?
    let quotedContains: String?
    /// Address, name, subject, date and text of the inner mail.
    let forwarded: [String]?
}

@Suite("Replies and forwarded mail of many programs in fourteen languages")
struct ReplyTests {
    private static let readings: [String: Reading] =
        (try? JSONDecoder().decode([String: Reading].self, from: Data(Fixture.bytes("replies/expected.json")))) ?? [:]
    static let names: [String] = readings.keys.sorted()

    @Test func everyLanguageHasEveryProgram() {
        let languages = Set(Self.names.map { $0.prefix(2) })
        #expect(languages.count == 14)
        #expect(Self.names.count == languages.count * 12)
    }

    @Test(arguments: names)
    func reads(_ name: String) throws {
        let reading = try #require(Self.readings[name])
        let message = try Message(parsing: Fixture.bytes("replies/\(name).eml"))
        #expect(message.newText == reading.newText)
        if let signature = reading.signature { #expect(message.signature == signature) }
        if let quoted = reading.quotedContains { #expect(message.quoted.contains(quoted)) }
        let inner = message.forwarded
        #expect(
            inner.map { [$0.from?.address ?? "", $0.from?.name ?? "", $0.subject, $0.date, $0.text] }
                == reading.forwarded)
        #expect(message.automatic == nil)
        // The wire has CRLF.
        let wire = try Fixture.bytes("replies/\(name).eml").flatMap { $0 == 10 ? [13, 10] : [$0] }
        #expect(try Message(parsing: wire).newText == message.newText)
    }

    /// Nothing that a person wrote may vanish, and no line may stand in two parts.
    @Test(arguments: names)
    func everyLineIsSomewhere(_ name: String) throws {
        let message = try Message(parsing: Fixture.bytes("replies/\(name).eml"))
        func lines(_ text: String) -> [String] {
            text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.isEmpty }
        }
        let parts = lines(message.newText) + lines(message.quoted) + lines(message.signature)
        #expect(parts.sorted() == lines(message.text).sorted())
    }
}
