/// A text as normalised words: the one reading of a text on which language, intent, lexicons and language rules agree.
///
/// Letters are lower case, digits of any script are ASCII, a number becomes one token whatever its digits are, and
/// redaction placeholders such as `[PERSON_1]` are gone. One pass over the scalars, whatever the text holds.
struct Words {
    /// Stands for an order number or any other number of five digits and more.
    static let numberToken: UInt32 = 0xE000
    /// Stands for a number of one or two digits.
    static let smallNumberToken: UInt32 = 0xE001
    /// Stands for a number of three or four digits: years, "100 days", prices without a sign.
    static let middleNumberToken: UInt32 = 0xE003
    /// Stands for an amount of money.
    static let moneyToken: UInt32 = 0xE002

    /// One word: its scalars in `scalars`, and its hash.
    struct Word {
        var start: Int
        var end: Int
        /// Where the word stands in the text, in Unicode scalars.
        var at: Int
        /// Where it ends there.
        var until: Int
        var hash: UInt64
        /// The word was in capitals in the text and has three letters or more.
        var isShouted: Bool
        /// A sentence mark stood between the word before and this one.
        var startsClause: Bool
        /// Number of the sentence the word stands in, from 0.
        var sentence: Int
    }

    /// The most bytes of a text that triage looks at; what a person asks stands at the top.
    static let maximumBytes = 64 * 1024
    /// Letters of a word beyond this many are dropped: no language needs them, base64 has them.
    static let maximumWordScalars = 40

    private(set) var scalars: [UInt32] = []
    /// The scalars of the text as it was written, as far as it is looked at.
    private(set) var source: [UInt32] = []
    /// The same in folded form (`CharacterClass.fold`), one for one.
    private(set) var folded: [UInt32] = []
    private(set) var words: [Word] = []
    /// Marks counted on the way, for urgency and anger.
    private(set) var exclamationMarks = 0
    private(set) var questionMarks = 0
    /// For each sentence whether it ended in a question mark.
    private(set) var isQuestion: [Bool] = [false]

    init(_ text: String) {
        var text = text
        let size = min(text.utf8.count, Self.maximumBytes)
        scalars.reserveCapacity(size)
        words.reserveCapacity(size / 5 + 1)
        (source, folded) = text.withUTF8 { Self.decoded(UnsafeBufferPointer(rebasing: $0.prefix(size))) }
        read(source, folded)
    }

    init(_ text: some StringProtocol) { self.init(String(text)) }

    /// The scalars of UTF-8 that is known to be valid, but for a cut at its end; and the same folded.
    private static func decoded(_ bytes: UnsafeBufferPointer<UInt8>) -> (source: [UInt32], folded: [UInt32]) {
        var folded: [UInt32] = []
        let source = [UInt32](unsafeUninitializedCapacity: bytes.count) { output, count in
            folded = [UInt32](unsafeUninitializedCapacity: bytes.count) { foldedOutput, foldedCount in
                var index = 0
                while index < bytes.count {
                    var value = UInt32(bytes[index])
                    let length = value < 0x80 ? 1 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4
                    guard index + length <= bytes.count else { break }
                    if length > 1 {
                        value &= 0x7F >> UInt32(length)
                        for next in index + 1..<index + length { value = value << 6 | UInt32(bytes[next] & 0x3F) }
                    }
                    output[count] = value
                    foldedOutput[count] = CharacterClass.fold(value)
                    count += 1
                    index += length
                }
                foldedCount = count
            }
        }
        return (source, folded)
    }

    private mutating func read(_ input: [UInt32], _ folded: [UInt32]) {
        var index = 0
        let count = input.count
        var clause = true
        var lineStart = 0
        while index < count {
            let scalar = folded[index]
            if scalar == 0x5B, let next = Self.placeholderEnd(input, index) {
                index = next
                continue
            }
            if CharacterClass.isCurrency(scalar), let next = Self.amountEnd(folded, index + 1) {
                append(Self.moneyToken, at: index, until: next, clause: &clause)
                index = next
                continue
            }
            guard CharacterClass.isWord(scalar) else {
                switch scalar {
                case 0x21:
                    exclamationMarks += 1
                    endSentence(&clause)
                case 0x3F:
                    questionMarks += 1
                    if words.last?.sentence == isQuestion.count - 1 { isQuestion[isQuestion.count - 1] = true }
                    endSentence(&clause)
                case 0x964: endSentence(&clause)
                case 0x2E:
                    if Self.endsSentence(input, index), !endsInAbbreviation { endSentence(&clause) }
                case 0x0A:
                    if index - lineStart < Self.wrappedLine || Self.startsParagraph(input, index + 1) {
                        endSentence(&clause)
                    }
                    lineStart = index + 1
                case 0x2C, 0x3B, 0x3A, 0x28, 0x29: clause = true
                default: break
                }
                index += 1
                continue
            }
            index = readWord(input, folded, index, &clause)
        }
    }

    /// A line this long was wrapped by the mail program; a shorter one was ended by its writer.
    private static let wrappedLine = 55

    private mutating func endSentence(_ clause: inout Bool) {
        clause = true
        if words.last?.sentence == isQuestion.count - 1 { isQuestion.append(false) }
    }

    /// A full stop ends a sentence before a blank or the end, not inside `example.com`.
    private static func endsSentence(_ input: [UInt32], _ index: Int) -> Bool {
        guard index + 1 < input.count else { return true }
        let next = input[index + 1]
        return next <= 0x20 || next == 0xA0 || next == 0x22 || next == 0x29 || next == 0x2E
    }

    /// After a line's end: a blank line, a list mark or a quotation mark starts something new.
    private static func startsParagraph(_ input: [UInt32], _ index: Int) -> Bool {
        var index = index
        while index < input.count, input[index] == 0x20 || input[index] == 0x0D || input[index] == 0x09 { index += 1 }
        guard index < input.count else { return true }
        return [0x0A, 0x2D, 0x2A, 0x3E, 0x2022].contains(input[index])
    }

    private static let abbreviations = WordSet("no nos nr mr mrs ms dr st ord rs ph approx")

    private var endsInAbbreviation: Bool {
        guard let last = words.last else { return false }
        return Self.abbreviations.contains(last.hash)
    }

    /// The hash of one word in lower case, without building a `Words`.
    static func hash(_ word: String) -> UInt64 {
        var hash = FeatureHash.start
        for scalar in word.unicodeScalars {
            let folded = CharacterClass.fold(scalar.value)
            if folded != 0, folded != 0x27 { hash = FeatureHash.step(hash, folded) }
        }
        return FeatureHash.finish(hash)
    }

    /// Reads one word, or several parts joined by dashes when they are a number such as `NC-104233`.
    private mutating func readWord(
        _ input: [UInt32], _ folded: [UInt32], _ start: Int, _ clause: inout Bool
    ) -> Int {
        let first = scalars.count
        var index = start
        var digits = 0
        var longestDigits = 0
        var letters = 0
        var capitals = 0
        var partStart = start
        var end = start
        while index < input.count {
            let scalar = folded[index]
            if scalar == 0 {  // joiners, nukta, variation selectors
                index += 1
                end = index
                continue
            }
            if CharacterClass.isWord(scalar) {
                if CharacterClass.isDigit(scalar) {
                    digits += 1
                    longestDigits = max(longestDigits, digits)
                } else {
                    digits = 0
                    letters += 1
                    if input[index] != scalar, scalar < 0x80 { capitals += 1 }
                }
                let count = scalars.count
                let isThird =
                    count - first >= 2 && scalars[count - 1] == scalar && scalars[count - 2] == scalar && letters > 0
                if !isThird || CharacterClass.isDigit(scalar), count - first < Self.maximumWordScalars {
                    scalars.append(scalar)
                }
                index += 1
                end = index
                continue
            }
            // An apostrophe inside a word is left out: "don't" and "dont" are one word.
            if scalar == 0x27, index + 1 < input.count, CharacterClass.isWord(folded[index + 1]) {
                index += 1
                continue
            }
            // A dash, slash, stop or comma may join the parts of a number; words it parts.
            let joins = scalar == 0x2D || scalar == 0x2F || scalar == 0x5F || scalar == 0x2E || scalar == 0x2C
            guard joins, index + 1 < input.count, index > partStart else { break }
            let next = folded[index + 1]
            let mayJoin =
                CharacterClass.isDigit(next)
                && (digits > 0 || (letters <= 5 && scalar != 0x2E && scalar != 0x2C && scalar != 0x5F))
            guard mayJoin else { break }
            index += 1
            partStart = index
            digits = 0
        }
        end = max(end, start + 1)
        if longestDigits > 0, longestDigits >= 3 || letters <= 2 {
            scalars.removeLast(scalars.count - first)
            let token =
                longestDigits >= 5
                ? Self.numberToken : longestDigits >= 3 ? Self.middleNumberToken : Self.smallNumberToken
            append(token, at: start, until: end, clause: &clause)
            return end
        }
        guard scalars.count > first else { return end }
        let shouted = letters >= 3 && capitals == letters
        append(from: first, at: start, until: end, shouted: longestDigits == 0 && shouted, clause: &clause)
        // "rs 500" and "inr 1,299" are amounts like "₹500".
        if longestDigits == 0, let last = words.last, Self.currencyWords.contains(last.hash),
            let next = Self.amountEnd(folded, index)
        {
            words.removeLast()
            scalars.removeLast(scalars.count - first)
            clause = last.startsClause
            append(Self.moneyToken, at: start, until: next, clause: &clause)
            return next
        }
        return end
    }

    private mutating func append(_ token: UInt32, at: Int, until: Int, clause: inout Bool) {
        scalars.append(token)
        append(from: scalars.count - 1, at: at, until: until, shouted: false, clause: &clause)
    }

    /// Makes a word of the scalars from `start` on.
    private mutating func append(from start: Int, at: Int, until: Int, shouted: Bool, clause: inout Bool) {
        var hash = FeatureHash.start
        for index in start..<scalars.count { hash = FeatureHash.step(hash, scalars[index]) }
        words.append(
            Word(
                start: start, end: scalars.count, at: at, until: until, hash: FeatureHash.finish(hash),
                isShouted: shouted, startsClause: clause, sentence: isQuestion.count - 1))
        clause = false
    }

    private static let currencyWords = WordSet("rs inr usd eur gbp re रु")

    /// The index after a number that starts at or shortly after `index`, or nil.
    private static func amountEnd(_ input: [UInt32], _ index: Int) -> Int? {
        var index = index
        var skipped = 0
        while index < input.count, input[index] == 0x20 || input[index] == 0x2E, skipped < 2 {
            index += 1
            skipped += 1
        }
        guard index < input.count, CharacterClass.isDigit(input[index]) else { return nil }
        while index < input.count {
            let scalar = input[index]
            if CharacterClass.isDigit(scalar) {
                index += 1
            } else if scalar == 0x2C || scalar == 0x2E, index + 1 < input.count,
                CharacterClass.isDigit(input[index + 1])
            {
                index += 2
            } else {
                break
            }
        }
        return index
    }

    /// The index after a redaction placeholder such as `[CREDIT_CARD_2]` that starts at `index`, or nil.
    private static func placeholderEnd(_ input: [UInt32], _ index: Int) -> Int? {
        var end = index + 1
        var digits = 0
        while end < input.count, end - index < 40 {
            switch input[end] {
            case 0x41...0x5A, 0x5F: digits = 0
            case 0x30...0x39: digits += 1
            case 0x5D: return digits > 0 && end > index + 2 ? end + 1 : nil
            default: return nil
            }
            end += 1
        }
        return nil
    }

    /// The word as a string, for lists that people read.
    func string(_ index: Int) -> String {
        var result = String.UnicodeScalarView()
        for value in scalars[words[index].start..<words[index].end] {
            if let scalar = Unicode.Scalar(value) { result.append(scalar) }
        }
        return String(result)
    }
}
