import Foundation
import Mail

/// How customers say in a language whether a reply was an answer: `feedback.yaml` of a folder of replies.
struct FeedbackWords: Sendable {
    /// Phrases as lists of words.
    private let phrases: [Meaning: Set<[String]>]
    /// What stands in the subject of a mail that a link makes.
    let subjects: [Feedback.Vote: String]
    /// What a number means, for who chooses one.
    let scores: [Int: String]

    private enum Meaning: String, CaseIterable {
        case yes, no
        /// Says nothing beside either: thanks, greetings.
        case beside
        /// Stands with a number: "out of", "stars".
        case number = "with_number"
    }

    /// Mail with more words says more than that.
    private static let maximumWords = 30

    /// Nothing is understood, and links say `Yes` and `No`.
    init() { (phrases, subjects, scores) = ([:], [:], [:]) }

    /// - Throws: `DeskError` that names file, line and key.
    init(file: String) throws {
        let reader = try ConfigurationReader.root(of: file)
        var phrases: [Meaning: Set<[String]>] = [:]
        for meaning in Meaning.allCases {
            phrases[meaning] = Set(try reader.oneOrMore(meaning.rawValue).map(Self.words)).filter { !$0.isEmpty }
        }
        self.phrases = phrases
        var subjects: [Feedback.Vote: String] = [:]
        if let words = try reader.reader("subjects") {
            for vote in [Feedback.Vote.yes, .no] { subjects[vote] = try words.text(vote.rawValue) }
            try words.finish()
        }
        self.subjects = subjects
        var scores: [Int: String] = [:]
        if let words = try reader.reader("scores") {
            for score in 1...5 { scores[score] = try words.text(String(score)) }
            try words.finish()
        }
        self.scores = scores
        try reader.finish()
    }

    /// All that is understood in any of several languages, with the first one's own words for links.
    init(_ all: [FeedbackWords]) {
        phrases = all.reduce(into: [:]) { $0.merge($1.phrases) { $0.union($1) } }
        subjects = all.first?.subjects ?? [:]
        scores = all.first?.scores ?? [:]
    }

    /// What a text says of a reply, when it says nothing else: every word of it belongs to a phrase.
    /// - Parameters:
    ///   - names: of the sender, which may stand below.
    ///   - isNumberEnough: whether a number without "of 5" counts.
    /// - Returns: nil when it says anything else, or both yes and no.
    func answer(in text: String, signedBy names: Set<String> = [], isNumberEnough: Bool) -> FeedbackToken.Answer? {
        guard text.utf8.count <= 2_000 else { return nil }
        var words = Self.words(text)
        while let last = words.last, names.contains(last) { words.removeLast() }
        guard !words.isEmpty, words.count <= Self.maximumWords else { return nil }
        if let score = score(words, isNumberEnough) { return .score(score) }
        // By places between words: what the words up to there can have said.
        var reached = Array(repeating: Set<Said>(), count: words.count + 1)
        reached[0] = [[]]
        let longest = phrases.values.joined().map(\.count).max() ?? 0
        for start in words.indices where !reached[start].isEmpty {
            for end in (start + 1)...min(start + max(longest, 1), words.count) {
                let phrase = Array(words[start..<end])
                let said = [(Meaning.yes, Said.yes), (.no, .no), (.beside, [])].filter {
                    phrases[$0.0]?.contains(phrase) == true
                }
                for (_, more) in said { reached[end].formUnion(reached[start].map { $0.union(more) }) }
            }
        }
        let whole = reached[words.count].filter { !$0.isEmpty }
        if whole == [.yes] { return .vote(.yes) }
        return whole == [.no] ? .vote(.no) : nil
    }

    private struct Said: OptionSet, Hashable {
        let rawValue: Int
        static let yes = Said(rawValue: 1)
        static let no = Said(rawValue: 2)
    }

    /// "4/5", "4 out of 5", "5 में से 4"; "4" alone where a number is what she was asked for.
    private func score(_ words: [String], _ isNumberEnough: Bool) -> Int? {
        var numbers: [Int] = []
        var index = 0
        while index < words.count {
            if words[index].count == 1, let number = words[index].first?.wholeNumberValue {
                numbers.append(number)
                index += 1
                continue
            }
            let beside = (phrases[.number] ?? []).union(phrases[.beside] ?? [])
            let room = words[index...]
            guard let phrase = beside.filter({ room.starts(with: $0) }).max(by: { $0.count < $1.count }) else {
                return nil
            }
            index += phrase.count
        }
        switch numbers.count {
        case 1 where isNumberEnough && (1...5).contains(numbers[0]): return numbers[0]
        case 2 where numbers[1] == 5 && (1...5).contains(numbers[0]): return numbers[0]
        case 2 where numbers[0] == 5 && (1...5).contains(numbers[1]): return numbers[1]
        default: return nil
        }
    }

    /// The words of a text in lower case, without marks; a picture such as a thumb is one as well.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text.precomposedStringWithCompatibilityMapping.lowercased() {
            if character.isLetter || character.isNumber {
                word.append(character)
            } else if character != "'", character != "’" {
                if !word.isEmpty { words.append(word) }
                word = ""
                if let scalar = character.unicodeScalars.first, scalar.properties.isEmojiPresentation {
                    words.append(String(scalar))
                }
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    /// The words of a mailbox that people sign with.
    static func names(of mailbox: Mailbox) -> Set<String> {
        Set(words(mailbox.name ?? "") + words(mailbox.localPart))
    }
}
