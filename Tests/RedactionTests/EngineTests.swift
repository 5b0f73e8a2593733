import Foundation
import Testing

@testable import Redaction

@Suite struct EngineTests {
    /// A folder of its own for a test.
    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("redaction-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private func works(_ redactor: Redactor) -> Bool {
        var vault = Vault()
        return redactor.redact("to p@x.example and 4111 1111 1111 1111", vault: &vault).text
            == "to [EMAIL_1] and [CREDIT_CARD_1]"
    }

    @Test func theCacheIsWrittenOnceAndRead() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("patterns").path
        #expect(PatternCache(path: path).load() == nil)
        #expect(works(try FindingTable.shared.redactor(cache: path)))
        let written = try Data(contentsOf: URL(fileURLWithPath: path))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["patterns"])
        let loaded = try #require(PatternCache(path: path).load())
        #expect(try PatternDatabase(adopting: loaded).scan(Array("a@b".utf8)).contains { !$0.isEmpty })
        #expect(works(try FindingTable.shared.redactor(cache: path)))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == written)
    }

    @Test(arguments: ["empty", "cut", "flipped", "header", "writable", "folder", "link", "foreign"])
    func aBrokenCacheIsCompiledAgain(damage: String) throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("patterns")
        #expect(works(try FindingTable.shared.redactor(cache: file.path)))
        var data = try Data(contentsOf: file)
        switch damage {
        case "empty": data = Data()
        case "cut": data = data.prefix(data.count / 2)
        case "flipped": data[data.count - 100] ^= 0x40
        case "header": data[25] = data[25] == 0x61 ? 0x62 : 0x61
        case "foreign":
            data = Data("something else entirely, longer than any header could ever be, and no database".utf8)
        default: break
        }
        try FileManager.default.removeItem(at: file)
        switch damage {
        case "folder":
            try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        case "link":
            let other = folder.appendingPathComponent("other")
            try data.write(to: other)
            try FileManager.default.createSymbolicLink(at: file, withDestinationURL: other)
        default:
            try data.write(to: file)
            try FileManager.default.setAttributes(
                [.posixPermissions: damage == "writable" ? 0o666 : 0o600], ofItemAtPath: file.path)
        }
        #expect(PatternCache(path: file.path).load() == nil)
        #expect(works(try FindingTable.shared.redactor(cache: file.path)))
        // It was mended, where a file can be.
        if damage != "folder" {
            let mended = try #require(PatternCache(path: file.path).load())
            _ = try PatternDatabase(adopting: mended)
        }
    }

    @Test func aCacheThatCannotBeWrittenIsNoError() throws {
        #expect(works(try FindingTable.shared.redactor(cache: "/nowhere/at/all/patterns")))
    }

    @Test func oneRedactorServesManyTasks() async throws {
        let redactor = try FindingTable.shared.redactor()
        let people = FindingTable.shared.people
        let rows = FindingTable.shared.rows.map { Marked.read($0.text).text }
        func all() -> [RedactedText] {
            rows.map { text in
                var vault = Vault()
                return redactor.redact(text, known: people, vault: &vault)
            }
        }
        let results = await withTaskGroup(of: [RedactedText].self) { group in
            for _ in 0..<12 { group.addTask { all() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let expected = all()
        #expect(results.count == 12)
        #expect(results.allSatisfy { $0 == expected })
    }

    @Test func makingOneIsCheapAndPreparingIsFine() throws {
        let time = try ContinuousClock().measure { for _ in 0..<100 { _ = try FindingTable.shared.redactor() } }
        #expect(time < .seconds(1))
        try FindingTable.shared.redactor().prepare()
    }

    @Test(arguments: [
        "", "(", "NC-(\\d)", "\\d{", "\\d{0}", "[A-Z", "\\q", "\\", "\\d{65}", "\\d*", "ऑ\\d", "a{2,1}", "A|",
    ])
    func orderPatternsAreChecked(pattern: String) {
        #expect { try Redactor(configuration: .init(orderPatterns: [pattern])) } throws: {
            ($0 as? RedactionError)?.code == .invalidPattern
        }
    }

    @Test(arguments: [
        (
            #"NC-\d{6}"#, "NC-104233 nc-104233 NC-10423 NC-1042334 XNC-104233 NC-104233-1",
            ["NC-104233", "nc-104233", "NC-104233"]
        ),
        (#"[A-Z]{2}\d+"#, "AB1 AB12345 A1 AB", ["AB1", "AB12345"]),
        (#"#?\d{3,5}"#, "#123 12345 123456", ["#123", "12345"]),
        (#"INV-\d{4}-\d{5}|ORD\d{3}"#, "ORD123 INV-2026-00412", ["ORD123", "INV-2026-00412"]),
        (#"\d{3}-\d{7}-\d{7}"#, "402-1234567-7654321", ["402-1234567-7654321"]),
        (#"a\w?b"#, "ab axb axxb", ["ab", "axb"]),
    ])
    func orderPatternsFit(pattern: String, text: String, expected: [String]) throws {
        let shadow = Shadow(text)
        let found = try OrderPattern(pattern).matches(in: shadow).sorted { $0.lowerBound < $1.lowerBound }
        #expect(found.map { shadow.string($0) } == expected)
    }

    @Test func checkDigits() {
        func digits(_ text: String) -> [UInt8] { text.utf8.map { $0 - 0x30 } }
        #expect(Checksum.luhn(digits("4111111111111111")) && !Checksum.luhn(digits("4111111111111112")))
        #expect(Checksum.verhoeff(digits("2363")) && !Checksum.verhoeff(digits("2364")))
        #expect(
            Checksum.iban(Array("GB82WEST12345698765432".utf8)) && !Checksum.iban(Array("GB82WEST12345698765423".utf8)))
        #expect(Checksum.gstin(Array("27AAPFU0939F1ZV".utf8)) && !Checksum.gstin(Array("27AAPFU0939F1ZW".utf8)))
    }

    @Test func overlapsGoToTheLongerThenTheBetterThenTheEarlierType() throws {
        var vault = Vault()
        let redactor = try FindingTable.shared.redactor()
        // A link with an address in it is one link; a PAN inside a GSTIN is one GSTIN.
        let redacted = redactor.redact("https://x.example/?mail=p@x.example 27AAPFU0939F1ZV", vault: &vault)
        #expect(redacted.text == "[URL_1] [GSTIN_1]")
    }
}
