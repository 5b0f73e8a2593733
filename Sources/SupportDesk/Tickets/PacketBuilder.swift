import Foundation
import Redaction
import Triage

/// How much of people a ticket shows.
public enum PersonalDataPolicy: String, Sendable, CaseIterable {
    /// Everything but card numbers, their codes and passwords; the mails are attached as they came.
    case full
    /// Placeholders in note and subject, as the model sees them; the mails are attached as they came.
    case placeholders
    /// Nothing of the mail but its Message-ID; it stays in the mailbox.
    case minimal
}

/// Writes the packet of an escalation from what the stages found out.
struct PacketBuilder: Sendable {
    let templates: NoteTemplates
    let ledger: Ledger
    let redacting: Redacting
    let policy: PersonalDataPolicy
    let routing: Routing
    /// Says in a line what a customer wants; nil: it is taken from her own words.
    var gisting: Gisting?

    private static let maximumSubject = 200
    /// What nobody who reads a ticket has a use for.
    private static let alwaysMasked: Set<PIIType> = [.creditCard, .cardDetail, .secret, .oneTimeCode, .unreadable]

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
        let subject = policy == .minimal ? "" : message?.subject ?? ""
        let title = isQuarantine ? templates.word("unprocessed") : shown(subject, Self.maximumSubject)
        let isProved = dossier.identity?.authentication.verdict == .pass
        let history = try await ledger.history(
            of: dossier.association?.conversation, sender: isProved ? dossier.association?.addressee?.address : nil,
            before: raw.id)
        let gist = policy == .minimal ? nil : await gisting?.gist(of: dossier)
        let context = NoteContext(
            rule: rule, dossier: dossier, policy: policy, history: history, gist: gist, templates: templates
        ).values(shown)
        let note = (ReplyTemplate.render(templates.note, context) ?? "\(rule.reason)\nRule: \(rule.name)") + "\n"
        dossier.redaction?.vault = mask.vault
        var (placement, team) = routing.place(matter(of: dossier, rule))
        // Each system takes those that its configuration has a field for.
        let known = [
            "intent": dossier.intent?.intent, "language": dossier.triage?.language.tag,
            "order": policy == .minimal ? nil : dossier.evidence?.orders.first?.number, "rule": rule.name,
        ].compactMapValues(\.self)
        placement.fields.merge(known) { routed, _ in routed }
        var packet = Packet(
            externalID: dossier.association?.externalID
                ?? "AD-" + ledger.seal.digest("\(raw.channel)\n\(raw.source)", for: "conversation").prefix(10).base32,
            message: raw.id, subject: title.isBlank ? templates.word("no_subject") : title,
            requestor: trustworthy && policy != .minimal ? dossier.author?.address : nil,
            note: note, rule: rule.name, placement: placement, team: team, isMinimal: policy == .minimal,
            mailbox: raw.channel)
        if dossier.transcript != nil, policy != .minimal { packet.hasOwnWords = true }
        return packet
    }

    /// The packet of a reply that did not reach its customer, or perhaps did not.
    /// - Parameter mayHaveLeft: whether the reply is attached as one that may have been sent.
    func packet(
        for rule: Rule, unsent message: Int64, _ subject: String, in externalID: String, mayHaveLeft: Bool, now: Date
    ) -> Packet {
        let (placement, team) = routing.place(Routing.Matter(rule: rule.name, arrival: now))
        let files = policy == .minimal ? "left_in_mailbox" : mayHaveLeft ? "reply_attached" : "message_attached"
        return Packet(
            externalID: externalID, message: message, subject: templates.word(subject), requestor: nil,
            note: "\(templates.reason(of: rule))\n\nRule: \(rule.name)\n\(templates.word(files))\n", rule: rule.name,
            placement: placement, team: team, isMinimal: policy == .minimal)
    }

    /// What the routing looks at; the fields that a system may have are set with it.
    private func matter(of dossier: Dossier, _ rule: Rule) -> Routing.Matter {
        let orders = dossier.evidence?.orders ?? []
        return Routing.Matter(
            intent: dossier.intent?.intent, language: dossier.triage?.language.tag, rule: rule.name,
            value: orders.compactMap { $0.total.flatMap(Double.init) }.max(), arrival: dossier.raw.arrival)
    }

    /// The beginning of a text as the policy has it. Cut behind the masking, so that no half of a number is left over.
    private func show(_ text: String, _ limit: Int, _ mask: inout Mask) -> String {
        let redacted = mask.redact(text)
        switch policy {
        case .placeholders, .minimal: return redacted.prefix(maximumScalars: limit).text
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

    static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    /// The words that decided, kind by kind: `anger: third time, cheats`. They come from the redacted text.
    static func signals(
        _ triage: TriageResult, label: (Signal.Kind) -> String = \.label, not: String = "not", hasWords: Bool = true
    ) -> [String] {
        var kinds: [Signal.Kind] = []
        for signal in triage.signals where !kinds.contains(signal.kind) { kinds.append(signal.kind) }
        return kinds.map { kind in
            guard hasWords else { return label(kind) }
            let words = triage.signals.filter { $0.kind == kind }.map { ($0.weight < 0 ? "\(not) " : "") + $0.words }
            return "\(label(kind)): \(words.joined(separator: ", "))"
        }
    }
}
