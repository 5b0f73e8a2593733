import Foundation
import Redaction

/// The lines that `redact` reads with `--jsonl` and writes with `--json`.
enum JSONLine {
    private struct Item: Decodable { let text: String }

    /// The text of `{"text": "…"}`; nil when the line is no such object. A line with nothing but the text is read here,
    /// ten times as fast as by Foundation; whatever is more, or wrong, is left to Foundation.
    static func text(of line: ArraySlice<UInt8>) -> String? {
        if let plain = plainText(line) { return plain }
        return try? JSONDecoder().decode(Item.self, from: Data(line)).text
    }

    private static func plainText(_ line: ArraySlice<UInt8>) -> String? {
        var index = line.startIndex
        func skip(_ token: StaticString) -> Bool {
            while index < line.endIndex, line[index] == 0x20 { index += 1 }
            return token.withUTF8Buffer { token in
                guard line[index...].starts(with: token) else { return false }
                index += token.count
                return true
            }
        }
        guard skip("{"), skip("\"text\""), skip(":"), skip("\"") else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(line.endIndex - index)
        while index < line.endIndex, line[index] != UInt8(ascii: "\"") {
            let byte = line[index]
            index += 1
            guard byte >= 0x20 else { return nil }
            if byte != UInt8(ascii: "\\") {
                text.append(byte)
            } else if index < line.endIndex {
                let escape = line[index]
                index += 1
                switch escape {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
                case UInt8(ascii: "n"): text.append(0x0A)
                case UInt8(ascii: "r"): text.append(0x0D)
                case UInt8(ascii: "t"): text.append(0x09)
                case UInt8(ascii: "u"):
                    guard let scalar = scalar(line, &index) else { return nil }
                    text += Array(String(scalar).utf8)
                default: return nil
                }
            }
        }
        index += 1
        guard index <= line.endIndex, skip("}"), line[index...].allSatisfy({ $0 == 0x20 }) else { return nil }
        // What is no UTF-8 is Foundation's to judge.
        return String(validating: text, as: UTF8.self)
    }

    /// The scalar of `XXXX` or of a pair of surrogates (RFC 8259 §7).
    private static func scalar(_ line: ArraySlice<UInt8>, _ index: inout Int) -> Unicode.Scalar? {
        guard let first = unit(line, &index) else { return nil }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), line[index...].starts(with: #"\u"#.utf8) else { return nil }
        index += 2
        guard let second = unit(line, &index), (0xDC00..<0xE000).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private static func unit(_ line: ArraySlice<UInt8>, _ index: inout Int) -> UInt32? {
        guard index + 4 <= line.endIndex else { return nil }
        var value: UInt32 = 0
        for byte in line[index..<index + 4] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((byte | 0x20) - 0x61 + 10)
            default: return nil
            }
        }
        index += 4
        return value
    }

    /// Appends a text and what was found in it.
    static func append(_ redacted: RedactedText, to line: inout [UInt8]) {
        line += #"{"text":"#.utf8
        append(redacted.text, to: &line)
        line += #","spans":["#.utf8
        for (index, finding) in redacted.findings.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            line += #"{"type":""#.utf8
            line += finding.type.rawValue.utf8
            line += #"","start":"#.utf8
            line += String(finding.start).utf8
            line += #","end":"#.utf8
            line += String(finding.end).utf8
            line += #","placeholder":"#.utf8
            if let placeholder = finding.placeholder {
                append(placeholder, to: &line)
            } else {
                line += "null".utf8
            }
            line += #","score":"#.utf8
            line += finding.score.description.utf8
            line += #","why":"#.utf8
            append(finding.why, to: &line)
            line += finding.masked ? #","masked":true}"#.utf8 : #","masked":false}"#.utf8
        }
        line += "]}\n".utf8
    }

    private static func append(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        defer { line.append(UInt8(ascii: "\"")) }
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 != 0x7F }) {
            line += text.utf8
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                line.append(UInt8(ascii: "\\"))
                line.append(byte)
            case 0x0A: line += "\\n".utf8
            case 0x0D: line += "\\r".utf8
            case 0x09: line += "\\t".utf8
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                line += "\\u00".utf8
                line.append(digits[Int(byte >> 4)])
                line.append(digits[Int(byte & 15)])
            default: line.append(byte)
            }
        }
    }
}
