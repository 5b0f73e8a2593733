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

    /// The stages in the order of the way: what each is called in the code, and what only it makes.
    private static let stages: [(folder: String, types: [String])] = [
        ("Intake", ["Parsing", "ParsedMessage"]), ("Conversations", ["Conversations", "AssociatedMessage"]),
        ("Screening", ["Screening", "ScreenedMessage"]), ("Voice", ["Listening", "HeardMessage"]),
        ("Identity", ["Identification", "IdentifiedMessage"]),
        ("Understanding", ["Redacting", "RedactedMessage", "Understanding", "TriagedMessage"]),
        ("Grounding", ["Grounding", "GroundedMessage"]), ("Response", ["Responding", "DraftedMessage"]),
        ("Review", ["Reviewing", "ReviewedDraft"]), ("Decision", ["Deciding", "Deliberation", "ReplyComposer"]),
        ("Delivery", ["Delivery", "Drafts", "Acknowledging"]),
    ]

    @Test("no stage knows a later one")
    func stages() throws {
        let desk = Self.sources.appendingPathComponent("SupportDesk")
        for (index, stage) in Self.stages.enumerated() {
            let folder = desk.appendingPathComponent(stage.folder)
            let code = try Self.swiftFiles(in: folder).map { ($0.lastPathComponent, try Self.words(in: $0)) }
            for type in stage.types {
                #expect(code.contains { $0.1.contains(type[...]) }, "\(type) is not of \(stage.folder)")
            }
            for later in Self.stages[(index + 1)...] {
                for (file, words) in code {
                    let known = later.types.filter { words.contains($0[...]) }
                    #expect(known.isEmpty, "\(stage.folder)/\(file) knows \(known) of \(later.folder)")
                }
            }
        }
    }

    private static func swiftFiles(in folder: URL) throws -> [URL] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return try #require(files).compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    }

    /// The words of a file's code, without comments and texts; what stands behind a dot is a member, and no type.
    private static func words(in file: URL) throws -> Set<Substring> {
        let text = try String(contentsOf: file, encoding: .utf8)
        let code = text.replacing(/\/\/.*/, with: "").replacing(/"(?:\\.|[^"\\\n])*"/, with: "")
        return Set(code.matches(of: /(^|[^.\w])([A-Z]\w*)/).map(\.2))
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
