/// What stands around a day: cues, deadlines, the tense of the sentence.
extension DateFinder {
    static let dayOfMonthWords = WordSet("tarikh taarikh tareekh tarik तारीख")
    private static let ordinals = WordSet("st nd rd th")

    /// 1…31, also with "st", "nd", "rd", "th".
    static func dayNumber(_ text: ReferenceText, _ index: Int) -> Int? {
        guard text.tokens.indices.contains(index) else { return nil }
        let token = text.tokens[index]
        guard !token.used, (1...2).contains(token.digits), token.end - token.start - token.digits <= 2 else {
            return nil
        }
        var hash = FeatureHash.start
        for scalar in text.scalars[token.start + token.digits..<token.end] { hash = FeatureHash.step(hash, scalar) }
        guard token.isNumber || ordinals.contains(FeatureHash.finish(hash)) else { return nil }
        guard text.scalars[token.start..<token.start + token.digits].allSatisfy(CharacterClass.isDigit) else {
            return nil
        }
        let value = value(text.scalars[token.start..<token.start + token.digits])
        return (1...31).contains(value) ? value : nil
    }

    static func value(_ text: ReferenceText, _ index: Int) -> Int {
        value(text.scalars[text.tokens[index].start..<text.tokens[index].end].prefix(9))
    }

    static func value(_ digits: ArraySlice<UInt32>) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }

    /// The number of days, weeks or months that starts at a token.
    static func count(_ line: Line, _ index: Int) -> Int? {
        if case .number(let number) = line.word(index) { return number }
        let token = line.text.tokens[index]
        return token.isNumber && token.digits <= 3 ? value(line.text, index) : nil
    }

    /// The mark that joins a token to the next: a slash, dash or full stop, and nothing else.
    static func mark(_ text: ReferenceText, _ index: Int) -> UInt32? {
        guard index + 1 < text.tokens.count, text.tokens[index + 1].start == text.tokens[index].end + 1 else {
            return nil
        }
        let mark = text.scalars[text.tokens[index].end]
        return mark == 0x2F || mark == 0x2D || mark == 0x2E ? mark : nil
    }

    /// A year of four digits behind a token.
    static func year(_ text: ReferenceText, _ index: Int) -> Int? {
        guard index + 1 < text.tokens.count, text.tokens[index + 1].isUnusedNumber, text.tokens[index + 1].digits == 4,
            isClose(text, index, index + 1)
        else { return nil }
        let year = value(text, index + 1)
        return (1990...2100).contains(year) ? year : nil
    }

    static func isClose(_ text: ReferenceText, _ first: Int, _ second: Int) -> Bool {
        text.tokens[second].start - text.tokens[first].end <= (second - first) * 5
            && !text.scalars[text.tokens[first].end..<text.tokens[second].start].contains(0x0A)
    }

    /// `10:30`
    static func isTime(_ text: ReferenceText, _ index: Int) -> Bool {
        let end = text.tokens[index].end
        return end + 1 < text.scalars.count && text.scalars[end] == 0x3A
            && CharacterClass.isDigit(text.scalars[end + 1])
    }

    /// "2 may be lost", "10 mai": the verb.
    static func isVerb(_ line: Line, _ index: Int) -> Bool {
        guard case .month(5) = line.word(index), index + 1 < line.text.tokens.count else { return false }
        return DateWord.verbsAfterMay.contains(line.text.tokens[index + 1].hash)
    }

    static func hasCue(_ line: Line, _ tokens: ClosedRange<Int>) -> Bool {
        for index in [tokens.lowerBound - 1, tokens.upperBound + 1] {
            switch line.word(index) {
            case .cue, .until, .ago, .later: return true
            default: continue
            }
        }
        return false
    }

    /// "By Friday", "before 14 March", "kal tak", "10 tarikh se pehle".
    static func isDeadline(_ line: Line, _ tokens: ClosedRange<Int>) -> Bool {
        switch line.word(tokens.lowerBound - 1) {
        case .until, .ago, .within: return true
        default: break
        }
        if case .within = line.word(tokens.lowerBound) { return true }
        switch line.word(tokens.upperBound + 1) {
        case .until: return true
        case .cue: if case .ago = line.word(tokens.upperBound + 2) { return true }
        default: break
        }
        return false
    }

    /// Whether the sentence around a day tells of the past or the future: what stands nearest behind it, else before it.
    static func tense(_ line: Line, _ tokens: ClosedRange<Int>) -> DateWord? {
        let text = line.text
        var index = tokens.upperBound
        if case .until = line.word(index + 1) { return .future }
        while index + 1 < text.tokens.count, index - tokens.upperBound < 8,
            !endsSentence(text, text.tokens[index].end..<text.tokens[index + 1].start)
        {
            index += 1
            switch line.word(index) {
            case .past: return .past
            case .future: return .future
            default: continue
            }
        }
        index = tokens.lowerBound
        while index > 0, tokens.lowerBound - index < 8,
            !endsSentence(text, text.tokens[index - 1].end..<text.tokens[index].start)
        {
            index -= 1
            switch line.word(index) {
            case .past: return .past
            case .future: return .future
            default: continue
            }
        }
        return nil
    }

    static func endsSentence(_ text: ReferenceText, _ gap: Range<Int>) -> Bool {
        text.scalars[gap].contains { $0 == 0x2E || $0 == 0x3F || $0 == 0x21 || $0 == 0x964 || $0 == 0x0A }
    }
}
