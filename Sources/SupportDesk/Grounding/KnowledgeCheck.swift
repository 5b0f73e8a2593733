import Foundation
import Triage

/// Looks through the articles of a templates folder for what would make answers wrong. The same files give the same findings
/// in the same order; only `deadLinks` uses the network.
public struct KnowledgeCheck: Sendable {
    /// Days before its end from which an article is said to expire soon.
    public static let notice = 30
    /// Scalars of a lead that can be quoted in a mail.
    public static let longestLead = 600

    let articles: [Article]
    private let folder: String
    private let languages: [String]
    private let unreadable: [KnowledgeFinding]
    private let domains: Set<String>
    private let day: LocalDate

    /// Reads the articles; what cannot be read is a finding.
    /// - Parameters:
    ///   - templates: the folder with `knowledge` and `replies`.
    ///   - domains: the shop's own; links to others are findings. Empty: links are not judged.
    ///   - day: the day on which an article must be valid.
    /// - Throws: `DeskError` when the folder cannot be read.
    public init(templates: String, domains: Set<String>, on day: LocalDate) throws {
        folder = templates
        self.domains = Set(domains.map { $0.lowercased() })
        self.day = day
        let files = try KnowledgeFiles(folder: "\(templates)/knowledge")
        languages = files.languages
        var articles: [Article] = []
        var unreadable: [KnowledgeFinding] = []
        func tried(_ path: String, _ body: () throws -> Void) throws {
            do {
                try body()
            } catch let error as DeskError {
                unreadable.append(Self.finding(error, path))
            }
        }
        for path in files.articles { try tried(path) { articles.append(try Article(file: path)) } }
        for language in files.languages {
            try tried("\(templates)/knowledge/\(language)/synonyms.txt") { _ = try files.synonyms(language) }
        }
        self.articles = articles
        self.unreadable = unreadable
    }

    /// How many articles could be read.
    public var count: Int { articles.count }

    /// All findings that need no network, by file and line.
    public func findings() -> [KnowledgeFinding] {
        let found =
            unreadable + twins() + articles.flatMap(of) + coverage() + citations() + contradictions() + versions()
            + foreignLinks()
        return found.sorted { ($0.file, $0.line, $0.words) < ($1.file, $1.line, $1.words) }
    }

    static func finding(_ kind: KnowledgeFinding.Kind, _ article: Article, _ line: Int, _ words: String)
        -> KnowledgeFinding
    {
        KnowledgeFinding(file: article.path, line: line, kind: kind, words: words)
    }

    /// An error `path:line: words` as a finding.
    private static func finding(_ error: DeskError, _ path: String) -> KnowledgeFinding {
        var rest = error.message[...]
        if rest.hasPrefix(path) { rest = rest.dropFirst(path.count) }
        let parts = rest.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3, parts[0].isEmpty, let line = Int(parts[1]) {
            return KnowledgeFinding(file: path, line: line, kind: .unreadable, words: parts[2].trimmingSpaces)
        }
        let words = rest.drop { $0 == ":" || $0 == " " }
        // The YAML reader's words begin with the line.
        let line = words.hasPrefix("line ") ? Int(words.dropFirst(5).prefix { $0.isNumber }) : nil
        return KnowledgeFinding(file: path, line: line ?? 1, kind: .unreadable, words: String(words))
    }

    private func twins() -> [KnowledgeFinding] {
        Dictionary(grouping: articles) { [$0.id, $0.language] }.values.flatMap { same in
            same.sorted { $0.path < $1.path }.dropFirst().map {
                Self.finding(.duplicate, $0, $0.line(of: "id"), "\"\($0.id)\" is the id of \(same[0].path) too")
            }
        }
    }

    /// What can be said of one article alone.
    private func of(_ article: Article) -> [KnowledgeFinding] {
        var found: [KnowledgeFinding] = []
        let place = (article.path as NSString).deletingLastPathComponent as NSString
        if place.lastPathComponent != article.language {
            let words = "the language \"\(article.language)\" is not that of its folder, \"\(place.lastPathComponent)\""
            found.append(Self.finding(.misplaced, article, article.line(of: "language"), words))
        }
        if !["public", "internal"].contains(article.audience) {
            let words = "\"\(article.audience)\" is neither public nor internal; it is not shown to customers"
            found.append(Self.finding(.audience, article, article.line(of: "audience"), words))
        }
        if let until = article.validUntil {
            let line = article.line(of: "valid_until")
            if until < day {
                found.append(
                    Self.finding(.expired, article, line, "it was valid until \(until) and is not used any more"))
            } else if until < LocalDate(dayNumber: day.dayNumber + Self.notice) {
                found.append(Self.finding(.expiring, article, line, "it is valid until \(until)"))
            }
        }
        if article.isPublic, let words = Self.faults(ofLead: article.lead) {
            found.append(Self.finding(.lead, article, article.leadLine, words))
        }
        return found
    }

    /// Why a lead cannot stand alone in a mail; nil when it can.
    static func faults(ofLead lead: String) -> String? {
        let length = lead.unicodeScalars.count
        if length > longestLead { return "the lead has \(length) characters; at most \(longestLead) can be quoted" }
        let markup = ["- ", "* ", "+ ", "> ", "|", "```", "1. ", "#"].first(where: lead.hasPrefix)
        if markup != nil || ["![", "](", "{{", "</"].contains(where: lead.contains) {
            return "the lead is no plain paragraph and cannot be quoted"
        }
        if !".!?।।)\"”»".contains(lead.last ?? " ") { return "the lead does not end like a sentence" }
        let pointers = [
            "see below", "listed below", "described below", "as above", "the following", "नीचे दिए", "नीचे देखें",
            "neeche diye",
        ]
        let words = " \(lead.lowercased()) "
        if let pointer = pointers.first(where: {
            words.contains(" \($0) ") || words.contains(" \($0):") || words.contains(" \($0).")
        }) {
            return "the lead points elsewhere in the article (\"\(pointer)\") and cannot be quoted alone"
        }
        return nil
    }

    /// Intents that replies answer, each of which needs a valid public article in each language; articles that a language has
    /// not; intents that are none.
    private func coverage() -> [KnowledgeFinding] {
        var found: [KnowledgeFinding] = []
        let usable = articles.filter { $0.isPublic && $0.isValid(on: day) }
        let named = Set(names("intents", ".txt"))
        let answered = Set(names("replies", ".mustache").filter { !$0.hasPrefix("_") })
        for language in languages {
            let here = usable.filter { $0.language == language }
            for intent in answered.sorted() where !here.contains(where: { $0.intents.contains(intent) }) {
                found.append(
                    KnowledgeFinding(
                        file: "\(folder)/knowledge/\(language)", line: 1, kind: .noArticle,
                        words: "no valid article is about the intent \(intent)"))
            }
        }
        for article in articles where !named.isEmpty {
            for intent in article.intents where !named.contains(intent) {
                let words = "there is no intent \"\(intent)\""
                found.append(Self.finding(.unknownIntent, article, article.line(of: "intents"), words))
            }
        }
        for (id, versions) in Dictionary(grouping: usable, by: \.id) {
            guard
                let first = versions.min(by: {
                    ($0.language == "en" ? 0 : 1, $0.path) < ($1.language == "en" ? 0 : 1, $1.path)
                })
            else { continue }
            for language in languages where !versions.contains(where: { $0.language == language }) {
                found.append(
                    Self.finding(.noLanguage, first, first.line(of: "id"), "\"\(id)\" has no version in \(language)"))
            }
        }
        return found
    }

    /// Names of the files of a kind in all languages, without their endings.
    private func names(_ kind: String, _ ending: String) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: "\(folder)/\(kind)")) ?? []).filter {
            $0.hasSuffix(ending)
        }
        .map { String(($0 as NSString).lastPathComponent.dropLast(ending.count)) }
    }

    /// Reply templates and articles that name articles which are not there.
    private func citations() -> [KnowledgeFinding] {
        var found: [KnowledgeFinding] = []
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: "\(folder)/replies")) ?? []
        for name in paths.sorted() where name.hasSuffix(".mustache") {
            let path = "\(folder)/replies/\(name)"
            guard let text = try? KnowledgeFiles.text(of: path), text.hasPrefix("---"),
                let matter = try? FrontMatter(text, path: path), let cited = try? matter.list("cites")
            else { continue }
            let language = String(name.prefix { $0 != "/" })
            for id in cited {
                let same = articles.filter { $0.id == id && $0.isPublic }
                let words: String
                if same.isEmpty {
                    let isInternal = articles.contains { $0.id == id }
                    words =
                        isInternal
                        ? "it cites \"\(id)\", which is not public" : "it cites \"\(id)\", which is no article"
                } else if !same.contains(where: { $0.language == language }) {
                    words = "it cites \"\(id)\", which has no version in \(language)"
                } else {
                    continue
                }
                found.append(
                    KnowledgeFinding(file: path, line: matter.line(of: "cites"), kind: .citation, words: words))
            }
        }
        for article in articles {
            let place = (article.path as NSString).deletingLastPathComponent
            for (line, target) in article.links where !target.contains(":") && !target.hasPrefix("#") {
                let file = target.prefix { $0 != "#" }
                if !FileManager.default.fileExists(atPath: "\(place)/\(file)") {
                    found.append(Self.finding(.citation, article, line, "it cites \"\(file)\", which is not there"))
                }
            }
        }
        return found
    }

    /// Links and addresses of hosts that are not the shop's.
    private func foreignLinks() -> [KnowledgeFinding] {
        guard !domains.isEmpty else { return [] }
        return articles.flatMap { article in
            article.links.compactMap { line, target in
                guard let host = Article.host(of: target) else { return nil }
                if target.hasPrefix("http://"), !["127.0.0.1", "localhost", "[::1]"].contains(host) {
                    return Self.finding(.foreignLink, article, line, "\(target) is not https")
                }
                guard !domains.contains(where: { host == $0 || host.hasSuffix(".\($0)") }) else { return nil }
                return Self.finding(.foreignLink, article, line, "\(host) is not among the shop's domains")
            }
        }
    }
}
