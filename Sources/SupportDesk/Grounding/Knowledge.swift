import Foundation
import GRDB
import Triage

/// A piece of an article that a reply may quote word for word. Made by `Knowledge` only, from what the shop wrote.
public struct Passage: Sendable, Hashable {
    /// The article's id, the same in every language.
    public let article: String
    /// Its title.
    public let title: String
    /// Its language; that of the question where the article has one in it.
    public let language: String
    /// The text.
    public let text: String
    /// What a search ranks by; larger is better, 0 for a lead that was named and not searched.
    public let score: Double
    /// The probability that its article answers the question, 0…1; 1 for a lead that was named.
    public let fit: Double

    fileprivate init(article: String, title: String, language: String, text: String, score: Double, fit: Double) {
        self.article = article
        self.title = title
        self.language = language
        self.text = text
        self.score = score
        self.fit = fit
    }

    /// The same, found with another fit.
    fileprivate func fitting(_ fit: Double) -> Passage {
        Passage(article: article, title: title, language: language, text: text, score: 0, fit: fit)
    }
}

/// The shop's articles, searched by full text (SQLite FTS5, BM25). Expired articles and those that are not for customers are
/// never returned.
public struct Knowledge: Sendable {
    private let index: KnowledgeIndex

    /// Opens the index of a folder `<lang>/<id>.md`; it is made anew only when the files' contents changed.
    /// - Parameters:
    ///   - folder: the articles, and a `synonyms.txt` for each language.
    ///   - indexPath: where the index is kept; nil for memory.
    /// - Throws: `DeskError` naming an article that cannot be read, or the index.
    public init(folder: String, indexPath: String?) throws {
        index = try KnowledgeIndex(folder: folder, path: indexPath)
    }

    /// The lead of an article in a language, or in English when the language has none.
    public func lead(of article: String, language: String, on day: LocalDate) async throws -> Passage? {
        try await index.read { database, _ in
            for language in language == "en" ? ["en"] : [language, "en"] {
                let row = try Row.fetchOne(
                    database.cachedStatement(
                        sql: """
                            SELECT id, title, language, lead FROM article
                            WHERE id = ? AND language = ? AND \(KnowledgeIndex.isValid)
                            """), arguments: [article, language, day.description, day.description])
                if let row {
                    return Passage(
                        article: row["id"], title: row["title"], language: row["language"], text: row["lead"], score: 0,
                        fit: 1)
                }
            }
            return nil
        }
    }

    /// All that may be quoted of an article in a language: its lead first, then its sections.
    func passages(of article: String, language: String, on day: LocalDate) async throws -> [Passage] {
        try await index.read { database, _ in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT article.id, article.title, article.language, entry.text
                    FROM entry JOIN article ON article.key = entry.article
                    WHERE article.id = ? AND article.language = ? AND entry.is_asked = 0
                      AND \(KnowledgeIndex.isValid) ORDER BY entry.key
                    """, arguments: [article, language, day.description, day.description])
            return rows.map { row in
                Passage(
                    article: row["id"], title: row["title"], language: row["language"], text: row["text"], score: 0,
                    fit: 1)
            }
        }
    }

    /// The passages that answer a question best, one of each article: in the question's language where the article has a
    /// version in it, else in another.
    /// - Parameter intents: what the question wants; articles about it count more.
    public func search(
        _ question: String, language: String, intents: [IntentScore] = [], on day: LocalDate, limit: Int = 4
    ) async throws -> [Passage] {
        try await look(
            for: question, language: language, intents: intents, on: day, limit: limit, isExplained: false
        ).map(\.passage)
    }

    /// What `search` finds, and the words that led there.
    public func look(
        for question: String, language: String, intents: [IntentScore] = [], on day: LocalDate, limit: Int = 4
    ) async throws -> [Find] {
        try await look(
            for: question, language: language, intents: intents, on: day, limit: limit, isExplained: true)
    }

    private func look(
        for question: String, language: String, intents: [IntentScore], on day: LocalDate, limit: Int,
        isExplained: Bool
    ) async throws -> [Find] {
        let question = KnowledgeWords.head(ofQuestion: question)
        let topics = try await index.topics(of: question)
        return try await index.read { database, memory in
            let search = KnowledgeSearch(
                database: database, catalogue: index.catalogue, memory: memory, entries: try memory.entries(database),
                question: question, language: language, intents: intents, topics: topics, day: day)
            let matches = try memory.matches("\(language)\n\(day)\n\(question)") { try search.matches() }
            return try search.found(in: matches, limit: limit, isExplained: isExplained)
        }.map { found in
            Find(
                passage: Passage(
                    article: found.article, title: found.title, language: found.language, text: found.text,
                    score: found.score, fit: found.evidence.value),
                hits: found.hits, asked: found.asked, evidence: found.evidence)
        }
    }

    /// A passage and how it was found.
    public struct Find: Sendable {
        /// The passage.
        public let passage: Passage
        /// The keys of the question that led to it, rarest first; `=name` is a name of synonyms.
        public let hits: [String]
        /// The line of a customer's words in the article (`asked`) that fitted best; nil when its text did.
        public let asked: String?
        /// What `fit` was computed from.
        public let evidence: PassageFit
    }

    /// An article that a question is surely about has at least this fit, a calibrated probability.
    private static let surely = 0.7
    /// A longer question has more words in common with every article, and is more than one.
    private static let longestQuestion = 60
    /// Where nothing ends in a question mark, only so short a text is one question.
    private static let longestRequest = 25

    /// The lead of the one article that a text is about: one without intents whose first word of the title it names ("is there a
    /// *warranty* on it?") with another of its words; else the one that fits its questions surely. Answers what the intents
    /// do not cover, or cover with other articles.
    /// - Parameters:
    ///   - questions: what of the text asks.
    ///   - isSuitable: whether an article may answer, by the intents that it is about.
    func topic(
        of text: String, asking questions: String, language: String, on day: LocalDate,
        where isSuitable: (_ article: String, _ intents: [String]) -> Bool = { $1.isEmpty }
    ) async throws -> Passage? {
        if text.contains("?") {
            let asked = Set(KnowledgeWords.telling(text).map(WordKeys.sound))
            for found in try await search(text, language: language, on: day, limit: 8) {
                let intents = try await intents(of: found.article)
                guard intents.isEmpty, isSuitable(found.article, intents),
                    let lead = try await lead(of: found.article, language: language, on: day),
                    lead.language == language, Self.names(lead, found, asked)
                else { continue }
                return lead.fitting(found.fit)
            }
        }
        let words = questions.split(whereSeparator: \.isWhitespace).count
        guard words <= (questions.contains("?") ? Self.longestQuestion : Self.longestRequest),
            let found = try await search(questions, language: language, on: day, limit: 1).first,
            found.fit >= Self.surely, isSuitable(found.article, try await intents(of: found.article)),
            let lead = try await lead(of: found.article, language: language, on: day), lead.language == language
        else { return nil }
        return lead.fitting(found.fit)
    }

    private static func names(_ lead: Passage, _ found: Passage, _ asked: Set<String>) -> Bool {
        guard let subject = KnowledgeWords.telling(lead.title).first, asked.contains(WordKeys.sound(subject)) else {
            return false
        }
        let words = KnowledgeWords.telling("\(lead.title) \(lead.text) \(found.text)").map(WordKeys.sound)
        return asked.intersection(words).count >= 2
    }

    private func intents(of article: String) async throws -> [String] {
        try await index.read { database, _ in
            try String.fetchOne(
                database.cachedStatement(sql: "SELECT intents FROM article WHERE id = ?"), arguments: [article]) ?? ""
        }.split(separator: " ").map(String.init)
    }
}
