import Foundation
import Mail

/// What the ledger knows about the matter that a message belongs to.
public struct Association: Sendable {
    /// The conversation it continues; nil when it opens one.
    public let conversation: Int64?
    /// The conversation's public name, the same in every reply and ticket: `AD-` and 16 characters.
    public let externalID: String
    /// The message that it repeats, when the same bytes of the same sender were seen before.
    public let duplicateOf: Int64?
    /// A person has the conversation (a ticket is open): the desk stays silent.
    public let isWithPerson: Bool
    /// Automatic replies to this sender in the last 24 hours.
    public let recentReplies: Int
    /// Automatic replies in this conversation.
    public let repliesInConversation: Int
    /// Digests of the Message-IDs by which later mail finds this conversation: its own, and those it refers to.
    let threadDigests: [[UInt8]]
    /// Digest by which a second copy is recognised.
    let fingerprint: [UInt8]
    /// Digest of the sender's address; nil without one.
    let sender: [UInt8]?

    /// Without what the desk learned from this very message.
    fileprivate var asOfFirstSight: Association {
        Association(
            conversation: nil, externalID: externalID, duplicateOf: nil, isWithPerson: false, recentReplies: 0,
            repliesInConversation: 0, threadDigests: threadDigests, fingerprint: fingerprint, sender: sender)
    }
}

/// A message with its place among the others. Made by `Conversations` only.
public struct AssociatedMessage: Sendable, Documented {
    /// The message.
    public let parsed: ParsedMessage
    /// Its place.
    public let association: Association

    /// The message as values.
    public var message: Message { parsed.message }

    fileprivate init(parsed: ParsedMessage, association: Association) {
        self.parsed = parsed
        self.association = association
    }

    func note(in dossier: inout Dossier) { dossier.association = association }
}

/// Stage two: the ledger look-up. Reads only; what it found is written with the outcome.
struct Conversations: Sendable {
    let ledger: Ledger
    let now: @Sendable () -> Date

    func associate(_ parsed: ParsedMessage) async throws -> Step<AssociatedMessage> {
        let association = try await ledger.association(of: parsed, now: now())
        if association.duplicateOf != nil {
            // Outside a run a message is explained as if it came for the first time, also when it was handled long ago.
            if parsed.raw.id == 0 {
                return .proceed(AssociatedMessage(parsed: parsed, association: association.asOfFirstSight))
            }
            return .settle(.ignore(Rule("duplicate", "The same message of the same sender was handled before.")))
        }
        return .proceed(AssociatedMessage(parsed: parsed, association: association))
    }

    /// The Message-IDs that tie a message to others: its own and those it refers to. Messages that share one of
    /// them are handled one after the other.
    static func threadIDs(of message: Message) -> [String] {
        var seen: Set<String> = []
        return ([message.messageID].compactMap(\.self) + message.inReplyTo + message.references)
            .filter { seen.insert($0).inserted }
    }
}

extension Ledger {
    /// At most this many referenced Message-IDs are looked up: the newest, which stand last (RFC 5322 §3.6.4).
    private static let maximumReferences = 50

    /// Looks up conversation, duplicate and counters for a message.
    func association(of parsed: ParsedMessage, now: Date) async throws -> Association {
        let message = parsed.message
        let identifiers = Conversations.threadIDs(of: message)
        let threadDigests = (identifiers.prefix(1) + identifiers.dropFirst().suffix(Self.maximumReferences)).map {
            seal.digest($0, for: "message-id")
        }
        let sender = message.from.first.map { seal.digest($0.address.lowercased(), for: "address") }
        // Two mails without a Message-ID are two mails, however equal; a source that numbers anew shows each of them again
        // with the time at which it arrived.
        let fingerprint = seal.digest(
            [
                message.messageID ?? "arrived \(parsed.raw.arrival.milliseconds)",
                message.from.first?.address.lowercased() ?? "",
                message.date.map { String($0.milliseconds) } ?? "", Seal.fingerprint(parsed.raw.bytes.bodyBytes),
            ].joined(separator: "\n"), for: "fingerprint")
        let own = parsed.raw.id
        // Made from the message that opens the conversation, so that a run repeated after a crash names it the same.
        let newExternalID =
            "AD-"
            + seal.digest(
                "\(parsed.raw.channel)\n\(parsed.raw.source)\n\(message.messageID ?? "")", for: "conversation"
            ).prefix(10).base32
        return try await database.read { transaction in
            var conversation: Int64?
            for digest in threadDigests {
                conversation = try transaction.rows(
                    "SELECT conversation FROM reference WHERE digest = $1", [.blob(digest)]
                ).first?.integer("conversation")
                if conversation != nil { break }
            }
            let duplicate = try transaction.rows(
                "SELECT message FROM fingerprint WHERE digest = $1 AND message <> $2",
                [.blob(fingerprint), .integer(own)]
            ).first?.integer("message")
            let existing = try conversation.flatMap {
                try transaction.rows(
                    "SELECT with_person, external_id FROM conversation WHERE id = $1", [.integer($0)]
                ).first
            }
            let recent =
                try sender.flatMap { sender in
                    try transaction.rows(
                        """
                        SELECT COUNT(*) AS n FROM outbox
                        WHERE recipient = $1 AND created_at > $2 AND kind = 'reply' AND state <> 'failed'
                        """, [.blob(sender), .integer(now.milliseconds - 86_400_000)]
                    ).first?.integer("n")
                } ?? 0
            let inConversation =
                try conversation.flatMap {
                    try transaction.rows(
                        """
                        SELECT COUNT(*) AS n FROM outbox
                        WHERE conversation = $1 AND kind = 'reply' AND state <> 'failed'
                        """, [.integer($0)]
                    ).first?.integer("n")
                } ?? 0
            return Association(
                conversation: conversation, externalID: existing?.text("external_id") ?? newExternalID,
                duplicateOf: duplicate, isWithPerson: existing?.integer("with_person") == 1, recentReplies: Int(recent),
                repliesInConversation: Int(inConversation), threadDigests: threadDigests,
                fingerprint: fingerprint, sender: sender)
        }
    }
}

extension [UInt8] {
    /// What follows the first empty line (RFC 5322 §2.1): trace fields differ between two copies, the body does not.
    var bodyBytes: [UInt8] {
        var index = 0
        while index + 1 < count {
            if self[index] == 0x0A {
                if self[index + 1] == 0x0A { return Array(self[(index + 2)...]) }
                if self[index + 1] == 0x0D, index + 2 < count, self[index + 2] == 0x0A {
                    return Array(self[(index + 3)...])
                }
            }
            index += 1
        }
        return []
    }
}

extension Sequence<UInt8> {
    /// Base 32 of RFC 4648 §6 in capitals, without padding.
    var base32: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var buffer = 0
        var bits = 0
        for byte in self {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[(buffer >> bits) & 31])
            }
        }
        if bits > 0 { text.append(alphabet[(buffer << (5 - bits)) & 31]) }
        return text
    }
}
