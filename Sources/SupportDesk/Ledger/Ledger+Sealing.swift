extension Ledger {
    /// Runs a body in a write transaction that may put sealed values on record. When a rotation has taken the key away
    /// meanwhile, nothing is written, and the body runs again with the new one.
    func writeSealed<Value: Sendable>(
        _ body: @escaping @Sendable (Seal, any SQLTransaction) throws -> Value
    ) async throws -> Value {
        while true {
            let seal = await keyring.seal
            do {
                return try await database.write { transaction in
                    // Whoever still seals with the key before would keep a rotation from ever ending.
                    let newest = try transaction.rows(
                        "SELECT MAX(id) AS newest FROM sealing_key WHERE purpose = 'data'", [])
                    guard newest.first?.integer("newest") == Int64(seal.newest) else { throw Seal.UnknownKey() }
                    return try body(seal, transaction)
                }
            } catch is Seal.UnknownKey {
                try await keyring.renew()
                guard await keyring.seal.newest != seal.newest else { throw Self.lostKey }
            }
        }
    }

    private static let lostKey = DeskError(
        .data, "cannot open a sealed record: its key is no longer in the ledger")

    /// Opens a sealed value, also one that another process sealed with a key of its rotation.
    /// - Parameter known: the key of its conversation, where that was read with it.
    func open(_ sealed: [UInt8], as purpose: String, with known: ConversationKey? = nil) async throws -> [UInt8] {
        let own: ConversationKey? =
            if known == nil, let owner = Seal.conversation(of: sealed) {
                try await database.read { try ConversationKey(of: owner, in: $0) }
            } else {
                known
            }
        func opened(_ seal: Seal) throws -> [UInt8] {
            try (own.map(seal.bound) ?? seal).open(sealed, as: purpose)
        }
        do {
            return try opened(await keyring.seal)
        } catch is Seal.UnknownKey {
            try await keyring.renew()
        }
        do {
            return try opened(await keyring.seal)
        } catch is Seal.UnknownKey {
            throw Self.lostKey
        }
    }

    /// What each kind of sealed value is bound to, so that none opens in another place.
    enum Place {
        static func archive(_ message: Int64) -> String { "archive \(message)" }
        static func outbox(_ message: Int64, _ kind: String) -> String { "outbox \(message) \(kind)" }
        static func batch(_ request: String) -> String { "batch \(request)" }
        static func spoken(_ digest: [UInt8]) -> String { "spoken \(digest.hexadecimal)" }
        static func vault(_ conversation: Int64) -> String { "vault \(conversation)" }
        static func draft(_ message: Int64) -> String { "draft \(message)" }
        static func draftEnd(_ message: Int64) -> String { "draft end \(message)" }
        static func lesson(_ message: Int64) -> String { "lesson \(message)" }
        static func shadow(_ message: Int64) -> String { "shadow \(message)" }
        static func credential(_ digest: [UInt8]) -> String { "credential \(digest.hexadecimal)" }
    }
}
