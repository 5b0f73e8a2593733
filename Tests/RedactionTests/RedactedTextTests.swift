import Redaction
import Testing

@Suite struct RedactedTextTests {
    let redactor: Redactor
    init() throws { redactor = try FindingTable.shared.redactor() }

    @Test func joiningShiftsTheFindings() {
        var vault = Vault()
        let first = redactor.redact("é p@x.example", vault: &vault)
        let second = redactor.redact("call 98200 12345", vault: &vault)
        let joined = RedactedText.joined([first, second], separator: "\n--\n")
        #expect(joined.text == "é [EMAIL_1]\n--\ncall [PHONE_1]")
        #expect(joined.findings.map(\.range) == [2..<13, 22..<33])
        let direct = redactor.redact("é p@x.example\n--\ncall 98200 12345", vault: &vault)
        #expect(direct == joined)
        #expect(RedactedText.joined([]) == .empty)
    }

    @Test func aPrefixNeverCutsAPlaceholder() {
        var vault = Vault()
        let whole = redactor.redact("ab p@x.example cd 98200 12345 ef", vault: &vault)
        #expect(whole.text == "ab [EMAIL_1] cd [PHONE_1] ef")
        for length in 0...40 {
            let part = whole.prefix(maximumScalars: length)
            #expect(part.text.unicodeScalars.count <= length)
            #expect(whole.text.hasPrefix(part.text))
            #expect(part.text.filter { $0 == "[" }.count == part.text.filter { $0 == "]" }.count)
            #expect(part.findings.count == Placeholder.occurrences(in: part.text).count)
        }
        #expect(whole.prefix(maximumScalars: 11).text == "ab ")
        #expect(whole.prefix(maximumScalars: 12).text == "ab [EMAIL_1]")
        #expect(whole.prefix(maximumScalars: 14).findings.map(\.type) == [.email])
        #expect(whole.prefix(maximumScalars: 100) == whole)
        #expect(whole.prefix(maximumScalars: -1).isEmpty)
        let joined = RedactedText.joined([
            whole.prefix(maximumScalars: 14), redactor.redact("q@x.example", vault: &vault),
        ])
        #expect(joined.text == "ab [EMAIL_1] c\n\n[EMAIL_2]")
        #expect(joined.findings.last?.range == 18..<29)
    }

    @Test func emptiness() {
        var vault = Vault()
        #expect(redactor.redact("", vault: &vault).isEmpty)
        #expect(redactor.redact(" \r\n\t", vault: &vault).isEmpty)
        #expect(!redactor.redact("p@x.example", vault: &vault).isEmpty)
        #expect(redactor.redact("", vault: &vault) == .empty)
    }
}
