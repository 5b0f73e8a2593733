import Foundation

/// A word as it is compared: in one form, however it was written.
enum PlainWord {
    /// Lower case, composed; Devanagari without the marks that writers leave out; Latin Hindi in one spelling.
    static func of(_ word: some StringProtocol, in language: String) -> String {
        // Most words are of letters that have one form only.
        if word.utf8.allSatisfy({ $0 < 0x80 }) {
            let lower = word.lowercased()
            return language == "hi-Latn" ? romanisedSpelling(lower.unicodeScalars) : lower
        }
        let lower = String(word).precomposedStringWithCanonicalMapping.lowercased()
        var scalars = String.UnicodeScalarView()
        for scalar in lower.unicodeScalars {
            switch scalar.value {
            case 0x093C, 0x200C, 0x200D, 0x00AD: continue
            case 0x0901: scalars.append("\u{0902}")
            case 0x2018, 0x2019, 0x02BC: scalars.append("'")
            default: scalars.append(scalar)
            }
        }
        guard language == "hi-Latn" else { return String(scalars) }
        return romanisedSpelling(scalars)
    }

    /// `nahin`, `nahii` and `nahi` are one word; `kijiye` and `keejiye` too.
    private static func romanisedSpelling(_ word: String.UnicodeScalarView) -> String {
        var result = String.UnicodeScalarView()
        for scalar in word {
            let last = result.last
            switch scalar {
            case "w": if last != "v" { result.append("v") }
            case "z": result.append("j")
            case "h" where last == "p":
                result.removeLast()
                result.append("f")
            case "e" where last == "e":
                result.removeLast()
                result.append("i")
            case "o" where last == "o":
                result.removeLast()
                result.append("u")
            case _ where scalar == last && scalar.properties.isAlphabetic: continue
            default: result.append(scalar)
            }
        }
        var text = String(result)
        if text.count > 3, text.hasSuffix("in") || text.hasSuffix("on") || text.hasSuffix("en") { text.removeLast() }
        return text
    }
}
