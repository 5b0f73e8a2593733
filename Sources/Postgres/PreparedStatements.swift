/// The statements that the server has prepared for a session, by text and types; the least recently used goes first.
struct PreparedStatements {
    struct Key: Hashable {
        let sql: String
        let types: [UInt32]
    }

    private struct Entry {
        let name: String
        var lastUse: Int
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var uses = 0
    private var names = 0
    /// What the server still has and we do not want any more.
    private var surplus: [String] = []

    init(limit: Int) { self.limit = max(1, limit) }

    var count: Int { entries.count }

    /// The name of a statement that the server has.
    mutating func name(of key: Key) -> String? {
        uses += 1
        entries[key]?.lastUse = uses
        return entries[key]?.name
    }

    /// A name that no statement has had.
    mutating func newName() -> String {
        names += 1
        return "s\(names)"
    }

    /// The server has it now.
    mutating func insert(_ key: Key, name: String) {
        uses += 1
        entries[key] = Entry(name: name, lastUse: uses)
        guard entries.count > limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
            return
        }
        remove(oldest.key)
    }

    mutating func remove(_ key: Key) {
        if let entry = entries.removeValue(forKey: key) { surplus.append(entry.name) }
    }

    /// What the server shall forget now.
    mutating func takeSurplus() -> [String] {
        defer { surplus = [] }
        return surplus
    }

    /// The server has forgotten them all.
    mutating func removeAll() { (entries, surplus) = ([:], []) }
}
