import Foundation
import Triage

/// What a conversation was about when its customer was asked which order she means. She is asked once; her answer goes on
/// with these intents.
struct AskedBack: Sendable, Codable {
    /// Confidences by intent.
    private let intents: [String: Double]

    init(_ scores: [IntentScore]) {
        intents = Dictionary(scores.map { ($0.intent, $0.confidence) }, uniquingKeysWith: max)
    }

    /// The intents, surest first.
    var scores: [IntentScore] {
        intents.map { IntentScore(intent: $0.key, confidence: $0.value) }
            .sorted { ($1.confidence, $0.intent) < ($0.confidence, $1.intent) }
    }

    /// Reads what the ledger holds.
    init?(_ json: String) {
        guard let asked = try? JSONDecoder().decode(AskedBack.self, from: Data(json.utf8)) else { return nil }
        self = asked
    }

    /// For the ledger: names of intents and numbers, nothing of anybody.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

extension Rule {
    /// The question was put once; who answers it in a way that does not help needs a person, not the question again.
    static let askedBefore = Rule(
        "asked-before", "The customer was asked for the order once, and it is still not clear which one she means.")
}
