import Foundation
import Redaction
import Testing

/// Every type by texts that hold it and texts that only look like it; what stays readable is marked, too.
@Suite struct TypeTests {
    struct Texts: Decodable {
        let found: [String]
        let free: [String]
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let type: String
        let text: String
        let isFree: Bool
        var testDescription: String { "\(type): \(text)" }
    }

    static let rows: [Row] = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/types.json")
        guard let data = try? Data(contentsOf: path),
            let table = try? JSONDecoder().decode([String: Texts].self, from: data)
        else {
            Issue.record("the fixture cannot be read")
            return []
        }
        return table.sorted { $0.key < $1.key }.flatMap { type, texts in
            texts.found.map { Row(type: type, text: $0, isFree: false) }
                + texts.free.map { Row(type: type, text: $0, isFree: true) }
        }
    }()

    static let redactor = Result { try Redactor(configuration: .init(region: "IN", findsFurther: true)) }

    @Test func theTableIsThere() {
        #expect(Self.rows.count > 100)
        #expect(Set(Self.rows.map(\.type)).isSubset(of: Set(PIIType.allCases.map(\.rawValue))))
    }

    @Test(arguments: rows)
    func findsExactlyWhatIsMarked(row: Row) throws {
        let (text, marks) = Marked.read(row.text)
        var vault = Vault()
        let redacted = try Self.redactor.get().redact(text, vault: &vault)
        let found = redacted.findings.filter { $0.score >= 0.5 }.map {
            Marked(type: $0.type.rawValue, range: $0.range)
        }
        if row.isFree {
            #expect(!found.contains { $0.type == row.type }, "\(redacted.text)")
        } else {
            #expect(found == marks, "\(redacted.findings)")
            #expect(marks.contains { $0.type == row.type })
        }
        #expect(vault.restore(redacted.text) == text)
    }

    /// Each type has a text that holds it in one of the two tables, and this table a near miss of most.
    @Test func everyTypeHasTexts() throws {
        let marked = (Self.rows.filter { !$0.isFree }.map(\.text) + FindingTable.shared.rows.map(\.text))
            .flatMap { Marked.read($0).1.map(\.type) }
        let types = Set(PIIType.allCases.map(\.rawValue)).subtracting([PIIType.unreadable.rawValue])
        #expect(types.subtracting(marked).isEmpty)
    }

    @Test func oneWriterHasOnePlaceholder() throws {
        var vault = Vault()
        let text = "Mera naam Arjun Rathore hai.\nDhanyavad,\nArjun\n"
        let redacted = try Self.redactor.get().redact(text, vault: &vault)
        #expect(redacted.text == "Mera naam [PERSON_1] hai.\nDhanyavad,\n[PERSON_1.2]\n")
        #expect(vault.restore(redacted.text) == text)
    }

    @Test func furtherTypesAreOffByDefault() throws {
        var vault = Vault()
        let plain = try Redactor()
        for text in [
            "MH 12 AB 1234", "voter id ABC1234567", "0x742d35Cc6634C0532925a3b844Bc454e4438f44e", "26.9124, 75.7873",
        ] {
            #expect(plain.redact(text, vault: &vault).findings.allSatisfy { !$0.type.isFurther })
        }
    }

    @Test func aDeskChoosesWhatStaysReadable() throws {
        var vault = Vault()
        let strict = try Redactor(configuration: .init(readable: []))
        #expect(strict.redact("on 12 March 2026 in Jaipur", vault: &vault).text == "on [DATE_1] in [LOCATION_1]")
        let plain = try Redactor()
        #expect(plain.redact("on 12 March 2026 in Jaipur", vault: &vault).text == "on 12 March 2026 in Jaipur")
    }

    @Test func numbersOfOtherCountriesAreFoundWhereAnyRegionCounts() throws {
        var vault = Vault()
        let world = try Redactor(configuration: .init(region: "IN", anyRegion: true))
        for text in ["call 03 93 92 16 85", "(71) 4233-6306 in the evening", "under 024 971 50 30, please"] {
            #expect(world.redact(text, vault: &vault).findings.map(\.type) == [.phone], "\(text)")
        }
        #expect(world.redact("17151 2450 Crown St", vault: &vault).findings.map(\.type) == [.address])
    }
}
