import Foundation
import GRDB
import Triage

/// A piece of an article that a reply may quote word for word. Made by `Knowledge` only, from what the shop wrote.
public struct Passage: Sendable, Hashable {
    /// The article's id, the same in every language.
    public let article: String
    /// Its title.
    public let title: String
    /// Its language.
    public let language: String
    /// The text.
    public let text: String
    /// How well it fits the question; larger is better, 0 for one that was named and not searched.
    public let score: Double

    fileprivate init(article: String, title: String, language: String, text: String, score: Double) {
        self.article = article
        self.title = title
        self.language = language
        self.text = text
        self.score = score
    }
}

/// The shop's articles in a full-text index (SQLite FTS5, BM25), rebuilt only when a file changed.
public struct Knowledge: Sendable {
    private let index: DatabaseQueue

    /// How much more a passage counts whose article is about the mail's intent.
    private static let intentBoost = 1.6

    /// Opens the index of a folder `<lang>/<id>.md`.
    /// - Parameters:
    ///   - folder: the articles.
    ///   - indexPath: where the index is kept; nil for memory.
    /// - Throws: `DeskError` naming an article that cannot be read, or the index.
    public init(folder: String, indexPath: String?) throws {
        let files = try Self.files(in: folder)
        let digest = Self.digest(of: files)
        do {
            index = try indexPath.map { try DatabaseQueue(path: $0) } ?? DatabaseQueue()
            let current = try index.read { database in
                try database.tableExists("edition")
                    ? String.fetchOne(database, sql: "SELECT digest FROM edition") : nil
            }
            if current != digest { try Self.build(index, from: files, digest: digest) }
        } catch let error as GRDB.DatabaseError {
            throw DeskError(.ledger, "cannot use the knowledge index: SQLite says \(error.resultCode)")
        }
    }

    /// The lead of an article in a language, or in English when the language has none.
    public func lead(of article: String, language: String, on day: LocalDate) async throws -> Passage? {
        try await read { database in
            for language in language == "en" ? ["en"] : [language, "en"] {
                let row = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT id, title, language, lead FROM article
                        WHERE id = ? AND language = ? AND (valid_until IS NULL OR valid_until >= ?)
                        """, arguments: [article, language, day.description])
                if let row {
                    return Passage(
                        article: row["id"], title: row["title"], language: row["language"], text: row["lead"], score: 0)
                }
            }
            return nil
        }
    }

    /// The passages that fit a question best, of one language; articles of the intent come first.
    public func search(_ question: String, language: String, intents: [String], on day: LocalDate, limit: Int = 4)
        async throws -> [Passage]
    {
        let words = QuestionWords.of(question)
        guard !words.isEmpty else { return [] }
        // Each word is quoted, so nothing in a mail can be an operator of the query language.
        let query = words.map { "\"\($0)\"" }.joined(separator: " OR ")
        return try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT article.id, article.title, article.language, article.intents, passage.text,
                           -bm25(passage, 6.0, 2.0, 1.0) AS score
                    FROM passage JOIN article ON article.key = passage.article
                    WHERE passage MATCH ? AND article.language = ?
                      AND (article.valid_until IS NULL OR article.valid_until >= ?)
                    ORDER BY score DESC LIMIT 20
                    """, arguments: [query, language, day.description])
            return rows.map { row in
                let about: String = row["intents"]
                let boost = intents.contains { about.contains(" \($0) ") } ? Self.intentBoost : 1.0
                let score: Double = row["score"]
                return Passage(
                    article: row["id"], title: row["title"], language: row["language"], text: row["text"],
                    score: score * boost)
            }.sorted { ($0.score, $1.article) > ($1.score, $0.article) }.prefix(limit).map(\.self)
        }
    }

    /// The lead of an article that is about no intent and that a question names by the first word of its title ("is there a
    /// *warranty* on it?") and by another of its words. Answers what the intents do not cover.
    public func topic(of question: String, language: String, on day: LocalDate) async throws -> Passage? {
        let asked = Set(QuestionWords.of(question))
        for found in try await search(question, language: language, intents: [], on: day, limit: 8) {
            guard try await isWithoutIntent(found.article),
                let lead = try await lead(of: found.article, language: language, on: day), lead.language == language,
                let subject = QuestionWords.of(lead.title).first, asked.contains(subject)
            else { continue }
            let words = Set(QuestionWords.of("\(lead.title) \(lead.text) \(found.text)", limit: 2_000))
            if asked.intersection(words).count >= 2 { return lead }
        }
        return nil
    }

    private func isWithoutIntent(_ article: String) async throws -> Bool {
        try await read { database in
            try Bool.fetchOne(
                database, sql: "SELECT COUNT(*) = 0 FROM article WHERE id = ? AND trim(intents) <> ''",
                arguments: [article]) ?? false
        }
    }

    private func read<Value: Sendable>(_ body: @escaping @Sendable (GRDB.Database) throws -> Value) async throws
        -> Value
    {
        do {
            return try await index.read(body)
        } catch let error as GRDB.DatabaseError {
            throw DeskError(.ledger, "cannot read the knowledge index: SQLite says \(error.resultCode)")
        }
    }

    private struct File {
        let path: String
        let size: Int
        let modified: Date
    }

    private static func files(in folder: String) throws -> [File] {
        let manager = FileManager.default
        guard let languages = try? manager.contentsOfDirectory(atPath: folder) else {
            throw DeskError(.configuration, "cannot read the knowledge folder \(folder)")
        }
        var files: [File] = []
        for language in languages.sorted() {
            let inside = (try? manager.contentsOfDirectory(atPath: "\(folder)/\(language)")) ?? []
            for name in inside.sorted() where name.hasSuffix(".md") {
                let path = "\(folder)/\(language)/\(name)"
                let attributes = try? manager.attributesOfItem(atPath: path)
                files.append(
                    File(
                        path: path, size: attributes?[.size] as? Int ?? 0,
                        modified: attributes?[.modificationDate] as? Date ?? .distantPast))
            }
        }
        return files
    }

    private static func digest(of files: [File]) -> String {
        Seal.fingerprint(
            Array(
                files.map { "\($0.path) \($0.size) \($0.modified.timeIntervalSince1970)" }.joined(separator: "\n").utf8)
        )
    }

    private static func build(_ index: DatabaseQueue, from files: [File], digest: String) throws {
        let articles = try files.map { file in
            guard let data = FileManager.default.contents(atPath: file.path), data.count < 1 << 20,
                let text = String(data: data, encoding: .utf8)
            else { throw DeskError(.configuration, "\(file.path): not readable as UTF-8 under 1 MiB") }
            return try Article(text, path: file.path)
        }
        try index.write { database in
            for table in ["passage", "article", "edition"] {
                try database.execute(sql: "DROP TABLE IF EXISTS \(table)")
            }
            try database.execute(
                sql: """
                    CREATE TABLE edition (digest TEXT NOT NULL);
                    CREATE TABLE article (
                        key INTEGER PRIMARY KEY, id TEXT NOT NULL, language TEXT NOT NULL, title TEXT NOT NULL,
                        intents TEXT NOT NULL, lead TEXT NOT NULL, valid_until TEXT, UNIQUE (id, language));
                    CREATE VIRTUAL TABLE passage USING fts5 (
                        title, heading, text, article UNINDEXED,
                        tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'");
                    """)
            try database.execute(sql: "INSERT INTO edition VALUES (?)", arguments: [digest])
            for article in articles {
                try database.execute(
                    sql: """
                        INSERT INTO article (id, language, title, intents, lead, valid_until) VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        article.id, article.language, article.title, " \(article.intents.joined(separator: " ")) ",
                        article.lead, article.validUntil?.description,
                    ])
                let key = database.lastInsertedRowID
                for (heading, text) in [("", article.lead)] + article.sections {
                    try database.execute(
                        sql: "INSERT INTO passage (title, heading, text, article) VALUES (?, ?, ?, ?)",
                        arguments: [article.title, heading, text.precomposedStringWithCanonicalMapping, key])
                }
            }
        }
    }
}
