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
    /// The tokens with a digit in them.
    private(set) var numbers: [Int] = []
    /// For each of `scalars` its place in the text; empty when that is the same.
    private var places: [Int] = []
    private let source: [UInt32]

    init(_ words: Words) {
        source = words.source
        scalars = words.folded
        // Signs without a sound are rare; only then the places differ.
        if scalars.contains(0) {
            places = scalars.indices.filter { scalars[$0] != 0 }
            scalars.removeAll { $0 == 0 }
        }
        tokens.reserveCapacity(words.words.count + 16)
        readTokens()
    }

    private mutating func readTokens() {
        let scalars = scalars
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
            if digits > 0 { numbers.append(tokens.count) }
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

    /// "2k"
    func isThousands(_ index: Int) -> Bool {
        let token = tokens[index]
        return !token.used && (1...4).contains(token.digits) && token.end - token.start == token.digits + 1
            && scalars[token.end - 1] == 0x6B
    }

    /// Two letters, and behind them three digits and more.
    func isPostalPrefix(_ index: Int) -> Bool {
        let token = tokens[index]
        return token.digits == 0 && token.end - token.start == 2 && !token.used && tokens[index + 1].isUnusedNumber
            && tokens[index + 1].digits >= 3
    }

    /// The last token of a long number written in groups that starts at `index`.
    func grouped(_ index: Int, atMost limit: Int) -> Int {
        let isPostal = tokens[index].digits == 0
        var last = index
        var length = tokens[index].end - tokens[index].start
        while last + 1 < tokens.count, last - index < 8, !tokens[last + 1].used,
            tokens[last + 1].start == tokens[last].end + 1,
            scalars[tokens[last].end] == 0x20 || scalars[tokens[last].end] == 0x2D
        {
            let next = tokens[last + 1]
            length += next.end - next.start
            guard length <= limit, next.isNumber || isPostal && length == 13 else { break }
            last += 1
        }
        return last
    }

    /// The first and last token of a number whose parts are joined by dashes, around one of them.
    func dashed(_ index: Int) -> ClosedRange<Int> {
        var (first, last) = (index, index)
        while first > 0, index - first < 3, isJoined(first - 1), !tokens[first - 1].used { first -= 1 }
        while last + 1 < tokens.count, last - index < 3, isJoined(last), !tokens[last + 1].used { last += 1 }
        return first...last
    }

    /// A dash and nothing else stands between a token and the next.
    private func isJoined(_ index: Int) -> Bool {
        tokens[index + 1].start == tokens[index].end + 1 && scalars[tokens[index].end] == 0x2D
    }

    func joined(_ range: ClosedRange<Int>) -> [UInt32] {
        range.flatMap { scalars[tokens[$0].start..<tokens[$0].end] }
    }

    private static func string(_ scalars: ArraySlice<UInt32>) -> String {
        String(String.UnicodeScalarView(scalars.compactMap { Unicode.Scalar($0) }))
    }
}
