import GRDB
import Transport

/// Which article each row of the knowledge index is of: read once, a hundred bytes a row, in place of two look-ups for each
/// row that a search meets.
struct KnowledgeEntries: Sendable {
    struct Entry: Sendable {
        let article: Int64
        let id: String
        let validFrom: String?
        let validUntil: String?
        let isAsked: Bool
        let isLead: Bool
        /// How many keys it has, in all its columns.
        let keys: Int

        func isValid(on day: String) -> Bool {
            validFrom.map { $0 <= day } ?? true && validUntil.map { $0 >= day } ?? true
        }
    }

    /// How much text there is in a language.
    struct Size: Sendable {
        var rows = 0
        var keys = 0
    }

    /// By their number in the index.
    let all: [Entry?]
    let sizes: [String: Size]
    /// What each article is about, by its id.
    let intents: [String: Set<Substring>]

    init(_ database: GRDB.Database) throws {
        let last = try Int.fetchOne(database, sql: "SELECT MAX(key) FROM entry") ?? 0
        var all = [Entry?](repeating: nil, count: last + 1)
        var sizes: [String: Size] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT entry.key, article.key, article.id, article.valid_from, article.valid_until, is_asked, heading = '', keys,
                    language
                FROM entry JOIN article ON article.key = entry.article
                """)
        var before: (key: Int64, id: String)?
        while let row = try rows.next() {
            let article: Int64 = row[1]
            let id = if let before, before.key == article { before.id } else { row[2] as String }
            before = (article, id)
            all[row[0]] = Entry(
                article: article, id: id, validFrom: row[3], validUntil: row[4], isAsked: row[5], isLead: row[6],
                keys: row[7])
            sizes[row[8], default: Size()].rows += 1
            sizes[row[8], default: Size()].keys += row[7]
        }
        self.all = all
        self.sizes = sizes
        let about = try Row.fetchAll(database, sql: "SELECT id, intents FROM article ORDER BY id, language")
        intents = Dictionary(
            about.map { ($0[0], Set(($0[1] as String).split(separator: " "))) }, uniquingKeysWith: { first, _ in first }
        )
    }
}

/// What a search keeps for the next one in the same index. A message's question is looked up more than once.
final class KnowledgeMemory: Sendable {
    private struct State {
        var entries: KnowledgeEntries?
        var postings: [Int: [String: Postings]] = [:]
        /// Of rows, in all that is kept.
        var size = 0
        var matches: [(question: String, value: KnowledgeSearch.Matches)] = []
    }

    private let state = LockedBox(State())
    private static let mostQuestions = 32
    /// Longer ones are looked up each time; in bytes.
    private static let longestQuestion = 4_000
    /// Rows of postings, 16 bytes each, and keys.
    private static let mostRows = 500_000
    private static let mostKeys = 50_000

    /// The entries, read when they are first needed.
    func entries(_ database: GRDB.Database) throws -> KnowledgeEntries {
        if let entries = state.withLock(\.entries) { return entries }
        let entries = try KnowledgeEntries(database)
        state.withLock { $0.entries = entries }
        return entries
    }

    /// What is known of keys of a table; those that no row has are empty.
    func postings(
        of keys: Set<String>, _ table: Int, _ look: ([String]) throws -> [String: Postings]
    ) rethrows -> [String: Postings] {
        let known = state.withLock { state in
            let all = state.postings[table] ?? [:]
            return keys.reduce(into: [:]) { $0[$1] = all[$1] }
        }
        let missing = keys.filter { known[$0] == nil }
        if missing.isEmpty { return known }
        let found = try look(Array(missing))
        state.withLock { state in
            for key in missing { keep(found[key] ?? Postings(), of: key, table, &state) }
        }
        return known.merging(found) { first, _ in first }
    }

    /// Keeps the rows of a key.
    func keep(_ postings: Postings, of key: String, _ table: Int) {
        state.withLock { keep(postings, of: key, table, &$0) }
    }

    private func keep(_ postings: Postings, of key: String, _ table: Int, _ state: inout State) {
        let keys = state.postings.values.map(\.count).reduce(0, +)
        if state.size + postings.places.count > Self.mostRows || keys >= Self.mostKeys {
            (state.postings, state.size) = ([:], 0)
        }
        state.size += postings.places.count
        state.postings[table, default: [:]][key] = postings
    }

    /// What a question met, looked up when it is not one of the last ones.
    func matches(
        _ question: String, _ look: () throws -> KnowledgeSearch.Matches
    ) rethrows -> KnowledgeSearch.Matches {
        guard question.utf8.count <= Self.longestQuestion else { return try look() }
        if let known = state.withLock({ $0.matches.last { $0.question == question } }) { return known.value }
        let found = try look()
        state.withLock { state in
            if state.matches.count >= Self.mostQuestions { state.matches.removeFirst() }
            state.matches.append((question, found))
        }
        return found
    }
}

/// The rows that have a key.
struct Postings: Sendable {
    struct Place: Sendable {
        let entry: Int
        /// How often it has the key, each time by the weight of the column.
        let weight: Double
    }

    /// How many rows have it.
    var rows = 0
    /// Read when the key is first used: what is in too many rows never is.
    var places: [Place] = []
}
