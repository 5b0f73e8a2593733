/// Phrases to look for in the few bytes before a candidate, by their first byte: one pass for all of them. A phrase
/// that begins with a letter is only found at the start of a word.
struct Phrases: Sendable {
    private var byFirst: [[[UInt8]]] = Array(repeating: [], count: 256)

    init(_ phrases: [String]) {
        for phrase in phrases {
            let bytes = Array(phrase.utf8)
            if let first = bytes.first { byFirst[Int(first)].append(bytes) }
        }
    }

    /// Where a phrase last ends in `text`; nil when none is in it.
    func lastEnd(in text: [UInt8]) -> Int? {
        var last: Int?
        for start in text.indices {
            if start > 0, text[start].isWord, text[start - 1].isWord { continue }
            for phrase in byFirst[Int(text[start])]
            where start + phrase.count <= text.count && start + phrase.count > last ?? 0
                && text[start..<start + phrase.count].elementsEqual(phrase)
            {
                last = start + phrase.count
            }
        }
        return last
    }

    /// Whether a phrase is in `text`.
    func appear(in text: [UInt8]) -> Bool { lastEnd(in: text) != nil }
}
