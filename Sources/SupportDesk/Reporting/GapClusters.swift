import Foundation

/// Questions that no passage answers well and that are about the same.
public struct GapCluster: Sendable, Encodable {
    /// How many, of those that were looked at.
    public let count: Int
    /// The words that tell it from the others.
    public let words: [String]
    /// The languages and intents that they are in, the most frequent first.
    public let languages: [String]
    /// See `languages`.
    public let intents: [String]
    /// Some of them, with placeholders instead of people.
    public let examples: [String]
}

/// A question that no passage answers well, with placeholders instead of people.
struct GapQuestion: Sendable {
    let text: String
    let language: String
    let intent: String?
}

/// Brings questions together that are about the same, by the words that tell: each joins the group that it is most like, then all
/// are dealt out once more, so that their order counts for little.
struct GapClusters {
    /// Less alike than this, by the cosine of their words' weights, they are not about the same.
    private static let leastLikeness = 0.22
    private static let mostExamples = 3
    private static let mostWords = 4

    private struct Bag {
        var weights: [String: Double] = [:]

        mutating func add(_ other: Bag) { weights.merge(other.weights, uniquingKeysWith: +) }

        var length: Double { weights.values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

        func likeness(_ other: Bag) -> Double {
            let (small, large) = weights.count < other.weights.count ? (self, other) : (other, self)
            let product = small.weights.reduce(0.0) { $0 + $1.value * (large.weights[$1.key] ?? 0) }
            let lengths = length * other.length
            return lengths > 0 ? product / lengths : 0
        }
    }

    /// - Parameter most: groups at most; the smaller ones are left out.
    static func clusters(of questions: [GapQuestion], most: Int = 12) -> [GapCluster] {
        let words = questions.map { question in
            KnowledgeWords.telling(question.text).map { (key: key($0, question.language), word: $0) }
        }
        var spread: [String: Int] = [:]
        for words in words { for key in Set(words.map(\.key)) { spread[key, default: 0] += 1 } }
        let count = Double(max(1, questions.count))
        let bags = words.map { words in
            Bag(
                weights: Dictionary(words.map { ($0.key, log(1 + count / Double(spread[$0.key] ?? 1))) }) { first, _ in
                    first
                })
        }
        var members: [[Int]] = []
        var centres: [Bag] = []
        func nearest(_ bag: Bag) -> Int? {
            var best: (index: Int, likeness: Double)?
            for (index, centre) in centres.enumerated() {
                let likeness = bag.likeness(centre)
                if likeness >= leastLikeness, likeness > best?.likeness ?? 0 { best = (index, likeness) }
            }
            return best?.index
        }
        for (index, bag) in bags.enumerated() {
            if let near = nearest(bag) {
                members[near].append(index)
                centres[near].add(bag)
            } else {
                members.append([index])
                centres.append(bag)
            }
        }
        members = Array(repeating: [], count: centres.count)
        for (index, bag) in bags.enumerated() {
            if let near = nearest(bag) { members[near].append(index) }
        }
        return members.enumerated().filter { !$0.element.isEmpty }
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .prefix(most)
            .map { cluster($0.element, questions, words, bags) }
    }

    private static func cluster(
        _ members: [Int], _ questions: [GapQuestion], _ words: [[(key: String, word: String)]], _ bags: [Bag]
    ) -> GapCluster {
        var centre = Bag()
        for index in members { centre.add(bags[index]) }
        // Of the spellings of a key the most frequent one is shown.
        var spellings: [String: [String: Int]] = [:]
        for index in members { for (key, word) in words[index] { spellings[key, default: [:]][word, default: 0] += 1 } }
        let telling = centre.weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(mostWords)
            .compactMap { key, _ in spellings[key]?.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }
        // Those in the middle of the group tell most.
        let middle = members.sorted { (centre.likeness(bags[$0]), $1) > (centre.likeness(bags[$1]), $0) }
        var examples: [String] = []
        for text in middle.map({ questions[$0].text }) where examples.count < mostExamples {
            if !examples.contains(text) { examples.append(text) }
        }
        return GapCluster(
            count: members.count, words: telling, languages: ranked(members.map { questions[$0].language }),
            intents: ranked(members.compactMap { questions[$0].intent }), examples: examples)
    }

    private static func ranked(_ names: [String]) -> [String] {
        names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    private static func key(_ word: String, _ language: String) -> String {
        language == "en" ? WordKeys.stem(word) : WordKeys.sound(word)
    }
}
