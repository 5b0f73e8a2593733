/// The content inside of a CMS structure (RFC 5652): what an S/MIME part of type `application/pkcs7-mime` carries.
///
/// Only the way to the content is read, in BER as programs write it: definite and indefinite lengths, octet strings in pieces.
enum SignedContent {
    /// What a CMS structure is.
    enum Kind {
        /// Signed, with the content that was signed, which is a part of its own (RFC 8551 §3.5.2).
        case signed([UInt8])
        /// Encrypted, or of another kind that cannot be read.
        case closed
    }

    private struct Element {
        let tag: UInt8
        let content: Range<Int>
        let end: Int
    }

    /// Opens a structure; `nil` when the bytes are none.
    static func open(_ bytes: [UInt8]) -> Kind? {
        guard let outer = element(bytes, at: 0..<bytes.count), outer.tag == 0x30,
            let type = element(bytes, at: outer.content), type.tag == 0x06
        else { return nil }
        // 1.2.840.113549.1.7.2, id-signedData (RFC 5652 §5.1).
        guard bytes[type.content].elementsEqual([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]) else {
            return .closed
        }
        guard let explicit = element(bytes, at: type.end..<outer.content.upperBound), explicit.tag == 0xA0,
            let signed = element(bytes, at: explicit.content), signed.tag == 0x30,
            let version = element(bytes, at: signed.content),
            let digests = element(bytes, at: version.end..<signed.content.upperBound),
            let inner = element(bytes, at: digests.end..<signed.content.upperBound), inner.tag == 0x30,
            let innerType = element(bytes, at: inner.content),
            let wrapper = element(bytes, at: innerType.end..<inner.content.upperBound), wrapper.tag == 0xA0
        else { return .closed }
        var content: [UInt8] = []
        collect(bytes, wrapper.content, into: &content, depth: 0)
        return content.isEmpty ? .closed : .signed(content)
    }

    /// Octet strings, whole or in pieces.
    private static func collect(_ bytes: [UInt8], _ range: Range<Int>, into content: inout [UInt8], depth: Int) {
        var position = range.lowerBound
        while position < range.upperBound, let next = element(bytes, at: position..<range.upperBound) {
            if next.tag == 0x04 {
                content += bytes[next.content]
            } else if next.tag == 0x24, depth < 4 {
                collect(bytes, next.content, into: &content, depth: depth + 1)
            }
            position = next.end
        }
    }

    /// The element at the start of a range. One of indefinite length is taken to reach to the end of its parent: what we look
    /// for comes before anything that stands behind it.
    private static func element(_ bytes: [UInt8], at range: Range<Int>) -> Element? {
        guard range.count >= 2, bytes[range.lowerBound] != 0 else { return nil }
        let tag = bytes[range.lowerBound]
        let first = bytes[range.lowerBound + 1]
        var start = range.lowerBound + 2
        guard first & 0x80 != 0 else {
            guard Int(first) <= range.upperBound - start else { return nil }
            return Element(tag: tag, content: start..<(start + Int(first)), end: start + Int(first))
        }
        guard first != 0x80 else { return Element(tag: tag, content: start..<range.upperBound, end: range.upperBound) }
        let digits = Int(first & 0x7F)
        guard digits <= 4, digits <= range.upperBound - start else { return nil }
        let length = bytes[start..<(start + digits)].reduce(0) { $0 << 8 | Int($1) }
        start += digits
        guard length <= range.upperBound - start else { return nil }
        return Element(tag: tag, content: start..<(start + length), end: start + length)
    }
}
