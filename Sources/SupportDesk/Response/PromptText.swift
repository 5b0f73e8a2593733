/// Text on its way into a prompt, made harmless for the prompt's form.
///
/// A part of a prompt that strangers wrote stands between two fences with a random code. That alone cannot be closed from
/// inside; here goes what only looks like a fence, like the tokens that models divide turns with, or like nothing at all.
enum PromptText {
    /// A text of several lines.
    static func block(_ text: String) -> String { harmless(text, keepsLines: true).trimmingBlankLines }

    /// A text that stands in a line of the prompt's own: a subject, a file's name, a title.
    static func line(_ text: String) -> String { harmless(text, keepsLines: false).trimmingSpaces }

    private static func harmless(_ text: String, keepsLines: Bool) -> String {
        var result = String.UnicodeScalarView()
        var equalSigns = 0
        /// Capitals since a bracket opened, as long as they may become a turn mark such as [INST].
        var mark: [Unicode.Scalar]?
        for scalar in text.unicodeScalars {
            guard let scalar = seen(scalar) else { continue }
            if scalar.isLineEnd, !keepsLines {
                result.append(" ")
                mark = nil
                continue
            }
            // A fence begins and ends with five; two are enough for anybody's arithmetic.
            equalSigns = scalar == "=" ? equalSigns + 1 : 0
            if equalSigns > 2 { continue }
            switch scalar {
            // No token of a chat template goes without angle brackets or capitals in square ones.
            case "<": result.append("‹")
            case ">": result.append("›")
            case "[":
                mark = []
                result.append(scalar)
                continue
            case "]":
                if let letters = mark, !letters.isEmpty {
                    // A placeholder has a number: [EMAIL_1] stays as it is.
                    result.removeLast(letters.count + 1)
                    result.append(contentsOf: "( ".unicodeScalars)
                    result.append(contentsOf: letters)
                    result.append(contentsOf: " )".unicodeScalars)
                } else {
                    result.append(scalar)
                }
            default: result.append(scalar)
            }
            if scalar.isMark, mark != nil { mark?.append(scalar) } else { mark = nil }
        }
        return String(result)
    }

    /// A scalar as a reader would see it; nil for one that nobody sees, by which text is hidden from people and not from
    /// models.
    private static func seen(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x0A, 0x09: scalar
        case 0x0D: nil
        case 0x0B, 0x0C, 0x85, 0x2028, 0x2029: "\n"
        case 0..<0x20, 0x7F..<0xA0: nil
        // Soft hyphen, zero-width space, directions, invisible operators, byte order mark; not the joiners of Devanagari.
        case 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF: nil
        // What stands for an object, also where a template misses a value; annotations.
        case 0xFFF9...0xFFFC: nil
        // Tags and the further variation selectors: a hidden alphabet each.
        case 0xE0000...0xE0FFF: nil
        // Wide and drawn equals signs, wide angle brackets and bars.
        case 0xFF1D, 0x2550, 0xA78A: "="
        case 0xFF1C: "<"
        case 0xFF1E: ">"
        default: scalar
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isLineEnd: Bool { self == "\n" }

    /// A letter of a turn mark.
    fileprivate var isMark: Bool { ("A"..."Z").contains(self) || self == "_" || self == "/" }
}

/// How many tokens a text is, without the model's own tokenizer: never fewer than a common one makes of it.
enum TokenEstimate {
    /// English has about four and a half characters a token, romanised Hindi about three; common tokenizers take one or two
    /// letters of Devanagari for a token, and up to three tokens for an emoji.
    static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + thirds(of: $1) } / 3 + 1 }

    /// How many scalars of a text are within a number of tokens.
    static func scalars(of text: String, within tokens: Int) -> Int {
        var left = max(0, tokens - 1) * 3
        var count = 0
        for scalar in text.unicodeScalars {
            left -= thirds(of: scalar)
            if left < 0 { break }
            count += 1
        }
        return count
    }

    private static func thirds(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        // Digits and signs stand alone more often than letters.
        case 0x30...0x39, 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: 2
        case 0..<0x80: 1
        case 0x80..<0x3000: 3
        case 0x3000..<0x10000: 6
        default: 9
        }
    }
}
