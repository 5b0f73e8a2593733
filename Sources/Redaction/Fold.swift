import Foundation

/// Folds words so that case, diacritics and look-alike letters do not tell two spellings of a name apart.
enum Fold {
    static func bytes(_ word: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(word.count)
        each(word) { result.append($0) }
        return result
    }

    /// Appends what ``bytes(_:)`` gives.
    static func append(_ word: some Collection<UInt8>, to result: inout [UInt8]) {
        each(word) { result.append($0) }
    }

    static func hash(_ word: some Collection<UInt8>) -> UInt64 {
        var hash = Hash64()
        each(word) { hash.add($0) }
        return hash.value
    }

    static func bytes(_ text: String) -> [UInt8] { bytes(Shadow(text).bytes) }

    @inline(__always)
    private static func each(_ word: some Collection<UInt8>, _ emit: (UInt8) -> Void) {
        var index = word.startIndex
        while index != word.endIndex {
            let lead = word[index]
            if lead < 0x80 {
                emit(lead.lowercased)
                word.formIndex(after: &index)
                continue
            }
            let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            var sequence: [UInt8] = []
            for _ in 0..<length where index != word.endIndex {
                sequence.append(word[index])
                word.formIndex(after: &index)
            }
            for byte in folded(sequence) { emit(byte) }
        }
    }

    private static func folded(_ utf8: [UInt8]) -> [UInt8] {
        guard let scalar = Folding.scalar(utf8[...]) else { return utf8 }
        switch scalar.value {
        case 0x93C: return []  // nukta: क़ and क are written for each other
        case 0x901: return [0xE0, 0xA4, 0x82]  // candrabindu as anusvara
        case 0x904...0x957, 0x960...0x97F: return utf8
        default: return table[scalar.value] ?? simple(scalar)
        }
    }

    /// Letters that Unicode does not decompose, and Cyrillic and Greek letters that look like Latin ones.
    private static let table: [UInt32: [UInt8]] = {
        let pairs: [(String, String)] = [
            ("ß", "ss"), ("ø", "o"), ("Ø", "o"), ("ł", "l"), ("Ł", "l"), ("đ", "d"), ("Đ", "d"), ("æ", "ae"),
            ("Æ", "ae"), ("œ", "oe"), ("Œ", "oe"), ("ı", "i"), ("İ", "i"), ("ð", "d"), ("þ", "th"),
            ("а", "a"), ("е", "e"), ("о", "o"), ("р", "p"), ("с", "c"), ("у", "y"), ("х", "x"), ("і", "i"),
            ("ј", "j"), ("ѕ", "s"), ("һ", "h"), ("А", "a"), ("В", "b"), ("Е", "e"), ("К", "k"), ("М", "m"),
            ("Н", "h"), ("О", "o"), ("Р", "p"), ("С", "c"), ("Т", "t"), ("У", "y"), ("Х", "x"), ("І", "i"),
            ("Ј", "j"), ("Ѕ", "s"), ("α", "a"), ("ο", "o"), ("ν", "v"), ("ρ", "p"), ("Α", "a"), ("Β", "b"),
            ("Ε", "e"), ("Η", "h"), ("Ι", "i"), ("Κ", "k"), ("Μ", "m"), ("Ν", "n"), ("Ο", "o"), ("Ρ", "p"),
            ("Τ", "t"), ("Υ", "y"), ("Χ", "x"), ("Ζ", "z"),
        ]
        var table: [UInt32: [UInt8]] = [:]
        for (from, to) in pairs {
            for scalar in from.unicodeScalars { table[scalar.value] = Array(to.utf8) }
        }
        // Everything in the Latin blocks is looked up: mail in European languages is full of it.
        for value in Array(UInt32(0xC0)...0x24F) + Array(UInt32(0x1E00)...0x1EFF) where table[value] == nil {
            if let scalar = Unicode.Scalar(value) { table[value] = simple(scalar) }
        }
        return table
    }()

    private static func simple(_ scalar: Unicode.Scalar) -> [UInt8] {
        var result: [UInt8] = []
        for part in String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
        where !(0x300...0x36F).contains(part.value) && part.value != 0x93C {
            result += Array(part.properties.lowercaseMapping.utf8)
        }
        return result
    }
}
