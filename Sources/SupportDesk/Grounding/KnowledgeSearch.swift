import Foundation
import GRDB
import Triage

/// One search: the rows of each language's table by BM25, put together by article.
///
/// A row is a passage or a line of `asked`. An article counts its best row, and its next three by `more`; rows of another
/// language than the question's count by `foreign`. These factors, and the weights of the columns, were chosen on one half of
/// the questions in `Tests/SupportDeskTests/Fixtures/questions.json`; near these values the figures are flat.
struct KnowledgeSearch {
    let database: GRDB.Database
    let catalogue: KnowledgeIndex.Catalogue
    let entries: KnowledgeEntries
    let question: String
    let language: String
    let intents: [IntentScore]
    /// The articles that the question is likeliest about.
    let topics: [IntentScore]
    let day: LocalDate

    private static let weights = "3.0, 2.0, 1.0, 2.0"
    private static let more = 0.3
    private static let foreign = 0.5
    private static let intentBoost = 0.25
    private static let topicBoost = 0.6
    /// How many rows the rarest keys may bring in, in the question's language and in another: BM25 takes about 2 µs for each.
    private static let mostRows = (own: 2_500, foreign: 800)

    fileprivate struct Hit: Sendable {
        let entry: Int64
        let article: Int64
        let id: String
        let language: String
        let isAsked: Bool
        let isLead: Bool
        let score: Double

        /// What counts when one of an article's passages is chosen: the lead answers more than a section that fits as well.
        var worth: Double { isLead ? 1.25 * score : score }
    }

    /// A key of the question, and how many rows have it.
    fileprivate struct Key: Sendable {
        let text: String
        let rows: Int
    }

    /// All rows that have something of the question, by article, and the keys of each language.
    struct Matches: Sendable {
        fileprivate var hits: [String: [Hit]] = [:]
        fileprivate var keys: [String: [Key]] = [:]
    }

    /// An article that was found, and how.
    struct Found: Sendable {
        let article: String
        let title: String
        let language: String
        let text: String
        let score: Double
        let hits: [String]
        let asked: String?
        let evidence: PassageFit
    }

    /// What the question meets, whatever it wants.
    func matches() throws -> Matches {
        var matches = Matches()
        for (table, indexed) in catalogue.languages.enumerated() {
            let all = try keysOfQuestion(table, indexed)
            matches.keys[indexed] = all
            for hit in try rows(table, indexed, all) { matches.hits[hit.id, default: []].append(hit) }
        }
        return matches
    }

    /// The best articles, best first.
    /// - Parameter isExplained: whether the keys are told that led to each.
    func found(in matches: Matches, limit: Int, isExplained: Bool) throws -> [Found] {
        let hits = matches.hits
        var scores = hits.mapValues(score)
        let most = scores.values.max() ?? 0
        let wanted = boosts(for: scores.keys)
        for (id, confidence) in wanted { scores[id, default: 0] += Self.intentBoost * most * confidence }
        for topic in topics where scores[topic.intent] != nil {
            scores[topic.intent, default: 0] += Self.topicBoost * most * topic.confidence
        }
        let ranked = scores.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(max(limit, 2))
        return try ranked.prefix(limit).enumerated().compactMap { place, entry in
            guard let found = hits[entry.key], let best = found.max(by: { $0.score < $1.score }) else { return nil }
            let hitKeys = isExplained ? try self.keys(matches.keys[best.language] ?? [], in: best) : []
            let rival = place == 0 ? ranked.dropFirst().first?.value ?? 0 : ranked.first?.value ?? 0
            let evidence = PassageFit(
                score: best.score, lead: (entry.value - rival) / max(entry.value, rival, 1e-9),
                intent: wanted[entry.key] ?? 0,
                topic: topics.first { $0.intent == entry.key }?.confidence ?? 0)
            let passage = try passage(found)
            return Found(
                article: entry.key, title: passage.title, language: passage.language, text: passage.text,
                score: entry.value, hits: hitKeys.map { KnowledgeWords.readable($0.text) },
                asked: best.isAsked ? try text(of: best) : nil, evidence: evidence)
        }
    }

    /// The keys for one table that any row has, rarest first.
    private func keysOfQuestion(_ table: Int, _ indexed: String) throws -> [Key] {
        let synonyms = catalogue.synonyms[language] ?? Synonyms(language: language)
        let keys = KnowledgeWords.keys(ofQuestion: question, language: language, index: indexed, synonyms: synonyms)
        // All at once: the table of frequencies prepares a statement of its own each time that it is opened.
        let look = try database.cachedStatement(
            sql: "SELECT term, doc FROM frequency_\(table) WHERE term IN (SELECT value FROM json_each(?))")
        let list = String(decoding: try JSONEncoder().encode(Array(keys)), as: UTF8.self)
        return try Row.fetchAll(look, arguments: [list]).map { Key(text: $0[0], rows: $0[1]) }
            .sorted { ($0.rows, $0.text) < ($1.rows, $1.text) }
    }

    /// The best rows of one table. Keys that are in too many rows are left out: they tell little and cost time.
    private func rows(_ table: Int, _ indexed: String, _ keys: [Key]) throws -> [Hit] {
        var room = indexed == language ? Self.mostRows.own : Self.mostRows.foreign
        var used: [String] = []
        for key in keys {
            guard used.isEmpty || key.rows <= room else { break }
            room -= key.rows
            // Each key is quoted, so nothing in a mail can be an operator of the query language.
            used.append("\"\(key.text)\"")
        }
        guard !used.isEmpty else { return [] }
        let statement = try database.cachedStatement(
            sql: """
                SELECT rowid, bm25(words_\(table), \(Self.weights)) AS score FROM words_\(table)
                WHERE words_\(table) MATCH ? ORDER BY score LIMIT 400
                """)
        let today = day.description
        let rows = try Row.fetchCursor(statement, arguments: [used.joined(separator: " OR ")])
        var hits: [Hit] = []
        while let row = try rows.next() {
            let key: Int64 = row[0]
            guard let entry = entries.all[key], entry.validUntil.map({ $0 >= today }) ?? true else { continue }
            hits.append(
                Hit(
                    entry: key, article: entry.article, id: entry.id, language: indexed, isAsked: entry.isAsked,
                    isLead: entry.isLead, score: -(row[1] as Double)))
        }
        return hits
    }

    /// What an article's rows are worth together.
    private func score(_ hits: [Hit]) -> Double {
        Dictionary(grouping: hits, by: \.language).reduce(0) { sum, version in
            let best = version.value.map(\.score).sorted(by: >)
            let worth = best[0] + Self.more * best.dropFirst().prefix(3).reduce(0, +)
            return sum + (version.key == language ? worth : Self.foreign * worth)
        }
    }

    /// The confidence that the question wants what an article is about.
    private func boosts(for ids: some Sequence<String>) -> [String: Double] {
        guard !intents.isEmpty else { return [:] }
        var boosts: [String: Double] = [:]
        for id in ids {
            guard let about = entries.intents[id] else { continue }
            let confidence = intents.filter { about.contains($0.intent[...]) }.map(\.confidence).max() ?? 0
            if confidence > 0 { boosts[id] = confidence }
        }
        return boosts
    }

    /// The passage of an article that is returned: the best of the question's language; its lead where only other words of it
    /// were found; another language's where there is no version in this one.
    private func passage(_ hits: [Hit]) throws -> (title: String, language: String, text: String) {
        let own = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT id, title, language, lead FROM article
                    WHERE id = ? AND language = ? AND (valid_until IS NULL OR valid_until >= ?)
                    """), arguments: [hits[0].id, language, day.description])
        let texts = hits.filter { !$0.isAsked && (own == nil || $0.language == language) }
        let best = hits.max { $0.score < $1.score } ?? hits[0]
        let text = texts.max { $0.worth < $1.worth }
        let article =
            try own
            ?? Row.fetchOne(
                database.cachedStatement(sql: "SELECT id, title, language, lead FROM article WHERE key = ?"),
                arguments: [(text ?? best).article])
        return (
            article?["title"] ?? "", article?["language"] ?? language, try text.map(self.text) ?? article?["lead"] ?? ""
        )
    }

    private func text(of hit: Hit) throws -> String {
        try String.fetchOne(
            database.cachedStatement(sql: "SELECT text FROM entry WHERE key = ?"), arguments: [hit.entry]) ?? ""
    }

    /// Those keys of the question that a row has.
    private func keys(_ keys: [Key], in hit: Hit) throws -> [Key] {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT title, heading, text, is_asked FROM entry JOIN article ON article.key = entry.article
                    WHERE entry.key = ?
                    """), arguments: [hit.entry])
        guard let row else { return [] }
        let text: String = row["text"]
        let whole = row["is_asked"] ? text : "\(row["title"] as String)\n\(row["heading"] as String)\n\(text)"
        let synonyms = catalogue.synonyms[hit.language] ?? Synonyms(language: hit.language)
        let there = Set(KnowledgeWords.keys(ofArticle: whole, language: hit.language, synonyms: synonyms))
        return keys.filter { there.contains($0.text) }
    }
}
