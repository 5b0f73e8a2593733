/// An order-number pattern of the configuration, `NC-\d{6}`: literals, classes and bounded repeats, nothing that could
/// backtrack. It is expanded to single positions and run as a set of states, 64 steps a start at most.
struct OrderPattern: Sendable {
    /// Which bytes fit a position.
    private struct Step: Sendable {
        var bytes: [Bool]
        var optional: Bool
    }

    private let alternatives: [[Step]]
    /// The bytes with which each alternative can begin.
    private let beginnings: [[Bool]]
    private static let maximumLength = 64

    /// Reads `\d`, `\w`, `[A-Z0-9]`, `\-`, `.`, `{n}`, `{n,m}`, `?`, `+`, `*` (at most 32 times) and `|` between whole
    /// patterns. Letters fit in both cases.
    /// - Throws: ``RedactionError/Code/invalidPattern`` for anything else, or a pattern that fits the empty text.
    init(_ pattern: String) throws(RedactionError) {
        var alternatives: [[Step]] = []
        for part in Array(pattern.utf8).split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false) {
            alternatives.append(try OrderPattern.read(Array(part), of: pattern))
        }
        self.alternatives = alternatives
        beginnings = alternatives.map { steps in
            let count = (steps.firstIndex { !$0.optional } ?? steps.count - 1) + 1
            return (0..<256).map { byte in steps[..<count].contains { $0.bytes[byte] } }
        }
    }

    private static func read(_ source: [UInt8], of pattern: String) throws(RedactionError) -> [Step] {
        var steps: [Step] = []
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "^") || source[index] == UInt8(ascii: "$") {
                index += 1
                continue
            }
            if source[index...].starts(with: #"\b"#.utf8) {
                index += 2
                continue
            }
            let bytes = try atom(source, &index, of: pattern)
            let (least, most) = try count(source, &index, of: pattern)
            guard steps.count + most <= maximumLength else {
                throw .invalidPattern(pattern, "fits more than 64 characters")
            }
            for position in 0..<most { steps.append(Step(bytes: bytes, optional: position >= least)) }
        }
        guard steps.contains(where: { !$0.optional }) else { throw .invalidPattern(pattern, "fits the empty text") }
        return steps
    }

    private static func atom(
        _ source: [UInt8], _ index: inout Int, of pattern: String
    ) throws(RedactionError) -> [Bool] {
        let byte = source[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\\"):
            return try escape(source, &index, of: pattern)
        case UInt8(ascii: "["):
            return try bracket(source, &index, of: pattern)
        case UInt8(ascii: "."):
            return (0..<256).map { $0 > 0x20 && $0 < 0x7F }
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "?"), UInt8(ascii: "*"),
            UInt8(ascii: "+"):
            throw .invalidPattern(pattern, "'\(UnicodeScalar(byte))' is not supported here")
        case 0x80...:
            throw .invalidPattern(pattern, "only ASCII is supported")
        default:
            return set(byte...byte)
        }
    }

    private static func escape(
        _ source: [UInt8], _ index: inout Int, of pattern: String
    ) throws(RedactionError) -> [Bool] {
        guard index < source.count else { throw .invalidPattern(pattern, "ends in a backslash") }
        let byte = source[index]
        index += 1
        switch byte {
        case UInt8(ascii: "d"): return (0..<256).map { UInt8($0).isDigit }
        case UInt8(ascii: "w"): return (0..<256).map { UInt8($0).isAlphanumeric || UInt8($0) == UInt8(ascii: "_") }
        case UInt8(ascii: "s"): return (0..<256).map { UInt8($0).isSpace }
        default:
            guard byte < 0x80, !byte.isAlphanumeric else {
                throw .invalidPattern(pattern, #"'\#\(UnicodeScalar(byte))' is not supported"#)
            }
            return set(byte...byte)
        }
    }

    private static func bracket(
        _ source: [UInt8], _ index: inout Int, of pattern: String
    ) throws(RedactionError) -> [Bool] {
        var bytes = [Bool](repeating: false, count: 256)
        while index < source.count, source[index] != UInt8(ascii: "]") {
            var low = source[index]
            if low == UInt8(ascii: "\\") {
                index += 1
                let escaped = try escape(source, &index, of: pattern)
                for byte in 0..<256 where escaped[byte] { bytes[byte] = true }
                continue
            }
            index += 1
            var high = low
            if index + 1 < source.count, source[index] == UInt8(ascii: "-"), source[index + 1] != UInt8(ascii: "]") {
                high = source[index + 1]
                index += 2
            }
            guard low != UInt8(ascii: "^"), high < 0x80 else { throw .invalidPattern(pattern, "bad class") }
            if low > high { swap(&low, &high) }
            let range = set(low...high)
            for byte in 0..<256 where range[byte] { bytes[byte] = true }
        }
        guard index < source.count else { throw .invalidPattern(pattern, "a '[' is not closed") }
        index += 1
        return bytes
    }

    private static func count(
        _ source: [UInt8], _ index: inout Int, of pattern: String
    ) throws(RedactionError) -> (Int, Int) {
        guard index < source.count else { return (1, 1) }
        switch source[index] {
        case UInt8(ascii: "?"):
            index += 1
            return (0, 1)
        case UInt8(ascii: "+"):
            index += 1
            return (1, 32)
        case UInt8(ascii: "*"):
            index += 1
            return (0, 32)
        case UInt8(ascii: "{"):
            guard let close = source[index...].firstIndex(of: UInt8(ascii: "}")) else {
                throw .invalidPattern(pattern, "a '{' is not closed")
            }
            let parts = source[(index + 1)..<close].split(
                separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            index = close + 1
            let numbers = parts.map { Int(String(decoding: $0, as: UTF8.self)) }
            guard let first = numbers.first, let least = first, numbers.count <= 2,
                let most = numbers.count == 1 ? least : numbers[1], least >= 0, most >= max(least, 1),
                most <= maximumLength
            else { throw .invalidPattern(pattern, "bad repeat") }
            return (least, most)
        default:
            return (1, 1)
        }
    }

    private static func set(_ range: ClosedRange<UInt8>) -> [Bool] {
        var bytes = [Bool](repeating: false, count: 256)
        for byte in range {
            bytes[Int(byte)] = true
            if byte.isLetter { bytes[Int(byte ^ 0x20)] = true }
        }
        return bytes
    }

    /// Every place where the pattern fits whole words, the longest fit at each start, ascending.
    func matches(in shadow: Shadow) -> [Range<Int>] {
        var found: [Range<Int>] = []
        let bytes = shadow.bytes
        for (steps, beginning) in zip(alternatives, beginnings) {
            var start = 0
            while start < bytes.count {
                let byte = bytes[start]
                if beginning[Int(byte)], !(byte.isWord && start > 0 && bytes[start - 1].isWord),
                    let end = OrderPattern.end(of: steps, in: bytes, from: start)
                {
                    found.append(start..<end)
                    start = end
                } else {
                    start += 1
                }
            }
        }
        return found
    }

    /// Runs all ways through the steps at once: bit `n` means that the first `n` steps are done.
    private static func end(of steps: [Step], in bytes: [UInt8], from start: Int) -> Int? {
        func skip(_ from: UInt128) -> UInt128 {
            var states = from
            for (index, step) in steps.enumerated() where step.optional && states & (1 << UInt128(index)) != 0 {
                states |= 1 << UInt128(index + 1)
            }
            return states
        }
        var states = skip(1)
        var position = start
        var end: Int?
        while position < bytes.count {
            var next: UInt128 = 0
            for (index, step) in steps.enumerated()
            where states & (1 << UInt128(index)) != 0 && step.bytes[Int(bytes[position])] {
                next |= 1 << UInt128(index + 1)
            }
            if next == 0 { break }
            states = skip(next)
            position += 1
            let isBoundary = position == bytes.count || !(bytes[position].isWord && bytes[position - 1].isWord)
            if states & (1 << UInt128(steps.count)) != 0, isBoundary { end = position }
        }
        return end
    }
}
