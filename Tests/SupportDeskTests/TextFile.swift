import Foundation

/// A file under `Templates/`, read as text and taken apart by hand: front matter, body, tags.
struct TextFile {
    /// Path below `Templates/`.
    var path: String
    /// The lines between the two `---`, if the file begins with them.
    var frontMatter: [String]
    /// What follows the front matter, without blank lines at its ends.
    var body: String

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Templates")

    init(path: String) throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
        var lines = text.components(separatedBy: "\n")
        self.path = path
        frontMatter = []
        if lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") {
            frontMatter = Array(lines[1..<end])
            lines.removeFirst(end + 1)
        }
        body = lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The files of one folder whose names end so, in the order of their names.
    static func all(in folder: String, ending suffix: String) throws -> [TextFile] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
            .filter { $0.hasSuffix(suffix) }
            .sorted()
            .map { try TextFile(path: "\(folder)/\($0)") }
    }

    /// The file's name without its suffix.
    var name: String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.prefix { $0 != "." })
    }

    /// The first paragraph.
    var lead: String { body.components(separatedBy: "\n\n").first ?? "" }

    /// A scalar of the front matter.
    func field(_ key: String) -> String? {
        frontMatter.first { $0.hasPrefix(key + ":") }
            .map { $0.dropFirst(key.count + 1).trimmingCharacters(in: .whitespaces) }
    }

    /// A list of the front matter, written in brackets.
    func list(_ key: String) -> [String] {
        guard let value = field(key), value.hasPrefix("["), value.hasSuffix("]") else { return [] }
        return value.dropFirst().dropLast().split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The body cut at its mustache tags, which keep their kind (`#order.isLate`) but not their braces.
    var parts: [(text: String, isTag: Bool)] {
        var parts: [(text: String, isTag: Bool)] = []
        for (index, piece) in body.components(separatedBy: "{{").enumerated() {
            guard index > 0 else {
                parts.append((piece, false))
                continue
            }
            let halves = piece.components(separatedBy: "}}")
            parts.append((halves[0], true))
            parts.append((halves.dropFirst().joined(separator: "}}"), false))
        }
        return parts
    }

    /// What the lead claims in figures: its numbers with their currency, and its links; sorted.
    var claims: [String] {
        lead.split { $0.isWhitespace || "()\"".contains($0) }
            .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ".,;:।")) }
            .filter { word in
                word.contains("://") || word.unicodeScalars.contains { $0.properties.numericType != nil }
            }
            .sorted()
    }
}
