import Foundation
import Mustache

/// The page of a ticket and the words on it, in the agents' language: `tickets/<language>/`.
struct NoteTemplates: Sendable {
    let note: MustacheTemplate
    /// What a customer wants, by intent.
    let wants: [String: String]
    /// BCP 47.
    let language: String
    /// Values and sentences by name.
    private let words: [String: String]
    /// Why the desk stopped, by the name of the rule; none: in English.
    private let reasons: [String: String]

    init(folder: String, language: String) throws {
        self.language = language
        let path = "\(folder)/\(language)/note.mustache"
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw DeskError(.configuration, "\(path): not readable as UTF-8 (is it the language of tickets.language?)")
        }
        note = try ReplyTemplate.compile(text, path: path)
        func table(_ name: String) throws -> [String: String] {
            let reader = try ConfigurationReader.root(of: "\(folder)/\(language)/\(name).yaml")
            return try reader.keys.reduce(into: [:]) { $0[$1] = try reader.required($1) }
        }
        wants = try table("wants")
        // A shop's own folder may be older than the words; then they are said in English.
        let own = "\(folder)/\(language)/"
        words = FileManager.default.fileExists(atPath: own + "words.yaml") ? try table("words") : [:]
        reasons = FileManager.default.fileExists(atPath: own + "reasons.yaml") ? try table("reasons") : [:]
        // Tried with the least that is ever known, so that a slip in the template is found before a ticket needs it.
        let raw = RawMessage(id: 0, channel: "", source: "", arrival: .distantPast, bytes: [])
        let least = NoteContext(
            rule: Rule("trial", "Trial."), dossier: Dossier(raw), policy: .full, history: TicketHistory(),
            gist: nil, templates: self
        ).values { _, _ in "" }
        guard ReplyTemplate.render(note, least) != nil else {
            throw DeskError(.configuration, "\(path): asks for a value that is not always there")
        }
    }

    /// A word or sentence; its name with spaces where the language has none.
    func word(_ name: String) -> String { words[name] ?? name.replacing("_", with: " ") }

    /// A sentence about a draft, by whose number `auradesk approve` knows it.
    func word(_ name: String, of draft: Int64) -> String { word(name).replacing("{id}", with: "\(draft)") }

    /// Why the desk stopped, in the agents' language.
    func reason(of rule: Rule) -> String {
        let form =
            reasons[rule.name]
            ?? reasons.first { key, _ in key.last == "*" && rule.name.hasPrefix(key.dropLast()) }?.value
        return form?.replacing("{reason}", with: rule.reason) ?? rule.reason
    }

    /// The names of all rules that have words in this language.
    var ruleNames: Set<String> { Set(reasons.keys) }
}
