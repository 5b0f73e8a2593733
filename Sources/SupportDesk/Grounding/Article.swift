import Foundation
import Triage

/// One knowledge article: front matter, a lead that can be quoted as an answer, and sections.
struct Article: Sendable {
    /// A part under a heading.
    struct Section: Sendable {
        let heading: String
        let text: String
        /// The line of the heading in the file, and the first of the text, from 1.
        let line: Int
        let textLine: Int
    }

    /// Where it was read from.
    let path: String
    let id: String
    let title: String
    let language: String
    let intents: [String]
    /// How customers ask for it: found by, never quoted.
    let asked: [String]
    /// The days on which it holds; nil: no bound.
    let validFrom: LocalDate?
    let validUntil: LocalDate?
    /// Who may read it; only `public` articles reach a customer or a model.
    let audience: String
    /// The first paragraph, one line.
    let lead: String
    /// The line of the lead in the file, from 1.
    let leadLine: Int
    /// Each `##` section.
    let sections: [Section]
    private let lines: [String: Int]

    var isPublic: Bool { audience == "public" }

    /// The line of a key of the front matter, from 1.
    func line(of key: String) -> Int { lines[key] ?? 1 }

    private static let keys: Set = [
        "id", "title", "language", "intents", "asked", "valid_from", "valid_until", "audience",
    ]

    /// Whether it may be used on a day.
    func isValid(on day: LocalDate) -> Bool { (validFrom ?? day) <= day && day <= (validUntil ?? day) }

    /// Reads an article.
    /// - Throws: `DeskError` naming the file, the line and what is wrong with it.
    init(_ text: String, path: String) throws {
        let matter = try FrontMatter(text, path: path)
        try matter.allow(Self.keys)
        self.path = path
        id = try matter.required("id")
        title = try matter.required("title")
        language = try matter.required("language")
        intents = try matter.list("intents")
        asked = try matter.list("asked")
        audience = matter.values["audience"]?.string ?? "public"
        var lines: [String: Int] = [:]
        for key in matter.values.keys { lines[key] = matter.line(of: key) }
        self.lines = lines
        func day(_ key: String) throws -> LocalDate? {
            guard let value = matter.values[key] else { return nil }
            guard let date = value.string.flatMap(LocalDate.init), value.string?.utf8.count == 10 else {
                throw DeskError(
                    .configuration, "\(path):\(matter.line(of: key)): \"\(key)\" is not a date of the form YYYY-MM-DD")
            }
            return date
        }
        validFrom = try day("valid_from")
        validUntil = try day("valid_until")
        if let from = validFrom, let until = validUntil, until < from {
            throw DeskError(
                .configuration, "\(path):\(matter.line(of: "valid_until")): it ends before it begins (\"valid_from\")")
        }
        var lead: [String] = []
        var leadLine = matter.bodyLine
        var sections: [(heading: String, text: [String], line: Int)] = []
        var leadEnded = false
        for (offset, line) in matter.body.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("## ") {
                sections.append((line.dropFirst(3).trimmingSpaces, [], matter.bodyLine + offset))
            } else if !sections.isEmpty {
                sections[sections.count - 1].text.append(String(line))
            } else if line.trimmingSpaces.isEmpty {
                if !lead.isEmpty { leadEnded = true }
            } else if !leadEnded, !line.hasPrefix("# ") {
                if lead.isEmpty { leadLine = matter.bodyLine + offset }
                lead.append(line.trimmingSpaces)
            }
        }
        guard !lead.isEmpty else {
            throw DeskError(.configuration, "\(path):\(matter.bodyLine): the article has no first paragraph")
        }
        self.lead = lead.joined(separator: " ")
        self.leadLine = leadLine
        self.sections = sections.map {
            let blank = $0.text.prefix { $0.trimmingSpaces.isEmpty }.count
            return Section(
                heading: $0.heading, text: $0.text.joined(separator: "\n").trimmingBlankLines, line: $0.line,
                textLine: $0.line + 1 + blank)
        }
    }

    /// Reads the article of a file.
    /// - Throws: `DeskError` as `init(_:path:)`, and when the file is not readable.
    init(file path: String) throws { try self.init(KnowledgeFiles.text(of: path), path: path) }

    /// What is searched and may be quoted: the lead, then each section, a long one in pieces at its paragraphs, sentences or
    /// spaces.
    var passages: [(heading: String, text: String)] {
        [("", lead)] + sections.flatMap { section in Self.pieces(section.text).map { (section.heading, $0) } }
    }

    /// Scalars of the longest passage: a model reads four of them, and a customer one.
    static let longestPassage = 1_200

    private static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var rest = text.unicodeScalars[...]
        while rest.count > longestPassage {
            let window = rest.prefix(longestPassage)
            let half = window.index(window.startIndex, offsetBy: longestPassage / 2)
            func last(_ isEnd: (Unicode.Scalar) -> Bool) -> String.UnicodeScalarView.Index? {
                window[half...].lastIndex(where: isEnd).map(window.index(after:))
            }
            let cut =
                last { $0 == "\n" } ?? last { ".!?।".unicodeScalars.contains($0) } ?? last { $0 == " " }
                ?? window.endIndex
            pieces.append(String(rest[..<cut]).trimmingSpaces)
            rest = rest[cut...]
        }
        let end = String(rest).trimmingSpaces
        return end.isEmpty ? pieces : pieces + [end]
    }
}
