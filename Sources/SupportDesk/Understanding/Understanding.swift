import Foundation
import Mail
import Triage

/// A message whose matter is understood and can be answered without a person. Made by `Understanding` only.
public struct TriagedMessage: Sendable, Documented {
    static let stage = "triage"
    /// The message.
    public let redacted: RedactedMessage
    /// Language, intents, mood, references.
    public let triage: TriageResult
    /// What is asked, surest first: in this message, or in the one before to which it only adds the order.
    public let intents: [IntentScore]
    /// The language of the reply: one that the shop supports.
    public let replyLanguage: String

    /// No intent covers what is asked; only an article on that very topic can answer it.
    public let isOutOfScope: Bool

    /// Who wrote it.
    public var identity: Identity { redacted.identified.identity }

    fileprivate init(
        redacted: RedactedMessage, triage: TriageResult, intents: [IntentScore], replyLanguage: String,
        isOutOfScope: Bool
    ) {
        self.redacted = redacted
        self.triage = triage
        self.intents = intents
        self.replyLanguage = replyLanguage
        self.isOutOfScope = isOutOfScope
    }

    func note(in dossier: inout Dossier) {
        dossier.triage = triage
        dossier.intents = intents
    }
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
        let triage = try await triage()
        let result = triage.triage(
            subject: redacted.redaction.subject.text, text: redacted.redaction.body.text, hints: hints(for: redacted),
            calendar: calendar)
        let continued = continued(redacted, result, triage)
        // A number alone is in no language.
        let conversation = redacted.identified.heard.associated.association.language
        let language = (continued == nil ? nil : conversation) ?? result.language.tag
        let triaged = TriagedMessage(
            redacted: redacted, triage: result, intents: continued ?? result.intents,
            replyLanguage: try await replyLanguage(for: language),
            isOutOfScope: continued == nil && (result.outOfScope > maximumOutOfScope || result.intents.isEmpty))
        let answers = redacted.identified.heard.associated.association.counts.answers
        if let disposition = dispositionWithoutAnswer(
            result, in: language, isAnswer: continued != nil, comesBack: answers > 0)
        {
            return .settle(disposition, noting: triaged)
        }
        return .proceed(triaged)
    }

    /// Regions that write the month before the day.
    static let monthFirst: Set<String> = ["US", "PH", "FM", "MH", "PW"]

    private func hints(for redacted: RedactedMessage) -> LanguageHints {
        let identified = redacted.identified
        return LanguageHints(
            contentLanguage: identified.message.header("Content-Language"),
            topLevelDomain: identified.heard.author.domain?.split(separator: ".").last.map(String.init),
            charset: Self.charset(identified.message.header("Content-Type")),
            expected: identified.heard.associated.association.language ?? identified.identity.customer?.language)
    }

    /// The charset parameter of a Content-Type field (RFC 2046 §4.1.2).
    private static func charset(_ contentType: String?) -> String? {
        guard let field = contentType?.lowercased(), let name = field.range(of: "charset=") else { return nil }
        let value = field[name.upperBound...].drop { $0 == "\"" }.prefix { $0 != "\"" && $0 != ";" && $0 != " " }
        return value.isEmpty ? nil : String(value)
    }

    /// The intents that the message goes on with, where it only says which order was meant; nil where it asks for itself.
    private func continued(_ redacted: RedactedMessage, _ result: TriageResult, _ triage: Triage) -> [IntentScore]? {
        let association = redacted.identified.heard.associated.association
        guard let asked = association.asked, !asked.scores.isEmpty else { return nil }
        let numbers: Set<Reference.Kind> = [.order, .tracking, .invoice]
        let spans = result.references.filter { numbers.contains($0.kind) && !$0.span.isInSubject }
            .map(\.span.scalars)
        guard !spans.isEmpty else { return nil }
        let scalars = redacted.redaction.body.text.unicodeScalars.enumerated()
            .filter { place, _ in !spans.contains { $0.contains(place) } }.map(\.element)
        let rest = String(String.UnicodeScalarView(scalars))
        guard rest.split(whereSeparator: \.isWhitespace).count <= Self.maximumWordsBeside, !rest.contains("?") else {
            return nil
        }
        // "NC-104233, please cancel it" asks for something itself.
        let own = triage.triage(subject: "", text: rest)
        let isOwnMatter = own.outOfScope <= maximumOutOfScope && own.intents.first?.confidence ?? 0 >= 0.7
        return isOwnMatter ? nil : asked.scores
    }

    /// Words that may stand beside a number in a mail that says no more than the number: a greeting, "the number is".
    private static let maximumWordsBeside = 15

    private func dispositionWithoutAnswer(
        _ result: TriageResult, in language: String, isAnswer: Bool, comesBack: Bool
    ) -> Disposition? {
        if result.wantsPerson { return .escalate(Rule("asks-for-person", "The customer asks for a person.")) }
        if result.isAboutSafety {
            return .escalate(Rule("safety", "The customer speaks of an injury or a danger to somebody."))
        }
        if result.legalThreat { return .escalate(Rule("legal", "The customer speaks of legal steps or a chargeback.")) }
        if result.pressThreat {
            return .escalate(Rule("press", "The customer speaks of newspapers, television or public posts."))
        }
        if result.anger > maximumAnger { return .escalate(Rule("angry", "The customer is angry.")) }
        // Whom one automatic answer has made angry gets no second one.
        if comesBack, result.anger > maximumAnger / 2, result.sentiment < 0 {
            return .escalate(Rule("angry", "The customer comes back angry after an automatic answer."))
        }
        if !supports(language) {
            return .escalate(Rule("language", "The shop does not answer in this language (\(language))."))
        }
        if result.gratitudeOnly, !isAnswer {
            return .ignore(Rule("thanks", "The customer says thanks and asks nothing."))
        }
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
