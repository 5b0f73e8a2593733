import Foundation

/// The shop's own words for one thing, a file `knowledge/<lang>/synonyms.txt`:
///
///     # A name, a colon, and the words and phrases that mean it, with commas between them.
///     refund: refund, money back, reimburse
///
/// The names are shared by all languages: that is how a question in one language finds an article of another. The words of
/// a phrase may have two others between any two of them ("send the bowl back" is "send back").
struct Synonyms: Sendable {
    private struct Phrase {
        let keys: [String]
        let name: String
    }

    /// Phrases by the key of their first word.
    private var phrases: [String: [Phrase]] = [:]
    private let isEnglish: Bool

    /// Other words between two of a phrase.
    private static let gap = 2
    private static let longestPhrase = 6
    /// How many names a text may have: a flood of phrases must not become a flood of keys.
    private static let mostNames = 20_000

    /// No synonyms.
    init(language: String) { isEnglish = language == "en" }

    /// Reads a file's text.
    /// - Throws: `DeskError` naming file and line.
    init(_ text: String, language: String, path: String) throws {
        self.init(language: language)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingSpaces
            if line.isEmpty || line.hasPrefix("#") { continue }
            func wrong(_ words: String) -> DeskError { DeskError(.configuration, "\(path):\(index + 1): \(words)") }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw wrong("there is no colon between the name and its words") }
            let name = parts[0].trimmingSpaces
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else {
                throw wrong("a name is made of the letters a to z")
            }
            for phrase in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                let keys = KnowledgeWords.all(in: String(phrase)).map(key)
                guard !keys.isEmpty else { throw wrong("\"\(name)\" has an empty entry between two commas") }
                guard keys.count <= Self.longestPhrase else {
                    throw wrong("\"\(phrase.trimmingSpaces)\" has more than \(Self.longestPhrase) words")
                }
                phrases[keys[0], default: []].append(Phrase(keys: keys, name: name))
            }
        }
    }

    /// The names of what the words speak of, in order, as often as they do.
    func names(in words: [String]) -> [String] {
        let keys = words.map(key)
        var names: [String] = []
        for start in keys.indices {
            for phrase in phrases[keys[start]] ?? []
            where names.count < Self.mostNames && stands(phrase, in: keys, at: start) {
                names.append(phrase.name)
            }
        }
        return names
    }

    private func stands(_ phrase: Phrase, in keys: [String], at start: Int) -> Bool {
        var place = start
        for key in phrase.keys.dropFirst() {
            let window = keys[(place + 1)...].prefix(Self.gap + 1)
            guard let next = window.firstIndex(of: key) else { return false }
            place = next
        }
        return true
    }

    private func key(_ word: String) -> String {
        isEnglish && word.utf8.allSatisfy { $0 < 0x80 } ? WordKeys.stem(word) : WordKeys.sound(word)
    }
}
