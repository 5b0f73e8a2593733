/// Guesses the charset of a text whose label is missing, unknown or wrong.
///
/// Escape sequences and the structure of the multi-byte charsets are strict: most texts fit one only. Where several fit, the
/// share of each language's usual characters decides. A text with few foreign letters among ASCII ones is Western.
enum CharsetDetection {
    /// The name of a charset that the bytes are likely to be in; `nil` for a Western text or too little to tell.
    static func charset(of bytes: [UInt8]) -> String? {
        let sample = bytes.prefix(65_536)
        if let escaped = escapes(sample) { return escaped }
        var high = 0
        var letters = 0
        for byte in sample {
            if byte >= 0x80 { high += 1 } else if ASCII.isLetter(byte) { letters += 1 }
        }
        // In Western languages one letter in ten at most is not ASCII.
        guard high >= 6, high * 4 >= letters else { return nil }
        let candidates: [(name: String, share: Double)] = [
            (
                "cp932",
                pairs(sample, isLead: { $0 >= 0x81 && $0 <= 0x9F || $0 >= 0xE0 && $0 <= 0xFC }, isSJIS: true) {
                    $0 == 0x82 && $1 >= 0x9F || $0 == 0x83 && $1 <= 0x96 || $0 == 0x81
                } * 1.5
            ),
            ("euc-jp", pairs(sample, isTrail: isEUC) { lead, _ in lead == 0xA4 || lead == 0xA5 } * 1.5),
            ("cp949", pairs(sample, isTrail: isEUC) { lead, _ in lead >= 0xB0 && lead <= 0xC8 } - 0.15),
            (
                "gb18030",
                pairs(sample, isTrail: isEUC) { lead, _ in
                    lead >= 0xB0 && lead <= 0xD7 || lead == 0xA1 || lead == 0xA3
                } - 0.2
            ),
            (
                "big5",
                pairs(sample, isTrail: { isEUC($0) || $0 >= 0x40 && $0 <= 0x7E }) { lead, _ in
                    lead >= 0xA4 && lead <= 0xC6 || lead == 0xA1
                } - 0.3
            ),
        ]
        if let best = candidates.max(by: { $0.share < $1.share }), best.share > 0.5 { return best.name }
        return cyrillic(sample, high: high)
    }

    private static func isEUC(_ byte: UInt8) -> Bool { byte >= 0xA1 && byte <= 0xFE }

    /// ISO-2022-JP (RFC 1468) and ISO-2022-KR (RFC 1557) by the sequences that open them.
    private static func escapes(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let escape = bytes.firstIndex(of: 0x1B), bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        let text = bytes[escape...].dropFirst()
        if text.starts(with: "$)C".utf8) { return "iso-2022-kr" }
        for start in ["$B", "$@", "(J", "$(D"] where text.starts(with: start.utf8) { return "iso-2022-jp-2" }
        return nil
    }

    /// The share of usual characters among all two-byte characters; negative when the bytes cannot be that charset.
    private static func pairs(
        _ bytes: ArraySlice<UInt8>, isLead: (UInt8) -> Bool = isEUC,
        isTrail: (UInt8) -> Bool = { $0 >= 0x40 && $0 != 0x7F },
        isSJIS: Bool = false, isUsual: (UInt8, UInt8) -> Bool
    ) -> Double {
        var all = 0
        var usual = 0
        var wrong = 0
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            guard byte >= 0x80 else { continue }
            // Half-width katakana, one byte each.
            if isSJIS, byte >= 0xA1, byte <= 0xDF { continue }
            guard isLead(byte), index < bytes.endIndex, isTrail(bytes[index]) else {
                wrong += 1
                continue
            }
            all += 1
            if isUsual(byte, bytes[index]) { usual += 1 }
            index += 1
        }
        guard all >= 3, wrong * 50 <= all else { return -1 }
        return Double(usual) / Double(all)
    }

    /// windows-1251 or KOI8-R (RFC 1489), by the six letters that make up half of every Russian text.
    private static func cyrillic(_ bytes: ArraySlice<UInt8>, high: Int) -> String? {
        var windows = 0
        var koi = 0
        for byte in bytes {
            switch byte {
            case 0xEE, 0xE5, 0xE0, 0xE8, 0xED, 0xF2: windows += 1
            case 0xCF, 0xC5, 0xC1, 0xC9, 0xCE, 0xD4: koi += 1
            default: break
            }
        }
        guard max(windows, koi) * 10 >= high * 3 else { return nil }
        return windows > koi ? "windows-1251" : "koi8-r"
    }
}
