import Glibc

/// How a person feels and what she insists on, by small lexicons in English, Hindi and Hindi in Latin letters.
struct Mood {
    private(set) var sentiment = 0.0
    private(set) var anger = 0.0
    private(set) var urgency = 0.0
    private(set) var thanks = false
    /// Sentences with a friendly word, with thanks, or that say the matter is settled.
    private(set) var kindSentences = Set<Int>()
    /// Sentences that say the matter is settled.
    private(set) var settledSentences = Set<Int>()
    /// Sentences in which something is said to be bad.
    private(set) var badSentences = Set<Int>()
    /// The person says that nobody needs to call.
    private(set) var declinesPerson = false
    /// What was found, each word once, in the order of the text.
    private(set) var findings: [Finding] = []
    private var kinds = 0

    /// Words that decided.
    struct Finding {
        var kind: PhraseLexicon.Kind
        var start: Int
        var end: Int
        var weight: Double
    }

    private var positive = 0.0
    private var negative = 0.0
    private var heat = 0.0
    private var haste = 0.0

    init(_ words: Words, besides lexicons: [PhraseLexicon] = []) {
        var matches = Lexicons.phrases.matches(words)
        if !lexicons.isEmpty {
            matches = (matches + lexicons.flatMap { $0.matches(words) }).sorted { $0.start < $1.start }
        }
        for match in matches where match.kind != .settled { add(match, words) }
        // "The problem is solved" is no complaint.
        for match in matches where match.kind == .settled { add(match, words) }
        weigh(words)
    }

    /// Whether the mail says something of this kind.
    func has(_ kind: PhraseLexicon.Kind) -> Bool { kinds & 1 << kind.rawValue != 0 }

    private mutating func add(_ match: PhraseLexicon.Match, _ words: Words) {
        let sentence = words.words[match.start].sentence
        if match.kind == .person {
            if Self.isDenied(words, match) || Self.isQuoted(words, match) { declinesPerson = true } else { note(match) }
            return
        }
        // What did not come says "not" itself.
        if match.kind == .loss { negative += 0.3 }
        if [.loss, .denial, .ownOrder, .futureOrder].contains(match.kind) { return note(match) }
        let isNegated = Self.isNegated(words, match)
        let strength = match.weight * Self.emphasis(words, match)
        switch match.kind {
        case .positive:
            if isNegated {
                negative += strength * 0.8
                badSentences.insert(sentence)
            } else {
                positive += strength
                kindSentences.insert(sentence)
            }
            note(match, isNegated ? -strength : strength)
        case .negative:
            if isNegated {
                positive += strength * 0.3
            } else {
                negative += strength
                badSentences.insert(sentence)
            }
            note(match, isNegated ? -strength : strength)
        case _ where isNegated: break
        case .anger:
            heat += strength
            note(match, strength)
        case .urgency:
            haste += match.weight
            note(match)
        case .legal, .press:
            heat += match.weight
            note(match)
        case .safety, .selfHarm:
            haste += match.weight
            negative += 0.5
            note(match)
        case .thanks:
            thanks = true
            positive += match.weight
            kindSentences.insert(sentence)
        case .settled:
            kindSentences.insert(sentence)
            settledSentences.insert(sentence)
            // "It has happened" (weight ½) makes nothing good of what failed.
            if match.weight >= 1 { badSentences.remove(sentence) }
        default: note(match)
        }
    }

    private mutating func note(_ match: PhraseLexicon.Match, _ weight: Double? = nil) {
        kinds |= 1 << match.kind.rawValue
        findings.append(
            Finding(kind: match.kind, start: match.start, end: match.end, weight: weight ?? match.weight))
    }

    private mutating func weigh(_ words: Words) {
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

    /// A day until which something is wanted: the nearer it is, the more urgent.
    mutating func addDeadline(inDays days: Int) {
        guard days >= 0, days <= 14 else { return }
        haste += days <= 2 ? 0.7 : days <= 7 ? 0.5 : 0.3
        urgency = Self.saturate(haste)
    }

    /// 0 stays 0, one strong word gives about 0.6, more approach 1.
    private static func saturate(_ value: Double) -> Double { value <= 0 ? 0 : 1 - exp(-value) }

    /// "Very", "bahut", "बहुत" just before; capitals; "a bit" makes it less.
    private static func emphasis(_ words: Words, _ match: PhraseLexicon.Match) -> Double {
        var factor = words.words[match.start].isShouted ? 1.2 : 1
        guard match.start > 0 else { return factor }
        let before = words.words[match.start - 1].hash
        if Lexicons.intensifiers.contains(before) { factor *= 1.4 }
        if Lexicons.diminishers.contains(before) { factor *= 0.6 }
        return factor
    }

    /// English and Hindi deny before the word ("not happy", "no problem"), Hindi after it too ("accha nahi hai").
    private static func isNegated(_ words: Words, _ match: PhraseLexicon.Match) -> Bool {
        var index = match.start
        while index > 0, match.start - index < 3, !words.words[index].startsClause {
            index -= 1
            if Lexicons.negators.contains(words.words[index].hash) {
                // "Not only late" is late.
                return !(index + 1 < match.start && Lexicons.only.contains(words.words[index + 1].hash))
            }
        }
        index = match.end
        while index < words.words.count, index - match.end < 2, !words.words[index].startsClause {
            if Lexicons.hindiNegators.contains(words.words[index].hash) { return true }
            index += 1
        }
        return false
    }

    /// Only a plain "do not" or "no need" takes back the wish for a person: "why can I not talk to a human" keeps it.
    private static func isDenied(_ words: Words, _ match: PhraseLexicon.Match) -> Bool {
        var index = match.start
        while index > 0, match.start - index < 5, !words.words[index].startsClause {
            index -= 1
            let hash = words.words[index].hash
            if Lexicons.needless.contains(hash) {
                return index > 0 && Lexicons.negators.contains(words.words[index - 1].hash)
            }
            // "Why can I not talk to a person" is no "do not".
            let isPlainNot =
                Lexicons.plainNot.contains(hash)
                || hash == Lexicons.not && index > 0 && words.words[index - 1].hash == Lexicons.do
            if match.start - index == 1, isPlainNot || Lexicons.past.contains(hash) { return true }
            if Lexicons.courier.contains(hash) { return true }
        }
        // Behind it: "baat nahi karni", "call mat karo", "ki zarurat nahi"; "the delivery partner".
        var isNot = false
        var isNeed = false
        index = match.end
        let sentence = words.words[match.start].sentence
        while index < words.words.count, index - match.end < 5, words.words[index].sentence == sentence {
            let hash = words.words[index].hash
            if index == match.end, Lexicons.courier.contains(hash) { return true }
            if words.words[index].startsClause { break }
            if Lexicons.forbidding.contains(hash) { return true }
            if Lexicons.need.contains(hash) { isNeed = true }
            if isNot, Lexicons.willing.contains(hash) { return true }
            if Lexicons.hindiNegators.contains(hash) { isNot = true }
            if isNeed && isNot { return true }
            index += 1
        }
        return false
    }

    /// Somebody else's words: the page says "talk to an agent". The quotation mark stands right before or a few words
    /// earlier, and it closes behind.
    private static func isQuoted(_ words: Words, _ match: PhraseLexicon.Match) -> Bool {
        let from = words.words[match.start].at
        var index = from
        while index > 0, from - index < 60 {
            index -= 1
            let scalar = words.source[index]
            if scalar == 0x0A || scalar == 0x201D || scalar == 0xBB { return false }
            guard scalar == 0x22 || scalar == 0x201C || scalar == 0xAB else { continue }
            // An opening mark stands behind a blank or at the start.
            guard index == 0 || words.source[index - 1] <= 0x20 || words.source[index - 1] == 0x28 else { return false }
            let until = words.words[match.end - 1].until
            return words.source[until..<min(until + 60, words.source.count)].contains {
                $0 == 0x22 || $0 == 0x201D || $0 == 0xBB
            }
        }
        return false
    }
}
