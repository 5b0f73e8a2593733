import Foundation
import Mustache

/// The page of a ticket and the words for what a customer wants, in the agents' language: `tickets/<language>/`.
struct NoteTemplates: Sendable {
    let note: MustacheTemplate
    /// By intent.
    let wants: [String: String]
    /// BCP 47.
    let language: String

    init(folder: String, language: String) throws {
        self.language = language
        let path = "\(folder)/\(language)/note.mustache"
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw DeskError(.configuration, "\(path): not readable as UTF-8 (is it the language of tickets.language?)")
        }
        note = try ReplyTemplate.compile(text, path: path)
        let words = try ConfigurationReader.root(of: "\(folder)/\(language)/wants.yaml")
        wants = try words.keys.reduce(into: [:]) { $0[$1] = try words.required($1) }
        // Tried with the least that is ever known, so that a slip in the template is found before a ticket needs it.
        let raw = RawMessage(id: 0, channel: "", source: "", arrival: .distantPast, bytes: [])
        let least = NoteContext(
            rule: Rule("trial", "Trial."), dossier: Dossier(raw), policy: .full, history: TicketHistory(),
            templates: self
        ).values { _, _ in "" }
        guard ReplyTemplate.render(note, least) != nil else {
            throw DeskError(.configuration, "\(path): asks for a value that is not always there")
        }
    }
}
