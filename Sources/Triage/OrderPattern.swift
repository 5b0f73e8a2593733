/// How a shop's order numbers look, in a small notation: literal characters, `\d` for a digit, `[A-Z]` for a letter,
/// `[A-Z0-9]` for either, each with an optional count `{6}` or `{4,8}`.
///
/// Found numbers may differ from the notation in the ways people write: lower case, a missing dash, blanks or `#` in place
/// of it, digits of other scripts. The value that is handed on has the canonical form.
struct OrderPattern: Sendable {
    enum Class: Sendable { case digit, letter, either }

    enum Element: Sendable {
        /// A letter or digit that must be there; case does not matter.
        case literal(Unicode.Scalar)
        /// A mark such as `-`, which people leave out or replace.
        case separator(Unicode.Scalar)
        case run(Class, Int, Int)
    }

    let elements: [Element]
    /// The folded scalar that every number starts with, when the notation names one.
    private let first: UInt32?
    /// The length of the only run, when it is a run of digits: such a number may be written without its letters.
    let bareDigits: ClosedRange<Int>?

    /// - Throws: `badTrainingData` when the notation is not understood or matches nothing certain.
    init(_ text: String) throws(TriageError) {
        func fail(_ why: String) -> TriageError {
            TriageError(.badTrainingData, "the order number pattern \(text) is not understood: \(why)")
        }
        var elements: [Element] = []
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\":
                guard rest.popFirst() == "d" else { throw fail("only \\d may follow a backslash") }
                let count = try Self.count(&rest, fail)
                elements.append(.run(.digit, count.lowerBound, count.upperBound))
            case "[":
                guard let close = rest.firstIndex(of: "]") else { throw fail("a ] is missing") }
                let inner = String(rest[..<close])
                rest = rest[rest.index(after: close)...]
                let kind: Class
                switch inner {
                case "0-9": kind = .digit
                case "A-Z", "a-z": kind = .letter
                case "A-Z0-9", "0-9A-Z", "a-z0-9": kind = .either
                default: throw fail("only [0-9], [A-Z] and [A-Z0-9] are known")
                }
                let count = try Self.count(&rest, fail)
                elements.append(.run(kind, count.lowerBound, count.upperBound))
            case "{", "}", "(", ")", "*", "+", "?", "|", ".", "^", "$": throw fail("\(scalar) has no meaning here")
            default:
                elements.append(CharacterClass.isWord(scalar.value) ? .literal(scalar) : .separator(scalar))
            }
        }
        var digits: [ClosedRange<Int>] = []
        var runs = 0
        for case .run(let kind, let low, let high) in elements {
            runs += 1
            if case .digit = kind { digits.append(low...high) }
        }
        guard runs > 0, elements.count <= 40 else { throw fail("it needs a \\d or a [A-Z] part, and at most 40 parts") }
        self.elements = elements
        if case .literal(let scalar) = elements.first { first = CharacterClass.fold(scalar.value) } else { first = nil }
        bareDigits = runs == 1 ? digits.first.flatMap { $0.lowerBound >= 4 ? $0 : nil } : nil
    }

    private static func count(
        _ rest: inout Substring.UnicodeScalarView, _ fail: (String) -> TriageError
    ) throws(TriageError) -> ClosedRange<Int> {
        guard rest.first == "{" else { return 1...1 }
        guard let close = rest.firstIndex(of: "}") else { throw fail("a } is missing") }
        let inner = String(rest[rest.index(after: rest.startIndex)..<close])
        rest = rest[rest.index(after: close)...]
        let parts = inner.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard let low = parts.first ?? nil, let high = parts.last ?? nil, parts.count <= 2, low >= 1, high >= low,
            high <= 40
        else { throw fail("a count is {6} or {4,8}, up to 40") }
        return low...high
    }

    /// Most words are no order number: the first scalar tells.
    @inline(__always)
    private func mayStart(with scalar: UInt32) -> Bool { first == nil || first == scalar }

    /// The canonical number that starts at `start`, and where it ends, or nil. `input` is folded.
    func match(_ input: [UInt32], at start: Int) -> (value: String, end: Int)? {
        guard start < input.count, mayStart(with: input[start]) else { return nil }
        var position = start
        var value = String.UnicodeScalarView()
        var previous: Element?
        for element in elements {
            switch element {
            case .literal(let scalar):
                guard position < input.count, input[position] == CharacterClass.fold(scalar.value) else { return nil }
                value.append(scalar)
                position += 1
            case .separator(let scalar):
                position = Self.skip(input, position, atMost: 3)
                value.append(scalar)
            case .run(let kind, let low, let high):
                // "NC 104233" for a pattern "NC\d{6}".
                switch (previous, kind) {
                case (.literal, _), (.run(.letter, _, _), .digit): position = Self.skip(input, position, atMost: 2)
                default: break
                }
                var count = 0
                while count < high, position < input.count, Self.fits(input[position], kind) {
                    let scalar = input[position]
                    let upper = CharacterClass.isLatinLetter(scalar) ? scalar & ~0x20 : scalar
                    if let unicode = Unicode.Scalar(upper) { value.append(unicode) }
                    count += 1
                    position += 1
                }
                guard count >= low else { return nil }
            }
            previous = element
        }
        if position < input.count, CharacterClass.isWord(input[position]) { return nil }
        return (String(value), position)
    }

    /// The canonical number made from its digits alone.
    func canonical(digits: [UInt32]) -> String {
        var value = String.UnicodeScalarView()
        for element in elements {
            switch element {
            case .literal(let scalar), .separator(let scalar): value.append(scalar)
            case .run: value.append(contentsOf: digits.compactMap { Unicode.Scalar($0) })
            }
        }
        return String(value)
    }

    private static func skip(_ input: [UInt32], _ position: Int, atMost: Int) -> Int {
        var position = position
        let end = min(position + atMost, input.count)
        while position < end, [0x20, 0x2D, 0x23, 0x2F, 0x3A, 0x5F, 0x2E, 0x09].contains(input[position]) {
            position += 1
        }
        return position
    }

    private static func fits(_ scalar: UInt32, _ kind: Class) -> Bool {
        switch kind {
        case .digit: CharacterClass.isDigit(scalar)
        case .letter: CharacterClass.isLatinLetter(scalar)
        case .either: CharacterClass.isDigit(scalar) || CharacterClass.isLatinLetter(scalar)
        }
    }
}
