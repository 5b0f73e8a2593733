import Foundation
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
    let templates: @Sendable () async throws -> ReplyTemplates
    /// The languages that the shop answers in, as BCP 47 tags.
    let languages: [String]
    /// Anger above this goes to a person.
    let maximumAnger: Double
    /// Out-of-scope probability above this goes to a person.
    let maximumOutOfScope: Double
    /// The desk's country, for `12/03`, and its time zone, for "tomorrow".
    let shop: Shop
    let now: @Sendable () -> Date

    func triage(_ redacted: RedactedMessage) async throws -> Step<TriagedMessage> {
        let calendar = DeskCalendar(
            today: LocalDate(now(), in: shop.timeZone), isMonthFirst: Self.monthFirst.contains(shop.region))
        let result = try await triage().triage(
            subject: redacted.redaction.subject.text, text: redacted.redaction.body.text, hints: hints(for: redacted),
            calendar: calendar)
        let triaged = TriagedMessage(
            redacted: redacted, triage: result, replyLanguage: try await replyLanguage(for: result.language.tag),
            isOutOfScope: result.outOfScope > maximumOutOfScope || result.intents.isEmpty)
        if let disposition = dispositionWithoutAnswer(result) {
            return .settle(disposition, noting: triaged)
        }
        return .proceed(triaged)
    }

    /// Regions that write the month before the day.
    private static let monthFirst: Set<String> = ["US", "PH", "FM", "MH", "PW"]

    private func hints(for redacted: RedactedMessage) -> LanguageHints {
        let identified = redacted.identified
        return LanguageHints(
            contentLanguage: identified.message.header("Content-Language"),
            topLevelDomain: identified.screened.author.domain?.split(separator: ".").last.map(String.init),
            charset: Self.charset(identified.message.header("Content-Type")),
            expected: identified.screened.associated.association.language ?? identified.identity.customer?.language)
    }

    /// The charset parameter of a Content-Type field (RFC 2046 §4.1.2).
    private static func charset(_ contentType: String?) -> String? {
        guard let field = contentType?.lowercased(), let name = field.range(of: "charset=") else { return nil }
        let value = field[name.upperBound...].drop { $0 == "\"" }.prefix { $0 != "\"" && $0 != ";" && $0 != " " }
        return value.isEmpty ? nil : String(value)
    }

    private func dispositionWithoutAnswer(_ result: TriageResult) -> Disposition? {
        if result.wantsPerson { return .escalate(Rule("asks-for-person", "The customer asks for a person.")) }
        if result.isAboutSafety {
            return .escalate(Rule("safety", "The customer speaks of an injury or a danger to somebody."))
        }
        if result.legalThreat { return .escalate(Rule("legal", "The customer speaks of legal steps or a chargeback.")) }
        if result.pressThreat {
            return .escalate(Rule("press", "The customer speaks of newspapers, television or public posts."))
        }
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

    /// Who types Hindi in Latin letters reads Latin letters: a shop without templates for it answers in English.
    private func replyLanguage(for tag: String) async throws -> String {
        let written = try await templates().languages
        let offered = languages.filter(written.contains)
        return offered.contains(tag) ? tag : offered.contains("en") ? "en" : offered.first ?? "en"
    }
}
