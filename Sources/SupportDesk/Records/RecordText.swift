/// Texts of records, which are as hostile as a mail: whoever can write into the shop's system can write anything.
enum RecordText {
    /// Longer names are cut; a product's name of this length fills two lines of a mail.
    static let maximumLine = 160
    /// Longer numbers, addresses and links are none (RFC 5321 §4.5.3.1.3 bounds an address to 254 characters).
    static let maximumWord = 320
    /// A text may have this many bytes before anything is cut; what is longer is left out.
    static let maximumBytes = 64 << 10

    /// A name or a line, on one line and no longer than `maximumLine`; nil when nothing is left, and for one that holds a
    /// link or the braces of a template: whoever orders in another's name chooses the name that our mail greets her with.
    static func line(_ text: String) -> String? {
        guard let line = cleaned(text), !line.contains("://"), !line.lowercased().contains("www."),
            !line.contains("{{"), !line.contains("}}")
        else { return nil }
        let scalars = line.unicodeScalars
        guard scalars.count > maximumLine else { return line }
        var cut = String.UnicodeScalarView()
        cut.append(contentsOf: scalars.prefix(maximumLine - 1))
        return cleaned(String(cut)).map { $0 + "…" }
    }

    /// A number, an address or a link: cut, it would be another one, so that a longer one counts as none. nil too for one
    /// that holds characters that cannot be seen, as those make two texts look the same.
    static func word(_ text: String) -> String? {
        guard let word = cleaned(text), word.unicodeScalars.count <= maximumWord,
            word == text.trimmingPrefixAndSuffix
        else { return nil }
        return word
    }

    /// Whether two addresses are the same: by their scalars, but for the case of ASCII letters.
    static func isSame(_ left: String, _ right: String) -> Bool { key(left) == key(right) }

    /// What an address is found by: its case does not matter.
    static func key(_ text: String) -> [UInt8] {
        text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    /// What an order's number is found by: neither its case nor the sign in front (`#1001`) is part of it.
    static func numberKey(_ text: String) -> [UInt8] {
        let key = key(text)
        return key.first == UInt8(ascii: "#") ? Array(key.dropFirst()) : key
    }

    /// Without control, format, private-use and unassigned characters, and with single spaces.
    private static func cleaned(_ text: String) -> String? {
        guard text.utf8.count <= maximumBytes else { return nil }
        var scalars = String.UnicodeScalarView()
        var isSpaceDue = false
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control:
                isSpaceDue = !scalars.isEmpty
            // Joiners stand inside words of Indian scripts and emoji, where they are visible by what they join.
            case .format where scalar.value == 0x200C || scalar.value == 0x200D:
                if !scalars.isEmpty, !isSpaceDue { scalars.append(scalar) }
            case .format, .surrogate, .privateUse, .unassigned: continue
            default:
                if isSpaceDue { scalars.append(" ") }
                isSpaceDue = false
                scalars.append(scalar)
            }
        }
        return scalars.isEmpty ? nil : String(scalars)
    }
}

extension String {
    /// Without ASCII white space at both ends.
    fileprivate var trimmingPrefixAndSuffix: String {
        let isSpace = { (scalar: Unicode.Scalar) in scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value) }
        var scalars = Substring(self).unicodeScalars
        while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, isSpace(last) { scalars.removeLast() }
        return String(scalars)
    }
}
