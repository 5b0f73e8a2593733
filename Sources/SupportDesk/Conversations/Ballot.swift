import Crypto
import Foundation
import Mail

/// What a message says of a reply of ours, as far as that can be told without the ledger.
///
/// Tokens are looked for in the header alone: in the addresses that the message came to, and in its subject. What it quotes says
/// nothing, and a robot's mail says nothing at all.
struct Ballot: Sendable {
    private enum Claim: Sendable {
        /// With a token for its sender.
        case token(FeedbackToken)
        /// What the shop's page signed; for whom its token was made the ledger knows.
        case page(FeedbackToken, FeedbackToken.Answer)
        case words(FeedbackToken.Answer)
        /// With a token that is none of ours, or not hers, or of which there are two.
        case refused
    }

    private let claim: Claim
    private let shop: Shop

    /// The field by which the shop's page says what was chosen there: token, answer, and a MAC (HMAC-SHA-256, RFC 2104) over both.
    static let pageField = "X-AuraDesk-Page"

    /// - Parameter words: what she says in words; nil: nothing of a reply.
    /// - Returns: nil when it says nothing.
    init?(
        _ message: Message, _ shop: Shop, _ seal: Seal, from sender: Addressee?, words: FeedbackToken.Answer?,
        isAuthor: Bool
    ) {
        self.shop = shop
        if let field = message.header(Self.pageField) {
            guard let page = shop.feedback.page, let (token, answer) = Self.read(field, of: page) else {
                claim = .refused
                return
            }
            claim = .page(token, answer)
            return
        }
        // A mail without a text is what the links make; any other sign of a machine counts.
        if shop.automaticFindings(of: message).contains(where: { $0.class != .empty }) { return nil }
        let texts = Set(Self.tokens(in: message, shop).map { $0.uppercased() })
        guard let text = texts.first else {
            guard let words else { return nil }
            claim = .words(words)
            return
        }
        let isForged = message.authentication(trusting: shop.authservID, ownHops: shop.authservHops).verdict == .fail
        guard texts.count == 1, isAuthor, !isForged, let sender, let token = FeedbackToken(text), token.answer != .page,
            seal.isGenuine(token, for: sender.address)
        else {
            claim = .refused
            return
        }
        claim = .token(token)
    }

    /// What it says in words alone.
    var isWords: Bool {
        if case .words = claim { return true }
        return false
    }

    /// The reply that a token is about, where there is such a reply; nil for words.
    func feedback(_ seal: Seal, from sender: [UInt8]?, in transaction: any SQLTransaction) throws -> Feedback? {
        let token: FeedbackToken
        switch claim {
        case .token(let found), .page(let found, _): token = found
        case .words, .refused: return nil
        }
        let key = seal.messageID(of: token, domain: shop.mailbox.domain ?? "localhost")
        let row = try transaction.rows(
            "SELECT conversation, recipient FROM outbox WHERE key = $1 AND kind = 'reply'", [.text(key)]
        ).first
        guard let row, let conversation = row.integer("conversation"), let recipient = row.blob("recipient") else {
            return nil
        }
        if case .page(_, let answer) = claim {
            guard seal.isGenuine(token, for: recipient) else { return nil }
            return try Feedback(answer, .page, on: key, in: conversation, transaction)
        }
        guard recipient == sender else { return nil }
        return try Feedback(token.answer, .mail, on: key, in: conversation, transaction)
    }

    /// What is said in words of the newest reply of a conversation.
    func feedback(
        in conversation: Int64, from sender: [UInt8], before message: Int64, now: Date,
        _ transaction: any SQLTransaction
    ) throws -> Feedback? {
        guard case .words(let answer) = claim,
            let reply = try Feedback.newestReply(
                in: conversation, to: sender, before: message, now: now, transaction)
        else { return nil }
        return try Feedback(answer, .words, on: reply, in: conversation, transaction)
    }

    /// What would be tokens in the addresses that a message came to, and in its subject.
    private static func tokens(in message: Message, _ shop: Shop) -> [String] {
        let recipients = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To"]
        let addresses = (message.to + message.cc + recipients.flatMap(message.mailboxes(named:))).map(\.address)
        let tagged = addresses.compactMap { shop.feedback.address?.candidate(in: $0) }.map(String.init)
        return tagged + [FeedbackToken.candidate(inSubject: message.subject)].compactMap(\.self)
    }

    /// What the page says, when its MAC is right.
    private static func read(
        _ field: String, of page: FeedbackPolicy.Page
    ) -> (FeedbackToken, FeedbackToken.Answer)? {
        let parts = field.split(whereSeparator: \.isWhitespace).map(String.init)
        guard parts.count == 3, let token = FeedbackToken(parts[0]), token.answer == .page,
            let answer = FeedbackToken.Answer(word: parts[1]), let mac = Array(hexadecimal: parts[2])
        else { return nil }
        let isRight = HMAC<SHA256>.isValidAuthenticationCode(
            mac, authenticating: Data("\(token.text)\n\(parts[1])".utf8), using: SymmetricKey(data: Data(page.key.utf8))
        )
        return isRight ? (token, answer) : nil
    }
}

extension [UInt8] {
    /// Reads two digits a byte; nil for anything else.
    fileprivate init?(hexadecimal text: String) {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
