import Mail
import Testing

@Test func parses() throws {
    let message = try Message(parsing: Array("From: A <a@B.example>\nSubject: Hi\n\nHello\n".utf8))
    #expect(message.from.first?.address == "a@b.example")
    #expect(message.text == "Hello")
}
