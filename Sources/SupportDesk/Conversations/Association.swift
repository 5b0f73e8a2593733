import Foundation
import Mail

/// What the ledger knows about the matter that a message belongs to.
public struct Association: Sendable {
    /// The conversation it continues; nil when it opens one.
    public let conversation: Int64?
    /// The language of the last message in it that had one, as BCP 47.
    public internal(set) var language: String?
    /// What the customer was asked back in it; nil when she was not.
    let asked: AskedBack?
    /// The conversation's public name, the same in every reply and ticket: `AD-` and 16 characters.
    public let externalID: String
    /// The message that it repeats, when the same bytes of the same sender were seen before.
    public let duplicateOf: Int64?
    /// A person has the conversation (a ticket is open): the desk stays silent.
    public let isWithPerson: Bool
    /// Whom the desk deals with; nil without exactly one author.
    public let correspondent: Correspondent?
    /// The automatic replies that went out before and that an answer would follow.
    public let counts: ReplyCounts
    /// A mail to this address came back for good.
    public let isSuppressed: Bool
    /// It refers to a conversation that its sender has no part in, and opens one of its own.
    public let isStranger: Bool
    /// The reply of ours that it reports on.
    public let returned: ReturnedReply?
    /// Its sender tells by it whether a reply of ours was an answer.
    public let feedback: Feedback?
    /// It bears a token for that which counts for nothing: forged, another person's, or of a reply that nobody remembers.
    var isFeedbackRefused = false
    /// Digests of the Message-IDs by which later mail finds this conversation: its own, and those it refers to.
    let threadDigests: [[UInt8]]
    /// Those of them that led to a conversation when the message was looked up.
    var knownDigests: Set<[UInt8]> = []
    /// Digest by which a second copy is recognised.
    let fingerprint: [UInt8]
    /// Digests of whom an answer goes to and what it answers; nil without a correspondent.
    var addressee: Addressee?
    /// Digests of those who may continue the conversation: the sender, and whom she wrote to.
    let participants: [[UInt8]]
    /// Digest of the correspondent and the subject.
    let subject: [UInt8]?
    /// The placeholders of the conversation so far.
    let vault: SealedVault?
    /// An answer to an earlier message of it waits as a draft, or a person has it in hand.
    var hasOpenDraft = false
    /// Digests of the answers that were given in it before.
    var answers: Set<[UInt8]> = []
    /// By what the same words are known when they come by another way as well.
    var copies: Copies?
    /// The placeholders so far, where they are at hand and not in the ledger: in a replay.
    var openVault: ConversationVault?

    /// One of the shop's own people wrote it, about a customer's matter or to a customer.
    var colleague: Colleague?
    /// Digests of the messages that she has answered by it.
    var answeredByColleague: [[UInt8]] = []
    /// One of the shop's own people has answered it.
    var isAnsweredByPerson = false
    /// Somebody else than who opened the conversation wrote it.
    var isOtherParticipant = false
    /// Digest of who wrote it, also where nobody is answered.
    var author: [UInt8]?
    /// Its author was forgotten after it had come.
    var isForgotten = false

    /// It is looked at once more, as if it had never come: what was answered on it does not count.
    var isFirstSight = false

    /// Without what the desk learned from this very message.
    fileprivate var asOfFirstSight: Association {
        Association(
            conversation: nil, asked: nil, externalID: externalID, duplicateOf: nil, isWithPerson: false,
            correspondent: correspondent, counts: ReplyCounts(), isSuppressed: isSuppressed, isStranger: false,
            returned: returned, feedback: nil, threadDigests: threadDigests, fingerprint: fingerprint,
            addressee: addressee,
            participants: participants, subject: subject, vault: nil, copies: copies, isFirstSight: true)
    }
}

extension Association {
    /// Puts on record by what later mail finds the conversation.
    /// - Throws: `VaultMoved` when a message of the same thread was settled since this one was looked up, by another process: it would
    ///   have been found to belong together.
    func record(
        in conversation: Int64, at time: Date, reply: [UInt8]? = nil,
        replySubject: [UInt8]? = nil, _ transaction: any SQLTransaction
    ) throws {
        for digest in threadDigests + [reply].compactMap(\.self) {
            let isNew = try transaction.execute(
                "INSERT INTO reference (digest, conversation) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.blob(digest), .integer(conversation)])
            if isNew == 0, digest != reply, !knownDigests.contains(digest) { throw VaultMoved() }
        }
        for participant in participants {
            try transaction.later(
                "INSERT INTO participant (conversation, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.integer(conversation), .blob(participant)])
        }
        for subject in Set([subject, replySubject].compactMap(\.self)) {
            try transaction.later(
                """
                INSERT INTO subject (digest, conversation, at) VALUES ($1, $2, $3)
                ON CONFLICT (digest, conversation) DO UPDATE SET at = excluded.at
                """, [.blob(subject), .integer(conversation), .integer(time.milliseconds)])
        }
    }

    /// Puts on record by what a second copy of the message is recognised.
    /// - Returns: whether it is the first one.
    @discardableResult
    func recordFingerprint(for message: Int64, _ transaction: any SQLTransaction) throws -> Bool {
        try copies?.record(for: message, transaction)
        return try Self.record(fingerprint, for: message, transaction)
    }

    /// Puts on record by what a message is recognised.
    /// - Returns: whether it is the first one.
    static func record(
        _ fingerprint: [UInt8], for message: Int64, _ transaction: any SQLTransaction
    ) throws -> Bool {
        try transaction.later(
            "INSERT INTO fingerprint (digest, message) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [.blob(fingerprint), .integer(message)])
        return try transaction.rows("SELECT message FROM fingerprint WHERE digest = $1", [.blob(fingerprint)]).first?
            .integer("message") == message
    }
}

/// Digests of whom an answer goes to, and of what it answers: what the backstops count by.
struct Addressee: Sendable {
    let address: [UInt8]
    let domain: [UInt8]
    /// Of the sender together with what she newly wrote.
    let text: [UInt8]
}

/// A message with its place among the others. Made by `Conversations` only.
public struct AssociatedMessage: Sendable, Documented {
    static let stage = "associate"
    /// The message.
    public let parsed: ParsedMessage
    /// Its place.
    public private(set) var association: Association

    /// The same, by whose heard words its repetitions are counted.
    func hearing(_ addressee: Addressee) -> AssociatedMessage {
        var copy = self
        copy.association.addressee = addressee
        return copy
    }

    /// The message as values.
    public var message: Message { parsed.message }

    fileprivate init(parsed: ParsedMessage, association: Association) {
        self.parsed = parsed
        self.association = association
    }

    func note(in dossier: inout Dossier) {
        dossier.association = association
        if association.isStranger {
            dossier.notes.append("it refers to a conversation that its sender has no part in, and opens its own")
        }
    }
}

extension Rule {
    static let duplicate = Rule("duplicate", "The same message of the same sender was handled before.")
}

/// Stage two: the ledger look-up. Reads only; what it found is written with the outcome.
struct Conversations: Sendable {
    let ledger: Ledger
    let shop: Shop
    /// How many automatic replies there may be.
    var backstops = Backstops()
    /// How long after an answer a mail on the same matter counts as written before it was read, seconds; 0: never.
    var repeats: TimeInterval = 0
    /// How customers say whether a reply was an answer.
    var words: @Sendable () async throws -> FeedbackWords = { FeedbackWords() }
    let now: @Sendable () -> Date

    /// - Parameter conversation: where it was found to belong when nothing in it says so.
    func associate(_ parsed: ParsedMessage, joining conversation: Int64? = nil) async throws -> Step<AssociatedMessage>
    {
        let association = try await ledger.association(
            of: parsed, shop: shop, joining: conversation, saying: try await said(parsed), within: backstops, now: now()
        )
        // Not even by what it would be known again is put on record of it.
        if association.isForgotten { return .settle(.ignore(.forgotten)) }
        if association.duplicateOf != nil {
            // Outside a run a message is explained as if it came for the first time, also when it was handled long ago.
            if parsed.raw.id == 0 {
                return .proceed(AssociatedMessage(parsed: parsed, association: association.asOfFirstSight))
            }
            return .settle(.ignore(.duplicate))
        }
        return .proceed(AssociatedMessage(parsed: parsed, association: association))
    }

    /// What a short answer says in words of the reply that it answers; nil: something else, or nothing.
    private func said(_ parsed: ParsedMessage) async throws -> FeedbackToken.Answer? {
        let message = parsed.message
        let isAnswer =
            !message.inReplyTo.isEmpty || !message.references.isEmpty || parsed.raw.origin != .mail
            || Self.baseSubject(message.subject)?.isAnswer == true
        guard isAnswer, parsed.outer == nil, message.newText.utf8.count <= 400, !message.newText.isBlank,
            message.attachments.isEmpty, message.forwarded == nil, shop.automatic(message) == nil
        else { return nil }
        let names = shop.correspondent(of: message).map { FeedbackWords.names(of: $0.mailbox) } ?? []
        return try await words().answer(
            in: message.newText, signedBy: names, isNumberEnough: shop.feedback.hasScale)
    }

    /// As `associate`, of a past that is replayed: of the conversation counts what the replay knows of it, and nothing of what
    /// any ledger holds.
    func associate(_ parsed: ParsedMessage, in past: PastConversation) -> Step<AssociatedMessage> {
        .proceed(
            AssociatedMessage(parsed: parsed, association: ledger.association(of: parsed, shop: shop, in: past)))
    }

    /// The subject without what programs put in front, as far as that is needed to compare; nil when nothing is left.
    static func baseSubject(_ subject: String) -> (text: String, isAnswer: Bool)? {
        var rest = subject.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")[...]
        var isAnswer = false
        while let prefix = Self.answerPrefixes.first(where: rest.hasPrefix) {
            rest = rest.dropFirst(prefix.count).drop { $0 == " " }
            isAnswer = true
        }
        return rest.isEmpty ? nil : (String(rest), isAnswer)
    }

    /// `Re:` in the languages of common mail programs.
    private static let answerPrefixes = [
        "re:", "aw:", "sv:", "vs:", "antw:", "ant:", "res:", "rif:", "rép:", "odp:", "ynt:", "回复:", "回复：", "答复:", "回覆:",
        "отв:", "re：",
    ]
}
