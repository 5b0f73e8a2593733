/// A fixed set of words, asked for many times a message: open addressing over the words' own hashes.
struct WordSet: Sendable {
    private let table: WordTable<Void>

    /// The words of a text, parted by blanks and line ends.
    init(_ text: String) {
        table = WordTable(WordTable<Void>.split(text).map { ($0, ()) })
    }

    @inline(__always)
    func contains(_ hash: UInt64) -> Bool { table.index(hash) != nil }
}

/// A fixed map from words to values, by the words' own hashes. Of two values for one word the first stays.
struct WordTable<Value: Sendable>: Sendable {
    private var slots: [UInt64]
    private var places: [Int32]
    private(set) var values: [Value] = []
    private let mask: Int

    init(_ entries: [(hash: UInt64, value: Value)]) {
        var size = 16
        while size < entries.count * 3 { size *= 2 }
        mask = size - 1
        slots = Array(repeating: 0, count: size)
        places = Array(repeating: 0, count: size)
        for entry in entries {
            var slot = Int(truncatingIfNeeded: entry.hash) & mask
            while slots[slot] != 0, slots[slot] != entry.hash { slot = (slot + 1) & mask }
            guard slots[slot] == 0 else { continue }
            slots[slot] = entry.hash
            places[slot] = Int32(values.count)
            values.append(entry.value)
        }
    }

    /// Lists of words, parted by blanks, and the value of each list.
    init(lists: [(words: String, value: Value)]) {
        self.init(lists.flatMap { list in Self.split(list.words).map { ($0, list.value) } })
    }

    /// Where the value of a word stands in `values`, or nil.
    @inline(__always)
    func index(_ hash: UInt64) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != hash {
            // 0 is no hash of any word.
            if slots[slot] == 0 { return nil }
            slot = (slot + 1) & mask
        }
        return Int(places[slot])
    }

    @inline(__always)
    subscript(_ hash: UInt64) -> Value? { index(hash).map { values[$0] } }

    static func split(_ text: String) -> [UInt64] {
        text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Words.hash(String($0)) }
    }
}
