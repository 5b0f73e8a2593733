/// Phrases of several kinds with their weights, found in one walk over the words of a text.
struct PhraseLexicon: Sendable {
    /// What a phrase speaks for.
    enum Kind: Int, Sendable, CaseIterable {
        case positive, negative, anger, urgency, legal, press, safety, selfHarm, person, loss, denial, damage
        case thanks, settled, ownOrder, futureOrder

        /// As people who ask why see it; nil for what only helps to understand.
        var signal: Signal.Kind? {
            switch self {
            case .positive: .positive
            case .negative: .negative
            case .anger: .anger
            case .urgency: .urgency
            case .legal: .legal
            case .press: .press
            case .safety: .safety
            case .selfHarm: .selfHarm
            case .person: .person
            case .loss: .loss
            case .denial: .denial
            case .damage: .damage
            case .thanks, .settled, .ownOrder, .futureOrder: nil
            }
        }
    }

    /// A phrase found in a text.
    struct Match {
        var kind: Kind
        /// The first word of the phrase in the text.
        var start: Int
        /// The word after it.
        var end: Int
        var weight: Double
    }

    private struct Phrase: Sendable {
        var kind: Kind
        var hashes: [UInt64]
        var weight: Double
    }

    private let byFirst: WordTable<[Phrase]>

    /// - Parameter sections: For each kind its phrases, one group a line: the weight, then phrases parted by commas. `…`
    ///   inside a phrase stands for up to three words, `#` for a number of one or two digits.
    init(_ sections: [(Kind, String)]) {
        var byFirst: [UInt64: [Phrase]] = [:]
        for (kind, text) in sections {
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: " ", maxSplits: 1)
                guard parts.count == 2, let weight = Double(parts[0]) else {
                    assertionFailure("a lexicon line starts with its weight: \(line)")
                    continue
                }
                for phrase in parts[1].split(separator: ",") {
                    let hashes = phrase.split(separator: " ").map { Self.hash(String($0)) }
                    guard let first = hashes.first else { continue }
                    byFirst[first, default: []].append(Phrase(kind: kind, hashes: hashes, weight: weight))
                }
            }
        }
        self.byFirst = WordTable(
            byFirst.map { ($0.key, $0.value.sorted { $0.hashes.count > $1.hashes.count }) })
    }

    /// All matches in the order of the text; of each kind the longest at each word, not overlapping.
    func matches(_ words: Words) -> [Match] {
        var found: [Match] = []
        var next = [Int](repeating: 0, count: Kind.allCases.count)
        for index in words.words.indices {
            guard let place = byFirst.index(words.words[index].hash) else { continue }
            for phrase in byFirst.values[place] where next[phrase.kind.rawValue] <= index {
                guard let end = Self.end(of: phrase, words, at: index) else { continue }
                found.append(Match(kind: phrase.kind, start: index, end: end, weight: phrase.weight))
                next[phrase.kind.rawValue] = end
            }
        }
        return found
    }

    private static let gap: UInt64 = 0

    private static func hash(_ word: String) -> UInt64 {
        switch word {
        case "…": gap
        case "#": FeatureHash.finish(FeatureHash.step(FeatureHash.start, Words.smallNumberToken))
        default: Words.hash(word)
        }
    }

    private static func end(of phrase: Phrase, _ words: Words, at index: Int) -> Int? {
        var position = index + 1
        var slack = 0
        for hash in phrase.hashes.dropFirst() {
            if hash == gap {
                slack = 3
                continue
            }
            while slack > 0, position < words.words.count, words.words[position].hash != hash {
                position += 1
                slack -= 1
            }
            slack = 0
            guard position < words.words.count, words.words[position].hash == hash else { return nil }
            position += 1
        }
        return words.words[position - 1].sentence == words.words[index].sentence ? position : nil
    }
}
