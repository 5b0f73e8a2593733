import Mail
import Redaction
import Triage

/// Everything that the stages found out about one message, as far as it came: what a ticket, the ledger and `explain` show.
public struct Dossier: Sendable {
    /// The bytes and where they came from.
    public let raw: RawMessage
    /// After parse.
    public internal(set) var message: Message?
    /// After associate.
    public internal(set) var association: Association?
    /// What looked wrong and was let pass, in words without personal data.
    public internal(set) var notes: [String] = []
    /// After listen, where it said something aloud.
    public internal(set) var transcript: Transcript?
    /// After identify.
    public internal(set) var identity: Identity?
    /// After redact.
    public internal(set) var redaction: MessageRedaction?
    /// After triage.
    public internal(set) var triage: TriageResult?
    /// What the desk takes to be asked: the message's own intents, or those of the one that it only completes.
    public internal(set) var intents: [IntentScore] = []
    /// After ground.
    public internal(set) var evidence: Evidence?
    /// After respond.
    public internal(set) var draft: Draft?
    /// What in the message speaks to a machine.
    public internal(set) var injections: [Injection] = []
    /// After review.
    public internal(set) var findings: [ReviewFinding] = []
    /// By which the ledger knows the answer again.
    var answerDigest: [UInt8]?
    /// Products that are named behind the answer, by SKU.
    var suggested: [String] = []
    /// No draft passed the review; the last one is kept for a person.
    public internal(set) var isRejected = false
    /// The reply as it would be sent.
    public internal(set) var reply: Reply?
    /// The arm of an experiment that the conversation is in.
    var trial: Trial?
    /// The desk only watches: a person answers without seeing its reply, and what she writes is laid beside it.
    var isShadow = false
    /// What the decision was made of; nil when it was made before there was an answer.
    var deliberation: Deliberation?
    /// Digest of whom the answer goes to and what it answers; nil for a question back.
    var matter: [UInt8]?
    /// The mail to the address on file that would be sent beside it.
    public internal(set) var onFile: Reply?
    /// By what a second copy is recognised; only of a message that failed behind the parser, and is no conversation's.
    var fingerprint: [UInt8]?

    /// How long each stage took, in order.
    private(set) var laps: [(stage: String, time: Duration)] = []
    private var lapStart = ContinuousClock.now

    /// What is asked, as the ledger and people see it: the surest intent, or out of scope where that is surer.
    public var intent: IntentScore? {
        guard let triage else { return nil }
        let top = intents.first
        if intents == triage.intents, triage.outOfScope > top?.confidence ?? 0 {
            return IntentScore(intent: IntentClassifier.outOfScope, confidence: triage.outOfScope)
        }
        return top
    }

    /// What in the message speaks to a machine, also where it left the way before anybody looked.
    var suspicions: [Injection] { injections.isEmpty ? redaction.map(Injection.all) ?? [] : injections }

    /// Who wrote, as far as that is known.
    var author: Mailbox? { association?.correspondent?.mailbox ?? message?.from.first }

    /// An empty dossier.
    init(_ raw: RawMessage) { self.raw = raw }

    /// Notes what is no stage's: in words without personal data.
    mutating func noteLine(_ line: String) { notes.append(line) }

    /// Notes that a stage has ended now, and the next one begins.
    mutating func lap(_ stage: String) {
        let end = ContinuousClock.now
        laps.append((stage, end - lapStart))
        lapStart = end
    }

    /// Counts as part of the stage in hand what was done before there was a dossier.
    mutating func lapBegan(earlierBy time: Duration) { lapStart -= time }
}

/// A stage's result that knows what of it belongs in the dossier.
protocol Documented {
    /// The stage that makes it, by its verb.
    static var stage: String { get }
    func note(in dossier: inout Dossier)
}
