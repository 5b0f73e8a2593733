/// The few facts about Unicode scalars that triage needs, without the cost of full property look-ups.
enum CharacterClass {
    /// Lower case, ASCII for full-width forms and for digits of every script of India, one form for Devanagari nukta
    /// letters and nasal signs. 0 for scalars that carry no sound (joiners, nukta, variation selectors).
    @inline(__always)
    static func fold(_ value: UInt32) -> UInt32 {
        value < 0x80 ? (value >= 0x41 && value <= 0x5A ? value + 32 : value) : foldWide(value)
    }

    private static func foldWide(_ value: UInt32) -> UInt32 {
        switch value {
        case 0xAD, 0x200B...0x200F, 0x2060, 0xFE00...0xFE0F, 0xFEFF, 0x93C: return 0
        case 0xC0...0xDE: return value == 0xD7 ? value : value + 32
        case 0x100...0x137, 0x14A...0x177: return value | 1
        case 0x139...0x148, 0x179...0x17E: return value & 1 == 1 ? value + 1 : value
        case 0x391...0x3A9: return value + 32
        case 0x410...0x42F: return value + 32
        case 0x400...0x40F: return value + 80
        case 0x901: return 0x902
        case 0x958...0x95F: return unmarked[Int(value - 0x958)]
        case 0x2018, 0x2019, 0x2BC, 0x60, 0xB4: return 0x27
        case 0x2010...0x2015, 0x2212: return 0x2D
        case 0xFF01...0xFF5E: return fold(value - 0xFEE0)
        case 0x3000, 0xA0, 0x202F: return 0x20
        case 0x660...0x669: return value - 0x660 + 0x30
        case 0x6F0...0x6F9: return value - 0x6F0 + 0x30
        case 0x966...0x96F: return value - 0x966 + 0x30
        case 0x9E6...0x9EF, 0xA66...0xA6F, 0xAE6...0xAEF, 0xB66...0xB6F, 0xBE6...0xBEF, 0xC66...0xC6F, 0xCE6...0xCEF,
            0xD66...0xD6F:
            return (value & 0x7F) - 0x66 + 0x30
        default: return value
        }
    }

    /// क़ ख़ ग़ ज़ ड़ ढ़ फ़ य़ without their nukta, which half of all writers leave out.
    private static let unmarked: [UInt32] = [0x915, 0x916, 0x917, 0x91C, 0x921, 0x922, 0x92B, 0x92F]

    @inline(__always)
    static func isDigit(_ value: UInt32) -> Bool { value >= 0x30 && value <= 0x39 }

    static func isLatinLetter(_ value: UInt32) -> Bool {
        (value >= 0x61 && value <= 0x7A) || (value >= 0x41 && value <= 0x5A)
    }

    static func isDevanagari(_ value: UInt32) -> Bool { value >= 0x900 && value <= 0x97F }

    static func isCurrency(_ value: UInt32) -> Bool {
        value == 0x24 || value == 0xA3 || value == 0xA5 || (value >= 0x20A0 && value <= 0x20CF)
    }

    /// Letters, marks and digits of any script (folded); emoji count as words too, they carry feeling.
    @inline(__always)
    static func isWord(_ value: UInt32) -> Bool {
        value < 0x80
            ? (value >= 0x61 && value <= 0x7A) || isDigit(value) || (value >= 0x41 && value <= 0x5A) : isWideWord(value)
    }

    private static func isWideWord(_ value: UInt32) -> Bool {
        switch value {
        case 0x80...0xBF: return value == 0xAA || value == 0xB5 || value == 0xBA
        case 0xD7, 0xF7, 0x964, 0x965, 0x970: return false
        case 0x2000...0x2BFF: return value >= 0x2600 && value <= 0x27BF
        case 0x3000...0x303F, 0xE000...0xF8FF, 0xFE00...0xFE6F, 0xFF00...0xFF20, 0xFFF0...0xFFFF: return false
        default: return true
        }
    }
}
