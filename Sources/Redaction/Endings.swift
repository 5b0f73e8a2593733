/// Endings of words, by their last byte.
struct Endings: Sendable {
    private var byLast: [[[UInt8]]] = Array(repeating: [], count: 256)

    /// - Parameter text: endings between white space.
    init(_ text: String) {
        for ending in text.split(whereSeparator: \.isWhitespace) {
            let bytes = Array(ending.utf8)
            if let last = bytes.last { byLast[Int(last)].append(bytes) }
        }
    }

    /// Whether any ending has this last byte.
    func mayEnd(with byte: UInt8) -> Bool { !byLast[Int(byte)].isEmpty }

    /// Whether `word` ends with one of them.
    func end(_ word: [UInt8]) -> Bool {
        guard let last = word.last else { return false }
        return byLast[Int(last)].contains { word.hasEnding($0) }
    }
}

extension [UInt8] {
    func hasEnding(_ ending: [UInt8]) -> Bool {
        guard count >= ending.count else { return false }
        let start = count - ending.count
        for index in ending.indices.reversed() where self[start + index] != ending[index] { return false }
        return true
    }
}
