import Mail
import Triage

/// A message whose matter is understood and can be answered without a person. Made by `Understanding` only.
public struct TriagedMessage: Sendable, Documented {
    /// The message.
    public let redacted: RedactedMessage
    /// Language, intents, mood, references.
    public let triage: TriageResult
    /// The language of the reply: one that the shop supports.
    public let replyLanguage: String

    /// No intent covers what is asked; only an article on that very topic can answer it.
    public let isOutOfScope: Bool

    /// Who wrote it.
    public var identity: Identity { redacted.identified.identity }

    fileprivate init(redacted: RedactedMessage, triage: TriageResult, replyLanguage: String, isOutOfScope: Bool) {
        self.redacted = redacted
        self.triage = triage
        self.replyLanguage = replyLanguage
        self.isOutOfScope = isOutOfScope
    }

    func note(in dossier: inout Dossier) { dossier.triage = triage }
}

/// Stage six: what is asked, in which language, how urgently; and what always goes to a person.
struct Understanding: Sendable {
    let triage: @Sendable () async throws -> Triage
    /// The languages that the shop answers in, as BCP 47 tags.
    let languages: [String]
    /// Anger above this goes to a person.
    let maximumAnger: Double
    /// Out-of-scope probability above this goes to a person.
    let maximumOutOfScope: Double

    func triage(_ redacted: RedactedMessage) async throws -> Step<TriagedMessage> {
        let message = redacted.identified.message
        let hints = LanguageHints(
            contentLanguage: message.header("Content-Language"),
            topLevelDomain: redacted.identified.screened.author.domain?.split(separator: ".").last.map(String.init),
            expected: redacted.identified.identity.customer?.language)
        let result = try await triage().triage(
            subject: redacted.redaction.subject.text, text: redacted.redaction.body.text, hints: hints)
        let triaged = TriagedMessage(
            redacted: redacted, triage: result, replyLanguage: replyLanguage(for: result.language.tag),
            isOutOfScope: result.outOfScope > maximumOutOfScope || result.intents.isEmpty)
        if let disposition = dispositionWithoutAnswer(result) {
            return .settle(disposition, noting: triaged)
        }
        return .proceed(triaged)
    }

    private func dispositionWithoutAnswer(_ result: TriageResult) -> Disposition? {
        if result.wantsPerson { return .escalate(Rule("asks-for-person", "The customer asks for a person.")) }
        if result.legalThreat { return .escalate(Rule("legal", "The customer speaks of legal steps or a chargeback.")) }
        if result.anger > maximumAnger { return .escalate(Rule("angry", "The customer is angry.")) }
        if !supports(result.language.tag) {
            return .escalate(Rule("language", "The shop does not answer in this language (\(result.language.tag))."))
        }
        if result.gratitudeOnly { return .ignore(Rule("thanks", "The customer says thanks and asks nothing.")) }
        return nil
    }

    /// Romanised Hindi counts as Hindi; a text too short to tell counts as supported.
    private func supports(_ tag: String) -> Bool {
        tag == "und" || languages.contains(tag) || tag == "hi-Latn" && languages.contains("hi")
    }

    /// Romanised Hindi is answered in English: who types Latin letters reads them (the templates hold Devanagari).
    private func replyLanguage(for tag: String) -> String {
        languages.contains(tag) ? tag : languages.contains("en") ? "en" : languages.first ?? "en"
    }
}
