import Foundation

/// The files of a knowledge folder: `<lang>/<id>.md` and `<lang>/synonyms.txt`.
struct KnowledgeFiles: Sendable {
    /// Articles, by language and name.
    let articles: [String]
    /// The languages that have a folder, in order.
    let languages: [String]
    private let folder: String
    private let all: [String]

    /// - Throws: `DeskError` when the folder cannot be read.
    init(folder: String) throws {
        let manager = FileManager.default
        guard let entries = try? manager.contentsOfDirectory(atPath: folder) else {
            throw DeskError(.configuration, "cannot read the knowledge folder \(folder)")
        }
        var articles: [String] = []
        var languages: [String] = []
        var synonyms: [String] = []
        for language in entries.sorted() {
            guard let inside = try? manager.contentsOfDirectory(atPath: "\(folder)/\(language)") else { continue }
            languages.append(language)
            for name in inside.sorted() {
                if name.hasSuffix(".md") { articles.append("\(folder)/\(language)/\(name)") }
                if name == "synonyms.txt" { synonyms.append("\(folder)/\(language)/\(name)") }
            }
        }
        self.folder = folder
        self.articles = articles
        self.languages = languages
        all = articles + synonyms
    }

    /// What tells without reading that nothing changed: paths, sizes, instants, inodes.
    var signature: String {
        all.map { path in
            var info = stat()
            guard stat(path, &info) == 0 else { return path }
            return "\(path) \(info.st_size) \(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec) \(info.st_ino)"
        }.joined(separator: "\n")
    }

    /// A digest of all contents.
    func digest() throws -> String {
        var bytes: [UInt8] = Array("\(KnowledgeIndex.format)\n".utf8)
        for path in all {
            let text = try Self.text(of: path)
            bytes += "\(path.dropFirst(folder.utf8.count)) \(text.utf8.count)\n".utf8
            bytes += text.utf8
        }
        return Seal.fingerprint(bytes)
    }

    /// The synonyms of a language; none when it has no file.
    /// - Throws: `DeskError` naming file and line.
    func synonyms(_ language: String) throws -> Synonyms {
        let path = "\(folder)/\(language)/synonyms.txt"
        guard all.contains(path) else { return Synonyms(language: language) }
        return try Synonyms(Self.text(of: path), language: language, path: path)
    }

    /// A file's text.
    /// - Throws: `DeskError` when it is not UTF-8 or 1 MiB or more.
    static func text(of path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 20,
            let text = String(data: data, encoding: .utf8)
        else { throw DeskError(.configuration, "\(path): not readable as UTF-8 under 1 MiB") }
        return text
    }
}
