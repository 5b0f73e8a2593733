/// Finds the lines with which a mail program begins a quote or a forwarded mail.
struct QuoteMarker {
    /// What such a line announces.
    enum Kind: Equatable {
        /// "On … wrote:", after which the quote stands behind `>` or runs to the end.
        case attribution
        /// A copied header or "Original Message".
        case original
        /// A mail that was passed on.
        case forward
    }

    let kind: Kind
    /// The lines of the announcement.
    let lines: Range<Int>
    /// Bytes of the first line that are still the author's.
    var keptBytes = 0

    /// The announcement that a line belongs to, if it does; it may have begun above, but not above `floor`.
    static func at(_ line: Int, in text: TextLines, floor: Int) -> QuoteMarker? {
        let trimmed = text.trimmed(line)
        guard let first = trimmed.first, let last = trimmed.last, trimmed.count >= 2 else { return nil }
        let endsWithColon = last == UInt8(ascii: ":") || (last == 0x9A && trimmed.suffix(3).elementsEqual(wideColon))
        if trimmed.count < 200, isDash(first) || endsWithColon {
            if let marker = dashed(line, trimmed, in: text) { return marker }
        }
        if let marker = QuotedHeader.at(line, in: text) {
            return QuoteMarker(kind: .original, lines: marker).absorbingRule(in: text, floor: floor)
        }
        let mayEndOne: Bool =
            switch last {
            case UInt8(ascii: ":"): true
            case UInt8(ascii: ">"): trimmed.contains(UInt8(ascii: "@"))
            case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "_"): Attribution.endsWithVerb(trimmed)
            default: endsWithColon
            }
        if !mayEndOne {
            guard let next = text.next(after: line, blanks: 1), text.isQuoted(next) else { return nil }
        }
        return Attribution.at(line, in: text, floor: floor)?.absorbingRule(in: text, floor: floor)
    }

    static let wideColon: [UInt8] = [0xEF, 0xBC, 0x9A]

    private static func isDash(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "=")
            || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "#")
    }

    /// "-----Original Message-----", "---------- Forwarded message ---------", "Begin forwarded message:".
    private static func dashed(_ line: Int, _ trimmed: ArraySlice<UInt8>, in text: TextLines) -> QuoteMarker? {
        var bare = trimmed.bare()
        let hasDashes = trimmed.starts(with: "--".utf8) || trimmed.starts(with: "__".utf8)
        let hasColon: Bool
        if bare.suffix(3).elementsEqual(wideColon) {
            bare.removeLast(3)
            hasColon = true
        } else {
            hasColon = bare.last == UInt8(ascii: ":")
            if hasColon { bare.removeLast() }
        }
        while bare.last == ASCII.space { bare.removeLast() }
        guard hasDashes || hasColon, !bare.isEmpty else { return nil }
        let lines = line..<(line + 1)
        if QuoteWords.forwards.contains(bare) { return QuoteMarker(kind: .forward, lines: lines) }
        guard hasDashes else { return nil }
        // "Forwarded by …", "Forwarded message from …".
        if bare.starts(with: "forwarded ".utf8) { return QuoteMarker(kind: .forward, lines: lines) }
        if QuoteWords.originals.contains(bare) { return QuoteMarker(kind: .original, lines: lines) }
        guard trimmed.suffix(2).elementsEqual("--".utf8) || trimmed.suffix(2).elementsEqual("__".utf8) else {
            return nil
        }
        // Whatever stands between dashes over a copied header says "original message" in a language not listed.
        if let next = text.next(after: line), let label = QuotedHeader.label(text.trimmed(next)), label.kind != .other,
            QuotedHeader.at(next, in: text) != nil
        {
            let isForward = QuoteWords.forwardStems.isFound(in: bare)
            return QuoteMarker(kind: isForward ? .forward : .original, lines: lines)
        }
        // QUIRK: mail programs of telephones write "---- Name wrote ----".
        if Attribution.endsWithVerb(bare[...]) { return QuoteMarker(kind: .attribution, lines: lines) }
        return nil
    }

    /// A line of dashes or underscores.
    static func isRule(_ trimmed: ArraySlice<UInt8>) -> Bool {
        guard trimmed.count >= 3, let first = trimmed.first else { return false }
        return (first == UInt8(ascii: "_") || first == UInt8(ascii: "-")) && trimmed.allSatisfy { $0 == first }
    }

    /// The marker with the rule that stands above it.
    private func absorbingRule(in text: TextLines, floor: Int) -> QuoteMarker {
        guard keptBytes == 0 else { return self }
        var above = lines.lowerBound - 1
        while above >= floor, lines.lowerBound - above <= 2, text.isBlank(above) { above -= 1 }
        guard above >= floor, text.length(above) > 0, QuoteMarker.isRule(text.trimmed(above)) else { return self }
        return QuoteMarker(kind: kind, lines: above..<lines.upperBound)
    }
}
