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
            for file in try Self.swiftFiles(in: Self.sources.appendingPathComponent(module)) {
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

    /// The stages in the order of the way. What several of them share lies in other folders.
    private static let stages = [
        "Intake", "Conversations", "Screening", "Voice", "Identity", "Understanding", "Grounding", "Response", "Review",
        "Decision", "Delivery",
    ]

    @Test("no stage knows a type of a later one")
    func stages() throws {
        let folders = try Self.stages.map { stage in
            let files = try Self.swiftFiles(in: Self.sources.appendingPathComponent("SupportDesk/\(stage)"))
            return try (stage, files.map { ($0.lastPathComponent, try Self.code(of: $0)) })
        }
        let types = folders.map { Set($0.1.flatMap { Self.types(in: $0.1) }) }
        #expect(types.allSatisfy { !$0.isEmpty } && types[6].contains("GroundedMessage"))
        for (index, (stage, files)) in folders.enumerated() {
            let later = types[(index + 1)...].reduce(into: Set<Substring>()) { $0.formUnion($1) }
            for (file, code) in files {
                let known = Self.words(in: code).intersection(later).sorted()
                #expect(known.isEmpty, "\(stage)/\(file) knows \(known)")
            }
        }
    }

    private static func swiftFiles(in folder: URL) throws -> [URL] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return try #require(files).compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    }

    /// A file without comments and texts.
    private static func code(of file: URL) throws -> String {
        try String(contentsOf: file, encoding: .utf8).replacing(/\/\/.*/, with: "")
            .replacing(/"(?:\\.|[^"\\\n])*"/, with: "")
    }

    /// The names of types that it mentions; what stands behind a dot is a member.
    private static func words(in code: String) -> Set<Substring> {
        Set(code.matches(of: /(^|[^.\w])([A-Z]\w*)/).map(\.2))
    }

    /// The types that a file makes known to others: none that is private or lies within another one.
    private static func types(in code: String) -> [Substring] {
        code.matches(
            of: /(?m)^(?:public |package |final |indirect )*(?:struct|class|enum|actor|protocol|typealias) (\w+)/
        ).map(\.1)
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
