/// A text as `ReferenceFinder` reads it: folded scalars, and the runs of letters and digits in them.
struct ReferenceText {
    /// A run of letters and digits.
    struct Token {
        var start: Int
        var end: Int
        var digits: Int
        var hash: UInt64
        var used = false

        var isNumber: Bool { digits == end - start }
        var isUnusedNumber: Bool { !used && isNumber }
    }

    /// Folded scalars; those without a sound are gone.
    private(set) var scalars: [UInt32]
    private(set) var tokens: [Token] = []
    private(set) var hasDigits = false
    /// For each of `scalars` its place in the text; empty when that is the same.
    private var places: [Int] = []
    private let source: [UInt32]

    init(_ words: Words) {
        source = words.source
        scalars = []
        scalars.reserveCapacity(source.count)
        for (place, scalar) in source.enumerated() {
            let folded = CharacterClass.fold(scalar)
            if folded == 0, places.isEmpty { places = Array(0..<scalars.count) }
            guard folded != 0 else { continue }
            if !places.isEmpty || scalars.count < place { places.append(place) }
            scalars.append(folded)
        }
        tokens.reserveCapacity(words.words.count + 8)
        readTokens()
    }

    private mutating func readTokens() {
        var index = 0
        while index < scalars.count {
            guard CharacterClass.isWord(scalars[index]) else {
                index += 1
                continue
            }
            let start = index
            var digits = 0
            var hash = FeatureHash.start
            while index < scalars.count, CharacterClass.isWord(scalars[index]) {
                if CharacterClass.isDigit(scalars[index]) { digits += 1 }
                hash = FeatureHash.step(hash, scalars[index])
                index += 1
            }
            if digits > 0 { hasDigits = true }
            tokens.append(Token(start: start, end: index, digits: digits, hash: FeatureHash.finish(hash)))
        }
    }

    mutating func use(_ range: Range<Int>) {
        for index in range { tokens[index].used = true }
    }

    func before(_ index: Int, _ count: Int) -> ArraySlice<Token> { tokens[max(0, index - count)..<index] }

    func after(_ index: Int, _ count: Int) -> ArraySlice<Token> {
        tokens[min(index + 1, tokens.count)..<min(index + 1 + count, tokens.count)]
    }

    /// The place in the text of a range of `scalars`.
    func source(_ range: Range<Int>) -> Range<Int> {
        guard !places.isEmpty, let last = range.last else { return range }
        return places[range.lowerBound]..<places[last] + 1
    }

    /// The letters in a range are capitals in the text.
    func isCapital(_ range: Range<Int>) -> Bool {
        source[source(range)].allSatisfy { $0 < 0x61 || $0 > 0x7A }
    }

    func upper(_ index: Int) -> String { Self.string(scalars[tokens[index].start..<tokens[index].end]).uppercased() }

    func isAfterCurrency(_ token: Token) -> Bool {
        token.start > 0 && CharacterClass.isCurrency(scalars[token.start - 1])
    }

    /// The last token of a long number written in groups that starts at `index`.
    func grouped(_ index: Int, atMost limit: Int) -> Int {
        var last = index
        var length = tokens[index].end - tokens[index].start
        while last + 1 < tokens.count, last - index < 8, tokens[last + 1].isUnusedNumber, tokens[last].digits >= 2,
            tokens[last + 1].start == tokens[last].end + 1,
            scalars[tokens[last].end] == 0x20 || scalars[tokens[last].end] == 0x2D
        {
            length += tokens[last + 1].end - tokens[last + 1].start
            if length > limit { break }
            last += 1
        }
        return last
    }

    func joined(_ range: ClosedRange<Int>) -> [UInt32] {
        range.flatMap { scalars[tokens[$0].start..<tokens[$0].end] }
    }

    private static func string(_ scalars: ArraySlice<UInt32>) -> String {
        String(String.UnicodeScalarView(scalars.compactMap { Unicode.Scalar($0) }))
    }
}
