import Foundation
import Redaction

/// The values behind the placeholders of one conversation, each with the people it belongs to.
///
/// It gives nothing away but one value at a time, to a reader who is named: there is no way to restore a text for anybody.
/// People are keyed digests of their addresses.
public struct ConversationVault: Sendable {
    /// What stands behind a placeholder, for one reader.
    enum Sight: Equatable {
        /// Her own: she wrote it, or it is of her record.
        case own(String, PIIType)
        /// Somebody else's.
        case foreign
        /// No such placeholder is in this conversation.
        case unknown
    }

    private var vault: Vault
    private var owners: [String: Set<[UInt8]>]
    /// How often it was saved before; 0 for a new one.
    let version: Int64
    /// Whether there is anything to save.
    private(set) var isChanged = false

    /// The vault of a new conversation.
    init() { self.init(vault: Vault(), owners: [:], version: 0) }

    private init(vault: Vault, owners: [String: Set<[UInt8]>], version: Int64) {
        self.vault = vault
        self.owners = owners
        self.version = version
    }

    /// Redacts a text that a person brought, with her message or by her record: what is in it is hers from now on.
    mutating func redact(
        _ text: String, of person: [UInt8], known: [KnownPerson] = [], by redactor: Redactor
    ) -> RedactedText {
        let redacted = redactor.redact(text, known: known, vault: &vault)
        for placeholder in redacted.findings.compactMap(\.placeholder)
        where owners[placeholder, default: []].insert(person).inserted {
            isChanged = true
        }
        return redacted
    }

    /// What stands behind every placeholder.
    var entries: [String: String] { vault.entries }

    /// What people, known by the digests of their addresses, brought into the conversation, by placeholder.
    func values(of people: Set<[UInt8]>) -> [String: String] {
        vault.entries.filter { owners[$0.key]?.isDisjoint(with: people) == false }
    }

    /// What a reader, known by the digests of her addresses, may see behind a placeholder.
    func sight(of placeholder: Placeholder, for reader: Set<[UInt8]>) -> Sight {
        guard let value = vault.value(of: placeholder.description) else { return .unknown }
        guard let type = PIIType(rawValue: placeholder.type),
            owners[placeholder.description]?.isDisjoint(with: reader) == false
        else { return .foreign }
        return .own(value, type)
    }
}

/// Another message of the same conversation was settled since its vault was read: what was decided rests on placeholders
/// that may mean something else by now.
struct VaultMoved: Error {}

/// A vault as it lies in the ledger.
struct SealedVault: Sendable {
    let conversation: Int64
    let version: Int64
    let sealed: [UInt8]
    /// Its conversation's key.
    let key: ConversationKey?

    init?(of conversation: Int64, in transaction: any SQLTransaction) throws {
        let row = try transaction.rows(
            "SELECT version, sealed FROM vault WHERE conversation = $1", [.integer(conversation)]
        ).first
        guard let version = row?.integer("version"), let sealed = row?.blob("sealed") else { return nil }
        self.conversation = conversation
        self.version = version
        self.sealed = sealed
        key = try ConversationKey(ofOwnerOf: sealed, in: transaction)
    }
}

extension ConversationVault {
    /// What is sealed.
    private struct Content: Codable {
        let entries: [Vault.Entry]
        let owners: [String: [Data]]
    }

    /// Opens what lies in the ledger; a new one where nothing lies.
    init(_ sealed: SealedVault?, of ledger: Ledger) async throws {
        guard let sealed else {
            self.init()
            return
        }
        let bytes = try await ledger.open(
            sealed.sealed, as: Ledger.Place.vault(sealed.conversation), with: sealed.key)
        let content = try JSONDecoder().decode(Content.self, from: Data(bytes))
        self.init(
            vault: Vault(content.entries), owners: content.owners.mapValues { Set($0.map { [UInt8]($0) }) },
            version: sealed.version)
    }

    /// Puts it on record, sealed, in the transaction of the message's outcome.
    /// - Throws: `VaultMoved` when another version than the one that was read lies there.
    func save(for conversation: Int64, _ seal: Seal, in transaction: any SQLTransaction) throws {
        guard isChanged else { return }
        let content = Content(entries: vault.snapshot, owners: owners.mapValues { $0.map { Data($0) } })
        let sealed = try seal.seal([UInt8](JSONEncoder().encode(content)), as: Ledger.Place.vault(conversation))
        let changed =
            version == 0
            ? try transaction.execute(
                "INSERT INTO vault (conversation, version, sealed) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING",
                [.integer(conversation), .blob(sealed)])
            : try transaction.execute(
                "UPDATE vault SET version = version + 1, sealed = $1 WHERE conversation = $2 AND version = $3",
                [.blob(sealed), .integer(conversation), .integer(version)])
        guard changed == 1 else { throw VaultMoved() }
    }
}
