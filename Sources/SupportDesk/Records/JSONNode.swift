/// A JSON document as a record source needs it: numbers stay the text that they were, so that no amount is rounded and no
/// long id becomes another one (RFC 8259 §6 leaves their precision open).
enum JSONNode: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([String: JSONNode])

    /// Why a text is no JSON, and where: bytes before the place.
    struct Fault: Error, Hashable {
        let offset: Int
        let reason: String
    }

    /// Reads one whole document, in linear time and with 64 levels at most.
    init(parsing bytes: [UInt8]) throws(Fault) {
        var reader = JSONReader(bytes)
        self = try reader.document()
    }

    /// The member of an object.
    subscript(name: String) -> JSONNode? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The value as one text; nil for null, objects and arrays.
    var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}

/// One pass over the bytes of a JSON document (RFC 8259).
private struct JSONReader {
    private static let maximumDepth = 64

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONNode.Fault) -> JSONNode {
        // RFC 8259 §8.1: a byte order mark may be ignored.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
        let node = try value(depth: 0)
        skipSpace()
        guard place == bytes.count else { throw fault("something follows the document") }
        return node
    }

    private func fault(_ reason: String) -> JSONNode.Fault { JSONNode.Fault(offset: place, reason: reason) }

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    /// Skips white space and takes a byte if it comes next.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard current == byte else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONNode.Fault) -> JSONNode {
        skipSpace()
        guard depth < Self.maximumDepth else { throw fault("nested too deeply") }
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some: return .number(try number())
        case nil: throw fault("it ends too early")
        }
    }

    private mutating func object(depth: Int) throws(JSONNode.Fault) -> JSONNode {
        place += 1
        var members: [String: JSONNode] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw fault("a name is missing") }
            let name = try string()
            guard take(UInt8(ascii: ":")) else { throw fault("a colon is missing") }
            let value = try value(depth: depth + 1)
            // Which of two members with one name counts, readers disagree on (RFC 8259 §4): neither does.
            if members.updateValue(value, forKey: name) != nil { members[name] = .null }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw fault("an object is not closed") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONNode.Fault) -> JSONNode {
        place += 1
        var elements: [JSONNode] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw fault("an array is not closed") }
        return .array(elements)
    }

    private mutating func word(_ word: StaticString, _ node: JSONNode) throws(JSONNode.Fault) -> JSONNode {
        for byte in word.description.utf8 {
            guard current == byte else { throw fault("a value is none") }
            place += 1
        }
        return node
    }

    private mutating func number() throws(JSONNode.Fault) -> String {
        let start = place
        if current == UInt8(ascii: "-") { place += 1 }
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[place - whole] != 0x30 else { throw fault("a value is none") }
        if current == UInt8(ascii: ".") {
            place += 1
            guard digits() > 0 else { throw fault("a number is none") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            place += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { place += 1 }
            guard digits() > 0 else { throw fault("a number is none") }
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = place
        while let byte = current, (0x30...0x39).contains(byte) { place += 1 }
        return place - start
    }

    private mutating func string() throws(JSONNode.Fault) -> String {
        place += 1
        let start = place
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
        if current == UInt8(ascii: "\"") {
            place += 1
            return String(decoding: bytes[start..<(place - 1)], as: UTF8.self)
        }
        var text = Array(bytes[start..<place])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                place += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
            case 0..<0x20: throw fault("a control character stands in a text")
            default:
                text.append(byte)
                place += 1
            }
        }
        throw fault("a text is not closed")
    }

    private mutating func escape() throws(JSONNode.Fault) -> [UInt8] {
        place += 1
        guard let byte = current else { throw fault("a text is not closed") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800...0xDBFF).contains(code), place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"),
                bytes[place + 1] == UInt8(ascii: "u")
            {
                let back = place
                place += 2
                let low = try hexadecimal()
                if (0xDC00...0xDFFF).contains(low) {
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    place = back
                }
            }
            return Array(String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
        default: throw fault("an escape is none")
        }
    }

    private mutating func hexadecimal() throws(JSONNode.Fault) -> UInt32 {
        guard place + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[place..<(place + 4)], as: UTF8.self), radix: 16),
            bytes[place] != UInt8(ascii: "+"), bytes[place] != UInt8(ascii: "-")
        else { throw fault("an escape is none") }
        place += 4
        return code
    }
}
