/// Makes responses of bytes: the framer's pieces, taken apart by the grammar of RFC 3501 section 9.
struct IMAPResponseParser {
    /// Lists inside lists. Real responses stay under ten (BODYSTRUCTURE, which is not asked for, goes deeper).
    static let maximumDepth = 32

    var framer = IMAPResponseFramer()

    mutating func feed(_ bytes: [UInt8]) { framer.feed(bytes) }

    /// The next complete response, or `nil` if more bytes are needed.
    mutating func next() throws(IMAPParseError) -> IMAPResponse? {
        guard let frame = try framer.next() else { return nil }
        return try Self.parse(frame)
    }

    static func parse(_ frame: IMAPResponseFramer.Frame) throws(IMAPParseError) -> IMAPResponse {
        var scanner = IMAPScanner(frame: frame)
        guard let first = scanner.word() else { throw .malformed }
        if first == [UInt8(ascii: "+")] { return .continuation }
        guard let second = scanner.word() else { throw .malformed }
        let name = String(decoding: second, as: UTF8.self).uppercased()
        let isUntagged = first == [UInt8(ascii: "*")]
        if let status = IMAPStatus(rawValue: name) {
            let condition = scanner.condition(status)
            return isUntagged
                ? .condition(condition) : .tagged(tag: String(decoding: first, as: UTF8.self), condition)
        }
        guard isUntagged else { throw .malformed }
        guard let number = UInt64(name) else {
            return .data(number: nil, name: name, values: try scanner.values())
        }
        guard let third = scanner.word() else { throw .malformed }
        let values = try scanner.values()
        return .data(number: number, name: String(decoding: third, as: UTF8.self).uppercased(), values: values)
    }
}

/// Walks over the pieces of one response.
struct IMAPScanner {
    private let frame: IMAPResponseFramer.Frame
    private var piece = 0
    /// `frame.lines[piece]`
    private var line: [UInt8]
    private var position = 0

    init(frame: IMAPResponseFramer.Frame) {
        self.frame = frame
        line = frame.lines.first ?? []
    }

    private var byte: UInt8? { position < line.count ? line[position] : nil }

    private mutating func skipSpaces() {
        while byte == 0x20 { position += 1 }
    }

    /// The bytes up to the next space.
    mutating func word() -> [UInt8]? {
        skipSpaces()
        let start = position
        while let byte, byte != 0x20 { position += 1 }
        return position > start ? Array(line[start..<position]) : nil
    }

    /// `[CODE argument …] text`, after the status.
    mutating func condition(_ status: IMAPStatus) -> IMAPCondition {
        skipSpaces()
        guard byte == UInt8(ascii: "["), let end = line[position...].firstIndex(of: UInt8(ascii: "]")) else {
            return IMAPCondition(status: status)
        }
        let words = String(decoding: line[(position + 1)..<end], as: UTF8.self).split(separator: " ")
        return IMAPCondition(
            status: status, code: words.first?.uppercased(), arguments: words.dropFirst().map(String.init))
    }

    /// Everything that is left.
    mutating func values() throws(IMAPParseError) -> [IMAPValue] {
        var stack: [[IMAPValue]] = [[]]
        while true {
            skipSpaces()
            guard let byte else {
                guard piece < frame.literals.count else { break }
                stack[stack.count - 1].append(.string(frame.literals[piece]))
                piece += 1
                line = frame.lines[piece]
                position = 0
                continue
            }
            switch byte {
            case UInt8(ascii: "("):
                position += 1
                guard stack.count <= IMAPResponseParser.maximumDepth else { throw .malformed }
                stack.append([])
            case UInt8(ascii: ")"):
                position += 1
                guard stack.count > 1, let done = stack.popLast() else { throw .malformed }
                stack[stack.count - 1].append(.list(done))
            case UInt8(ascii: "\""):
                stack[stack.count - 1].append(.string(try quoted()))
            default:
                stack[stack.count - 1].append(try atom())
            }
        }
        guard stack.count == 1 else { throw .malformed }
        return stack[0]
    }

    private mutating func quoted() throws(IMAPParseError) -> [UInt8] {
        var bytes: [UInt8] = []
        position += 1
        while let next = byte {
            position += 1
            switch next {
            case UInt8(ascii: "\""): return bytes
            case UInt8(ascii: "\\"):
                guard let escaped = byte else { throw .malformed }
                bytes.append(escaped)
                position += 1
            default: bytes.append(next)
            }
        }
        throw .malformed
    }

    private mutating func atom() throws(IMAPParseError) -> IMAPValue {
        let start = position
        var depth = 0
        loop: while let next = byte {
            switch next {
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"): depth = max(0, depth - 1)
            // Inside brackets everything belongs to the atom: BODY[HEADER.FIELDS (From To)].
            case 0x20, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""): if depth == 0 { break loop }
            default: break
            }
            position += 1
        }
        guard depth == 0, position > start else { throw .malformed }
        let bytes = Array(line[start..<position])
        return bytes.count == 3 && String(decoding: bytes, as: UTF8.self).uppercased() == "NIL" ? .nil : .atom(bytes)
    }
}
