/// Understands a mail: in which language it is, what it asks, how urgently and how angrily, and which numbers it names.
///
/// A value without state: build one for a desk and use it from any task.
public struct Triage: Sendable {
    /// The model that knows the intents.
    public let classifier: IntentClassifier
    let orderPatterns: [OrderPattern]
    /// Of the languages that the shop has added, by BCP 47 tag.
    private let words: [String: LanguageWords]

    /// The intent that means "let me talk to a person".
    static let personIntent = "contact_human_agent"
    /// The intent that asks how long deliveries take, and the one that asks where an order is.
    static let periodIntent = "delivery_period"
    static let trackIntent = "track_order"
    /// The intent that asks for the rules of returns, and the one that asks for the money of an order.
    static let refundRulesIntent = "check_refund_policy"
    static let refundIntent = "get_refund"

    /// - Parameters:
    ///   - classifier: A trained model.
    ///   - orderPatterns: How the shop's order numbers look, such as `NC-\d{6}`; see `OrderPattern`.
    ///   - words: What anger, legal steps and the like are called in further languages, by BCP 47 tag.
    /// - Throws: `badTrainingData` for a pattern that is not understood.
    public init(
        classifier: IntentClassifier, orderPatterns: [String], words: [String: LanguageWords] = [:]
    ) throws(TriageError) {
        self.classifier = classifier
        self.words = words
        var patterns: [OrderPattern] = []
        for text in orderPatterns { patterns.append(try OrderPattern(text)) }
        self.orderPatterns = patterns
    }

    /// Triages what the person newly wrote (not the quoted part). Never fails; looks at the first 64 KiB.
    /// - Parameters:
    ///   - hints: What is known about the language beforehand.
    ///   - calendar: Which day it is at the desk, for "tomorrow" and "10 March".
    public func triage(
        subject: String, text: String, hints: LanguageHints = .init(), calendar: DeskCalendar = .init()
    ) -> TriageResult {
        let joined = JoinedText(subject: subject, text: text)
        let words = Words(joined.text)
        let subjectCount = words.words.prefix { $0.at < joined.subjectScalars }.count
        let found = ReferenceFinder(patterns: orderPatterns, calendar: calendar).find(words)
        let language = LanguageDetector.detect(words, bodyFrom: subjectCount, hints: hints)
        var mood = Mood(words, besides: lexicons(for: language))
        if let deadline = Self.deadline(found, calendar) { mood.addDeadline(inDays: deadline) }
        let reading = MailReading(words, subjectCount: subjectCount, mood: mood, classifier: classifier)
        let asksForPerson =
            !mood.declinesPerson && reading.intents.first?.intent == Self.personIntent
            && (reading.intents.first?.confidence ?? 0) >= 0.6
        let isNamed = found.contains { $0.kind == .order }
        let isPlaced = isNamed || mood.has(.ownOrder) && !mood.has(.futureOrder)
        return TriageResult(
            language: language, intents: Self.settleOrder(reading.intents, isPlaced: isPlaced, isNamed: isNamed),
            outOfScope: reading.outOfScope, sentiment: mood.sentiment, anger: mood.anger, urgency: mood.urgency,
            wantsPerson: mood.has(.person) || asksForPerson, gratitudeOnly: reading.gratitudeOnly,
            references: found.map { Self.reference($0, joined) }, signals: Self.signals(mood, words, joined))
    }

    /// What of a mail is an utterance from which an intent can be learned: the sentences that ask, or that tell the matter,
    /// without greetings, at most 2000 bytes of them; empty when nothing is said.
    public func utterance(subject: String, text: String) -> String {
        let joined = JoinedText(subject: subject, text: text)
        let words = Words(joined.text)
        let subjectCount = words.words.prefix { $0.at < joined.subjectScalars }.count
        var utterance = ""
        for range in MailReading.utterance(words, subjectCount: subjectCount, classifier: classifier) {
            let (from, to) = (words.words[range.lowerBound].at, words.words[range.upperBound - 1].until)
            let mark = words.isQuestion[words.words[range.lowerBound].sentence] ? "?" : ""
            let scalars = words.source[from..<to].compactMap { Unicode.Scalar($0) }
            let part = String(String.UnicodeScalarView(scalars)) + mark
            let longer = utterance.isEmpty ? part : "\(utterance) \(part)"
            if longer.utf8.count > TrainingSet.maximumUtteranceBytes { break }
            utterance = longer
        }
        return utterance.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The words of the language; where it is not sure which one it is, of all that the shop has added.
    private func lexicons(for language: DetectedLanguage) -> [PhraseLexicon] {
        if words.isEmpty { return [] }
        if let own = words[language.tag] { return [own.lexicon] }
        return language.confidence < 0.6 ? words.keys.sorted().compactMap { words[$0]?.lexicon } : []
    }

    /// How urgently a mail is written, from 0 to 1, without a look at what it asks: by this, mail is put in order before its turn.
    public static func urgency(subject: String, text: String) -> Double {
        Mood(Words(JoinedText(subject: subject, text: text).text)).urgency
    }

    private static func reference(_ found: ReferenceFinder.Found, _ joined: JoinedText) -> Reference {
        Reference(
            kind: found.kind, value: found.value, isComplete: found.isComplete,
            span: joined.span(found.scalars.lowerBound, found.scalars.upperBound), detail: found.detail)
    }

    /// Days from today to the nearest day until which something is wanted.
    private static func deadline(_ found: [ReferenceFinder.Found], _ calendar: DeskCalendar) -> Int? {
        guard let today = calendar.today else { return nil }
        return found.compactMap { item in
            guard item.isDeadline, case .days(let days) = item.detail else { return nil }
            let distance = days.upperBound.dayNumber - today.dayNumber
            return distance >= 0 ? distance : nil
        }.min()
    }

    /// Each wording once.
    private static func signals(_ mood: Mood, _ words: Words, _ joined: JoinedText) -> [Signal] {
        var signals: [Signal] = []
        for finding in mood.findings {
            guard let kind = finding.kind.signal, signals.count(where: { $0.kind == kind }) < maximumSignals else {
                continue
            }
            let (from, to) = (words.words[finding.start].at, words.words[finding.end - 1].until)
            let text = String(String.UnicodeScalarView(words.source[from..<to].compactMap { Unicode.Scalar($0) }))
            guard !signals.contains(where: { $0.kind == kind && $0.words == text }) else { continue }
            signals.append(Signal(kind: kind, words: text, span: joined.span(from, to), weight: finding.weight))
        }
        return signals
    }

    /// More signals of one kind than this tell nothing more.
    private static let maximumSignals = 8

    /// "When will it arrive?" is a question about delivery times in general, unless the mail speaks of an order that was
    /// placed: then it asks where that order is. The sentence alone does not tell; the mail around it does. In the same way
    /// who asks for the rules of a refund and names an order asks for that order's.
    private static func settleOrder(_ intents: [IntentScore], isPlaced: Bool, isNamed: Bool) -> [IntentScore] {
        var settled = intents.map { score in
            switch score.intent {
            case periodIntent where isPlaced: IntentScore(intent: trackIntent, confidence: score.confidence)
            case refundRulesIntent where isNamed: IntentScore(intent: refundIntent, confidence: score.confidence)
            default: score
            }
        }
        settled.sort { ($1.confidence, $0.intent) < ($0.confidence, $1.intent) }
        var seen = Set<String>()
        return settled.filter { seen.insert($0.intent).inserted }
    }
}
