import GRDB
import Synchronization

/// Which article each row of the knowledge index is of: read once, a hundred bytes a row, in place of two look-ups for each
/// row that a search meets.
struct KnowledgeEntries: Sendable {
    struct Entry: Sendable {
        let article: Int64
        let id: String
        let validUntil: String?
        let isAsked: Bool
        let isLead: Bool
    }

    let all: [Int64: Entry]
    /// What each article is about, by its id.
    let intents: [String: Set<Substring>]

    init(_ database: GRDB.Database) throws {
        var all: [Int64: Entry] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT entry.key, article.key, article.id, article.valid_until, is_asked, heading = ''
                FROM entry JOIN article ON article.key = entry.article
                """)
        var last: (key: Int64, id: String)?
        while let row = try rows.next() {
            let article: Int64 = row[1]
            let id = if let last, last.key == article { last.id } else { row[2] as String }
            last = (article, id)
            all[row[0]] = Entry(article: article, id: id, validUntil: row[3], isAsked: row[4], isLead: row[5])
        }
        self.all = all
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
        var matches: [(question: String, value: KnowledgeSearch.Matches)] = []
    }

    private let state = Mutex(State())
    private static let mostQuestions = 32
    /// Longer ones are looked up each time; in bytes.
    private static let longestQuestion = 4_000

    /// The entries, read when they are first needed.
    func entries(_ database: GRDB.Database) throws -> KnowledgeEntries {
        if let entries = state.withLock(\.entries) { return entries }
        let entries = try KnowledgeEntries(database)
        state.withLock { $0.entries = entries }
        return entries
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
