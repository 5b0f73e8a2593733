import CGMime
import Glibc

/// Text in some charset to UTF-8.
enum Charset {
    /// What became of a text.
    struct Result {
        var utf8: [UInt8]
        /// What had to be guessed or repaired.
        var problem: String?
    }

    /// Decodes by label. Where the label is missing, unknown or cannot be right, the charset is guessed
    /// (``CharsetDetection``), in the end windows-1252, which every byte string is.
    static func decode(_ bytes: [UInt8], label: String?) -> Result {
        let name = label.map { ASCII.lowercased(ASCII.trimmed(Array($0.utf8)[...])) } ?? ""
        if isASCII(bytes), !isStateful(name) {
            guard bytes.contains(0x1B) else { return Result(utf8: bytes, problem: nil) }
            return guessed(bytes, "text with escape sequences") ?? Result(utf8: bytes, problem: nil)
        }
        switch name {
        case "utf-8", "utf8", "unicode-1-1-utf-8":
            if isUTF8(bytes) { return Result(utf8: bytes, problem: nil) }
            if !hasUTF8Sequence(bytes) { return fallback(bytes, "text labelled utf-8") }
            return Result(
                utf8: Array(String(decoding: bytes, as: UTF8.self).utf8), problem: "broken utf-8 was repaired")
        case "": return fallback(bytes, "8-bit text without a charset")
        case "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "8bit", "x-unknown", "default", "x-user-defined":
            return fallback(bytes, "8-bit text labelled as ASCII")
        case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "windows-1252", "cp1252":
            // Whole sequences of UTF-8 do not come about by chance in a Western language.
            if isUTF8(bytes) { return Result(utf8: bytes, problem: "text labelled \(name) was read as utf-8") }
            if let result = guessed(bytes, "text labelled \(name)") { return result }
            // QUIRK: text labelled ISO-8859-1 is windows-1252 in practice; the two differ in control codes only.
            return Result(utf8: windows1252(bytes), problem: nil)
        default:
            guard let result = converted(bytes, from: wider[name] ?? name) else {
                return fallback(bytes, "text in an unknown charset")
            }
            guard result.problem != nil, isUTF8(bytes) else { return result }
            return Result(utf8: bytes, problem: "text with a wrong charset was read as utf-8")
        }
    }

    /// QUIRK: programs label text with the older charset that the one they write contains; the WHATWG Encoding standard
    /// reads these labels so.
    private static let wider = [
        "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "euc-kr": "cp949",
        "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932",
        "x-sjis": "cp932", "iso-8859-9": "windows-1254", "tis-620": "windows-874", "iso-8859-11": "windows-874",
        "iso-2022-jp": "iso-2022-jp-2",
    ]

    /// UTF-8 where valid, else the likeliest charset, else windows-1252.
    private static func fallback(_ bytes: [UInt8], _ what: String) -> Result {
        if isUTF8(bytes) { return Result(utf8: bytes, problem: "\(what) was read as utf-8") }
        return guessed(bytes, what) ?? Result(utf8: windows1252(bytes), problem: "\(what) was read as windows-1252")
    }

    private static func guessed(_ bytes: [UInt8], _ what: String) -> Result? {
        guard let name = CharsetDetection.charset(of: bytes), let result = converted(bytes, from: name) else {
            return nil
        }
        return Result(utf8: result.utf8, problem: "\(what) was read as \(name)")
    }

    /// Text without a label.
    static func text(unlabelled bytes: [UInt8]) -> String {
        String(decoding: fallback(bytes, "").utf8, as: UTF8.self)
    }

    static func isASCII(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var index = 0
            while index + 8 <= buffer.count {
                if buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 {
                    return false
                }
                index += 8
            }
            while index < buffer.count {
                if buffer[index] >= 0x80 { return false }
                index += 1
            }
            return true
        }
    }

    static func isUTF8(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    /// Charsets that write other letters with ASCII bytes, so that an ASCII text is not what it looks like.
    private static func isStateful(_ name: String) -> Bool {
        ["iso-2022", "hz", "utf-7", "utf-16", "utf-32", "unicode-1-1-utf-7", "csiso2022"].contains {
            name.hasPrefix($0)
        }
    }

    /// Whether there is at least one well-formed multi-byte sequence.
    private static func hasUTF8Sequence(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while index + 1 < bytes.count {
            let byte = bytes[index]
            if byte >= 0xC2, byte < 0xE0, bytes[index + 1] & 0xC0 == 0x80 { return true }
            if byte >= 0xE0, byte < 0xF5, index + 2 < bytes.count, bytes[index + 1] & 0xC0 == 0x80,
                bytes[index + 2] & 0xC0 == 0x80
            {
                return true
            }
            index += 1
        }
        return false
    }

    /// The characters of windows-1252 from 0x80 to 0x9F; the five unassigned ones stay control codes, as in the WHATWG
    /// Encoding standard.
    private static let windows: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]

    static func windows1252(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 {
                result.append(byte)
                continue
            }
            let code = byte < 0xA0 ? windows[Int(byte - 0x80)] : UInt16(byte)
            if code >= 0x800 {
                result.append(UInt8(0xE0 | code >> 12))
                result.append(UInt8(0x80 | (code >> 6) & 0x3F))
            } else {
                result.append(UInt8(0xC0 | code >> 6))
            }
            result.append(UInt8(0x80 | code & 0x3F))
        }
        return result
    }

    /// Converts with iconv; `nil` when the charset is unknown. Bytes that mean nothing become U+FFFD.
    private static func converted(_ bytes: [UInt8], from name: String) -> Result? {
        // GMime's opener knows the aliases that mail programs write, such as "x-sjis" or "windows-31j".
        guard name.utf8.count < 64, let converter = g_mime_iconv_open("utf-8", name), Int(bitPattern: converter) != -1
        else { return nil }
        defer { g_mime_iconv_close(converter) }
        var output = [UInt8]()
        output.reserveCapacity(bytes.count * 2)
        var buffer = [CChar](repeating: 0, count: 4_096)
        var input = bytes.map { CChar(bitPattern: $0) }
        var repaired = false
        let total = input.count
        input.withUnsafeMutableBufferPointer { source in
            var next = source.baseAddress
            var left = total
            while left > 0 {
                let status = buffer.withUnsafeMutableBufferPointer { target -> Int in
                    var write = target.baseAddress
                    var room = target.count
                    let status = iconv(converter, &next, &left, &write, &room)
                    let failure = errno
                    for index in 0..<(target.count - room) { output.append(UInt8(bitPattern: target[index])) }
                    return status == -1 ? Int(failure) : 0
                }
                if status == 0 { break }
                if status == Int(E2BIG) { continue }
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                repaired = true
                next = next?.advanced(by: 1)
                left -= 1
            }
        }
        return Result(utf8: output, problem: repaired ? "bytes outside the charset were replaced" : nil)
    }
}
