import Glibc

/// Byte work on ASCII text, which is what mail syntax is made of.
enum ASCII {
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let cr = UInt8(ascii: "\r")
    static let lf = UInt8(ascii: "\n")

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    @inline(__always)
    static func isWhitespace(_ byte: UInt8) -> Bool { byte == space || (byte >= 9 && byte <= 13) }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { lower(byte) &- 97 < 26 }

    /// Whether two texts are equal when the case of ASCII letters does not count (RFC 5234 §2.3).
    static func equal(_ left: String, _ right: String) -> Bool {
        let left = left.utf8
        let right = right.utf8
        return left.count == right.count && zip(left, right).allSatisfy { lower($0) == lower($1) }
    }

    /// Where a word stands first in a text; looks only where its first byte stands.
    static func place(of word: StaticString, in text: [UInt8]) -> Int? {
        text.withUnsafeBytes { text in
            let length = word.utf8CodeUnitCount
            var start = 0
            guard let base = text.baseAddress else { return nil }
            while text.count - start >= length,
                let found = memchr(base + start, Int32(word.utf8Start.pointee), text.count - start - length + 1)
            {
                let place = base.distance(to: UnsafeRawPointer(found))
                if memcmp(found, word.utf8Start, length) == 0 { return place }
                start = place + 1
            }
            return nil
        }
    }

    /// The text with its ASCII letters in lower case.
    static func lowercased(_ text: some Sequence<UInt8>) -> String {
        String(decoding: text.map(lower), as: UTF8.self)
    }

    /// The text without white space at both ends.
    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var slice = text
        while let first = slice.first, isWhitespace(first) { slice.removeFirst() }
        while let last = slice.last, isWhitespace(last) { slice.removeLast() }
        return slice
    }

    /// The text without white space at both ends.
    static func trimmed(_ text: String) -> String {
        String(decoding: trimmed(Array(text.utf8)[...]), as: UTF8.self)
    }
}
