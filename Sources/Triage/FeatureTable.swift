/// Feature hash → row number: open addressing with linear probing over two flat arrays.
///
/// A `Dictionary` would do the same five times slower, and its order differs between runs.
struct FeatureTable: Sendable {
    private var keys: [UInt64]
    private var rows: [Int32]
    private var mask: Int
    private(set) var count = 0

    init(capacity: Int) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        keys = [UInt64](repeating: 0, count: size)
        rows = [Int32](repeating: -1, count: size)
        mask = size - 1
    }

    /// The row of a hash, or -1.
    @inline(__always)
    func row(_ key: UInt64) -> Int32 {
        var slot = Int(truncatingIfNeeded: key) & mask
        while true {
            let found = keys[slot]
            if found == key { return rows[slot] }
            if found == 0 { return -1 }
            slot = (slot + 1) & mask
        }
    }

    /// The row of a hash; a hash not seen before gets the next row.
    mutating func insert(_ key: UInt64) -> Int32 {
        if count * 2 >= keys.count { grow() }
        var slot = Int(truncatingIfNeeded: key) & mask
        while true {
            let found = keys[slot]
            if found == key { return rows[slot] }
            if found == 0 {
                keys[slot] = key
                rows[slot] = Int32(count)
                count += 1
                return rows[slot]
            }
            slot = (slot + 1) & mask
        }
    }

    private mutating func grow() {
        let (oldKeys, oldRows) = (keys, rows)
        keys = [UInt64](repeating: 0, count: oldKeys.count * 2)
        rows = [Int32](repeating: -1, count: oldKeys.count * 2)
        mask = keys.count - 1
        for (key, row) in zip(oldKeys, oldRows) where key != 0 {
            var slot = Int(truncatingIfNeeded: key) & mask
            while keys[slot] != 0 { slot = (slot + 1) & mask }
            keys[slot] = key
            rows[slot] = row
        }
    }
}
