import Redaction
import Testing

@Suite struct FindingTests {
    static let redactor = Result { try FindingTable.shared.redactor() }

    @Test func tableIsThere() {
        #expect(FindingTable.shared.rows.count >= 100)
    }

    @Test(arguments: FindingTable.shared.rows)
    func masksExactlyWhatIsMarked(row: FindingTable.Row) throws {
        let (text, marks) = Marked.read(row.text)
        var vault = Vault()
        let redacted = try Self.redactor.get().redact(text, known: FindingTable.shared.people, vault: &vault)
        let found = redacted.findings.filter(\.masked).map { Marked(type: $0.type.rawValue, range: $0.range) }
        #expect(found == marks, "\(redacted.text)")
        #expect(vault.restore(redacted.text) == text)
        // The offsets are those of the original: replacing by them gives the redacted text.
        var rebuilt = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var copied = 0
        for finding in redacted.findings {
            guard let placeholder = finding.placeholder else { continue }
            rebuilt.append(contentsOf: scalars[copied..<finding.start])
            rebuilt.append(contentsOf: placeholder.unicodeScalars)
            copied = finding.end
            #expect(vault.value(of: placeholder).map { Array($0.unicodeScalars) } == Array(scalars[finding.range]))
        }
        rebuilt.append(contentsOf: scalars[copied...])
        #expect(String(rebuilt) == redacted.text)
    }

    @Test func readableFindingsHaveNoPlaceholder() throws {
        var vault = Vault()
        let text = "On 2026-03-10 see https://neemandclay.example/help or support@neemandclay.example"
        let redacted = try Self.redactor.get().redact(text, vault: &vault)
        #expect(redacted.text == text)
        #expect(redacted.findings.map(\.type) == [.date, .url, .email])
        #expect(redacted.findings.allSatisfy { !$0.masked && $0.placeholder == nil })
        #expect(vault.isEmpty)
    }

    @Test func whyAndScoreAreGivenWithoutTheText() throws {
        var vault = Vault()
        let redacted = try Self.redactor.get().redact("4111 1111 1111 1111 and p@x.example", vault: &vault)
        #expect(redacted.findings.count == 2)
        for finding in redacted.findings {
            #expect(finding.score > 0 && finding.score <= 1)
            #expect(!finding.why.isEmpty && !finding.why.contains("4111") && !finding.why.contains("x.example"))
        }
    }

    @Test func regionDecidesWhatIsANationalNumber() throws {
        var vault = Vault()
        let american = try Redactor(configuration: .init(region: "US"))
        #expect(american.redact("it is 1-212-555-2368 ok", vault: &vault).text == "it is [PHONE_1] ok")
        let indian = try Redactor(configuration: .init(region: "IN"))
        #expect(indian.redact("it is 1-212-555-2368 ok", vault: &vault).findings.isEmpty)
        let both = try Redactor(configuration: .init(region: "IN", additionalRegions: ["US"]))
        #expect(both.redact("it is 1-212-555-2368 ok", vault: &vault).findings.count == 1)
    }

    @Test(arguments: ["in", "IND", ""])
    func regionsAreChecked(region: String) {
        #expect { try Redactor(configuration: .init(region: region)) } throws: {
            ($0 as? RedactionError)?.code == .invalidRegion
        }
    }
}
