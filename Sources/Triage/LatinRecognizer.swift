import Glibc

/// Tells the languages that people of India type in Latin letters, which CLD2 does not know, from each other, from English and
/// from a few languages of Europe: a linear model over words, and a naive Bayes over letter triples for words it does not know.
///
/// Mail in Hindi borrows English words freely, English mail hardly a Hindi one. So a word counts by how rarely it is English:
/// one Hindi verb outweighs a line of English nouns, and "the" or "please" say little against it.
struct LatinRecognizer: Sendable {
    /// A weight for each language.
    typealias Scores = SIMD16<Float>

    static let shared = LatinRecognizer()

    private let words: WordTable<Scores>
    /// Hindi words with their spelling made even: one vowel for long and short, `v` for `w`.
    private let evened: WordSet
    private let triples: LetterTriples
    /// The tags of `Scores`; the rest is empty.
    private let tags: [String]
    private let last: WordTable<Float>
    private static let me = Words.hash("me")
    private static let english = 0
    private static let hindi = 1
    private let europe: Range<Int>

    /// What the words of a text speak for.
    struct Evidence {
        var scores = Scores()
        /// Words that English does not have, for Hindi.
        var hindiWords = 0
        /// English function words.
        var englishWords = 0
        /// Words that English has, of whichever kind.
        var knownEnglish = 0
        /// Words in Latin letters.
        var words = 0
    }

    /// How much a word of each list counts.
    private enum Weight {
        static let strong: Float = 6
        static let plain: Float = 3
        static let weak: Float = 0.7
        static let loan: Float = 0.4
        static let english: Float = 2
        static let content: Float = 0.3
        static let shared: Float = 0.4
        static let neighbour: Float = 4
        static let european: Float = 2.5
        /// A known word in an unusual spelling.
        static let evened: Float = 2.5
        /// What letters alone can say at most, for and against Hindi.
        static let letters: ClosedRange<Float> = -0.1...1.4
        /// A word of a name: "Apna Bazaar".
        static let name: Float = 0.3
        /// "Chicago me concerts": no verb stands before this "me".
        static let place: Float = 2.2
    }

    private init() {
        var tags = ["en", "hi-Latn"]
        var scores: [UInt64: Scores] = [:]
        let shared = WordSet(LatinWords.shared + " " + LatinWords.english + " " + LatinWords.englishContent)
        func add(_ text: String, _ language: Int, _ weight: Float) {
            for word in WordTable<Scores>.split(text) {
                let isShared = language > Self.hindi && shared.contains(word)
                scores[word, default: Scores()][language] = isShared ? Weight.shared : weight
            }
        }
        let known = WordSet(LatinWords.english + " " + LatinWords.englishContent)
        for form in Self.verbForms where !known.contains(Words.hash(form)) {
            add(form, Self.hindi, form.utf8.count >= 5 ? 4 : 2)
        }
        add(LatinWords.hindiLoan, Self.hindi, Weight.loan)
        add(LatinWords.hindiWeak, Self.hindi, Weight.weak)
        add(LatinWords.hindiPlain, Self.hindi, Weight.plain)
        add(LatinWords.hindiStrong, Self.hindi, Weight.strong)
        for (tag, text) in LatinWords.neighbours {
            add(text, tags.count, Weight.neighbour)
            tags.append(tag)
        }
        europe = tags.count..<tags.count + LatinWords.europeans.count
        for (tag, text) in LatinWords.europeans {
            add(text, tags.count, Weight.european)
            tags.append(tag)
        }
        add(LatinWords.englishContent, Self.english, Weight.content)
        add(LatinWords.english, Self.english, Weight.english)
        self.tags = tags
        last = WordTable(lists: LatinWords.hindiLast)
        words = WordTable(scores.map { ($0.key, $0.value) })
        let hindi = (LatinWords.hindiStrong + " " + LatinWords.hindiPlain).split { $0 == " " || $0 == "\n" }
        evened = WordSet(
            hindi.filter { $0.utf8.count >= 4 }.map { Self.even($0.unicodeScalars.map(\.value)) }.joined(separator: " ")
        )
        triples = LetterTriples(
            for: hindi.map(String.init) + Self.verbForms,
            against: (LatinWords.english + " " + LatinWords.englishContent).split { $0 == " " || $0 == "\n" }
                .map(String.init))
    }

    /// Every stem with every ending: bhejo, bhejiye, bhejenge, …
    private static let verbForms: [String] = {
        func split(_ text: String) -> [String] { text.split { $0 == " " || $0 == "\n" }.map(String.init) }
        let consonants = split(LatinWords.consonantStems).flatMap { stem in
            LatinWords.consonantEndings.map { stem + $0 }
        }
        let vowels = split(LatinWords.vowelStems).flatMap { stem in
            LatinWords.vowelEndings.flatMap { [stem + $0, stem + "a" + $0] }
        }
        return consonants + vowels
    }()

    /// The spelling with single vowels and consonants: "jaldee" and "jaldi", "wapas" and "vapas" become one.
    private static func even(_ word: some Sequence<UInt32>) -> String {
        var result = String.UnicodeScalarView()
        var last: UInt32 = 0
        for scalar in word {
            var scalar = scalar
            switch scalar {
            case 0x77: scalar = 0x76  // w, v
            case 0x7A: scalar = 0x6A  // z, j
            case 0x71: scalar = 0x6B  // q, k
            case 0x65 where last == 0x65: scalar = 0x69  // ee, i
            case 0x6F where last == 0x6F: scalar = 0x75  // oo, u
            default: break
            }
            if scalar == 0x69 && last == 0x65 || scalar == 0x75 && last == 0x6F { result.removeLast() }
            if scalar != last, let unicode = Unicode.Scalar(scalar) { result.append(unicode) }
            last = scalar
        }
        return String(result)
    }

    func evidence(_ text: Words, _ range: Range<Int>) -> Evidence {
        var evidence = Evidence()
        for index in range {
            let word = text.words[index]
            let first = text.scalars[word.start]
            guard first < 0x250, !CharacterClass.isDigit(first) else { continue }
            evidence.words += 1
            if let place = words.index(word.hash) {
                add(words.values[place], Self.isName(text, index), &evidence)
            } else if word.end - word.start >= 4 {
                addUnknown(text.scalars[word.start..<word.end], &evidence)
            }
            addPlace(text, index, range, &evidence)
        }
        return evidence
    }

    private func add(_ scores: Scores, _ isName: Bool, _ evidence: inout Evidence) {
        guard !isName || scores[Self.english] > 0 else {
            evidence.scores += scores * Weight.name
            return
        }
        evidence.scores += scores
        if scores[Self.hindi] >= 2, scores[Self.english] == 0 { evidence.hindiWords += 1 }
        if scores[Self.english] >= Weight.english { evidence.englishWords += 1 }
        if scores[Self.english] > 0 { evidence.knownEnglish += 1 }
    }

    private func addUnknown(_ word: ArraySlice<UInt32>, _ evidence: inout Evidence) {
        let letters = triples.score(word)
        if letters > 0, evened.contains(Words.hash(Self.even(word))) {
            evidence.scores[Self.hindi] += Weight.evened
            evidence.hindiWords += 1
        } else {
            evidence.scores[Self.hindi] += min(max(letters, Weight.letters.lowerBound), Weight.letters.upperBound)
        }
    }

    /// What the place of a word tells: Hindi verbs end a sentence, "me" without a verb before it is "in".
    private func addPlace(_ text: Words, _ index: Int, _ range: Range<Int>, _ evidence: inout Evidence) {
        let word = text.words[index]
        let isLast = index + 1 == range.upperBound || text.words[index + 1].sentence != word.sentence
        if isLast {
            // "What should I do?" ends so too.
            guard index > range.lowerBound, evidence.englishWords == 0, let weight = last[word.hash] else { return }
            evidence.scores[Self.hindi] += weight
        } else if word.hash == Self.me, index >= range.lowerBound + 2, text.words[index - 2].sentence == word.sentence,
            !text.words[index + 1].startsClause,
            words.index(text.words[index - 1].hash) == nil, !Self.isDoing(text, index - 1),
            words[text.words[index + 1].hash].map({ $0[Self.english] < Weight.english }) ?? true
        {
            evidence.scores[Self.hindi] += Weight.place
        }
    }

    /// "Sending me" is English.
    private static func isDoing(_ text: Words, _ index: Int) -> Bool {
        text.scalars[text.words[index].start..<text.words[index].end].suffix(3).elementsEqual([0x69, 0x6E, 0x67])
    }

    /// A capital inside a sentence that is not all in capitals.
    private static func isName(_ text: Words, _ index: Int) -> Bool {
        let word = text.words[index]
        guard index > 0, !word.startsClause, !word.isShouted, text.words[index - 1].sentence == word.sentence else {
            return false
        }
        return (0x41...0x5A).contains(text.source[word.at])
    }

    /// What the evidence makes of a text.
    enum Verdict {
        case indian(String, Double)
        /// Sure when more than one word speaks for it.
        case european(String, isSure: Bool)
        case english
        /// Nothing is known of the words.
        case none
    }

    /// - Parameter prior: What is known beforehand for Hindi, in the unit of the weights.
    func verdict(_ evidence: Evidence, prior: Float) -> Verdict {
        let scores = evidence.scores
        var best = Self.hindi
        // Punjabi and Marathi share words with Hindi, Hindi has none of theirs.
        let two = 2 * Weight.neighbour
        for index in Self.hindi + 1..<europe.lowerBound
        where scores[index] > scores[best] || scores[index] >= two && scores[index] > scores[best] / 2 { best = index }
        var european = europe.lowerBound
        for index in europe where scores[index] > scores[european] { european = index }
        // The first English words count in full; a long text has many without being less Hindi for it.
        let english = scores[Self.english]
        let damped = min(english, 3) + max(0, english - 3) * 0.15
        let length = Float(max(evidence.words, 1))
        let least = best == Self.hindi ? Weight.plain - 1 : evidence.words > 4 ? two - 1 : Weight.neighbour
        let own = scores[best] + (best == Self.hindi ? prior : 0)
        let isMostlyEnglish =
            evidence.words >= 12 && Float(evidence.englishWords) / length > 0.25
            && Float(evidence.hindiWords) / length < 0.12
        if own >= least, own > damped, own > scores[european], !isMostlyEnglish || best != Self.hindi && own > english {
            let margin = Double(min(own - damped, own - scores[european]))
            return .indian(tags[best], min(0.98, 0.55 + margin * 0.06))
        }
        if scores[european] >= Weight.european, scores[european] > english {
            return .european(tags[european], isSure: scores[european] >= 2 * Weight.european)
        }
        return english > 0 ? .english : .none
    }
}

/// A naive Bayes over the letter triples of words, learned from two lists.
private struct LetterTriples: Sendable {
    private var odds: [Float]
    private static let mask = 4095

    init(for ours: [String], against theirs: [String]) {
        func count(_ words: [String]) -> (counts: [Float], sum: Float) {
            var counts = [Float](repeating: 0.5, count: Self.mask + 1)
            for word in words {
                let scalars = word.unicodeScalars.map(\.value)
                Self.each(scalars[...]) { counts[$0] += 1 }
            }
            return (counts, counts.reduce(0, +))
        }
        let (a, aSum) = count(ours)
        let (b, bSum) = count(theirs)
        odds = zip(a, b).map { Self.log($0 / aSum) - Self.log($1 / bSum) }
    }

    /// The mean over the triples of a word: above 0 for ours.
    func score(_ word: ArraySlice<UInt32>) -> Float {
        var sum: Float = 0
        var count: Float = 0
        Self.each(word) {
            sum += odds[$0]
            count += 1
        }
        return count == 0 ? 0 : sum / count
    }

    /// Triples of `^word$`.
    @inline(__always)
    private static func each(_ word: ArraySlice<UInt32>, _ body: (Int) -> Void) {
        var first: UInt32 = 0
        var second: UInt32 = 0x5E
        for index in word.startIndex...word.endIndex {
            let third = index < word.endIndex ? word[index] : 0x24
            if first != 0 {
                let mixed = (first &* 31 &+ second) &* 31 &+ third
                body(Int(mixed &* 2_654_435_761 >> 12) & mask)
            }
            first = second
            second = third
        }
    }

    private static func log(_ value: Float) -> Float { Float(Glibc.log(Double(value))) }
}
