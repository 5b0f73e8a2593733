/// Phrases with a weight, found in one walk over the words of a text.
struct PhraseLexicon: Sendable {
    /// A phrase found in a text.
    struct Match {
        /// The first word of the phrase in the text.
        var start: Int
        /// The word after it.
        var end: Int
        var weight: Double
    }

    private struct Phrase: Sendable {
        var hashes: [UInt64]
        var weight: Double
    }

    private var byFirst: [UInt64: [Phrase]] = [:]

    /// - Parameter text: One group a line: the weight, then phrases parted by commas. `…` inside a phrase stands for up to
    ///   three words.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let weight = Double(parts[0]) else {
                assertionFailure("a lexicon line starts with its weight: \(line)")
                continue
            }
            for phrase in parts[1].split(separator: ",") {
                let hashes = phrase.split(separator: " ").map { $0 == "…" ? Self.gap : Words.hash(String($0)) }
                guard let first = hashes.first else { continue }
                byFirst[first, default: []].append(Phrase(hashes: hashes, weight: weight))
            }
        }
        for key in byFirst.keys { byFirst[key]?.sort { $0.hashes.count > $1.hashes.count } }
    }

    /// All matches, longest first at each word, not overlapping.
    func matches(_ words: Words) -> [Match] {
        var found: [Match] = []
        var index = 0
        while index < words.words.count {
            if let match = match(words, at: index) {
                found.append(match)
                index = match.end
            } else {
                index += 1
            }
        }
        return found
    }

    func contains(_ word: UInt64) -> Bool { byFirst[word]?.contains { $0.hashes.count == 1 } ?? false }

    private static let gap: UInt64 = 0

    private func match(_ words: Words, at index: Int) -> Match? {
        guard let phrases = byFirst[words.words[index].hash] else { return nil }
        for phrase in phrases {
            var position = index + 1
            var fits = true
            var slack = 0
            for hash in phrase.hashes.dropFirst() {
                if hash == Self.gap {
                    slack = 3
                    continue
                }
                while slack > 0, position < words.words.count, words.words[position].hash != hash {
                    position += 1
                    slack -= 1
                }
                slack = 0
                guard position < words.words.count, words.words[position].hash == hash else {
                    fits = false
                    break
                }
                position += 1
            }
            if fits, words.words[position - 1].sentence == words.words[index].sentence {
                return Match(start: index, end: position, weight: phrase.weight)
            }
        }
        return nil
    }
}
