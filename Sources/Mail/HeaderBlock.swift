/// The header of a message as places in its bytes (RFC 5322 §2.2).
///
/// The scan is ours and not GMime's: it has to bound what a hostile header can cost before any library sees it, and to
/// keep the raw order. GMime then gets only the fields that describe the body.
struct HeaderBlock {
    /// One field: where its name and its folded value lie.
    struct Field {
        let name: Range<Int>
        let value: Range<Int>
    }

    private(set) var fields: [Field] = []
    /// Where the body starts.
    private(set) var bodyStart = 0
    private(set) var problems: [String] = []

    /// Scans the header of `bytes` in one pass.
    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: Message.Limits) {
        fields.reserveCapacity(24)
        var position = HeaderBlock.skipPreamble(bytes)
        var kept = 0
        var isOverLimit = false
        var cut = false
        var garbage = false
        bodyStart = bytes.count
        while position < bytes.count {
            let line = HeaderBlock.line(bytes, from: position)
            if line.isEmpty {
                bodyStart = line.next
                break
            }
            guard let colon = HeaderBlock.colon(bytes, in: position..<line.end) else {
                // QUIRK: RFC 5322 §2.2 allows only fields here. A stray line between fields is skipped; one that no
                // field follows means that the empty line before the body is missing.
                garbage = true
                if HeaderBlock.isFollowedByField(bytes, at: line.next) {
                    position = line.next
                    continue
                }
                bodyStart = position
                break
            }
            var end = line.end
            var next = line.next
            while next < bytes.count, ASCII.isBlank(bytes[next]) {
                let continuation = HeaderBlock.line(bytes, from: next)
                // QUIRK: a line of blanks only is an empty line to many mail programs, and ends the header.
                if HeaderBlock.isBlank(bytes, next..<continuation.end), !fields.isEmpty,
                    !HeaderBlock.isFollowedByField(bytes, at: continuation.next)
                {
                    break
                }
                end = continuation.end
                next = continuation.next
            }
            var nameEnd = colon
            // QUIRK: RFC 5322 §4.5 (obsolete syntax) allows blanks before the colon.
            while nameEnd > position, ASCII.isBlank(bytes[nameEnd - 1]) { nameEnd -= 1 }
            if end - colon > limits.headerFieldBytes {
                end = colon + limits.headerFieldBytes
                cut = true
            }
            kept += end - position
            if kept > limits.headerBytes {
                isOverLimit = true
            } else {
                fields.append(Field(name: position..<nameEnd, value: (colon + 1)..<end))
            }
            position = next
            bodyStart = next
        }
        if cut { problems.append("a header field over \(limits.headerFieldBytes) bytes was cut") }
        if isOverLimit { problems.append("header fields behind the first \(limits.headerBytes) bytes were left out") }
        if garbage { problems.append("a line of the header is no field") }
    }

    /// The value on one line, without encoded words being decoded; `nil` when it is plain ASCII text and `String` can
    /// take it as it is.
    static func unfolded(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> (bytes: [UInt8], isPlain: Bool) {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, ASCII.isWhitespace(bytes[start]) { start += 1 }
        while end > start, ASCII.isWhitespace(bytes[end - 1]) { end -= 1 }
        var isPlain = true
        let result = [UInt8](unsafeUninitializedCapacity: end - start) { buffer, count in
            for index in start..<end {
                var byte = bytes[index]
                if byte == ASCII.cr || byte == ASCII.lf { continue }
                if byte == 0 || byte == ASCII.tab { byte = ASCII.space }
                // Other control characters are no text either: they are taken out with those of encoded words.
                let isControl = byte < 0x20 || byte == 0x7F
                if byte >= 0x80 || isControl
                    || (byte == UInt8(ascii: "?") && count > 0 && buffer[count - 1] == UInt8(ascii: "="))
                {
                    isPlain = false
                }
                buffer[count] = byte
                count += 1
            }
        }
        return (result, isPlain)
    }

    /// Skips what may stand before the first field: a byte order mark, empty lines, an mbox `From ` line.
    private static func skipPreamble(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var position = 0
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
        while position < bytes.count, bytes[position] == ASCII.cr || bytes[position] == ASCII.lf { position += 1 }
        // QUIRK: files saved from an mbox keep its separator line (RFC 4155); some quote it as ">From ".
        for prefix in [Array("From ".utf8), Array(">From ".utf8)]
        where bytes.count - position > prefix.count && bytes[position..<(position + prefix.count)].elementsEqual(prefix)
        {
            position = line(bytes, from: position).next
            break
        }
        return position
    }

    /// The line that starts at `position`: its end without CR and LF, and the start of the next one.
    private static func line(
        _ bytes: UnsafeBufferPointer<UInt8>, from position: Int
    ) -> (end: Int, next: Int, isEmpty: Bool) {
        var end = position
        while end < bytes.count, bytes[end] != ASCII.lf { end += 1 }
        let next = min(end + 1, bytes.count)
        while end > position, bytes[end - 1] == ASCII.cr { end -= 1 }
        return (end, next, end == position)
    }

    /// The colon of a field name: printable ASCII, then a colon (RFC 5322 §3.6.8).
    private static func colon(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound, bytes[index] > 32, bytes[index] < 127, bytes[index] != UInt8(ascii: ":") {
            index += 1
        }
        guard index > range.lowerBound else { return nil }
        var colon = index
        while colon < range.upperBound, ASCII.isBlank(bytes[colon]) { colon += 1 }
        return colon < range.upperBound && bytes[colon] == UInt8(ascii: ":") ? colon : nil
    }

    private static func isBlank(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        range.allSatisfy { ASCII.isWhitespace(bytes[$0]) }
    }

    private static func isFollowedByField(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        guard position < bytes.count else { return false }
        // A field name is short; looking no further keeps the scan linear.
        let end = min(position + 80, bytes.count)
        return colon(bytes, in: position..<end) != nil
    }
}
