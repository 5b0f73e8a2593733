/// Many phrases to be found in one pass over a text.
///
/// A bit for each hash of three bytes tells in one step whether any phrase can begin at a place, which it nearly never
/// does.
struct PhraseSet: Sendable {
    /// A phrase in ``bytes``, and its group.
    private struct Member {
        let start: Int
        let count: Int
        let group: UInt64
    }

    /// All phrases, one behind the other.
    private let bytes: [UInt8]
    /// The phrases by bucket of the hash of their first three bytes.
    private let members: [Member]
    /// Where the members of a bucket begin; they end where those of the next one begin.
    private let buckets: [Int]
    /// One bit for each hash of three first bytes.
    private let triples: [UInt64]

    /// Takes groups of phrases of at least three bytes; at most 64 groups.
    init(groups list: [[[UInt8]]]) {
        var triples = [UInt64](repeating: 0, count: 1_024)
        var sorted = [[(phrase: [UInt8], group: UInt64)]](repeating: [], count: 1_024)
        for (group, phrases) in list.prefix(64).enumerated() {
            for phrase in phrases where phrase.count >= 3 {
                let hash = PhraseSet.hash(phrase[0], phrase[1], phrase[2])
                triples[hash >> 6] |= 1 << UInt64(hash & 63)
                sorted[hash >> 6].append((phrase, 1 << UInt64(group)))
            }
        }
        var bytes: [UInt8] = []
        var members: [Member] = []
        var buckets = [0]
        for bucket in sorted {
            for (phrase, group) in bucket {
                members.append(Member(start: bytes.count, count: phrase.count, group: group))
                bytes += phrase
            }
            buckets.append(members.count)
        }
        self.bytes = bytes
        self.members = members
        self.buckets = buckets
        self.triples = triples
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

    /// 16 bits (Fibonacci hashing: the factor is 2³² divided by the golden ratio).
    @inline(__always)
    private static func hash(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        let key = UInt32(first) | UInt32(second) << 8 | UInt32(third) << 16
        return Int((key &* 0x9E37_79B1) >> 16)
    }

    private func found(in text: [UInt8], stopsAtFirst: Bool) -> UInt64 {
        var result: UInt64 = 0
        guard text.count >= 3 else { return result }
        text.withUnsafeBufferPointer { text in
            triples.withUnsafeBufferPointer { triples in
                for index in 0..<(text.count - 2) {
                    let hash = PhraseSet.hash(text[index], text[index + 1], text[index + 2])
                    guard triples[hash >> 6] & (1 << UInt64(hash & 63)) != 0 else { continue }
                    result |= groups(in: text, at: index, bucket: hash >> 6)
                    if stopsAtFirst, result != 0 { return }
                }
            }
        }
        return result
    }

    /// The groups of the phrases that stand at a place.
    private func groups(in text: UnsafeBufferPointer<UInt8>, at start: Int, bucket: Int) -> UInt64 {
        bytes.withUnsafeBufferPointer { bytes in
            members.withUnsafeBufferPointer { members in
                var result: UInt64 = 0
                for index in buckets[bucket]..<buckets[bucket + 1] {
                    let member = members[index]
                    guard text.count - start >= member.count else { continue }
                    var offset = 0
                    while offset < member.count, text[start + offset] == bytes[member.start + offset] { offset += 1 }
                    if offset == member.count { result |= member.group }
                }
                return result
            }
        }
    }
}
