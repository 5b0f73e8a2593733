/// One word of a sentence without its punctuation, and how it is parted from the word behind it.
struct SentenceWord: Equatable {
    /// What parts two words.
    enum Parting: Int, Comparable {
        case none, weak, strong
        static func < (one: Parting, other: Parting) -> Bool { one.rawValue < other.rawValue }
    }

    /// Plain: lower case, ASCII digits, hyphens for dashes.
    let text: String
    let parting: Parting
    /// A bracket opens before it.
    let isOpening: Bool

    /// The words of a sentence.
    static func of(_ sentence: String, in language: String) -> [SentenceWord] {
        var words: [SentenceWord] = []
        for raw in Sentences.words(of: sentence[...]) {
            let scalars = Array(digits(raw).unicodeScalars)
            var start = 0
            var end = scalars.count
            var isOpening = false
            while start < end, !isBare(scalars[start]), leading.contains(scalars[start]) {
                if scalars[start] == "(" || scalars[start] == "[" { isOpening = true }
                start += 1
            }
            var parting = Parting.none
            while end > start, !isBare(scalars[end - 1]), trailing.contains(scalars[end - 1]) {
                parting = max(parting, partings[scalars[end - 1]] ?? .none)
                end -= 1
            }
            if start == end {
                // A dash that stands alone, or a mark of punctuation behind a space.
                let mark = scalars.contains("-") ? Parting.strong : parting
                if let last = words.popLast() {
                    words.append(
                        SentenceWord(text: last.text, parting: max(last.parting, mark), isOpening: last.isOpening))
                }
                continue
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[start..<end])
            words.append(
                SentenceWord(
                    text: PlainWord.of(String(view), in: view.contains(where: Self.isDigit) ? "en" : language),
                    parting: parting, isOpening: isOpening))
        }
        return words
    }

    /// A letter or digit of ASCII: no mark of punctuation.
    private static func isBare(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || isDigit(scalar)
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// ASCII digits and hyphens for those of other scripts and widths.
    static func digits(_ text: some StringProtocol) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return String(text) }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{2010}"..."\u{2015}", "\u{2212}", "\u{FE63}", "\u{FF0D}": scalars.append("-")
            case _ where scalar.value < 0x80: scalars.append(scalar)
            default:
                if scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue,
                    (0...9).contains(value), let digit = Unicode.Scalar(0x30 + UInt32(value))
                {
                    scalars.append(digit)
                } else {
                    scalars.append(scalar)
                }
            }
        }
        return String(scalars)
    }

    private static let leading: Set<Unicode.Scalar> = [
        "(", "[", "\"", "'", "«", "“", "”", "‘", "’", "„", "*", "_", "-", "•", "`", ">", "<",
    ]
    private static let trailing: Set<Unicode.Scalar> = [
        ")", "]", "\"", "'", "»", "“", "”", "‘", "’", "*", "_", "-", ".", ",", ";", ":", "!", "?", "।", "॥", "…", "`",
        ">",
        "<",
    ]
    private static let partings: [Unicode.Scalar: Parting] = [
        ",": .weak, ";": .strong, ":": .strong, ")": .strong, "]": .strong,
    ]
}
