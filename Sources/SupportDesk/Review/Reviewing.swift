import Redaction
import Triage

/// What a check found wrong with a draft.
public struct ReviewFinding: Sendable, Hashable, CustomStringConvertible {
    /// The check: `typed-fact`, `unknown-slot`, …
    public let check: String
    /// What it found, without personal data.
    public let detail: String

    /// `check: detail`
    public var description: String { "\(check): \(detail)" }
}

/// A draft that passed every check, its slots filled by code. Made by `Reviewing` only.
public struct ReviewedDraft: Sendable, Documented {
    /// The message with its evidence.
    public let grounded: GroundedMessage
    /// The draft.
    public let draft: Draft
    /// The body as the customer will read it.
    public let body: String
    /// What was found in an earlier draft of the same message.
    public let findings: [ReviewFinding]

    fileprivate init(grounded: GroundedMessage, draft: Draft, body: String, findings: [ReviewFinding]) {
        self.grounded = grounded
        self.draft = draft
        self.body = body
        self.findings = findings
    }

    func note(in dossier: inout Dossier) {
        dossier.draft = draft
        dossier.findings = findings
    }
}

/// Stage nine: the gate that every draft passes, whoever wrote it. A model's draft that fails is replaced by the embedded
/// responder's, which passes the same gate.
struct Reviewing: Sendable {
    let embedded: EmbeddedResponder

    /// A reply to a stranger stays within a few kilobytes (RFC 3834 §2); no answer here needs more.
    private static let maximumBytes = 6_000

    func review(_ drafted: DraftedMessage, noting dossier: inout Dossier) async throws -> Step<ReviewedDraft> {
        let grounded = drafted.grounded
        var outcome = Self.check(drafted.draft, for: grounded)
        var draft = drafted.draft
        var earlier: [ReviewFinding] = []
        // Who reaches for another person's data does it again: a person looks at that one.
        if case .failure(let rejected) = outcome, draft.author != .embedded, !rejected.isTrespass,
            let replacement = try? await embedded.draft(Brief(grounded))
        {
            earlier = rejected.findings
            draft = replacement
            outcome = Self.check(replacement, for: grounded)
        }
        switch outcome {
        case .success(let body):
            return .proceed(ReviewedDraft(grounded: grounded, draft: draft, body: body, findings: earlier))
        case .failure(let rejected):
            dossier.findings = earlier + rejected.findings
            let first = rejected.isTrespass ? Self.trespass : rejected.findings.first?.check ?? "unknown"
            return .settle(.escalate(Rule("review-\(first)", "The draft did not pass review (\(first)).")))
        }
    }

    struct Rejected: Error {
        let findings: [ReviewFinding]

        /// It names the data of somebody else.
        var isTrespass: Bool { findings.contains { $0.check == Reviewing.trespass } }
    }

    private static let trespass = "foreign-placeholder"

    /// All checks on one draft: the filled body, or what is wrong with it.
    static func check(_ draft: Draft, for grounded: GroundedMessage) -> Result<String, Rejected> {
        var findings: [ReviewFinding] = []
        func found(_ check: String, _ detail: String) { findings.append(ReviewFinding(check: check, detail: detail)) }
        let evidence = grounded.evidence
        let text = DraftText(draft.body)
        if draft.asksForPerson != nil { found("needs-person", "its author asks for a person") }
        if draft.body.isBlank { found("empty", "no text") }
        if draft.body.utf8.count > maximumBytes { found("length", "\(draft.body.utf8.count) bytes") }
        if text.isMalformed { found("malformed-slot", "braces that are no slot") }
        for slot in text.slots where evidence.facts[slot] == nil {
            found("unknown-slot", "a fact that was not offered")
        }
        let values = OwnValues(of: grounded)
        for placeholder in text.placeholders {
            switch values.sight(of: placeholder) {
            case .own: break
            case .foreign: found(trespass, "a placeholder of somebody else (\(placeholder.type))")
            case .unknown: found("placeholder", "a placeholder that stands for nothing that may be written")
            }
        }
        let cited = evidence.passages.filter { draft.citations.contains($0.article) }
        for citation in draft.citations where !evidence.passages.contains(where: { $0.article == citation }) {
            found("unknown-citation", "an article that was not offered")
        }
        let allowed = Set(cited.flatMap { TypedTokens.of($0.text) })
        for token in TypedTokens.of(text.written) where !allowed.contains(token) {
            found("typed-fact", "a typed fact that neither a record nor a cited passage holds")
        }
        if draft.author != .embedded {
            // A number that an article holds may mean anything in a sentence of the model's own.
            let quotable = Set(cited.flatMap { Sentences.of($0.text) })
            for sentence in Sentences.of(text.written) where !TypedTokens.of(sentence).isEmpty {
                if !quotable.contains(sentence) {
                    found("misquoted-fact", "a typed fact outside a whole quoted sentence")
                }
            }
        }
        if hasMarkup(text.written) { found("markup", "HTML in a plain text") }
        if draft.language != grounded.triaged.replyLanguage
            || !isWritten(text.written, in: grounded.triaged.replyLanguage)
            || (draft.author != .embedded && !isDetected(text.written, as: grounded.triaged.replyLanguage))
        {
            found("language", "not in the customer's language")
        }
        guard findings.isEmpty,
            let body = text.filled(from: evidence.facts, in: FactFormat(language: draft.language), values.value)
        else { return .failure(Rejected(findings: findings)) }
        return .success(body)
    }

    /// `<` before a letter, a slash or an exclamation mark opens a tag.
    private static func hasMarkup(_ text: String) -> Bool {
        var afterAngle = false
        for scalar in text.unicodeScalars {
            if afterAngle, scalar.properties.isAlphabetic || scalar == "/" || scalar == "!" { return true }
            afterAngle = scalar == "<"
        }
        return false
    }

    /// A model may claim one language and write another; a text too short to tell passes.
    private static func isDetected(_ text: String, as language: String) -> Bool {
        let tag = LanguageDetector.detect(text, hints: LanguageHints(expected: language)).tag
        return tag == language || tag == "und"
    }

    /// Hindi is written in Devanagari, English is not; a detector is not needed to tell these two apart.
    private static func isWritten(_ text: String, in language: String) -> Bool {
        var devanagari = 0
        var latin = 0
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            if (0x0900...0x097F).contains(scalar.value) { devanagari += 1 } else if scalar.value < 0x250 { latin += 1 }
        }
        return language == "hi" ? devanagari > latin / 2 : devanagari <= latin
    }
}
