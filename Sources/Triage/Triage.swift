/// Understands a mail: in which language it is, what it asks, how urgently and how angrily, and which numbers it names.
///
/// A value without state: build one for a desk and use it from any task.
public struct Triage: Sendable {
    /// The model that knows the intents.
    public let classifier: IntentClassifier
    let orderPatterns: [OrderPattern]

    /// The intent that means "let me talk to a person".
    static let personIntent = "contact_human_agent"
    /// The intent that asks how long deliveries take, and the one that asks where an order is.
    static let periodIntent = "delivery_period"
    static let trackIntent = "track_order"

    /// - Parameters:
    ///   - classifier: A trained model.
    ///   - orderPatterns: How the shop's order numbers look, such as `NC-\d{6}`; see `OrderPattern`.
    /// - Throws: `badTrainingData` for a pattern that is not understood.
    public init(classifier: IntentClassifier, orderPatterns: [String]) throws(TriageError) {
        self.classifier = classifier
        var patterns: [OrderPattern] = []
        for text in orderPatterns { patterns.append(try OrderPattern(text)) }
        self.orderPatterns = patterns
    }

    /// Triages what the person newly wrote (not the quoted part). Never fails; looks at the first 64 KiB.
    public func triage(subject: String, text: String, hints: LanguageHints = .init()) -> TriageResult {
        let title = SubjectLine.withoutPrefixes(subject)
        let subjectCount = Words(title).words.count
        let words = Words(title + "\n\n" + text)
        let mood = Mood(words)
        // A subject of one word in another language must not outvote the body.
        let isBodyShort = words.words.count - subjectCount < 3
        let language =
            isBodyShort
            ? LanguageDetector.detect(title + "\n" + text, words, hints: hints)
            : LanguageDetector.detect(text, hints: hints)
        let reading = MailReading(words, subjectCount: subjectCount, mood: mood, classifier: classifier)
        let asksForPerson =
            !mood.declinesPerson && reading.intents.first?.intent == Self.personIntent
            && (reading.intents.first?.confidence ?? 0) >= 0.6
        let references = ReferenceFinder(patterns: orderPatterns).find(title + "\n\n" + text)
        let intents = Self.settleOrderTime(reading.intents, words, references)
        return TriageResult(
            language: language, intents: intents, outOfScope: reading.outOfScope, sentiment: mood.sentiment,
            anger: mood.anger, urgency: mood.urgency, wantsPerson: mood.wantsPerson || asksForPerson,
            gratitudeOnly: reading.gratitudeOnly, legalThreat: mood.legalThreat,
            reportsLoss: mood.reportsLoss, reportsDamage: mood.reportsDamage,
            references: references, signals: mood.signals)
    }

    /// "When will it arrive?" is a question about delivery times in general, unless the mail speaks of an order that was
    /// placed: then it asks where that order is. The sentence alone does not tell; the mail around it does.
    private static func settleOrderTime(
        _ intents: [IntentScore], _ words: Words, _ references: [Reference]
    ) -> [IntentScore] {
        guard let index = intents.firstIndex(where: { $0.intent == periodIntent }) else { return intents }
        let namesOrder = references.contains { $0.kind == .order }
        let isPlaced =
            namesOrder || !Lexicons.ownOrder.matches(words).isEmpty && Lexicons.futureOrder.matches(words).isEmpty
        guard isPlaced else { return intents }
        var settled = intents
        settled[index] = IntentScore(intent: trackIntent, confidence: intents[index].confidence)
        settled.sort { ($1.confidence, $0.intent) < ($0.confidence, $1.intent) }
        var seen = Set<String>()
        return settled.filter { seen.insert($0.intent).inserted }
    }
}
