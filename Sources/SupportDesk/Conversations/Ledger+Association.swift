import Foundation
import Mail

extension Ledger {
    /// At most this many referenced Message-IDs are looked up: the newest, which stand last (RFC 5322 §3.6.4).
    private static let maximumReferences = 50
    /// Who was written to counts as a participant; a message to more is not a conversation.
    private static let maximumParticipants = 50
    /// An answer without any reference finds its conversation by subject and sender for two weeks.
    private static let subjectWindow: Int64 = 14 * 86_400_000

    /// Looks up conversation, duplicate and counters for a message.
    func association(
        of parsed: ParsedMessage, shop: Shop, joining joined: Int64? = nil, saying words: FeedbackToken.Answer? = nil,
        within limits: Backstops = Backstops(), now: Date
    ) async throws -> Association {
        // By what mail it came; whose words it brings may be somebody else's.
        let message = parsed.outer ?? parsed.message
        let seal = self.seal
        let correspondent = shop.correspondent(of: parsed.message)
        let isAutomatic = shop.automatic(message) != nil
        let isOwn = message.headers(named: ReplyToken.stampField).contains { seal.token($0) != nil }
        let colleague = isAutomatic || isOwn || parsed.outer != nil ? nil : shop.colleague(in: message)
        let isFromShop = message.from.contains { shop.owns($0.address) }
        let addressee = correspondent.map { self.addressee($0.mailbox, parsed.message) }
        let identifiers = message.threadIDs
        let threadIDs = identifiers.prefix(1) + identifiers.dropFirst().suffix(Self.maximumReferences)
        let base = Conversations.baseSubject(message.subject)
        let subject = addressee.flatMap { addressee in base.map { self.subject($0.text, of: addressee.address) } }
        // Made from the message that opens the conversation, so that a run repeated after a crash names it the same.
        let source = "\(parsed.raw.channel)\n\(parsed.raw.source)\n\(message.messageID ?? "")"
        let newExternalID = "AD-" + seal.digest(source, for: "conversation").prefix(10).base32
        let addressTokens = self.addressTokens(message, shop)
        let messageTokens = threadIDs.reversed().compactMap(ReplyToken.candidate(in:)).compactMap { seal.token($0) }
        let origin = parsed.raw.origin.entry
        let copies = Copies(parsed, sender: correspondent?.mailbox.address, seal)
        let home = origin?.home(seal)
        let lookup = Lookup(
            own: parsed.raw.id, threadDigests: threadIDs.map { seal.digest($0, for: "message-id") },
            tokens: messageTokens + addressTokens, subject: base?.isAnswer == true ? subject : nil,
            subjectsSince: now.milliseconds - Self.subjectWindow, fingerprint: self.fingerprint(parsed),
            sender: addressee?.address, isColleague: colleague != nil || parsed.outer != nil, joined: joined,
            home: home, copies: copies)
        let report = ReturnedReply.Report(parsed, isAutomatic: isAutomatic)
        let reported = report.flatMap { report in
            addressTokens.first ?? report.tokens.lazy.compactMap { seal.token($0) }.first
        }
        let domain = shop.mailbox.domain ?? "localhost"
        let author = addressee?.address ?? parsed.message.from.first.map { digest(address: $0.address) }
        let participants = isAutomatic ? [] : self.participants(of: parsed.message, correspondent, shop)
        let ballot = Ballot(
            message, shop, seal, from: addressee, words: words, isAuthor: correspondent?.source == .author)
        return try await database.read { transaction in
            var returned: ReturnedReply?
            if let report, let reported {
                returned = try ReturnedReply(report, of: reported.messageID(domain: domain), in: transaction)
            }
            let references = try lookup.references(in: transaction)
            var (conversation, isStranger) = try lookup.conversation(references, in: transaction)
            if let returned { (conversation, isStranger) = (returned.conversation, false) }
            var feedback = try ballot?.feedback(seal, from: addressee?.address, in: transaction)
            if let feedback { (conversation, isStranger) = (feedback.conversation, false) }
            let existing = try conversation.flatMap {
                try transaction.rows(
                    """
                    SELECT with_person, external_id, asked, author, EXISTS (
                        SELECT 1 FROM draft WHERE draft.conversation = conversation.id
                        AND draft.state IN ('open', 'edited') AND draft.message <> $1
                    ) AS drafts, (
                        SELECT message.language FROM archive JOIN message ON message.id = archive.message
                        WHERE archive.conversation = conversation.id AND message.language IS NOT NULL
                        ORDER BY message.id DESC LIMIT 1
                    ) AS language
                    FROM conversation WHERE id = $2
                    """, [.integer(parsed.raw.id), .integer($0)]
                ).first
            }
            let isWithPerson = existing?.integer("with_person") == 1 || origin?.isWithPerson == true
            // To whom she says it, and of whose answer, is plain only while nobody but the desk has answered.
            if let ballot, ballot.isWords, !isWithPerson, let conversation, let sender = addressee?.address {
                feedback = try ballot.feedback(
                    in: conversation, from: sender, before: parsed.raw.id, now: now, transaction)
            }
            let suppressed = try addressee.map {
                try transaction.rows("SELECT 1 AS one FROM suppressed WHERE digest = $1", [.blob($0.address)])
            }
            // Whoever opened the conversation is its customer, also one of the shop's own people who tries it.
            let opener = existing?.blob("author")
            let isOpener = opener != nil && opener == addressee?.address
            let isNote = colleague?.writesToCustomer == false
            // What she passes on is a matter of its own, and so is what the shop writes by itself.
            let isElse = isOpener || isNote && message.forwarded != nil || conversation == nil && (isNote || isFromShop)
            let part = isElse ? nil : colleague
            var association = Association(
                conversation: conversation, language: existing?.text("language"),
                asked: existing?.text("asked").flatMap(AskedBack.init),
                externalID: existing?.text("external_id") ?? newExternalID,
                duplicateOf: try lookup.duplicate(in: transaction),
                isWithPerson: isWithPerson,
                correspondent: correspondent,
                counts: try ReplyCounts(
                    addressee, conversation: conversation, within: limits, now: now, in: transaction),
                isSuppressed: suppressed?.isEmpty == false, isStranger: isStranger, returned: returned,
                feedback: feedback,
                threadDigests: lookup.threadDigests + [home].compactMap(\.self), fingerprint: lookup.fingerprint,
                addressee: addressee,
                participants: participants, subject: subject,
                vault: try conversation.flatMap { try SealedVault(of: $0, in: transaction) },
                hasOpenDraft: existing?.integer("drafts") == 1,
                answers: try conversation.map { try Self.answers(in: $0, besides: lookup.own, transaction) } ?? [],
                copies: copies)
            association.knownDigests = Set(references.keys)
            association.isFeedbackRefused = feedback == nil && ballot?.isWords == false
            association.colleague = part
            if let part, part.writesToCustomer, part.isProved {
                association.answeredByColleague = (message.inReplyTo + message.references).suffix(
                    Self.maximumReferences
                ).map { seal.digest($0, for: "message-id") }
            }
            if let own = message.messageID {
                association.isAnsweredByPerson = try Self.isAnswered(
                    seal.digest(own, for: "message-id"), in: transaction)
            }
            association.author = author
            association.isForgotten = try Self.isForgotten(author, at: parsed.raw.arrival, in: transaction)
            association.isOtherParticipant = opener != nil && addressee != nil && !isOpener && parsed.outer == nil
            return association
        }
    }

    /// The digests of the newest answers of a conversation that its other messages got.
    private static func answers(in conversation: Int64, besides message: Int64, _ transaction: any SQLTransaction)
        throws -> Set<[UInt8]>
    {
        let rows = try transaction.rows(
            """
            SELECT answer FROM outbox WHERE conversation = $1 AND kind = 'reply' AND answer IS NOT NULL
              AND message <> $2 ORDER BY id DESC LIMIT 20
            """, [.integer(conversation), .integer(message)])
        return Set(rows.compactMap { $0.blob("answer") })
    }

    /// Digest of an address, whatever the case of its letters.
    func digest(address: String) -> [UInt8] { seal.digest(address.lowercased(), for: "address") }

    /// Digest of a subject within the mail of one address.
    func subject(_ base: String, of address: [UInt8]) -> [UInt8] {
        seal.digest("\(address.base32)\n\(base)", for: "subject")
    }

    /// By what answers to a message are counted.
    func addressee(_ mailbox: Mailbox, _ message: Message) -> Addressee {
        let address = digest(address: mailbox.address)
        // Robots number their notes. In an answer numbers do not make another text; in a first mail it may be another
        // order.
        let isAnswer = !message.inReplyTo.isEmpty || Conversations.baseSubject(message.subject)?.isAnswer == true
        let text = message.newText.lowercased().unicodeScalars.filter {
            !$0.properties.isWhitespace && !(isAnswer && $0.properties.numericType != nil)
        }
        return Addressee(
            address: address, domain: seal.digest(mailbox.domain ?? "", for: "domain"),
            text: seal.digest("\(address.base32)\n\(String(String.UnicodeScalarView(text)))", for: "text"))
    }

    /// Two mails without a Message-ID are two mails unless everything that tells them apart is equal.
    func fingerprint(_ parsed: ParsedMessage) -> [UInt8] {
        let message = parsed.outer ?? parsed.message
        return seal.digest(
            [
                message.messageID ?? "arrived \(parsed.raw.arrival.milliseconds)",
                message.from.first?.address.lowercased() ?? "",
                message.date.map { String($0.milliseconds) } ?? "", Seal.fingerprint(parsed.raw.bytes.bodyBytes),
            ].joined(separator: "\n"), for: "fingerprint")
    }

    /// Of a message that could not be read: every byte of it. Nil without any.
    func fingerprint(unread raw: RawMessage) -> [UInt8]? {
        raw.bytes.isEmpty ? nil : seal.digest(Seal.fingerprint(raw.bytes), for: "fingerprint")
    }

    /// Whether another message was known by this.
    func isKnown(_ fingerprint: [UInt8], besides message: Int64) async throws -> Bool {
        try await database.read { transaction in
            try !transaction.rows(
                "SELECT 1 AS one FROM fingerprint WHERE digest = $1 AND message <> $2",
                [.blob(fingerprint), .integer(message)]
            ).isEmpty
        }
    }

    func participants(of message: Message, _ correspondent: Correspondent?, _ shop: Shop) -> [[UInt8]] {
        let others = (message.from + message.to + message.cc).map(\.address).filter { !shop.owns($0) }
        return Set(([correspondent?.mailbox.address].compactMap(\.self) + others).prefix(Self.maximumParticipants))
            .map(digest(address:))
    }

    /// The tokens in the addresses that the message came to.
    private func addressTokens(_ message: Message, _ shop: Shop) -> [ReplyToken] {
        guard let bounces = shop.bounces else { return [] }
        let recipients = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To"]
        return (message.to + message.cc + recipients.flatMap(message.mailboxes(named:)))
            .compactMap { bounces.candidate(in: $0.address) }.compactMap { seal.token($0) }
    }
}

/// Where a message may belong, in the order in which it is looked up.
private struct Lookup: Sendable {
    let own: Int64
    let threadDigests: [[UInt8]]
    let tokens: [ReplyToken]
    /// Only for an answer.
    let subject: [UInt8]?
    let subjectsSince: Int64
    let fingerprint: [UInt8]
    let sender: [UInt8]?
    /// The shop's own people have a part in every conversation.
    let isColleague: Bool
    /// Where it was found to belong by what it is about.
    let joined: Int64?
    /// Of the ticket on which the message was written.
    let home: [UInt8]?
    let copies: Copies

    /// The first conversation found that the sender has a part in: by References and In-Reply-To, by our own tokens, by
    /// subject. A Message-ID is no secret, and a number in a subject is none either: neither lets a stranger in.
    func conversation(
        _ references: [[UInt8]: Int64], in transaction: any SQLTransaction
    ) throws -> (Int64?, isStranger: Bool) {
        var isStranger = false
        func admits(_ conversation: Int64?) throws -> Int64? {
            if isColleague { return conversation }
            guard let conversation, let sender else { return nil }
            let part = try transaction.rows(
                "SELECT 1 AS one FROM participant WHERE conversation = $1 AND digest = $2",
                [.integer(conversation), .blob(sender)])
            if part.isEmpty { isStranger = true }
            return part.isEmpty ? nil : conversation
        }
        // Who writes on a ticket as its customer has a part in it: that is for the ticket system to say, and nobody else can
        // make the digest.
        if let home, let found = references[home] { return (found, false) }
        for digest in threadDigests {
            if let conversation = try admits(references[digest]) { return (conversation, false) }
        }
        for token in tokens {
            let found = try transaction.rows(
                "SELECT id FROM conversation WHERE external_id = $1", [.text(token.conversation)]
            ).first?.integer("id")
            if let conversation = try admits(found) { return (conversation, false) }
        }
        if let subject {
            let found = try transaction.rows(
                "SELECT conversation FROM subject WHERE digest = $1 AND at > $2 ORDER BY at DESC LIMIT 1",
                [.blob(subject), .integer(subjectsSince)]
            ).first?.integer("conversation")
            if let conversation = try admits(found) { return (conversation, false) }
        }
        return (joined, joined == nil && isStranger)
    }

    /// The conversations that its Message-IDs, and its ticket, lead to.
    func references(in transaction: any SQLTransaction) throws -> [[UInt8]: Int64] {
        let digests = threadDigests + [home].compactMap(\.self)
        if digests.isEmpty { return [:] }
        let list = SQLList(digests.map(SQLValue.blob), from: 1)
        return try transaction.rows(
            "SELECT digest, conversation FROM reference WHERE digest IN \(list.places)", list.values
        ).reduce(into: [:]) { found, row in
            if let digest = row.blob("digest") { found[digest] = row.integer("conversation") }
        }
    }

    func duplicate(in transaction: any SQLTransaction) throws -> Int64? {
        try transaction.rows(
            "SELECT message FROM fingerprint WHERE digest = $1 AND message <> $2", [.blob(fingerprint), .integer(own)]
        ).first?.integer("message") ?? copies.other(than: own, in: transaction)
    }
}
