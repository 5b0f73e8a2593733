import Glibc

/// How a person feels and what she insists on, by small lexicons in English, Hindi and Hindi in Latin letters.
struct Mood {
    private(set) var sentiment = 0.0
    private(set) var anger = 0.0
    private(set) var urgency = 0.0
    private(set) var wantsPerson = false
    private(set) var legalThreat = false
    private(set) var reportsLoss = false
    private(set) var reportsDamage = false
    private(set) var thanks = false
    /// Sentences with a friendly word, with thanks, or that say the matter is settled.
    private(set) var kindSentences = Set<Int>()
    /// Sentences that say the matter is settled.
    private(set) var settledSentences = Set<Int>()
    /// Sentences in which something is said to be bad.
    private(set) var badSentences = Set<Int>()
    /// The person says that nobody needs to call.
    private(set) var declinesPerson = false
    private(set) var signals: [String] = []

    init(_ words: Words) {
        var positive = 0.0
        var negative = 0.0
        for match in Lexicons.positive.matches(words) {
            let strength = match.weight * Self.emphasis(words, match)
            if Self.isNegated(words, match) {
                negative += strength * 0.8
                badSentences.insert(words.words[match.start].sentence)
            } else {
                positive += strength
                kindSentences.insert(words.words[match.start].sentence)
            }
            signals.append(Self.text(words, match))
        }
        for match in Lexicons.negative.matches(words) {
            let strength = match.weight * Self.emphasis(words, match)
            if Self.isNegated(words, match) {
                positive += strength * 0.3
            } else {
                negative += strength
                badSentences.insert(words.words[match.start].sentence)
            }
            signals.append(Self.text(words, match))
        }
        var heat = 0.0
        for match in Lexicons.anger.matches(words) where !Self.isNegated(words, match) {
            heat += match.weight * Self.emphasis(words, match)
            signals.append(Self.text(words, match))
        }
        var haste = 0.0
        for match in Lexicons.urgency.matches(words) where !Self.isNegated(words, match) {
            haste += match.weight
            signals.append(Self.text(words, match))
        }
        for match in Lexicons.legal.matches(words) where !Self.isNegated(words, match) {
            legalThreat = true
            heat += match.weight
            signals.append(Self.text(words, match))
        }
        reportsLoss = !Lexicons.notReceived.matches(words).isEmpty
        reportsDamage = Lexicons.damaged.matches(words).contains { !Self.isNegated(words, $0) }
        for match in Lexicons.person.matches(words) {
            guard !Self.isDenied(words, match) else {
                declinesPerson = true
                continue
            }
            wantsPerson = true
            signals.append(Self.text(words, match))
        }
        for match in Lexicons.thanks.matches(words) where !Self.isNegated(words, match) {
            thanks = true
            positive += match.weight
            kindSentences.insert(words.words[match.start].sentence)
        }
        for match in Lexicons.settled.matches(words) where !Self.isNegated(words, match) {
            kindSentences.insert(words.words[match.start].sentence)
            settledSentences.insert(words.words[match.start].sentence)
            badSentences.remove(words.words[match.start].sentence)
        }
        weigh(words, positive: positive, negative: negative, heat: heat, haste: haste)
        var seen = Set<String>()
        signals = signals.filter { seen.insert($0).inserted }
    }

    private mutating func weigh(_ words: Words, positive: Double, negative: Double, heat: Double, haste: Double) {
        var (heat, haste) = (heat, haste)
        let shouted = words.words.count { $0.isShouted }
        let shoutedShare = Double(shouted) / Double(max(words.words.count, 1))
        if shouted >= 4, shoutedShare > 0.3 {
            heat += 0.6
            haste += 0.3
        }
        if words.exclamationMarks >= 3 {
            // Many marks make a feeling stronger; alone they are only lively.
            if negative > positive { heat += 0.3 }
            haste += 0.2
        }
        let displeasure = negative + heat * 0.8
        sentiment = (positive - displeasure) / (positive + displeasure + 1)
        anger = Self.saturate(heat + max(0, negative - 0.8) * 0.35)
        urgency = Self.saturate(haste)
    }

    /// 0 stays 0, one strong word gives about 0.6, more approach 1.
    private static func saturate(_ value: Double) -> Double { value <= 0 ? 0 : 1 - exp(-value) }

    private static func text(_ words: Words, _ match: PhraseLexicon.Match) -> String {
        (match.start..<match.end).map { words.string($0) }.joined(separator: " ")
    }

    /// "Very", "bahut", "बहुत" just before; capitals.
    private static func emphasis(_ words: Words, _ match: PhraseLexicon.Match) -> Double {
        var factor = words.words[match.start].isShouted ? 1.2 : 1
        if match.start > 0, Lexicons.intensifiers.contains(words.words[match.start - 1].hash) { factor *= 1.4 }
        return factor
    }

    /// English and Hindi deny before the word ("not happy", "no problem"), Hindi after it too ("accha nahi hai").
    private static func isNegated(_ words: Words, _ match: PhraseLexicon.Match) -> Bool {
        var index = match.start
        while index > 0, match.start - index < 3, !words.words[index].startsClause {
            index -= 1
            if Lexicons.negators.contains(words.words[index].hash) { return true }
        }
        index = match.end
        while index < words.words.count, index - match.end < 2, !words.words[index].startsClause {
            if Lexicons.hindiNegators.contains(words.words[index].hash) { return true }
            index += 1
        }
        return false
    }

    /// Only a plain "do not" or "no need" before it takes back the wish for a person: "why can I not talk to a human" keeps it.
    private static func isDenied(_ words: Words, _ match: PhraseLexicon.Match) -> Bool {
        guard match.start > 0, !words.words[match.start].startsClause else { return false }
        var index = match.start
        while index > 0, match.start - index < 4, !words.words[index].startsClause {
            index -= 1
            if Lexicons.needless.contains(words.words[index].hash) {
                return index > 0 && Lexicons.negators.contains(words.words[index - 1].hash)
            }
        }
        return Lexicons.courier.contains(words.words[match.start - 1].hash)
    }
}
