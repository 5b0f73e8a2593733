import Crypto

/// The part of the key of a conversation's values that is the conversation's own. When it is destroyed nobody reads them
/// again, wherever a copy of them was left: in a free page, an old version of a row, or a backup of those tables.
struct ConversationKey: Sendable {
    let conversation: Int64
    let secret: [UInt8]

    /// The conversation's number as it travels with each value.
    var number: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: conversation >> (56 - 8 * $0)) } }

    /// The length of the number.
    static let numberBytes = 8

    /// The key of a conversation; nil when it was destroyed, or never made.
    init?(of conversation: Int64, in transaction: any SQLTransaction) throws {
        let row = try transaction.rows(
            "SELECT secret FROM conversation_key WHERE conversation = $1", [.integer(conversation)]
        ).first
        guard let secret = row?.blob("secret") else { return nil }
        self.init(conversation: conversation, secret: secret)
    }

    /// The key of the conversation that a sealed value belongs to; nil where it belongs to none.
    init?(ofOwnerOf sealed: [UInt8], in transaction: any SQLTransaction) throws {
        guard let owner = Seal.conversation(of: sealed) else { return nil }
        try self.init(of: owner, in: transaction)
    }

    private init(conversation: Int64, secret: [UInt8]) {
        self.conversation = conversation
        self.secret = secret
    }

    /// The key of a conversation, made when it has none.
    static func made(for conversation: Int64, at time: Int64, in transaction: any SQLTransaction) throws
        -> ConversationKey
    {
        if let known = try ConversationKey(of: conversation, in: transaction) { return known }
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
        try transaction.execute(
            "INSERT INTO conversation_key (conversation, secret, made_at) VALUES ($1, $2, $3)",
            [.integer(conversation), .blob(secret), .integer(time)])
        return ConversationKey(conversation: conversation, secret: secret)
    }
}

extension Seal {
    /// The same keys, for the values of a conversation that is being written to.
    func bound(to conversation: Int64?, at time: Int64, in transaction: any SQLTransaction) throws -> Seal {
        guard let conversation, conversation != self.conversation?.conversation else { return self }
        return bound(to: try .made(for: conversation, at: time, in: transaction))
    }

    /// The same keys, to open a value with.
    func bound(toOwnerOf sealed: [UInt8], in transaction: any SQLTransaction) throws -> Seal {
        try ConversationKey(ofOwnerOf: sealed, in: transaction).map(bound) ?? self
    }
}
