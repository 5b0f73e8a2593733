import Foundation
import Triage

/// The inputs of a decision as the ledger keeps them: names, numbers and verdicts, no text of anybody.
struct DecisionDetail: Encodable {
    let rule: String
    let reason: String
    let problems: [String]
    let authentication: String?
    let tier: String?
    let masked: [String: Int]?
    let language: String?
    let intents: [String: Double]?
    let outOfScope: Double?
    let anger: Double?
    let citations: [String]?
    let author: String?
    let prompt: String?
    let facts: [String]?
    let usage: ModelUsage?
    let findings: [String]
    let deliberation: Deliberation?
    let suggested: [String]?
    /// Experiment and arm.
    let trial: String?

    init(_ disposition: Disposition, _ dossier: Dossier) {
        rule = disposition.rule.name
        reason = disposition.rule.reason
        problems = (dossier.message?.problems ?? []) + dossier.notes
        authentication = dossier.identity.map { "\($0.authentication.verdict)" }
        tier = dossier.onFile == nil ? dossier.identity?.tier.rawValue : DisclosureTier.onFile.rawValue
        masked = dossier.redaction.map { redaction in
            (redaction.subject.findings + redaction.body.findings).filter(\.masked).reduce(into: [:]) {
                counts, finding in
                counts[finding.type.rawValue, default: 0] += 1
            }
        }
        language = dossier.triage?.language.tag
        intents = dossier.triage.map { _ in
            Dictionary(dossier.intents.map { ($0.intent, $0.confidence) }, uniquingKeysWith: max)
        }
        outOfScope = dossier.triage?.outOfScope
        anger = dossier.triage?.anger
        citations = dossier.draft?.citations
        author = dossier.draft?.author.name
        prompt = dossier.draft?.promptVersion
        facts = dossier.draft?.factsUsed
        usage = dossier.draft?.usage
        findings = dossier.findings.map(\.description) + dossier.injections.map { "injection: \($0)" }
        deliberation = dossier.deliberation
        suggested = dossier.suggested.isEmpty ? nil : dossier.suggested
        trial = dossier.trial?.key
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
