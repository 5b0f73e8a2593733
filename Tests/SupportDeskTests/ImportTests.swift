import Foundation
import Testing

/// The arrows between the modules point one way, as the compiler alone does not see to it: it would let a boundary module
/// import another one as soon as the manifest names it.
@Suite("Imports")
struct ImportTests {
    /// What a module may import of ours. `C…` is for its owner alone.
    private static let allowed: [String: Set<String>] = [
        "CCurl": [], "CMalloc": [], "CGMime": [], "CLibXML": [], "CPostgres": [], "CHyperscan": [],
        "CLanguageDetector": [], "CPhoneNumber": [],
        "Transport": ["CCurl"],
        "Mail": ["CGMime", "CLibXML"],
        "Redaction": ["CHyperscan", "CPhoneNumber"],
        "Triage": ["CLanguageDetector"],
        "Postgres": ["CPostgres"],
        "SupportDesk": ["Transport", "Mail", "Redaction", "Triage", "Postgres"],
        "auradesk": ["SupportDesk", "Transport", "Mail", "Redaction", "Triage", "CMalloc"],
    ]

    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")

    @Test("every module imports only what lies below it, and C stops at its target")
    func directions() throws {
        let modules = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path).sorted()
        #expect(modules == Self.allowed.keys.sorted())
        var looked = 0
        for module in modules {
            let folder = Self.sources.appendingPathComponent(module)
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            while let file = files?.nextObject() as? URL {
                guard file.pathExtension == "swift" else { continue }
                looked += 1
                for imported in try Self.imports(of: file) where Self.allowed.keys.contains(imported) {
                    #expect(
                        Self.allowed[module, default: []].contains(imported),
                        "\(module)/\(file.lastPathComponent) imports \(imported)")
                }
            }
        }
        #expect(looked > 300)
    }

    /// The modules that a file imports, by the first part of their names.
    private static func imports(of file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let at = words.firstIndex(of: "import"), words[..<at].allSatisfy(Self.mayStandBefore),
                let name = words.dropFirst(at + 1).first(where: { !Self.kinds.contains($0) })
            else { return nil }
            return name.split(separator: ".").first.map(String.init)
        }
    }

    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "func", "protocol", "typealias", "var", "let",
    ]

    private static func mayStandBefore(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains(word)
    }
}
