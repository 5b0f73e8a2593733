import Foundation
import Mail
import Redaction
import Triage

/// What each stage found out about one message, for `explain`: a heading and lines for each stage that was reached.
public struct Explanation: Sendable, Codable {
    /// One stage.
    public struct Stage: Sendable, Codable {
        /// The stage's verb.
        public let name: String
        /// Name and value, in order.
        public let lines: [Line]
    }

    /// One finding.
    public struct Line: Sendable, Codable {
        /// What.
        public let name: String
        /// The value.
        public let value: String
    }

    /// The stages in order.
    public private(set) var stages: [Stage] = []
    /// One of the five words; nil: it waits.
    public let disposition: Disposition.Kind?
    /// The rule and its reason.
    public let rule: String
    /// The reason in plain words.
    public let reason: String
    /// The reply as it would be sent.
    public let reply: String?

    /// - Parameter shown: what is shown of a text that is a person's, or was made for one.
    init(_ disposition: Disposition, _ dossier: Dossier, _ shown: (String) -> String = { $0 }) {
        self.init(
            disposition.kind, disposition.rule, disposition.reply, dossier,
            decision: Self.decide(disposition, dossier), shown)
    }

    /// What was found out about a message that waits.
    init(_ waiting: AwaitingBatch, _ dossier: Dossier, _ shown: (String) -> String = { $0 }) {
        let rule = waiting.rule
        self.init(
            nil, rule, nil, dossier,
            decision: [("waits", "nothing is done yet"), ("because", rule.reason), ("rule", rule.name)], shown)
    }

    private init(
        _ kind: Disposition.Kind?, _ rule: Rule, _ reply: Reply?, _ dossier: Dossier, decision: [(String, String)],
        _ shown: (String) -> String
    ) {
        disposition = kind
        self.rule = rule.name
        reason = rule.reason
        self.reply = (reply ?? dossier.reply).map { shown($0.text) }
        if let message = dossier.message { add("parse", Self.parse(message).map { ($0.0, shown($0.1)) }) }
        if let association = dossier.association {
            add(
                "associate",
                [
                    (
                        "conversation",
                        association.conversation == nil ? "new, \(association.externalID)" : association.externalID
                    ),
                    ("with a person", association.isWithPerson ? "yes" : "no"),
                    ("replies to the sender in 24 hours", String(association.counts.sender)),
                ] + Self.origin(dossier.raw.origin) + dossier.notes.map { ("note", shown($0)) })
        }
        let findings = dossier.message?.automaticFindings ?? []
        if dossier.identity == nil, !findings.isEmpty {
            add("screen", findings.map { ("not written by a person", "\($0.rule) (\($0.reference))") })
        } else if dossier.identity != nil {
            add("screen", [("written by a person", "yes")])
        }
        if let identity = dossier.identity { add("identify", Self.identify(identity).map { ($0.0, shown($0.1)) }) }
        if let redaction = dossier.redaction {
            add(
                "redact",
                [("subject", redaction.subject.text), ("text", redaction.body.text)]
                    + redaction.body.findings.map {
                        ("\($0.type.rawValue)", "\($0.placeholder ?? "stays readable"): \($0.why)")
                    })
        }
        if let triage = dossier.triage { add("triage", Self.triage(triage).map { ($0.0, shown($0.1)) }) }
        if let evidence = dossier.evidence {
            add(
                "ground",
                [
                    (
                        "orders",
                        evidence.orders.isEmpty ? "none" : evidence.orders.map(\.number).joined(separator: ", ")
                    ), ("facts", String(evidence.facts.facts.count)),
                ]
                    + Self.articles(evidence.passages).map { ("article", $0) })
        }
        if let draft = dossier.draft {
            add(
                "respond",
                [
                    ("by", draft.author.name), ("cites", draft.citations.joined(separator: ", ")),
                    ("draft", shown(draft.body)),
                ] + draft.expense)
        }
        if dossier.draft != nil { add("review", Self.review(dossier)) }
        add("decide", decision.map { ($0.0, shown($0.1)) })
    }

    private static func origin(_ origin: Origin) -> [(String, String)] {
        guard let entry = origin.entry else { return [] }
        return [("came by", "the ticket \(entry.ticket) in \(entry.system), where its answer goes")]
    }

    private mutating func add(_ name: String, _ lines: [(String, String)]) {
        stages.append(Stage(name: name, lines: lines.map { Line(name: $0.0, value: $0.1) }))
    }

    /// How many checks the last draft passed, and what was found in each that did not.
    private static func review(_ dossier: Dossier) -> [(String, String)] {
        let names = Set(dossier.findings.map(\.check))
        let failed = dossier.isRejected ? ReviewCheck.all.count { names.contains($0.name) } : 0
        return [("review", "\(ReviewCheck.all.count - failed) checks passed")]
            + dossier.injections.map { ("speaks to a machine", "\($0): no model was shown this mail") }
            + dossier.findings.map { finding in
                (
                    finding.check,
                    [ReviewCheck.words(for: finding.check), finding.detail].compactMap(\.self).joined(separator: ": ")
                )
            }
    }

    private static func parse(_ message: Message) -> [(String, String)] {
        [
            ("message-id", message.messageID ?? "none"), ("from", message.from.map(\.address).joined(separator: ", ")),
            ("subject", message.subject), ("date", message.date?.formatted(.iso8601) ?? "none"),
            ("attachments", message.attachments.isEmpty ? "none" : "\(message.attachments.count)"),
            ("new text", message.newText),
        ] + message.problems.map { ("problem", $0) }
    }

    private static func identify(_ identity: Identity) -> [(String, String)] {
        [
            ("authentication", "\(identity.authentication.verdict)"),
            ("customer", identity.customer?.id ?? "not on record"), ("orders", String(identity.orders.count)),
            ("may be told", identity.tier == .verified ? "the sender's own orders" : "policies only"),
        ]
    }

    /// Who gets it and why first, then what that was made of.
    private static func decide(_ disposition: Disposition, _ dossier: Dossier) -> [(String, String)] {
        let outcome =
            switch disposition.kind {
            case .answered: "the reply is sent"
            case .drafted: "a person gets the reply as a draft"
            case .escalated:
                dossier.reply == nil || dossier.isShadow
                    ? "a person gets a ticket" : "a person gets a ticket with the draft in it"
            case .ignored: "nothing is done"
            case .quarantined: "it is kept aside, and a person gets a ticket"
            }
        var lines = [
            (disposition.kind.rawValue, outcome), ("because", disposition.rule.reason),
            ("rule", disposition.rule.name),
        ]
        if let trial = dossier.trial {
            lines.append(("experiment", "\(trial.experiment.name): the conversation is in the arm \(trial.arm.name)"))
        }
        lines += dossier.deliberation?.lines ?? []
        if let mail = dossier.onFile {
            lines.append(("a second mail", "to the address on the order, \(mail.recipient.address): \(mail.text)"))
        }
        return lines
    }

    /// The articles of the passages, each once.
    private static func articles(_ passages: [Passage]) -> [String] {
        passages.map { "\($0.article) (\($0.language))" }.reduce(into: []) { list, article in
            if !list.contains(article) { list.append(article) }
        }
    }

    private static func triage(_ triage: TriageResult) -> [(String, String)] {
        func share(_ number: Double) -> String { PacketBuilder.percent(number) }
        return [("language", "\(triage.language.tag) (\(share(triage.language.confidence)))")]
            + triage.intents.map { ("intent", "\($0.intent) (\(share($0.confidence)))") }
            + [
                ("out of scope", share(triage.outOfScope)), ("anger", share(triage.anger)),
                ("urgency", share(triage.urgency)), ("wants a person", triage.wantsPerson ? "yes" : "no"),
            ] + PacketBuilder.signals(triage).map { ("because of", $0) }
            + triage.references.map { ("reference", "\($0.kind) \($0.value)") }
    }
}

extension Desk {
    /// Takes one message the way without any effect and says what each stage found.
    ///
    /// - Parameter isSafe: placeholders take the place of personal data in all of it.
    public func explain(_ raw: RawMessage, isSafe: Bool = false) async throws -> Explanation {
        do {
            let (disposition, dossier) = try await dispose(of: raw)
            guard isSafe else { return Explanation(disposition, dossier) }
            var mask = try await redacting.mask(for: dossier)
            return Explanation(disposition, dossier) { mask.redact($0).text }
        } catch let waiting as AwaitingBatch {
            let dossier = waiting.dossier ?? Dossier(raw)
            guard isSafe else { return Explanation(waiting, dossier) }
            var mask = try await redacting.mask(for: dossier)
            return Explanation(waiting, dossier) { mask.redact($0).text }
        }
    }

    /// The figures of a desk, without building it.
    public static func status(_ configuration: DeskConfiguration) async throws -> LedgerStatus {
        guard configuration.keys.store.mayExist(in: configuration.state) else {
            throw DeskError(.configuration, "no ledger in \(configuration.state): the desk has not run yet")
        }
        let ledger = try await Ledger(configuration.keys)
        return try await ledger.status()
    }
}

extension Draft {
    /// What it was written to, and what it cost.
    fileprivate var expense: [(String, String)] {
        let tokens = usage.map {
            "\($0.tokens.input + $0.tokens.cached + $0.tokens.stored) read, \($0.tokens.output) written"
        }
        return [
            ("prompt", promptVersion), ("tokens", tokens),
            ("requests", usage.map { $0.isBatched ? "\($0.requests), in a batch" : "\($0.requests)" }),
            ("cost", usage.map { String(format: "%.6f", Double($0.cost) / 1_000_000) }),
        ].compactMap { name, value in value.map { (name, $0) } }
    }
}
