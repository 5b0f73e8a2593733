import Foundation
import Mail

/// One message of a run, as `--json` prints it: a stable contract.
public struct HandledMessage: Sendable, Encodable {
    /// The ledger's number.
    public let id: Int64
    /// The channel's name for it; not printed.
    public let source: String
    /// Its Message-ID, without its author's name.
    public let messageID: String?
    /// BCP 47; nil when it left the way before that was known.
    public let language: String?
    /// The most certain intent.
    public let intent: String?
    /// Its calibrated probability.
    public let confidence: Double?
    /// One of the five words; what it will be when the effect still waits.
    public let disposition: Disposition.Kind
    /// The rule that decided.
    public let rule: String
    /// Where the reply went: a maildir's file name or the server's answer.
    public let reply: String?
    /// The ticket's number.
    public let ticket: String?
    /// The channel that it came by; not printed.
    public let channel: String
    /// How long it was in hand, stage by stage together; not printed.
    public let took: Duration

    init(_ id: Int64, _ disposition: Disposition, _ dossier: Dossier, _ result: LedgerResult) {
        self.id = id
        source = dossier.raw.source
        messageID = dossier.message.flatMap(Self.identifier)
        language = dossier.triage?.language.tag
        intent = dossier.intent?.intent
        confidence = dossier.intent.map { ($0.confidence * 1000).rounded() / 1000 }
        self.disposition = result.disposition ?? disposition.kind
        rule = result.rule ?? disposition.rule.name
        reply = result.reply
        ticket = result.ticket
        channel = dossier.raw.channel
        took = dossier.laps.reduce(.zero) { $0 + $1.time }
    }

    /// The Message-ID without its author's name or address, of which some programs make it.
    private static func identifier(of message: Message) -> String? {
        guard let whole = message.messageID else { return nil }
        let end = whole.lastIndex(of: "@") ?? whole.endIndex
        var local = String(whole[..<end])
        let people = message.from + message.replyTo
        let words = people.flatMap { person in
            [person.address, String(person.address.prefix { $0 != "@" })]
                + (person.name ?? "").split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        for word in words.sorted(by: { $0.count > $1.count }) where word.count >= 4 {
            local = local.replacingOccurrences(of: word, with: "_", options: .caseInsensitive)
        }
        return local + whole[end...]
    }

    private enum CodingKeys: String, CodingKey {
        case id, messageID, language, intent, confidence, disposition, rule, reply, ticket
    }

    /// One line of JSON; absent values are null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(messageID, forKey: .messageID)
        try container.encode(language, forKey: .language)
        try container.encode(intent, forKey: .intent)
        try container.encode(confidence, forKey: .confidence)
        try container.encode(disposition, forKey: .disposition)
        try container.encode(rule, forKey: .rule)
        try container.encode(reply, forKey: .reply)
        try container.encode(ticket, forKey: .ticket)
    }
}

/// What a run did and what stood in its way.
public struct RunReport: Sendable {
    /// How many messages ended how.
    public let counts: [Disposition.Kind: Int]
    /// Channels and services that could not be reached, one line each.
    public let unavailable: [String]
    /// Messages that began to wait for a batch, or went on waiting.
    public let waiting: Int
    /// Something waits for a later run.
    public let workRemains: Bool
    /// The audit log's new head; nil when nothing was added to it.
    public let audit: AuditHead?
    /// A person has paused the desk, and nothing was done.
    public let pause: Pause?

    /// Messages that were handled.
    public var handled: Int { counts.values.reduce(0, +) }
}

/// Collects a run's report from many tasks.
actor RunReportBuilder {
    private var counts: [Disposition.Kind: Int] = [:]
    private var problems: Set<String> = []
    private var waits = false
    private var waiting = 0
    private var audit: AuditHead?
    private var pause: Pause?

    /// Whether a message was handled.
    var hasWorked: Bool { !counts.isEmpty }
    func sealed(_ head: AuditHead?) { audit = head }
    func isPaused(_ pause: Pause) { self.pause = pause }
    func handled(_ message: HandledMessage) { counts[message.disposition, default: 0] += 1 }
    func unavailable(_ line: String) { problems.insert(line) }
    func workRemains() { waits = true }
    func waitsForBatch() { waiting += 1 }
    /// What stood in the way since the last time.
    func takeProblems() -> Set<String> {
        defer { problems = [] }
        return problems
    }
    func note(_ attempt: DeliveryAttempt) {
        switch attempt {
        case .finished: break
        case .waits: waits = true
        case .unreachable(let line): problems.insert(line)
        }
    }
    func finished() -> RunReport {
        RunReport(
            counts: counts, unavailable: problems.sorted(), waiting: waiting, workRemains: waits, audit: audit,
            pause: pause)
    }
}
