import Redaction
import Testing

/// What a desk wants to read is found and left as it is, whatever its type.
@Suite("Readable types")
struct ReadableTests {
    @Test(
        "a type that is to stay readable stays, and is reported",
        arguments: [
            (PIIType.email, "Write to zora.kelm@letterly.example please"), (.phone, "Call me on +91 98220 14477"),
            (.creditCard, "I paid with 4111 1111 1111 1111"), (.iban, "To DE89 3704 0044 0532 0130 00, please"),
            (.secret, "My password is Kettle-77x!"), (.person, "My name is Ravi Kulkarni"),
        ])
    func stays(type: PIIType, text: String) throws {
        let redactor = try Redactor(
            configuration: Redactor.Configuration(readable: PIIType.readableByDefault.union([type])))
        var vault = Vault()
        let redacted = redactor.redact(text, vault: &vault)
        #expect(redacted.text == text)
        #expect(redacted.findings.contains { $0.type == type && !$0.masked })
        let masked = try Redactor().redact(text, vault: &vault)
        #expect(masked.findings.contains { $0.type == type && $0.masked })
    }
}
