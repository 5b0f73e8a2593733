import Foundation
import Mustache
import Redaction

/// What a model is told. Besides the shop's own templates and articles it accepts redacted text only:
/// text that skipped redaction does not compile here.
///
/// What repeats from mail to mail comes first, so that a provider's prompt cache finds it: `rules` are the same for every
/// mail of the shop, `manner` for those of one language and mood, `knowledge` for those that rest on the same passages.
public struct Prompt: Sendable {
    /// Role, scope, rules.
    let rules: String
    /// Language and tone.
    let manner: String
    /// The passages, between fences whose code is theirs.
    let knowledge: String
    /// The facts by name, and the customer's message as delimited, untrusted data.
    public let user: String
    /// The former draft as the model wrote it, and what is wrong with it; nil for the first one.
    let repair: (draft: String, findings: String)?
    /// The hash of the templates.
    public let version: String

    /// All that comes before the user's message.
    public var system: String { rules + manner + knowledge }

    /// Tokens of the whole prompt, the schema's included.
    var tokens: Int {
        [system, user, repair?.draft ?? "", repair?.findings ?? ""].reduce(200) { $0 + TokenEstimate.of($1) }
    }

    /// How much of the message, of the quoted history and of each file is shown, in tokens.
    private static let maximumMessage = 2_500
    private static let maximumHistory = 1_200
    private static let maximumFile = 600
    /// How many files are named.
    private static let maximumFiles = 5

    /// - Parameter code: stands in the message's fence and can be known to nobody who writes mail; nil: a random one.
    init(
        _ brief: Brief, for shop: Shop, tone: Tone = .friendly, templates: PromptTemplates, code: String? = nil
    ) throws {
        // Nothing in a mail can close a delimiter that did not exist when the mail was written.
        let code = code ?? Self.newCode()
        let passages = brief.passages.map { passage in
            [
                "id": PromptText.line(passage.article), "title": PromptText.line(passage.title),
                "text": PromptText.block(passage.text),
            ]
        }
        // Nor can a passage hold the hash of all passages; and the same passages have the same fence.
        let hash = Seal.fingerprint(Array("\(passages.map { $0.sorted { $0.key < $1.key }.map(\.value) })".utf8))
        let fixed = TemplateContext(["shopName": PromptText.line(shop.name), "canary": templates.canary])
        rules = try templates.rules.filled(fixed)
        manner = try templates.manner.filled(Self.manner(of: brief, tone))
        knowledge = try templates.knowledge.filled(
            TemplateContext([
                "passages": passages.isEmpty
                    ? [TemplateContext]()
                    : [
                        TemplateContext([
                            "fence": Self.fence(String(hash.prefix(24))),
                            "all": passages.map { TemplateContext($0) },
                        ])
                    ]
            ]))
        user = try templates.message.filled(Self.message(of: brief, code: code))
        repair = try brief.rejected.map { rejected in
            let findings = rejected.findings.map { TemplateContext(["finding": PromptText.line($0.description)]) }
            return (
                try Self.answer(rejected.draft), try templates.repair.filled(TemplateContext(["findings": findings]))
            )
        }
        version = templates.version
    }

    /// What a model is told that is to say in a line what a customer wants.
    init(_ brief: GistBrief, for shop: Shop, templates: PromptTemplates) throws {
        guard let parts = templates.gist else {
            throw ModelError(.noTemplate, "there is no prompt template for summaries")
        }
        let name = Self.languageName(brief.language)
        rules = try parts.rules.filled(
            TemplateContext([
                "shopName": PromptText.line(shop.name), "canary": templates.canary, "languageName": name,
            ]))
        (manner, knowledge, repair) = ("", "", nil)
        var context = TemplateContext([
            "fence": Self.fence(Self.newCode()), "languageName": name,
            "subject": PromptText.line(brief.subject.prefix(maximumScalars: 300).text),
            "message": PromptText.block(brief.body.prefix(tokens: Self.maximumMessage).text),
        ])
        let quoted = brief.quoted.prefix(tokens: Self.maximumHistory).text
        if !quoted.isBlank { context["history"] = PromptText.block(quoted) }
        user = try parts.message.filled(context)
        version = templates.version
    }

    private static func newCode() -> String {
        (0..<2).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined()
    }

    private static func fence(_ code: String) -> String { "===== \(code)" }

    private static func manner(of brief: Brief, _ tone: Tone) -> TemplateContext {
        TemplateContext([
            "language": brief.language, "languageName": languageName(brief.language), "isUpset": brief.isUpset,
            "isFriendly": tone == .friendly, "isFormal": tone == .formal, "isWarm": tone == .warm,
            "isBrief": tone == .brief,
        ])
    }

    private static func message(of brief: Brief, code: String) -> TemplateContext {
        let history = MailHistory(brief.quoted, tokens: maximumHistory).entries.enumerated().map { index, entry in
            TemplateContext([
                "title": index == 0 && entry.isWhole ? "EARLIER MAIL" : "EARLIER MAIL, SHORTENED",
                "text": PromptText.block(entry.text),
            ])
        }
        let files = brief.files.prefix(maximumFiles).map { file in
            TemplateContext([
                "name": PromptText.line(file.name.prefix(maximumScalars: 200).text),
                "text": PromptText.block(file.text.prefix(tokens: maximumFile).text),
            ])
        }
        return TemplateContext([
            "fence": fence(code), "code": code, "languageName": languageName(brief.language),
            "facts": brief.facts.map {
                TemplateContext(["slot": PromptText.line($0.name), "description": PromptText.line($0.meaning.text)])
            },
            "profile": [brief.profile].compactMap(\.self).map { TemplateContext(["words": words(for: $0)]) },
            "history": Array(history.reversed()),
            "subject": PromptText.line(brief.subject.prefix(maximumScalars: 300).text),
            "message": PromptText.block(brief.body.prefix(tokens: maximumMessage).text), "files": files,
            "isSecondOpinion": brief.opinion == 1, "isThirdOpinion": brief.opinion == 2,
        ])
    }

    private static func words(for profile: Brief.Profile) -> String {
        let orders = profile.orders == 1 ? "one order" : "\(profile.orders) orders"
        return (profile.since.map { "A customer since \($0), with" } ?? "A customer with") + " \(orders) on record."
    }

    private static func languageName(_ tag: String) -> String {
        switch tag {
        case "en": "English"
        case "hi": "Hindi, in Devanagari"
        case "hi-Latn":
            "Hindi in Latin letters, as in chat (Hindi words and grammar, written as people type them; no Devanagari, not"
                + " English)"
        default: "the language with the tag \"\(PromptText.line(tag))\""
        }
    }

    /// A draft in the form in which a model gave it.
    private static func answer(_ draft: Draft) throws -> String {
        let object: [String: Any] = [
            "answer": draft.body, "language": draft.language, "citations": draft.citations,
            "facts_used": draft.factsUsed, "resolved": draft.asksForPerson == nil,
            "needs_human": draft.asksForPerson != nil, "reason": "",
        ]
        let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }
}

extension RedactedText {
    /// The beginning of the text, never ending inside a placeholder.
    fileprivate func prefix(tokens: Int) -> RedactedText {
        prefix(maximumScalars: TokenEstimate.scalars(of: text, within: tokens))
    }
}

/// The prompt's templates, and the hash by which an answer remembers them.
struct PromptTemplates: Sendable {
    /// One part of the prompt.
    struct Part: Sendable {
        fileprivate let template: MustacheTemplate

        /// The part with its values, ended by an empty line.
        func filled(_ context: TemplateContext) throws -> String {
            guard let text = ReplyTemplate.render(template, context) else {
                throw ModelError(.noTemplate, "a prompt template asks for a value that does not exist")
            }
            return text + "\n\n"
        }
    }

    let rules: Part
    let manner: Part
    let knowledge: Part
    let message: Part
    let repair: Part
    /// For summaries; nil where the shop's own templates have none.
    let gist: (rules: Part, message: Part)?
    /// The first 12 hexadecimal digits of a SHA-256 over the templates' texts.
    let version: String
    /// A word that stands in the prompt and nowhere else: a draft that holds it shows the prompt.
    let canary: String

    /// - Parameter usual: the folder with those that are missing in the first one.
    init(folder: String, over usual: String? = nil, canary: String = "none") throws {
        self.canary = canary
        var texts: [String] = []
        func place(_ name: String) -> String {
            let own = "\(folder)/\(name).mustache"
            guard let usual, !FileManager.default.fileExists(atPath: own) else { return own }
            return "\(usual)/\(name).mustache"
        }
        func load(_ name: String) throws -> Part {
            let path = place(name)
            guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
            else { throw DeskError(.configuration, "\(path): not readable as UTF-8") }
            texts.append(text)
            return Part(template: try ReplyTemplate.compile(text, path: path))
        }
        rules = try load("rules")
        manner = try load("manner")
        knowledge = try load("knowledge")
        message = try load("message")
        repair = try load("repair")
        version = String(Seal.fingerprint(Array(texts.joined(separator: "\u{0}").utf8)).prefix(12))
        gist =
            FileManager.default.fileExists(atPath: place("gist"))
            ? (try load("gist"), try load("gist_message")) : nil
    }
}
