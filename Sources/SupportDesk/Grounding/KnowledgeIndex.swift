import Foundation
import GRDB
import Transport
import Triage

/// The file of the knowledge index: opened when it fits the articles, made anew beside its place and moved there when it does
/// not, so that two processes that do so at once, and one that reads meanwhile, do no harm to each other.
final class KnowledgeIndex: Sendable {
    /// What else a search needs, which is not in the file.
    struct Catalogue: Sendable {
        /// The languages of the articles; the table of language *n* is `words_n`.
        let languages: [String]
        let synonyms: [String: Synonyms]
    }

    /// Counts up whenever the index of the same files would be another one.
    static let format = 3

    /// The condition on an article that it holds on a day, which is given twice.
    static let isValid = "(valid_from IS NULL OR valid_from <= ?) AND (valid_until IS NULL OR valid_until >= ?)"

    let catalogue: Catalogue
    private let folder: String
    private let path: String?
    private let queue: LockedBox<(DatabaseQueue, KnowledgeMemory)>
    private let topics: Once<KnowledgeTopics?>

    /// - Throws: `DeskError` naming an article or a file of synonyms that cannot be read, or the index.
    init(folder: String, path: String?) throws {
        self.folder = folder
        self.path = path
        let files = try KnowledgeFiles(folder: folder)
        let languages = files.languages
        catalogue = try Catalogue(
            languages: languages,
            synonyms: Dictionary(uniqueKeysWithValues: languages.map { ($0, try files.synonyms($0)) }))
        // Learnt, or mapped, for the first search: who looks up a lead only does not wait for it. Files that have gone since
        // cost the order of what is found, not the search.
        topics = Once {
            try? KnowledgeTopics(files: files, digest: files.digest(), path: path.map { $0 + ".model" })
        }
        if let path, let current = try Self.current(at: path, for: files) {
            queue = LockedBox((current, KnowledgeMemory()))
        } else {
            queue = LockedBox((try Self.make(files, catalogue, at: path), KnowledgeMemory()))
        }
    }

    /// Reads the index; one that turns out to be damaged is made anew, once.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (GRDB.Database, KnowledgeMemory) throws -> Value
    ) async throws -> Value {
        let (current, memory) = queue.withLock(\.self)
        // Nobody writes into an index that is in use; and a read that is made sure of it has every statement prepared anew.
        do {
            return try Self.read(current) { try body($0, memory) }
        } catch let error as GRDB.DatabaseError {
            guard Self.isDamage(error) else { throw Self.failure("read", error) }
        }
        let fresh = try Self.make(KnowledgeFiles(folder: folder), catalogue, at: path)
        let anew = KnowledgeMemory()
        queue.withLock { $0 = (fresh, anew) }
        do {
            return try Self.read(fresh) { try body($0, anew) }
        } catch let error as GRDB.DatabaseError {
            throw Self.failure("read", error)
        }
    }

    /// On this thread: a search takes less than going to another one and back.
    private static func read<Value>(_ queue: DatabaseQueue, _ body: (GRDB.Database) throws -> Value) throws -> Value {
        try queue.unsafeRead(body)
    }

    /// The articles that a question is likeliest about; none where nothing could be learnt.
    func topics(of question: String) async throws -> [IntentScore] {
        try await topics.value()?.likeliest(for: question) ?? []
    }

    private static func isDamage(_ error: GRDB.DatabaseError) -> Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_IOERR].contains(error.resultCode)
    }

    private static func failure(_ verb: String, _ error: GRDB.DatabaseError) -> DeskError {
        DeskError(.ledger, "cannot \(verb) the knowledge index: SQLite says \(error.resultCode)")
    }

    /// The index at a path when it was made of these files. Only when their signature differs are they read.
    private static func current(at path: String, for files: KnowledgeFiles) throws -> DatabaseQueue? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let signature = files.signature
        let queue: DatabaseQueue
        let edition: Row?
        do {
            queue = try self.open(path)
            edition = try queue.read { try Row.fetchOne($0, sql: "SELECT signature, digest, format FROM edition") }
        } catch {
            // Not a database, damaged, or of another form: it is made anew.
            return nil
        }
        guard let edition, edition["format"] == format else { return nil }
        if edition["signature"] == signature { return queue }
        guard edition["digest"] == (try files.digest()) else { return nil }
        try? queue.write { try $0.execute(sql: "UPDATE edition SET signature = ?", arguments: [signature]) }
        return queue
    }

    /// Another process may write the files' new signature at this moment.
    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func make(_ files: KnowledgeFiles, _ catalogue: Catalogue, at path: String?) throws -> DatabaseQueue
    {
        // Taken before the articles are read: a change in between shows the next time.
        let edition = (signature: files.signature, digest: try files.digest())
        let articles = try files.articles.map(Article.init(file:))
        try refuseTwins(articles)
        do {
            guard let path else {
                let queue = try DatabaseQueue()
                try queue.write { try fill($0, articles, catalogue, edition) }
                return queue
            }
            let draft = "\(path).\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: draft) }
            let descriptor = Foundation.open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor >= 0 { close(descriptor) }
            let building = try self.open(draft)
            try building.write { try fill($0, articles, catalogue, edition) }
            try building.close()
            guard rename(draft, path) == 0 else {
                throw DeskError(.ledger, "cannot write the knowledge index \(path)")
            }
            return try self.open(path)
        } catch let error as GRDB.DatabaseError {
            throw failure("write", error)
        }
    }

    private static func refuseTwins(_ articles: [Article]) throws {
        var seen: [[String]: Article] = [:]
        for article in articles {
            if let other = seen.updateValue(article, forKey: [article.id, article.language]) {
                throw DeskError(
                    .configuration,
                    "\(article.path):\(article.line(of: "id")): the id \"\(article.id)\" is that of \(other.path)")
            }
        }
    }

    private static func fill(
        _ database: GRDB.Database, _ articles: [Article], _ catalogue: Catalogue,
        _ edition: (signature: String, digest: String)
    ) throws {
        try database.execute(
            sql: """
                CREATE TABLE edition (signature TEXT NOT NULL, digest TEXT NOT NULL, format INTEGER NOT NULL);
                CREATE TABLE article (
                    key INTEGER PRIMARY KEY, id TEXT NOT NULL, language TEXT NOT NULL, title TEXT NOT NULL,
                    intents TEXT NOT NULL, lead TEXT NOT NULL, valid_from TEXT, valid_until TEXT, UNIQUE (id, language));
                CREATE TABLE entry (
                    key INTEGER PRIMARY KEY, article INTEGER NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL,
                    is_asked INTEGER NOT NULL, keys INTEGER NOT NULL);
                """)
        try database.execute(
            sql: "INSERT INTO edition VALUES (?, ?, ?)", arguments: [edition.signature, edition.digest, format])
        for table in catalogue.languages.indices {
            // The keys are made in code and stand between spaces. The categories keep a word of Devanagari whole.
            try database.execute(
                sql: """
                    CREATE VIRTUAL TABLE words_\(table) USING fts5 (
                        title, heading, text, asked, content = '',
                        tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'");
                    CREATE VIRTUAL TABLE frequency_\(table) USING fts5vocab (words_\(table), row);
                    CREATE VIRTUAL TABLE place_\(table) USING fts5vocab (words_\(table), instance);
                    """)
        }
        for article in articles where article.isPublic {
            guard let table = catalogue.languages.firstIndex(of: article.language) else { continue }
            try add(article, to: table, database, catalogue.synonyms[article.language] ?? Synonyms(language: ""))
        }
    }

    private static func add(
        _ article: Article, to table: Int, _ database: GRDB.Database, _ synonyms: Synonyms
    ) throws {
        func keys(_ text: String) -> [String] {
            KnowledgeWords.keys(ofArticle: text, language: article.language, synonyms: synonyms)
        }
        try database.cachedStatement(
            sql: """
                INSERT INTO article (id, language, title, intents, lead, valid_from, valid_until)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            article.id, article.language, article.title, " \(article.intents.joined(separator: " ")) ", article.lead,
            article.validFrom?.description, article.validUntil?.description,
        ])
        let key = database.lastInsertedRowID
        func insert(_ heading: String, _ text: String, isAsked: Bool, _ columns: [[String]]) throws {
            try database.cachedStatement(
                sql: "INSERT INTO entry (article, heading, text, is_asked, keys) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [key, heading, text, isAsked, columns.map(\.count).reduce(0, +)])
            try database.cachedStatement(
                sql: "INSERT INTO words_\(table) (rowid, title, heading, text, asked) VALUES (?, ?, ?, ?, ?)"
            ).execute(
                arguments: [database.lastInsertedRowID]
                    + StatementArguments(columns.map { $0.joined(separator: " ") }))
        }
        let title = keys(article.title)
        for (heading, text) in article.passages {
            try insert(heading, text, isAsked: false, [title, keys(heading), keys(text), []])
        }
        for line in article.asked { try insert("", line, isAsked: true, [[], [], [], keys(line)]) }
    }
}
