/// What a mail asks: its sentences classified one by one and as a whole, and merged.
///
/// One sentence often asks and five tell the story; two sentences may ask two things. So a sentence that asks counts in
/// full, one that tells counts less, and a second intent needs a sentence of its own.
struct MailReading {
    private(set) var intents: [IntentScore] = []
    private(set) var outOfScope = 1.0
    private(set) var gratitudeOnly = false
    /// The mail says in so many words that it asks for more than one thing.
    private var announcesSecond = false

    /// A second intent must be this sure, when its sentence asks; less when two intents that are close to each other (to see
    /// an invoice, to get one) share the probability.
    static let secondIntent = 0.5
    /// The second half of a sentence ("… and how long does it take") has less to go by.
    static let secondIntentOfFragment = 0.7
    /// A sentence that leans on another ("… and when do I see it?") mostly asks about the same matter.
    static let secondIntentOfDependent = 0.9
    /// A sentence that only tells must be this sure to count as a second matter.
    static let secondIntentTold = 0.97
    /// A sentence that asks something and is out of scope by this much makes the mail so.
    static let strayQuestion = 0.75
    /// The same for a sentence that leans on another ("… and how long is it?"): alone it is hard to understand.
    static let strayDependent = 0.95
    /// Sentences beyond this many are not looked at: what a person asks stands near the top.
    static let maximumSentences = 60
    /// A mail of more sentences than this tells a story.
    static let longMail = 10
    /// How many words at the head of a sentence may announce it: "and one more thing".
    static let announcement = 4
    /// More intents than this in one mail are a newsletter or an attack.
    static let maximumIntents = 4

    /// What can be over and done with.
    private static let settledMatters: Set<String> = [
        "track_order", "track_refund", "delivery_period", "delivery_options", "recover_password", "get_invoice",
        "check_invoice",
    ]

    private struct Sentence {
        var from: Int
        var to: Int
        var isSubject: Bool
        var asks: Bool
        /// It asks in so many words, not only by "I need" or "I would like", which stories say too.
        var asksPlainly: Bool
        /// It ended in a question mark.
        var isQuestion: Bool
        /// The sentence goes on from another: "… and how do I …".
        var isFragment: Bool
        /// The sentence leans on the others: it says "it" or "that one", or takes up a word of theirs.
        var isDependent = false
        /// It says that something else follows: "also", "one more thing".
        var announces = false
        /// Words that are neither vague nor numbers.
        var matterWords: Int
        var scores: IntentScores
        var weight = 1.0
    }

    /// - Parameters:
    ///   - words: The subject's words, then the body's.
    ///   - subjectCount: How many of them are the subject's.
    init(_ words: Words, subjectCount: Int, mood: Mood, classifier: IntentClassifier) {
        var sentences = Self.sentences(words, subjectCount, classifier)
        gratitudeOnly = Self.isGratitudeOnly(words, subjectCount, sentences, mood)
        guard !sentences.isEmpty else { return }
        Self.markDependents(&sentences, words)
        let someAsks = sentences.contains { $0.asks && !$0.isSubject && $0.matterWords > 0 }
        let somePlain = sentences.contains { $0.asksPlainly && !$0.isSubject && $0.matterWords > 0 }
        let hasBody = sentences.contains { !$0.isSubject }
        let hasMatter = sentences.contains { $0.matterWords > 0 }
        announcesSecond = sentences.contains { $0.announces && $0.asks && $0.matterWords > 0 }
        for index in sentences.indices {
            if sentences[index].isSubject {
                sentences[index].weight = hasBody ? 0.7 : 1
            } else if sentences[index].matterWords == 0, !sentences[index].asks, hasMatter {
                // A number alone says which order is meant, not what is to be done about it.
                sentences[index].weight = 0.5
            } else if !sentences[index].asks, someAsks {
                sentences[index].weight = 0.75
            } else if !sentences[index].asksPlainly, somePlain {
                sentences[index].weight = 0.85
            }
        }
        let whole = sentences.count > 1 ? Self.whole(words, subjectCount, sentences, classifier) : sentences[0].scores
        merge(sentences, whole)
    }

    private mutating func merge(_ sentences: [Sentence], _ whole: IntentScores) {
        var best: [String: (score: Double, sentence: Int)] = [:]
        // What two sentences say, or the subject and a sentence, is surer than what one says.
        var support: [String: Double] = [:]
        for (index, sentence) in sentences.enumerated() {
            for score in sentence.scores.ranked.prefix(3) {
                let value = score.confidence * sentence.weight
                let known = best[score.intent]?.score ?? 0
                if value > known { best[score.intent] = (value, index) }
                support[score.intent] = max(support[score.intent] ?? 0, min(value, known))
            }
        }
        var wholeScore: [String: Double] = [:]
        for score in whole.ranked { wholeScore[score.intent] = score.confidence }
        func final(_ intent: String) -> Double {
            let alone = best[intent]?.score ?? 0
            let together = wholeScore[intent] ?? 0
            let single = max(alone, (alone + together) / 2, together * 0.95)
            return min(max(single, 0.99), single + 0.25 * (support[intent] ?? 0))
        }
        var names = Set(best.keys)
        for score in whole.ranked.prefix(3) { names.insert(score.intent) }
        let ranked = names.map { IntentScore(intent: $0, confidence: final($0)) }
            .sorted { ($1.confidence, $0.intent) < ($0.confidence, $1.intent) }
        guard let first = ranked.first else { return }
        if first.confidence >= 0.1 { intents = [first] }
        for (index, sentence) in sentences.enumerated() where !sentence.isSubject {
            guard let top = sentence.scores.ranked.first, top.intent != first.intent,
                intents.count < Self.maximumIntents,
                best[top.intent]?.sentence == index, best[first.intent]?.sentence != index
            else { continue }
            // "How does that work?" asks about what was said before, not something new.
            guard sentence.matterWords >= 2 || (sentence.matterWords == 1 && top.confidence >= 0.85) else { continue }
            var needed = sentence.isFragment ? Self.secondIntentOfFragment : Self.secondIntent
            if !sentence.asksPlainly {
                guard sentence.matterWords >= 2 else { continue }
                needed = Self.secondIntentTold
            } else if sentence.isDependent, !sentence.announces {
                needed = Self.secondIntentOfDependent
            }
            // A second matter leaves its mark on the whole mail; a misread aside does not, unless it is announced.
            guard
                announcesSecond || whole.ranked.prefix(Self.maximumIntents).contains(where: { $0.intent == top.intent })
            else {
                continue
            }
            // The same matter in other words is no second matter.
            let sameMatter = sentence.scores.ranked.first { $0.intent == first.intent }?.confidence ?? 0
            let next = sentence.scores.ranked.dropFirst().first?.confidence ?? 0
            let isBetweenTwo = top.confidence >= 0.35 && top.confidence + next >= 0.75
            guard top.confidence >= needed || (needed == Self.secondIntent && isBetweenTwo), sameMatter < 0.25,
                top.confidence > sentence.scores.outOfScope
            else {
                continue
            }
            intents.append(IntentScore(intent: top.intent, confidence: top.confidence * sentence.weight))
        }
        var base = whole.outOfScope
        if let place = best[first.intent]?.sentence { base = min(base, sentences[place].scores.outOfScope) }
        if first.confidence < 0.35 { base = max(base, whole.outOfScope) }
        var stray = 0.0
        let taken = Set(intents.map(\.intent))
        let somePlain = sentences.contains { $0.asksPlainly && !$0.isSubject }
        let isLong = sentences.count > Self.longMail
        for sentence in sentences where !sentence.isSubject && sentence.matterWords >= 2 {
            // In a long story "please" and "when" are told as well; there only a question mark asks.
            let asks = isLong ? sentence.isQuestion : sentence.asksPlainly || (sentence.asks && !somePlain)
            guard asks else { continue }
            let limit = sentence.isDependent ? Self.strayDependent : Self.strayQuestion
            if sentence.scores.outOfScope >= limit {
                stray = max(stray, sentence.scores.outOfScope)
            } else if sentence.isQuestion, sentence.matterWords >= 4, !sentence.isDependent {
                // A question of which nobody knows what it is must not be passed over in silence.
                let known = sentence.scores.ranked.reduce(0) { taken.contains($1.intent) ? $0 + $1.confidence : $0 }
                if known < 0.1 { stray = max(stray, 0.5 + sentence.scores.outOfScope / 2) }
            }
        }
        outOfScope = max(base, stray, intents.isEmpty ? Self.strayQuestion : 0)
    }

    private static func sentences(_ words: Words, _ subjectCount: Int, _ classifier: IntentClassifier) -> [Sentence] {
        var found: [Sentence] = []
        var from = 0
        let all = words.words
        var isFragment = false
        while from < all.count, found.count < maximumSentences {
            var to = from + 1
            while to < all.count, all[to].sentence == all[from].sentence, to != subjectCount,
                !startsSecondQuestion(words, from, to)
            {
                to += 1
            }
            var matter = 0
            let isAddressed = Lexicons.salutations.contains(all[from].hash)
            var pleasant = true
            var asks = words.isQuestion[all[from].sentence]
            var asksPlainly = asks
            for index in from..<to {
                let hash = all[index].hash
                // "Dear customer care," is no question for customer care.
                if !Lexicons.pleasantries.contains(hash), !isAddressed || !Lexicons.addressees.contains(hash) {
                    pleasant = false
                }
                let isNumber = words.scalars[all[index].start] >= 0xE000 && words.scalars[all[index].start] <= 0xE003
                if !isNumber, !Lexicons.vague.contains(hash), !Lexicons.pleasantries.contains(hash) { matter += 1 }
                if Lexicons.requestAnywhere.contains(hash),
                    index == from || !Lexicons.negators.contains(all[index - 1].hash),
                    !tellsWhen(words, index, to)
                {
                    asks = true
                    if !Lexicons.wishes.contains(hash) { asksPlainly = true }
                }
                if all[index].startsClause, Lexicons.requestAtStart.contains(hash) {
                    asks = true
                    asksPlainly = true
                }
            }
            if !pleasant {
                let announces =
                    all[from].hash == Lexicons.while
                    || (from..<min(from + Self.announcement, to)).contains {
                        Lexicons.additions.contains(all[$0].hash)
                    }
                let core = trimmed(words, from, to, announces: announces)
                found.append(
                    Sentence(
                        from: from, to: to, isSubject: to <= subjectCount, asks: asks, asksPlainly: asksPlainly,
                        isQuestion: words.isQuestion[all[from].sentence], isFragment: isFragment,
                        announces: announces, matterWords: matter,
                        scores: classifier.scores(
                            words, from: core.lowerBound, to: core.upperBound, subjectCount: subjectCount)))
            }
            isFragment = to < all.count && to != subjectCount && all[to].sentence == all[from].sentence
            from = to
        }
        return found
    }

    /// The words of the sentences that ask, without greetings; of those that tell, where none asks. The subject's when there is
    /// nothing else.
    static func utterance(_ words: Words, subjectCount: Int, classifier: IntentClassifier) -> [Range<Int>] {
        let told = sentences(words, subjectCount, classifier).filter { $0.matterWords > 0 }
        let body = told.filter { !$0.isSubject }
        let asking = body.filter { $0.asks && $0.matterWords > 1 }
        let chosen = asking.isEmpty ? body.isEmpty ? told : body : asking
        return chosen.prefix(maximumUtterance).map { trimmed(words, $0.from, $0.to, announces: $0.announces) }
    }

    /// An utterance has no more sentences than this.
    private static let maximumUtterance = 4

    private static func markDependents(_ sentences: inout [Sentence], _ words: Words) {
        var seen = Set<UInt64>()
        for index in sentences.indices {
            let range = sentences[index].from..<sentences[index].to
            let matters = range.filter { position in
                let word = words.words[position]
                return word.end - word.start >= 4 && !Lexicons.vague.contains(word.hash)
                    && !Lexicons.orderWords.contains(word.hash)
                    && !Lexicons.pleasantries.contains(word.hash)
            }.map { words.words[$0].hash }
            sentences[index].isDependent =
                range.contains { Lexicons.pronouns.contains(words.words[$0].hash) }
                || matters.contains(where: seen.contains)
            // The subject's words come back in the body of every mail.
            if !sentences[index].isSubject { seen.formUnion(matters) }
        }
    }

    /// The sentence without greetings and thanks at its ends, and without what announces it.
    private static func trimmed(_ words: Words, _ from: Int, _ to: Int, announces: Bool) -> Range<Int> {
        var (low, high) = (from, to)
        if announces {
            while low < min(from + 2 * announcement, high), Lexicons.announcements.contains(words.words[low].hash) {
                low += 1
            }
        }
        let isAddressed = low < high && Lexicons.salutations.contains(words.words[low].hash)
        while low < high,
            Lexicons.openers.contains(words.words[low].hash)
                || isAddressed && Lexicons.addressees.contains(words.words[low].hash)
        {
            low += 1
        }
        while high > low, Lexicons.openers.contains(words.words[high - 1].hash) { high -= 1 }
        return low < high ? low..<high : from..<to
    }

    /// "When I was a girl" tells, "when will it come" and "when I will get it" ask.
    private static func tellsWhen(_ words: Words, _ index: Int, _ end: Int) -> Bool {
        guard words.words[index].hash == Lexicons.when, !words.isQuestion[words.words[index].sentence], index + 2 < end
        else { return false }
        return Lexicons.subjects.contains(words.words[index + 1].hash)
            && !Lexicons.requestAtStart.contains(words.words[index + 2].hash)
    }

    /// "… and how do I …" in one sentence asks twice.
    private static func startsSecondQuestion(_ words: Words, _ from: Int, _ index: Int) -> Bool {
        guard index - from >= 4, index + 2 < words.words.count,
            Lexicons.conjunctions.contains(words.words[index].hash)
        else { return false }
        let next = words.words[index + 1].hash
        // Hindi puts the question word second: "और डिलीवरी कितने दिन में", "aur delivery kab".
        return Lexicons.requestAnywhere.contains(next) || Lexicons.requestAtStart.contains(next)
            || Lexicons.hindiQuestions.contains(words.words[index + 2].hash)
    }

    private static func whole(
        _ words: Words, _ subjectCount: Int, _ sentences: [Sentence], _ classifier: IntentClassifier
    ) -> IntentScores {
        guard let first = sentences.first, let last = sentences.last else {
            return IntentScores(ranked: [], outOfScope: 1)
        }
        // From the first sentence that says something to the last, at most two hundred words: a longer whole says less.
        return classifier.scores(
            words, from: first.from, to: min(last.to, first.from + 200), subjectCount: subjectCount)
    }

    /// Ignoring a mail is the one mistake that nobody sees: every sentence must be kind or a name under the mail, and
    /// nothing may be asked, denied or said to be bad.
    private static func isGratitudeOnly(
        _ words: Words, _ subjectCount: Int, _ sentences: [Sentence], _ mood: Mood
    ) -> Bool {
        let subjectSentence = subjectCount > 0 ? words.words[subjectCount - 1].sentence : -1
        guard mood.thanks, words.words.count <= 60, !mood.has(.legal), !mood.has(.person), mood.anger < 0.3,
            !words.words.contains(where: { $0.sentence > subjectSentence && words.isQuestion[$0.sentence] })
        else { return false }
        for sentence in sentences where !sentence.isSubject {
            let number = words.words[sentence.from].sentence
            if sentence.asks || mood.badSentences.contains(number) { return false }
            for index in sentence.from..<sentence.to {
                let hash = words.words[index].hash
                if Lexicons.contrast.contains(hash) || Lexicons.negators.contains(hash) { return false }
            }
            if mood.kindSentences.contains(number) {
                // "Thanks, cancel NC-104233" is kind and yet asks; "it arrived" and "the money has come" settle a matter,
                // "the payment fell through" is one.
                let settled = mood.settledSentences.contains(number)
                if let top = sentence.scores.ranked.first, top.confidence >= (settled ? 0.35 : 0.6),
                    top.intent != "review", !settled || !Self.settledMatters.contains(top.intent)
                {
                    return false
                }
            } else if sentence.to - sentence.from > 3 {
                return false
            }
        }
        return true
    }
}
