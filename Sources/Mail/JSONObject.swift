/// Writes one JSON object (RFC 8259) on one line, keys in the order in which they come.
///
/// `JSONEncoder` sorts or shuffles keys and takes longer for a mail than reading it does.
struct JSONObject {
    /// The bytes so far; ``finish()`` closes them.
    private var bytes: [UInt8]

    init() {
        bytes = [UInt8(ascii: "{")]
        bytes.reserveCapacity(4_096)
    }

    mutating func set(_ key: StaticString, _ value: String?) {
        name(key)
        append(value)
    }

    mutating func set(_ key: StaticString, _ value: Bool) {
        name(key)
        bytes += (value ? "true" : "false").utf8
    }

    mutating func set(_ key: StaticString, _ value: Int) {
        name(key)
        bytes += String(value).utf8
    }

    mutating func set(_ key: StaticString, _ values: [String]) {
        list(key, values) { $0.append($1) }
    }

    mutating func set(_ key: StaticString, _ object: JSONObject?) {
        name(key)
        bytes += object?.finish() ?? Array("null".utf8)
    }

    mutating func set(_ key: StaticString, _ objects: [JSONObject]) {
        list(key, objects) { $0.bytes += $1.finish() }
    }

    /// The whole object.
    consuming func finish() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private mutating func list<Element>(
        _ key: StaticString, _ values: [Element], _ write: (inout JSONObject, Element) -> Void
    ) {
        name(key)
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func name(_ key: StaticString) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes += $0 }
        bytes += [UInt8(ascii: "\""), UInt8(ascii: ":")]
    }

    private mutating func append(_ value: String?) {
        guard var value else { return bytes += "null".utf8 }
        bytes.append(UInt8(ascii: "\""))
        value.withUTF8 { text in
            var start = 0
            for index in text.indices {
                let byte = text[index]
                guard byte < 32 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 127 else {
                    continue
                }
                bytes += text[start..<index]
                escape(byte)
                start = index + 1
            }
            bytes += text[start...]
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case ASCII.lf: bytes += "\\n".utf8
        case ASCII.tab: bytes += "\\t".utf8
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        default:
            bytes += "\\u00".utf8
            bytes += [JSONObject.digits[Int(byte >> 4)], JSONObject.digits[Int(byte & 15)]]
        }
    }
}
