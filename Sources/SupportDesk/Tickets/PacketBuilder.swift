import Foundation
import Mustache
import Redaction
import Triage

/// How much of people the note and the subject of a ticket show; the messages themselves are attached as they came.
public enum PersonalDataPolicy: String, Sendable, CaseIterable {
    /// Placeholders, as the model sees them.
    case masked
    /// Everything but card numbers, their codes and passwords.
    case full
}

/// Writes the packet of an escalation from what the stages found out.
struct PacketBuilder: Sendable {
    let note: MustacheTemplate
    let seal: Seal
    let redacting: Redacting
    let policy: PersonalDataPolicy

    /// How much of the customer's text stands in the note, in Unicode scalars; all of it is attached.
    private static let maximumSummary = 1_500
    private static let maximumSubject = 200
    /// What nobody who reads a ticket has a use for.
    private static let alwaysMasked: Set<PIIType> = [.creditCard, .cardDetail, .secret, .oneTimeCode, .unreadable]

    init(templatePath path: String, seal: Seal, redacting: Redacting, policy: PersonalDataPolicy) throws {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw DeskError(.configuration, "\(path): not readable as UTF-8")
        }
        note = try ReplyTemplate.compile(text, path: path)
        self.seal = seal
        self.redacting = redacting
        self.policy = policy
        // Tried with the least that is ever known, so that a slip in the template is found before a ticket needs it.
        let raw = RawMessage(id: 0, channel: "", source: "", arrival: .distantPast, bytes: [])
        let least = Self.context(for: Rule("trial", "Trial."), Dossier(raw)) { _, _ in "" }
        guard ReplyTemplate.render(note, least) != nil else {
            throw DeskError(.configuration, "\(path): asks for a value that is not always there")
        }
    }

    /// The packet of a message that leaves the way for a person.
    ///
    /// What it shows has its placeholders in the conversation's vault from then on, so that the next note means the same
    /// by them.
    func packet(for rule: Rule, isQuarantine: Bool, _ dossier: inout Dossier) async throws -> Packet {
        let raw = dossier.raw
        let message = dossier.message
        let trustworthy = !isQuarantine && rule.name != "authentication-failed" && message?.automatic == nil
        var mask = try await redacting.mask(for: dossier)
        func shown(_ text: String, _ limit: Int) -> String { show(text, limit, &mask) }
        let subject = message?.subject ?? ""
        let title = isQuarantine ? "A message could not be processed" : shown(subject, Self.maximumSubject)
        let note = note(for: rule, Self.context(for: rule, dossier, shown))
        dossier.redaction?.vault = mask.vault
        return Packet(
            externalID: dossier.association?.externalID
                ?? "AD-" + seal.digest("\(raw.channel)\n\(raw.source)", for: "conversation").prefix(10).base32,
            message: raw.id, subject: title.isBlank ? "(no subject)" : title,
            requestor: trustworthy ? dossier.author?.address : nil,
            note: note, rule: rule.name, priority: priority(of: rule))
    }

    /// The beginning of a text as the policy has it. Cut behind the masking, so that no half of a number is left over.
    private func show(_ text: String, _ limit: Int, _ mask: inout Mask) -> String {
        let redacted = mask.redact(text)
        switch policy {
        case .masked: return redacted.prefix(maximumScalars: limit).text
        case .full: return String(Self.opened(text, redacted).prefix(limit))
        }
    }

    /// A text with placeholders for what is always masked only.
    private static func opened(_ text: String, _ redacted: RedactedText) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var copied = 0
        for finding in redacted.findings where alwaysMasked.contains(finding.type) {
            guard let placeholder = finding.placeholder else { continue }
            result += scalars[copied..<finding.start]
            result += placeholder.unicodeScalars
            copied = finding.end
        }
        result += scalars[copied...]
        return String(result)
    }

    private func priority(of rule: Rule) -> Int {
        switch rule.name {
        case "safety": 90
        case "legal", "press", "angry", "delivery-uncertain": 80
        case "asks-for-person", "authentication-failed": 60
        default: 40
        }
    }

    private func note(for rule: Rule, _ context: TemplateContext) -> String {
        (ReplyTemplate.render(note, context) ?? "\(rule.reason)\nRule: \(rule.name)") + "\n"
    }

    /// The first passage of each of the best articles.
    private static func articles(_ dossier: Dossier) -> ArraySlice<Passage> {
        (dossier.evidence?.passages ?? []).reduce(into: [Passage]()) { list, passage in
            if !list.contains(where: { $0.article == passage.article }) { list.append(passage) }
        }.prefix(4)
    }

    private static func total(of order: Order) -> String? {
        guard let total = order.total, let currency = order.currency else { return nil }
        return FactFormat(language: "en").text(.money(total, currency: currency))
    }

    /// - Parameter shown: a text of a person, as much of it as the policy and a limit allow.
    private static func context(
        for rule: Rule, _ dossier: Dossier, _ shown: (String, Int) -> String
    ) -> TemplateContext {
        let identity = dossier.identity
        let intent = dossier.intent
        var context = TemplateContext([
            "reason": rule.reason, "rule": rule.name, "language": dossier.triage?.language.tag ?? "not determined",
            "intent": intent?.intent ?? "not determined",
            "confidence": intent.map { percent($0.confidence) } ?? "–",
            "sentiment": dossier.triage.map(mood) ?? "not determined",
            "signals": dossier.triage.map(signals) ?? [],
            "authentication": identity.map { "\($0.authentication.verdict)" } ?? "not checked",
            "tier": identity?.tier == .verified ? "the sender's own orders" : "policies only",
            "orders": (identity?.orders.prefix(5) ?? []).map { order in
                TemplateContext([
                    "number": order.number, "state": order.state?.rawValue ?? "not on record",
                    "total": total(of: order) ?? "not on record",
                ])
            },
            "evidence": articles(dossier).map { TemplateContext(["id": $0.article, "title": $0.title]) },
            "findings": dossier.findings.map(\.description) + dossier.injections.map { "speaks to a machine: \($0)" },
            "problems": dossier.message?.problems ?? [],
            "files": [String](),
        ])
        if let association = dossier.association { context["reference"] = association.externalID }
        if let message = dossier.message {
            if let author = dossier.author {
                context["from"] = shown(author.address, maximumSubject)
            }
            // An empty text is none: the template's section for it is left out.
            if !message.newText.isBlank { context["summary"] = shown(message.newText, maximumSummary) }
            if !message.subject.isBlank { context["subject"] = shown(message.subject, maximumSubject) }
            context["files"] = message.attachments.prefix(20).map { shown($0.name, 100) }.filter { !$0.isBlank }
        }
        if let name = identity?.customer?.name {
            context["customer"] = TemplateContext(["name": shown(name, maximumSubject)])
        }
        if let reply = dossier.reply {
            context["draft"] = shown(reply.text, .max)
        } else if dossier.isRejected, let draft = dossier.draft {
            // Nobody is to send it as it is: the findings stand above it.
            context["draft"] = shown(draft.body, ReviewLimits.maximumBytes)
        }
        return context
    }

    static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    /// The words that decided, kind by kind: `anger: third time, cheats`. They come from the redacted text.
    static func signals(_ triage: TriageResult) -> [String] {
        var kinds: [Signal.Kind] = []
        for signal in triage.signals where !kinds.contains(signal.kind) { kinds.append(signal.kind) }
        return kinds.map { kind in
            let words = triage.signals.filter { $0.kind == kind }.map { ($0.weight < 0 ? "not " : "") + $0.words }
            return "\(kind.label): \(words.joined(separator: ", "))"
        }
    }

    private static func mood(_ triage: TriageResult) -> String {
        switch triage.sentiment {
        case ..<(-0.3): "negative"
        case 0.3...: "positive"
        default: "neutral"
        }
    }
}
