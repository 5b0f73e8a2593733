/// One utterance of which a person said what it asks.
public struct TrainingExample: Sendable, Hashable {
    /// What a customer might write.
    public let text: String
    /// The intent's name, such as `track_order`, or one of `IntentClassifier.outOfScopeLabels`.
    public let intent: String
    /// BCP 47 tag of the text, where known.
    public let language: String?

    /// The subject above the text, where there was one.
    public let subject: String?

    /// An utterance with its intent.
    public init(text: String, intent: String, language: String? = nil, subject: String? = nil) {
        self.text = text
        self.subject = subject
        self.intent = intent
        self.language = language
    }
}
