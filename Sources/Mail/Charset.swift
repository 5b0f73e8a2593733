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

    /// Decodes by label; an unknown or wrong label falls back to UTF-8 where the bytes are valid UTF-8, else to
    /// windows-1252, which every byte string is.
    static func decode(_ bytes: [UInt8], label: String?) -> Result {
        if isASCII(bytes), !isStateful(label) { return Result(utf8: bytes, problem: nil) }
        let name = label.map { ASCII.lowercased($0.utf8) } ?? ""
        switch name {
        case "utf-8", "utf8", "unicode-1-1-utf-8":
            if isUTF8(bytes) { return Result(utf8: bytes, problem: nil) }
            if !hasUTF8Sequence(bytes) {
                return Result(utf8: windows1252(bytes), problem: "text labelled utf-8 was read as windows-1252")
            }
            return Result(
                utf8: Array(String(decoding: bytes, as: UTF8.self).utf8), problem: "broken utf-8 was repaired")
        case "", "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "8bit", "x-unknown", "default":
            let problem = name.isEmpty ? "8-bit text without a charset" : "8-bit text labelled as ASCII"
            if isUTF8(bytes) { return Result(utf8: bytes, problem: problem + " was read as utf-8") }
            return Result(utf8: windows1252(bytes), problem: problem + " was read as windows-1252")
        case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "windows-1252", "cp1252":
            // QUIRK: text labelled ISO-8859-1 is windows-1252 in practice; the two differ in control codes only.
            return Result(utf8: windows1252(bytes), problem: nil)
        default:
            if let result = converted(bytes, from: name) { return result }
            if isUTF8(bytes) { return Result(utf8: bytes, problem: "unknown charset was read as utf-8") }
            return Result(utf8: windows1252(bytes), problem: "unknown charset was read as windows-1252")
        }
    }

    /// Text without a label: UTF-8 where valid, else windows-1252.
    static func text(unlabelled bytes: [UInt8]) -> String {
        String(decoding: isUTF8(bytes) ? bytes : windows1252(bytes), as: UTF8.self)
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
    private static func isStateful(_ label: String?) -> Bool {
        guard let label else { return false }
        let name = ASCII.lowercased(label.utf8)
        return name.hasPrefix("iso-2022") || name.hasPrefix("hz") || name.hasPrefix("utf-7") || name.hasPrefix("utf-16")
            || name.hasPrefix("utf-32") || name.hasPrefix("unicode-1-1-utf-7")
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
