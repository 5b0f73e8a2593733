import CGMime

/// Runs of encoded words (RFC 2047) as one word each.
///
/// QUIRK: GMime 3.2 joins the base64 of neighbouring words before it decodes them and stops at the first padding: all words
/// behind a padded one are lost. Most mail programs pad every word, so neighbours in one charset are decoded here, joined as
/// bytes (which also mends characters that were cut between two words, §5) and written as one word.
enum EncodedWords {
    private struct Word {
        let charset: ArraySlice<UInt8>
        let text: ArraySlice<UInt8>
        let end: Int
    }

    /// The value with each run of `B` words of one charset joined; everything else as it was.
    static func joined(_ value: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(value.count)
        var index = 0
        while index < value.count {
            guard value[index] == UInt8(ascii: "="), let first = word(value, at: index) else {
                result.append(value[index])
                index += 1
                continue
            }
            var run = [first.text]
            var end = first.end
            while true {
                var next = end
                while next < value.count, ASCII.isWhitespace(value[next]) { next += 1 }
                guard next < value.count, let word = word(value, at: next),
                    word.charset.lazy.map(ASCII.lower).elementsEqual(first.charset.lazy.map(ASCII.lower))
                else { break }
                run.append(word.text)
                end = word.end
            }
            if run.count == 1 {
                result += value[index..<end]
            } else {
                result += "=?".utf8
                result += first.charset
                result += "?B?".utf8
                result += TransferEncoding.base64(run.flatMap(decoded))
                result += "?=".utf8
            }
            index = end
        }
        return result
    }

    /// The `B` word that begins at a place: `=?charset?B?text?=`, without blanks.
    private static func word(_ value: [UInt8], at start: Int) -> Word? {
        guard start + 8 < value.count, value[start] == UInt8(ascii: "="), value[start + 1] == UInt8(ascii: "?") else {
            return nil
        }
        var index = start + 2
        // A charset name is short; a longer one is none, and looking further would cost a square of time.
        while index < value.count, index - start < 60, value[index] > 32, value[index] != UInt8(ascii: "?") {
            index += 1
        }
        guard index + 2 < value.count, value[index] == UInt8(ascii: "?"),
            ASCII.lower(value[index + 1]) == UInt8(ascii: "b"),
            value[index + 2] == UInt8(ascii: "?")
        else { return nil }
        let charset = value[(start + 2)..<index]
        let text = index + 3
        index = text
        while index < value.count,
            ASCII.isLetter(value[index]) || ASCII.isDigit(value[index]) || "+/=".utf8.contains(value[index])
        {
            index += 1
        }
        guard index + 1 < value.count, value[index] == UInt8(ascii: "?"), value[index + 1] == UInt8(ascii: "=") else {
            return nil
        }
        return Word(charset: charset, text: value[text..<index], end: index + 2)
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var state = GMimeEncoding()
        g_mime_encoding_init_decode(&state, GMIME_CONTENT_ENCODING_BASE64)
        let room = g_mime_encoding_outlen(&state, text.count)
        let input = Array(text)
        return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            input.withUnsafeBytes { source in
                buffer.withMemoryRebound(to: CChar.self) { target in
                    count = g_mime_encoding_flush(
                        &state, source.bindMemory(to: CChar.self).baseAddress, source.count, target.baseAddress)
                }
            }
        }
    }
}
