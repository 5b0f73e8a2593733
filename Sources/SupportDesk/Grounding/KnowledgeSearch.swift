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
    let memory: KnowledgeMemory
    let entries: KnowledgeEntries
    let question: String
    let language: String
    let intents: [IntentScore]
    /// The articles that the question is likeliest about.
    let topics: [IntentScore]
    let day: LocalDate

    private static let weights = "CASE col WHEN 'title' THEN 3.0 WHEN 'text' THEN 1.0 ELSE 2.0 END"
    /// Those that SQLite's bm25() uses: how soon a key that comes again counts less, and how much a long row does.
    private static let (saturation, lengthening) = (1.2, 0.75)
    private static let more = 0.3
    private static let foreign = 0.5
    private static let intentBoost = 0.25
    private static let topicBoost = 0.6
    /// How many rows the rarest keys may bring in, in the question's language and in another.
    private static let mostRows = (own: 2_500, foreign: 800)
    /// Of a table.
    private static let mostHits = 400

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

    /// A key of the question, and which rows have it.
    fileprivate struct Key: Sendable {
        let text: String
        let postings: Postings
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
        let words = KnowledgeWords.all(in: question)
        for (table, indexed) in catalogue.languages.enumerated() {
            let all = try keysOfQuestion(words, table, indexed)
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
    private func keysOfQuestion(_ words: [String], _ table: Int, _ indexed: String) throws -> [Key] {
        let synonyms = catalogue.synonyms[language] ?? Synonyms(language: language)
        let keys = KnowledgeWords.keys(ofQuestion: words, language: language, index: indexed, synonyms: synonyms)
        return try memory.postings(of: Set(keys), table) { missing in
            // All at once: the table of frequencies prepares a statement of its own each time that it is opened.
            let look = try database.cachedStatement(
                sql: "SELECT term, doc FROM frequency_\(table) WHERE term IN (SELECT value FROM json_each(?))")
            let list = String(decoding: try JSONEncoder().encode(missing), as: UTF8.self)
            return try Row.fetchAll(look, arguments: [list]).reduce(into: [:]) { $0[$1[0]] = Postings(rows: $1[1]) }
        }.compactMap { $0.value.rows == 0 ? nil : Key(text: $0.key, postings: $0.value) }
            .sorted { ($0.postings.rows, $0.text) < ($1.postings.rows, $1.text) }
    }

    /// The best rows of one table, as SQLite's bm25() ranks them. Keys that are in too many rows are left out: they tell little
    /// and cost time.
    private func rows(_ table: Int, _ indexed: String, _ keys: [Key]) throws -> [Hit] {
        var room = indexed == language ? Self.mostRows.own : Self.mostRows.foreign
        let size = entries.sizes[indexed] ?? KnowledgeEntries.Size()
        let usual = Double(size.keys) / Double(max(size.rows, 1))
        var scores = [Double](repeating: 0, count: entries.all.count)
        var met: [Int] = []
        for (place, key) in keys.enumerated() {
            guard place == 0 || key.postings.rows <= room else { break }
            room -= key.postings.rows
            let rarity = log((Double(size.rows - key.postings.rows) + 0.5) / (Double(key.postings.rows) + 0.5))
            for place in try places(of: key, table) {
                guard scores.indices.contains(place.entry), let entry = entries.all[place.entry] else { continue }
                if scores[place.entry] == 0 { met.append(place.entry) }
                let length = 1 - Self.lengthening + Self.lengthening * Double(entry.keys) / usual
                scores[place.entry] +=
                    max(rarity, 1e-6) * place.weight * (Self.saturation + 1)
                    / (place.weight + Self.saturation * length)
            }
        }
        let today = day.description
        if met.count > Self.mostHits {
            let least = met.map { scores[$0] }.sorted(by: >)[Self.mostHits - 1]
            met.removeAll { scores[$0] < least }
        }
        let best = met.sorted { (scores[$0], $1) > (scores[$1], $0) }
        return best.compactMap { number in
            guard let entry = entries.all[number], entry.isValid(on: today) else { return nil }
            return Hit(
                entry: Int64(number), article: entry.article, id: entry.id, language: indexed, isAsked: entry.isAsked,
                isLead: entry.isLead, score: scores[number])
        }
    }

    /// The rows of a key, read when it is first used.
    private func places(of key: Key, _ table: Int) throws -> [Postings.Place] {
        guard key.postings.places.isEmpty else { return key.postings.places }
        let look = try database.cachedStatement(
            sql: "SELECT doc, SUM(\(Self.weights)) FROM place_\(table) WHERE term = ? GROUP BY doc")
        let places = try Row.fetchAll(look, arguments: [key.text]).map { Postings.Place(entry: $0[0], weight: $0[1]) }
        memory.keep(Postings(rows: key.postings.rows, places: places), of: key.text, table)
        return places
    }

    /// What an article's rows are worth together: they come by languages, the best of each first.
    private func score(_ hits: [Hit]) -> Double {
        var (sum, version, rank) = (0.0, "", 0)
        for hit in hits {
            if hit.language != version { (version, rank) = (hit.language, 0) }
            if rank < 4 { sum += (rank == 0 ? 1 : Self.more) * (version == language ? 1 : Self.foreign) * hit.score }
            rank += 1
        }
        return sum
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
                    WHERE id = ? AND language = ? AND \(KnowledgeIndex.isValid)
                    """), arguments: [hits[0].id, language, day.description, day.description])
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
