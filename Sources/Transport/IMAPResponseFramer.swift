/// Cuts a byte stream into complete responses: lines, and the literals between them. Knows nothing of what they mean, may be fed
/// in pieces of any size, and looks at each byte once.
struct IMAPResponseFramer {
    /// The pieces of one response: lines without CRLF and without the `{n}` at their end, each but the last followed by the
    /// literal that was announced there.
    struct Frame: Equatable {
        var lines: [[UInt8]] = []
        var literals: [[UInt8]] = []
    }

    /// All lines of one response together.
    var lineLimit = 8 << 20
    /// All literals of one response together. A larger one is refused when it is announced, before anything is allocated.
    var literalLimit = 1 << 20

    private var input: [UInt8] = []
    private var position = 0
    private var frame = Frame()
    private var line: [UInt8] = []
    private var lineBytes = 0
    private var literalBytes = 0
    private var literal: [UInt8]?
    private var literalRemaining = 0
    private var failure: IMAPParseError?

    mutating func feed(_ bytes: [UInt8]) {
        if position == input.count {
            input = bytes
            position = 0
        } else {
            input.removeFirst(position)
            position = 0
            input.append(contentsOf: bytes)
        }
    }

    /// Whether nothing has begun that is not complete.
    var isAtBoundary: Bool {
        position == input.count && line.isEmpty && literal == nil && frame.lines.isEmpty
    }

    /// The next complete response, or `nil` if more bytes are needed.
    mutating func next() throws(IMAPParseError) -> Frame? {
        if let failure { throw failure }
        do {
            return try advance()
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func advance() throws(IMAPParseError) -> Frame? {
        while position < input.count {
            if literal != nil {
                takeLiteralBytes()
                continue
            }
            let end = input[position...].firstIndex(of: 0x0A)
            let piece = input[position..<(end ?? input.count)]
            lineBytes += piece.count
            guard lineBytes <= lineLimit else { throw .tooLarge }
            line.append(contentsOf: piece)
            position += piece.count
            guard end != nil else { return nil }
            position += 1
            if let complete = try endLine() { return complete }
        }
        return nil
    }

    private mutating func takeLiteralBytes() {
        let count = min(literalRemaining, input.count - position)
        literal?.append(contentsOf: input[position..<(position + count)])
        position += count
        literalRemaining -= count
        if literalRemaining == 0 { finishLiteral() }
    }

    private mutating func finishLiteral() {
        frame.literals.append(literal ?? [])
        literal = nil
    }

    private mutating func endLine() throws(IMAPParseError) -> Frame? {
        // QUIRK: RFC 3501 section 2.2 ends lines with CRLF; a lone LF is taken too.
        if line.last == 0x0D { line.removeLast() }
        if let (announced, length) = try announcement() {
            guard length <= literalLimit - literalBytes else { throw .tooLarge }
            literalBytes += length
            frame.lines.append(Array(line[..<announced]))
            line.removeAll(keepingCapacity: true)
            literalRemaining = length
            literal = []
            literal?.reserveCapacity(min(length, 1 << 20))
            if length == 0 { finishLiteral() }
            return nil
        }
        frame.lines.append(line)
        defer {
            frame = Frame()
            line = []
            lineBytes = 0
            literalBytes = 0
        }
        return frame
    }

    /// Where `{n}` or `~{n}` begins at the end of the line, and n.
    private func announcement() throws(IMAPParseError) -> (Int, Int)? {
        guard line.last == UInt8(ascii: "}"), !(frame.lines.isEmpty && Self.isCondition(line)) else { return nil }
        var start = line.count - 1
        while start > 0, (0x30...0x39).contains(line[start - 1]) { start -= 1 }
        let digits = line[start..<(line.count - 1)]
        guard start > 0, line[start - 1] == UInt8(ascii: "{"), !digits.isEmpty else { return nil }
        // RFC 9051 allows 63 bits; what does not fit an Int is over any limit.
        guard let length = Int(String(decoding: digits, as: UTF8.self)) else { throw .tooLarge }
        start -= 1
        if start > 0, line[start - 1] == UInt8(ascii: "~") { start -= 1 }
        return (start, length)
    }

    /// `tag OK`, `* BYE`, `+`: the rest of such a line is text for people, in which `{5}` announces nothing.
    private static func isCondition(_ line: [UInt8]) -> Bool {
        if line.first == UInt8(ascii: "+") { return true }
        let words = line.prefix(64).split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2 else { return false }
        return IMAPStatus(rawValue: String(decoding: words[1], as: UTF8.self).uppercased()) != nil
    }
}
