import Seeded

/// Changes bytes by seed as fuzzers do: bits, runs that are removed, doubled or put elsewhere, pieces of another input, and what
/// is special to the languages that strangers write to us.
package struct Mutation: RandomNumberGenerator {
    private var numbers: SeededRandom

    /// The same seed gives the same changes.
    package init(seed: UInt64) { numbers = SeededRandom(seed: seed) }

    /// The next number of the seed's sequence.
    package mutating func next() -> UInt64 { numbers.next() }

    private static let pieces: [[UInt8]] =
        [
            "\r\n", "\r", "\n\n", "\0", "\u{85}", "\u{2028}", "\u{202E}", "\u{FEFF}", "{{", "}}", "{{{", "{{#a}}",
            "{{/a}}",
            "{{fact:", "[PERSON_1]", "{", "}", "[", "]", "\"", "\\\"", "\\u0000", "\\ud800", ":", ": ", "- ", "---\n",
            "&a ", "*a",
            "|\n", "-1", "99999999999999999999", "1e999", "0.1", "null", "true", "../", "/", "@", "://", "%00",
            "=?utf-8?q?",
            "?=", "\r\nBcc: thief@evil.example", "४२", "１２", "€", "é", "e\u{301}", "👩‍👩‍👧", "(", ")", "<", ">", "{9}\r\n",
            "* ", "~",
        ].map { Array($0.utf8) } + [[0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF]]

    /// One to four changes of an input, perhaps with a piece of another one.
    package mutating func change(_ input: [UInt8], with other: [UInt8]) -> [UInt8] {
        var bytes = input
        for _ in 0..<Int.random(in: 1...4, using: &self) { changeOnce(&bytes, other) }
        return Array(bytes.prefix(1 << 16))
    }

    private mutating func changeOnce(_ bytes: inout [UInt8], _ other: [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &self)
        let run = place..<min(bytes.count, place + Int.random(in: 1...40, using: &self))
        switch Int.random(in: 0..<8, using: &self) {
        case 0 where !run.isEmpty: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
        case 1 where !run.isEmpty: bytes[place] = UInt8.random(in: 0...255, using: &self)
        case 2: bytes.removeSubrange(run)
        case 3: bytes.insert(contentsOf: bytes[run], at: Int.random(in: 0...bytes.count, using: &self))
        case 4: bytes.removeSubrange(place...)
        case 5 where !other.isEmpty:
            let start = Int.random(in: 0..<other.count, using: &self)
            bytes.replaceSubrange(run, with: other[start..<min(other.count, start + 60)])
        default: bytes.insert(contentsOf: Self.pieces.randomElement(using: &self) ?? [], at: place)
        }
    }
}
