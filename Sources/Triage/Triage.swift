/// Understands a mail: in which language it is, what it asks, how urgently and how angrily, and which numbers it names.
///
/// A value without state: build one for a desk and use it from any task.
public struct Triage: Sendable {
    /// The model that knows the intents.
    public let classifier: IntentClassifier
    let orderPatterns: [OrderPattern]

    /// The intent that means "let me talk to a person".
    static let personIntent = "contact_human_agent"

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
            !mood.declinesPerson
            && reading.intents.contains { $0.intent == Self.personIntent && $0.confidence >= 0.6 }
        return TriageResult(
            language: language, intents: reading.intents, outOfScope: reading.outOfScope, sentiment: mood.sentiment,
            anger: mood.anger, urgency: mood.urgency, wantsPerson: mood.wantsPerson || asksForPerson,
            gratitudeOnly: reading.gratitudeOnly, legalThreat: mood.legalThreat,
            references: ReferenceFinder(patterns: orderPatterns).find(title + "\n\n" + text), signals: mood.signals)
    }
}
