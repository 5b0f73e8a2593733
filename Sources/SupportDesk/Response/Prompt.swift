import Foundation
import Mustache
import Redaction

/// What a model is told. Besides the shop's own templates and articles it accepts redacted text only:
/// text that skipped redaction does not compile here.
public struct Prompt: Sendable {
    /// Role, rules, language, evidence: the part that repeats from mail to mail comes first.
    public let system: String
    /// The customer's message as delimited, untrusted data.
    public let user: String

    /// How much of the message and of the quoted history is shown, in Unicode scalars.
    private static let maximumMessage = 6_000
    private static let maximumHistory = 4_000
    /// How many files are named, and how much of a text file is shown.
    private static let maximumFiles = 5
    private static let maximumFile = 2_000

    /// The tag alone leaves the script open.
    private static let languageNames = [
        "en": "English", "hi": "Hindi (Devanagari)", "hi-Latn": "Hindi in Latin letters, as people type it in chats",
    ]

    init(_ brief: Brief, for shop: Shop, templates: PromptTemplates) throws {
        // Nothing in a mail can close a delimiter that did not exist when the mail was written.
        let boundary = (0..<4).map { _ in String(UInt32.random(in: .min ... .max), radix: 36) }.joined()
        let history = brief.quoted.prefix(maximumScalars: Self.maximumHistory).text
        let context = TemplateContext([
            "shopName": shop.name, "language": Self.languageNames[brief.language] ?? brief.language,
            "tone": "friendly",
            "passages": brief.passages.map { TemplateContext(["id": $0.article, "title": $0.title, "text": $0.text]) },
            "facts": brief.facts.map { TemplateContext(["slot": $0.name, "description": $0.meaning.text]) },
            "subject": brief.subject.prefix(maximumScalars: 300).text,
            "message": brief.body.prefix(maximumScalars: Self.maximumMessage).text,
            "history": history.isBlank
                ? [TemplateContext]() : [TemplateContext(["who": "earlier mail", "text": history])],
            "files": brief.files.prefix(Self.maximumFiles).map { file in
                TemplateContext([
                    "name": file.name.prefix(maximumScalars: 200).text,
                    "text": file.text.prefix(maximumScalars: Self.maximumFile).text,
                ])
            },
            "boundary": boundary,
        ])
        guard let system = ReplyTemplate.render(templates.system, context),
            let user = ReplyTemplate.render(templates.user, context)
        else { throw ModelError(.noTemplate, "a prompt template asks for a value that does not exist") }
        self.system = system
        self.user = user
    }
}

/// The two prompt templates.
struct PromptTemplates: Sendable {
    let system: MustacheTemplate
    let user: MustacheTemplate

    init(folder: String) throws {
        func load(_ name: String) throws -> MustacheTemplate {
            let path = "\(folder)/\(name).mustache"
            guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
            else { throw DeskError(.configuration, "\(path): not readable as UTF-8") }
            return try ReplyTemplate.compile(text, path: path)
        }
        system = try load("system")
        user = try load("user")
    }
}
