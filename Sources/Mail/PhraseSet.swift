/// Many phrases to be found in one pass over a text.
///
/// A bit per three bytes tells in one step whether any phrase can begin at a place, which it nearly never does.
struct PhraseSet: Sendable {
    private let phrases: [[UInt8]]
    private let groups: [Int]
    /// One bit for each hash of three first bytes.
    private let triples: [UInt64]
    /// The phrases that begin with a byte.
    private let byFirst: [[Int]]

    /// Takes groups of phrases of at least three bytes; at most 64 groups.
    init(groups list: [[[UInt8]]]) {
        var phrases: [[UInt8]] = []
        var groups: [Int] = []
        var triples = [UInt64](repeating: 0, count: 1_024)
        var byFirst = [[Int]](repeating: [], count: 256)
        for (group, members) in list.prefix(64).enumerated() {
            for phrase in members where phrase.count >= 3 {
                let hash = PhraseSet.hash(phrase[0], phrase[1], phrase[2])
                triples[hash >> 6] |= 1 << UInt64(hash & 63)
                byFirst[Int(phrase[0])].append(phrases.count)
                phrases.append(phrase)
                groups.append(group)
            }
        }
        self.phrases = phrases
        self.groups = groups
        self.triples = triples
        self.byFirst = byFirst
    }

    /// Takes phrases of one group.
    init(_ phrases: [[UInt8]]) { self.init(groups: [phrases]) }

    /// Whether any phrase stands in the text.
    func isFound(in text: [UInt8]) -> Bool { found(in: text, stopsAtFirst: true) != 0 }

    /// How many groups have a phrase in the text.
    func groupsFound(in text: [UInt8]) -> Int { found(in: text, stopsAtFirst: false).nonzeroBitCount }

    /// Whether a phrase of one group stands in the text.
    func isFound(group: Int, in text: [UInt8]) -> Bool {
        found(in: text, stopsAtFirst: false) >> UInt64(group) & 1 == 1
    }

    @inline(__always)
    private static func hash(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        (Int(first) << 8 ^ Int(second) << 4 ^ Int(third)) & 0xFFFF
    }

    private func found(in text: [UInt8], stopsAtFirst: Bool) -> UInt64 {
        var result: UInt64 = 0
        guard text.count >= 3 else { return result }
        text.withUnsafeBufferPointer { text in
            triples.withUnsafeBufferPointer { triples in
                for index in 0..<(text.count - 2) {
                    let hash = PhraseSet.hash(text[index], text[index + 1], text[index + 2])
                    guard triples[hash >> 6] & (1 << UInt64(hash & 63)) != 0 else { continue }
                    for candidate in byFirst[Int(text[index])] where matches(text, at: index, phrases[candidate]) {
                        result |= 1 << UInt64(groups[candidate])
                        if stopsAtFirst { return }
                    }
                }
            }
        }
        return result
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>, at start: Int, _ phrase: [UInt8]) -> Bool {
        guard text.count - start >= phrase.count else { return false }
        for offset in phrase.indices where text[start + offset] != phrase[offset] { return false }
        return true
    }
}
