import Crypto
import Foundation

/// One entry of the audit log: what was done, by opaque numbers and keyed digests only, so that nothing in it has to be
/// altered for anybody's sake.
public struct AuditEntry: Sendable, Codable, Hashable {
    /// What an entry is about.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// How a message was to end.
        case decision
        /// What became of a mail, ticket or draft on its way.
        case delivery
        /// A draft was approved, rejected, edited, withdrawn or sent.
        case draft
        /// The configuration, the models, the prompts or the knowledge changed.
        case version
        /// What is held of a person was handed out.
        case export
        /// A person was forgotten.
        case forgetting
        /// The ledger's key was changed.
        case key
        /// A person stopped the desk, or let it go on.
        case pause
        /// A person rated a reply; an intent fell back to drafts by that, or was reinstated.
        case review
        /// A lesson was approved, relabelled or rejected; a model was trained, refused or taken into use.
        case lesson
        /// An experiment reached its sample, came to its end, or was stopped.
        case experiment
    }

    /// Its number; numbers grow, and may be left out.
    public let id: Int64
    /// Milliseconds since 1970.
    public let at: Int64
    /// What it is about.
    public let kind: String
    /// The ledger's number of the message.
    public let message: Int64?
    /// Words and numbers.
    public let detail: String
    /// The number of the user of the operating system who did it.
    public let actor: String
    /// The user as whom the process was logged in at the PostgreSQL in which the ledger is; nil: it is a file.
    public let account: String?
    /// The link of the chain that seals it; nil: none yet.
    let seal: Int64?

    init?(_ row: SQLRow) {
        guard let id = row.integer("id"), let at = row.integer("at"), let kind = row.text("kind"),
            let detail = row.text("detail"), let actor = row.text("actor")
        else { return nil }
        (self.id, self.at, self.kind, self.detail, self.actor) = (id, at, kind, detail, actor)
        message = row.integer("message")
        account = row.text("account")
        seal = row.integer("seal")
    }

    /// Each field with its length, so that no two entries are the same bytes.
    fileprivate func update(_ hash: inout SHA256) {
        for number in [id, at, message ?? -1] { hash.update(number) }
        for text in [kind, detail, actor, account ?? ""] {
            hash.update(Int64(text.utf8.count))
            hash.update(data: Data(text.utf8))
        }
    }
}

/// A link of the chain: the hash of its entries and of the link before it.
public struct AuditHead: Sendable, Codable, Hashable {
    /// Its number, from 1.
    public let number: Int64
    /// When it was made, milliseconds since 1970.
    public let at: Int64
    /// How many entries it seals.
    public let entries: Int64
    /// How many entries it and all links before it seal.
    public let total: Int64
    /// SHA-256 in hexadecimal: what is to be kept elsewhere.
    public let hash: String

    init(number: Int64, at: Int64, entries: Int64, total: Int64, hash: String) {
        (self.number, self.at, self.entries, self.total, self.hash) = (number, at, entries, total, hash)
    }

    init?(_ row: SQLRow) {
        guard let number = row.integer("number"), let at = row.integer("at"), let entries = row.integer("entries"),
            let total = row.integer("total"), let hash = row.text("hash")
        else { return nil }
        self.init(number: number, at: at, entries: entries, total: total, hash: hash)
    }

    /// The link behind another one.
    init(behind last: AuditHead?, at: Int64, sealing content: AuditContent) {
        number = (last?.number ?? 0) + 1
        self.at = at
        entries = content.count
        total = (last?.total ?? 0) + entries
        var hash = SHA256()
        hash.update(data: Data("auradesk audit 1\n\(last?.hash ?? "")\n".utf8))
        for value in [number, at, entries, total] { hash.update(value) }
        hash.update(data: Data(content.digest))
        self.hash = hash.finalize().hexadecimal
    }
}

/// The entries of one link, in the order of their numbers.
struct AuditContent: Sendable {
    private(set) var count: Int64 = 0
    private var hash = SHA256()

    mutating func add(_ entry: AuditEntry) {
        count += 1
        entry.update(&hash)
    }

    var digest: [UInt8] { [UInt8](hash.finalize()) }
}

extension SHA256 {
    fileprivate mutating func update(_ number: Int64) {
        withUnsafeBytes(of: number.bigEndian) { update(bufferPointer: $0) }
    }
}
