/// Finds what in a text is a typed fact: anything with a digit in it, addresses, links, currency signs.
///
/// A token is a run without white space; quotation marks and punctuation at its ends do not count.
enum TypedTokens {
    /// The typed tokens of a text, normalised: lower case, ASCII digits, hyphens for dashes.
    static func of(_ text: String) -> [String] {
        var tokens: [String] = []
        var listed = 0
        for line in text.unicodeScalars.split(whereSeparator: isNewline) {
            let words = line.split(whereSeparator: isBlank).map(Substring.init)
            for (index, word) in words.enumerated() {
                let token = normalise(word)
                guard isTyped(token) else { continue }
                // `1.` or `2)` at the head of a line numbers a list, when it is the next number and something follows.
                if index == 0, words.count > 1, word.hasSuffix(".") || word.hasSuffix(")"),
                    token == "1" || token == String(listed + 1)
                {
                    listed = token == "1" ? 1 : listed + 1
                    continue
                }
                tokens.append(token)
            }
        }
        return tokens
    }

    private static func isNewline(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar == " " || scalar == "\t" : scalar.properties.isWhitespace
    }

    private static func isTyped(_ token: String) -> Bool {
        var previousIsDot = false
        var letters = 0
        for scalar in token.unicodeScalars {
            switch scalar {
            case "0"..."9", "@", "%": return true
            // Most of what is written; the tables of Unicode are for the rest.
            case "a"..."z":
                if previousIsDot { return true }
                letters += 1
            case _ where scalar.properties.numericType != nil: return true
            case _ where scalar.properties.generalCategory == .currencySymbol: return true
            case "/" where token.holds("://"): return true
            case "." where letters > 0: previousIsDot = true
            default:
                // `shop.example`: a letter on both sides of a dot is a host name, not the end of a sentence.
                if previousIsDot, scalar.properties.isAlphabetic { return true }
                previousIsDot = false
                if scalar.properties.isAlphabetic { letters += 1 }
            }
        }
        return false
    }

    /// What does not count at the ends of a token.
    private static let ends: Set<Unicode.Scalar> = [
        ".", ",", ";", ":", "!", "?", "(", ")", "[", "]", "\"", "'", "«", "»", "“", "”", "‘", "’", "।", "*", "_",
        "-", ">", "<",
    ]

    private static func normalise(_ word: Substring) -> String {
        if word.utf8.allSatisfy({ $0 < 0x80 }) {
            var bytes = Array(word.utf8)[...]
            while let first = bytes.first, ends.contains(Unicode.Scalar(first)) { bytes.removeFirst() }
            while let last = bytes.last, ends.contains(Unicode.Scalar(last)) { bytes.removeLast() }
            return String(decoding: bytes, as: UTF8.self).lowercased()
        }
        var scalars = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            switch scalar {
            case "\u{2010}"..."\u{2015}", "\u{2212}": scalars.append("-")
            default:
                if scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue,
                    let digit = Unicode.Scalar(0x30 + UInt32(value))
                {
                    scalars.append(digit)
                } else {
                    scalars.append(scalar)
                }
            }
        }
        var view = scalars[...]
        while let first = view.first, ends.contains(first) { view = view.dropFirst() }
        while let last = view.last, ends.contains(last) { view = view.dropLast() }
        return String(String.UnicodeScalarView(view)).lowercased()
    }
}
