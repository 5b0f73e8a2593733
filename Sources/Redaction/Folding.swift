import Foundation

/// Turns one scalar outside ASCII into what stands for it in a ``Shadow``.
struct Folding {
    enum Result {
        case keep
        case byte(UInt8)
        case bytes([UInt8])
        case drop
        case dropMark
    }

    /// Compatibility forms met so far: Foundation is asked once for each.
    private var compatibility: [UInt32: [UInt8]] = [:]

    mutating func fold(_ utf8: ArraySlice<UInt8>) -> Result {
        guard let scalar = Folding.scalar(utf8) else { return .byte(Shadow.filler) }
        switch scalar.value {
        case 0xC0...0x24F where scalar.value != 0xD7 && scalar.value != 0xF7, 0x900...0x963, 0x971...0x97F:
            return .keep
        case 0x386, 0x388...0x38A, 0x38C, 0x38E...0x3A1, 0x3A3...0x3CE, 0x400...0x481, 0x48A...0x52F, 0x5D0...0x5EA,
            0x620...0x64A, 0x3041...0x3094, 0x4E00...0x9FFF, 0xAC00...0xD7A3:
            // Letters of Greek, Cyrillic, Hebrew, Arabic, Japanese, Chinese and Korean that have no other form.
            return .keep
        case 0x201C, 0x201D, 0x201F:
            return .byte(UInt8(ascii: "\""))
        case 0x966...0x96F:
            return .byte(0x30 + UInt8(scalar.value - 0x966))
        case 0x964, 0x965, 0x3002, 0xFF61:
            // A danda or an ideographic full stop ends a sentence as a dot does.
            return .byte(UInt8(ascii: "."))
        case 0x300...0x36F:
            return .dropMark
        case 0xFF01...0xFF5E:
            return .byte(UInt8(scalar.value - 0xFF01 + 0x21))
        case 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180E, 0x200B...0x200F, 0x202A...0x202E,
            0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xE0000...0xE0FFF:
            return .drop
        case 0x2018, 0x2019, 0x2BC:
            return .byte(UInt8(ascii: "'"))
        case 0x2044, 0x2215:
            return .byte(UInt8(ascii: "/"))
        case 0x2212:
            return .byte(UInt8(ascii: "-"))
        default:
            return byCategory(scalar)
        }
    }

    private mutating func byCategory(_ scalar: Unicode.Scalar) -> Result {
        switch scalar.properties.generalCategory {
        case .decimalNumber:
            return .byte(0x30 + UInt8(min(max(scalar.properties.numericValue ?? 0, 0), 9)))
        case .spaceSeparator:
            return .byte(UInt8(ascii: " "))
        case .lineSeparator, .paragraphSeparator:
            return .byte(UInt8(ascii: "\n"))
        case .dashPunctuation:
            return .byte(UInt8(ascii: "-"))
        case .currencySymbol:
            return .byte(UInt8(ascii: "$"))
        case .format:
            return .drop
        case .enclosingMark:
            // The square of a keycap digit.
            return .dropMark
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber,
            .otherNumber, .otherSymbol, .modifierSymbol, .mathSymbol, .otherPunctuation, .openPunctuation,
            .closePunctuation, .initialPunctuation, .finalPunctuation:
            return compatible(scalar)
        case .nonspacingMark, .spacingMark:
            return .keep
        default:
            return .byte(Shadow.filler)
        }
    }

    private mutating func compatible(_ scalar: Unicode.Scalar) -> Result {
        let form: [UInt8]
        if let known = compatibility[scalar.value] {
            form = known
        } else {
            form = Folding.compatibilityForm(scalar)
            compatibility[scalar.value] = form
        }
        return form.isEmpty ? .keep : .bytes(form)
    }

    /// The NFKC form, reduced to what a shadow may hold; empty when a letter stands for itself.
    private static func compatibilityForm(_ scalar: Unicode.Scalar) -> [UInt8] {
        let text = String(scalar).precomposedStringWithCompatibilityMapping
        if text.unicodeScalars.count == 1, text.unicodeScalars.first == scalar {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
                return []
            case .initialPunctuation, .finalPunctuation:
                return [UInt8(ascii: "\"")]
            default:
                return [Shadow.filler]
            }
        }
        var form: [UInt8] = []
        for part in text.unicodeScalars {
            if part.isASCII {
                form.append(UInt8(part.value))
            } else if part.value == 0x2044 {
                form.append(UInt8(ascii: "/"))
            } else if part.properties.isAlphabetic {
                form += Array(String(part).utf8)
            } else if part.properties.generalCategory == .decimalNumber {
                form.append(0x30 + UInt8(min(max(part.properties.numericValue ?? 0, 0), 9)))
            }
        }
        return form.isEmpty ? [Shadow.filler] : form
    }

    static func scalar(_ utf8: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard let lead = utf8.first else { return nil }
        var value: UInt32
        switch utf8.count {
        case 2: value = UInt32(lead & 0x1F)
        case 3: value = UInt32(lead & 0x0F)
        case 4: value = UInt32(lead & 0x07)
        default: value = UInt32(lead)
        }
        for byte in utf8.dropFirst() { value = value << 6 | UInt32(byte & 0x3F) }
        return Unicode.Scalar(value)
    }
}
