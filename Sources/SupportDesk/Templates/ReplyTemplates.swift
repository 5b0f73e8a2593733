import Foundation
import Mustache

/// The shop's words for one intent in one language.
struct ReplyTemplate: Sendable {
    /// What must be resolved before the text can be filled: nothing, an order, or an order only where one is meant and known.
    enum Need: String, Sendable { case none, order, known }

    let language: String
    let need: Need
    /// Articles that the text relies on; their leads may be quoted.
    private(set) var cites: [String]
    /// Conditions under which a person must act, as paths into the context.
    let handover: [String]
    /// What it says, without what is filled in: by which a person's answer is known again.
    let words: Set<String>
    private let template: MustacheTemplate

    /// Stands where a template asked for a value that is not on record; such a text is never sent.
    static let missingMark: Unicode.Scalar = "\u{FFFC}"

    init(_ text: String, path: String, language: String) throws {
        self.language = language
        guard text.hasPrefix("---") else {
            (need, cites, handover) = (.none, [], [])
            words = AnswerWords.of(template: text)
            template = try Self.compile(file: text, path: path)
            return
        }
        let matter = try FrontMatter(text, path: path)
        try matter.allow(["needs", "cites", "handover"])
        guard let need = Need(rawValue: matter.values["needs"]?.string ?? "none") else {
            throw DeskError(
                .configuration, "\(path):\(matter.line(of: "needs")): \"needs\" is none of order, known and none")
        }
        self.need = need
        cites = try matter.list("cites")
        handover = try matter.list("handover")
        words = AnswerWords.of(template: matter.body)
        template = try Self.compile(matter.body, path: path, line: matter.bodyLine)
    }

    /// The same words, relying on these articles.
    func citing(_ articles: [String]) -> ReplyTemplate {
        var copy = self
        copy.cites = articles
        return copy
    }

    /// The text with the values of a context; nil when it asked for one that is not there.
    func render(_ context: TemplateContext) -> String? { Self.render(template, context) }

    /// The condition of the context that says that a person must act; nil when none does.
    func reasonForPerson(_ context: TemplateContext) -> String? { handover.first(where: context.isTrue) }

    /// - Parameter line: on which it begins in its file, from 1.
    static func compile(_ body: String, path: String, line: Int = 1) throws -> MustacheTemplate {
        do {
            return try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}\n" + body)
        } catch {
            // Counted with the line in front of it, which is ours.
            let found = (error as? MustacheTemplate.ParserError)?.context.lineNumber ?? 2
            throw DeskError(.configuration, "\(path):\(line + max(0, found - 2)): not a mustache template")
        }
    }

    /// The text of a file without front matter.
    static func compile(file text: String, path: String) throws -> MustacheTemplate {
        let blank = text.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.trimmingSpaces.isEmpty }
        return try compile(text.trimmingBlankLines, path: path, line: blank.count + 1)
    }

    static func render(_ template: MustacheTemplate, _ context: TemplateContext) -> String? {
        let text = template.render(context)
        if text.unicodeScalars.contains(missingMark) { return nil }
        // Sections that were left out leave runs of empty lines.
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isBlank = line.unicodeScalars.allSatisfy(\.properties.isWhitespace)
            if isBlank, lines.last?.isEmpty ?? true { continue }
            lines.append(isBlank ? "" : line)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }
}

/// Values for a template. What is absent is false in a section and an error as a variable; so is a group of values.
struct TemplateContext: MustacheParent, MustacheCustomRenderable, Sendable {
    private var values: [String: any Sendable] = [:]

    init(_ values: [String: any Sendable] = [:]) { self.values = values }

    subscript(name: String) -> (any Sendable)? {
        get { values[name] }
        set { values[name] = newValue }
    }

    func child(named name: String) -> Any? { values[name] ?? Absent() }

    /// `{{.}}` and `{{order}}` name no value: what the program sees in its place is for nobody's eyes.
    var renderText: String { String(ReplyTemplate.missingMark) }
    var isNull: Bool { false }

    /// Whether the value at a dotted path is true.
    func isTrue(_ path: String) -> Bool {
        var object: Any? = self
        for name in path.split(separator: ".") { object = (object as? any MustacheParent)?.child(named: String(name)) }
        return object as? Bool ?? false
    }

    private struct Absent: MustacheParent, MustacheCustomRenderable {
        func child(named name: String) -> Any? { self }
        var renderText: String { String(ReplyTemplate.missingMark) }
        var isNull: Bool { true }
    }
}

/// All reply templates, read from `replies/<lang>/` once.
struct ReplyTemplates: Sendable {
    private let byLanguage: [String: [String: ReplyTemplate]]
    private let frames: [String: MustacheTemplate]
    private let feedback: [String: FeedbackWords]
    /// How facts are written in languages that this program does not know by itself.
    let words: [String: FactWords]

    /// The intent-independent texts.
    enum Fixed: String {
        case orderUnknown = "_order_unknown"
        case orderMissing = "_order_missing"
        case orderOther = "_order_other"
        case unverified = "_unverified"
        case passage = "_passage"
        /// Before the answer to somebody who is upset.
        case apology = "_apology"
        /// The whole of a mail to an address on file, but for the answer itself.
        case onFile = "_on_file"

        /// Whether it puts a question back to the customer, which is done once in a conversation.
        var asksBack: Bool { self == .orderUnknown || self == .orderMissing || self == .unverified }
    }

    /// The templates of a folder, and where it has none those of another one.
    init(folder: String, over usual: ReplyTemplates) throws {
        let own = try ReplyTemplates(folder: folder, isWhole: false)
        byLanguage = usual.byLanguage.merging(own.byLanguage) { $0.merging($1) { _, own in own } }
        frames = usual.frames.merging(own.frames) { _, own in own }
        feedback = usual.feedback.merging(own.feedback) { _, own in own }
        words = usual.words.merging(own.words) { _, own in own }
    }

    init(folder: String) throws { try self.init(folder: folder, isWhole: true) }

    private init(folder: String, isWhole: Bool) throws {
        var byLanguage: [String: [String: ReplyTemplate]] = [:]
        var frames: [String: MustacheTemplate] = [:]
        var feedback: [String: FeedbackWords] = [:]
        var words: [String: FactWords] = [:]
        guard let languages = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw DeskError(.configuration, "cannot read the reply templates in \(folder)")
        }
        for language in languages.sorted() {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(language)")) ?? []
            for name in names.sorted() where name.hasSuffix(".mustache") {
                let path = "\(folder)/\(language)/\(name)"
                guard let data = FileManager.default.contents(atPath: path),
                    let text = String(data: data, encoding: .utf8)
                else { throw DeskError(.configuration, "\(path): not readable as UTF-8") }
                // A name that starts with a line stands for no intent, and needs no block of its own.
                let key = String(name.dropLast(".mustache".count))
                if key == "_frame" {
                    frames[language] = try ReplyTemplate.compile(file: text, path: path)
                } else {
                    byLanguage[language, default: [:]][key] = try ReplyTemplate(text, path: path, language: language)
                }
            }
            if names.contains("feedback.yaml") {
                feedback[language] = try FeedbackWords(file: "\(folder)/\(language)/feedback.yaml")
            }
            words[language] = try FactWords(file: "\(folder)/\(language)/_words.yaml")
            guard !isWhole || frames[language] != nil || byLanguage[language] == nil else {
                throw DeskError(.configuration, "\(folder)/\(language): _frame.mustache is missing")
            }
        }
        self.byLanguage = byLanguage
        self.frames = frames
        self.feedback = feedback
        self.words = words
    }

    /// The languages that there are replies in.
    var languages: Set<String> { Set(byLanguage.keys) }

    /// What customers say of replies, in whichever language they say it.
    var feedbackWords: FeedbackWords { FeedbackWords(Array(feedback.values)) }

    /// The words of the question at the end of a reply in a language, or in English.
    func feedbackWords(in language: String) -> FeedbackWords {
        feedback[language] ?? feedback["en"] ?? FeedbackWords()
    }

    /// The template of an intent in a language, or in English where there are no replies in that language at all: nobody gets
    /// a letter of which half is in another language.
    func template(for intent: String, language: String) -> ReplyTemplate? {
        (byLanguage[language] ?? byLanguage["en"])?[intent]
    }

    /// A template in this very language.
    func own(_ name: String, language: String) -> ReplyTemplate? { byLanguage[language]?[name] }

    /// One of the intent-independent texts.
    func template(_ fixed: Fixed, language: String) -> ReplyTemplate? {
        template(for: fixed.rawValue, language: language)
    }

    /// The words of the templates of a language, by intent; those for no intent are left out.
    func words(in language: String) -> [String: Set<String>] {
        (byLanguage[language] ?? byLanguage["en"] ?? [:]).filter { !$0.key.hasPrefix("_") }.mapValues(\.words)
    }

    /// Greeting, body, signature.
    func framed(_ context: TemplateContext, language: String) -> String? {
        (frames[language] ?? frames["en"]).flatMap { ReplyTemplate.render($0, context) }
    }
}
