/// The words of a shadow: runs of letters, digits and marks, each with the hash of its folded form.
struct Words {
    struct Word {
        let start: Int
        let end: Int
        let hash: UInt64
        /// The first letter is a capital, or the script has none.
        let isCapitalised: Bool
        let isNumber: Bool
        /// Any digit is in it.
        let hasDigit: Bool
        /// Scalars in it, marks of Indic scripts included.
        let length: Int
    }

    private(set) var items: [Word] = []

    init(_ shadow: Shadow, in range: Range<Int>? = nil) {
        let range = range ?? 0..<shadow.bytes.count
        // A word and a space take six bytes; longer ones leave room, shorter ones make the array grow once.
        items.reserveCapacity(range.count / 6 + 4)
        shadow.bytes.withUnsafeBufferPointer { bytes in
            var index = range.lowerBound
            while index < range.upperBound {
                guard bytes[index].isWord else {
                    index += 1
                    continue
                }
                let start = index
                var plain = true
                var number = true
                var digit = false
                var length = 0
                var hash = Hash64()
                while index < range.upperBound, bytes[index].isWord {
                    let byte = bytes[index]
                    if byte >= 0x80 { plain = false }
                    if byte.isDigit { digit = true } else { number = false }
                    if byte & 0xC0 != 0x80 { length += 1 }
                    hash.add(byte.lowercased)
                    index += 1
                }
                let word = UnsafeBufferPointer(rebasing: bytes[start..<index])
                items.append(
                    Word(
                        start: start, end: index, hash: plain ? hash.value : Fold.hash(word),
                        isCapitalised: Words.isCapitalised(word), isNumber: number, hasDigit: digit, length: length))
            }
        }
    }

    private static func isCapitalised(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = word.first else { return false }
        if first < 0x80 { return first.isUpper }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard let scalar = Folding.scalar(Array(word.prefix(length))[...]) else { return false }
        return !scalar.properties.isLowercase
    }

    /// The first word that starts at or after a byte, by binary search.
    func index(atOrAfter byte: Int) -> Int {
        var low = 0
        var high = items.count
        while low < high {
            let middle = (low + high) / 2
            if items[middle].start < byte { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
