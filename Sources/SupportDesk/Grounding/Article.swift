import Foundation
import Triage

/// One knowledge article: front matter, a lead that can be quoted as an answer, and sections.
struct Article: Sendable {
    let id: String
    let title: String
    let language: String
    let intents: [String]
    let validUntil: LocalDate?
    /// The first paragraph, one line.
    let lead: String
    /// Heading and text of each `##` section.
    let sections: [(heading: String, text: String)]

    /// Reads an article.
    /// - Throws: `DeskError` naming the file and what is wrong with it.
    init(_ text: String, path: String) throws {
        let matter = try FrontMatter(text, path: path)
        try matter.allow(["id", "title", "language", "intents", "valid_until", "audience"])
        id = try matter.required("id")
        title = try matter.required("title")
        language = try matter.required("language")
        intents = try matter.list("intents")
        if let until = matter.values["valid_until"]?.string {
            guard let date = LocalDate(until) else {
                throw DeskError(.configuration, "\(path): \"valid_until\" is not a date of the form YYYY-MM-DD")
            }
            validUntil = date
        } else {
            validUntil = nil
        }
        var lead: [String] = []
        var sections: [(heading: String, text: [String])] = []
        var leadEnded = false
        for line in matter.body.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("## ") {
                sections.append((line.dropFirst(3).trimmingSpaces, []))
            } else if !sections.isEmpty {
                sections[sections.count - 1].text.append(String(line))
            } else if line.trimmingSpaces.isEmpty {
                if !lead.isEmpty { leadEnded = true }
            } else if !leadEnded, !line.hasPrefix("# ") {
                lead.append(line.trimmingSpaces)
            }
        }
        guard !lead.isEmpty else { throw DeskError(.configuration, "\(path): the article has no first paragraph") }
        self.lead = lead.joined(separator: " ")
        self.sections = sections.map { ($0.heading, $0.text.joined(separator: "\n").trimmingBlankLines) }
    }
}
