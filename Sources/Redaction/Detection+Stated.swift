/// Names that the text itself gives: "My name is …", "Regards, …", "Mr …".
extension Detection {
    struct StatedName {
        let range: Range<Int>
        let score: Double
        let why: String
    }

    func statedNames(_ words: Words, _ kept: [Bool]) -> [StatedName] {
        var names: [StatedName] = []
        for end in ends(.introduction) {
            if let name = introduced(words, kept, after: end) { names.append(name) }
        }
        for end in ends(.signOff) {
            if let name = signed(words, kept, after: end) { names.append(name) }
        }
        for end in ends(.honorific) {
            let first = words.index(atOrAfter: end)
            guard first < words.items.count, words.items[first].start == end else { continue }
            let count = nameLength(words, kept, from: first, smallLetters: false)
            if count > 0 {
                names.append(
                    StatedName(range: range(words, first, count), score: 0.75, why: "a form of address before it"))
            }
        }
        return names
    }

    private func range(_ words: Words, _ first: Int, _ count: Int) -> Range<Int> {
        words.items[first].start..<words.items[first + count - 1].end
    }

    /// How many words from `first` on can be one name, at most four.
    private func nameLength(_ words: Words, _ kept: [Bool], from first: Int, smallLetters: Bool) -> Int {
        let items = words.items
        var index = first
        while index < items.count, index - first < 4 {
            let word = items[index]
            if index > first, !joinsName(items, index) { break }
            if kept[index] || word.isNumber || word.length > 24 || Lexicon.hashes.notNames.contains(word.hash) { break }
            if shadow.bytes[word.start..<word.end].contains(where: \.isDigit) { break }
            if !word.isCapitalised, !smallLetters { break }
            index += 1
        }
        // A single letter is no name.
        return index - first == 1 && items[first].length < 2 ? 0 : index - first
    }

    /// The phrase that ends at `end`, spaces made single, when it begins at a word's start.
    private func phrase(_ phrases: [String], endingAt end: Int) -> String? {
        var text: [UInt8] = []
        var index = end
        while index > 0, end - index < 64, text.count < 48 {
            let byte = shadow.bytes[index - 1]
            if byte.isSpace {
                if text.last != 0x20 { text.append(0x20) }
            } else {
                text.append(byte.lowercased)
            }
            index -= 1
        }
        let before = Array(text.reversed())
        return phrases.first { phrase in
            let bytes = Array(phrase.utf8)
            guard before.count >= bytes.count, before.suffix(bytes.count).elementsEqual(bytes) else { return false }
            return before.count == bytes.count || !before[before.count - bytes.count - 1].isWord
        }
    }

    private func introduced(_ words: Words, _ kept: [Bool], after end: Int) -> StatedName? {
        guard !shadow.isWord(at: end), let phrase = phrase(Lexicon.introductions, endingAt: end) else { return nil }
        let first = words.index(atOrAfter: end)
        guard first < words.items.count, words.items[first].start - end <= 4,
            !shadow.bytes[end..<words.items[first].start].contains(0x0A)
        else { return nil }
        if Lexicon.weakIntroductions.contains(phrase) {
            let count = nameLength(words, kept, from: first, smallLetters: false)
            guard count > 0, first + count < words.items.count,
                Lexicon.hashes.followers.contains(words.items[first + count].hash),
                joinsName(words.items, first + count)
            else { return nil }
            return StatedName(range: range(words, first, count), score: 0.7, why: "says who is writing")
        }
        // In capitals as far as they go; else the words up to the verb of the Hindi sentence; else one word.
        let capitals = nameLength(words, kept, from: first, smallLetters: false)
        let any = min(nameLength(words, kept, from: first, smallLetters: true), 3)
        let next = first + any
        let isClosed = next < words.items.count && Detection.verbs.contains(words.items[next].hash)
        let hasCase = shadow.bytes[words.items[first].start] < 0x80
        let count = isClosed ? any : hasCase && capitals > 0 ? capitals : min(any, 1)
        guard count > 0 else { return nil }
        return StatedName(range: range(words, first, count), score: 0.9, why: "says the own name")
    }

    private static let verbs = Set(["hai", "h", "है", "he", "hain", "हैं"].map { Fold.hash(Fold.bytes($0)) })

    private func signed(_ words: Words, _ kept: [Bool], after end: Int) -> StatedName? {
        guard !shadow.isWord(at: end), let phrase = phrase(Lexicon.signOffs, endingAt: end) else { return nil }
        var index = end
        var lines = 0
        var punctuation = false
        while index < shadow.bytes.count, index - end < 24 {
            let byte = shadow.bytes[index]
            if byte == 0x0A {
                lines += 1
            } else if ",.!-~:".utf8.contains(byte) {
                punctuation = true
            } else if !byte.isSpace, !"*_>".utf8.contains(byte) {
                break
            }
            index += 1
        }
        let first = words.index(atOrAfter: index)
        guard lines <= 3, first < words.items.count, words.items[first].start == index else { return nil }
        let isThanks = phrase.hasPrefix("thank") || phrase.hasPrefix("धन्य") || phrase.hasPrefix("शुक्रि")
        guard lines > 0 || punctuation || !isThanks else { return nil }
        // Without capitals any word looks like a name: there the phrase must stand alone, or before a comma.
        if shadow.bytes[index] >= 0x80, !punctuation, lines == 0 || !beginsLine(end - phrase.utf8.count) { return nil }
        var count = nameLength(words, kept, from: first, smallLetters: lines > 0 || punctuation)
        if !endsLine(words, first, count) { count = nameLength(words, kept, from: first, smallLetters: false) }
        guard count > 0, endsLine(words, first, count) else { return nil }
        return StatedName(range: range(words, first, count), score: 0.75, why: "signs the letter")
    }

    private func beginsLine(_ start: Int) -> Bool {
        var index = start
        while index > 0, shadow.bytes[index - 1] == 0x20 { index -= 1 }
        return shadow.at(index - 1) == 0x0A
    }

    /// Whether nothing but punctuation is between the name and the end of its line.
    private func endsLine(_ words: Words, _ first: Int, _ count: Int) -> Bool {
        guard count > 0 else { return false }
        var index = words.items[first + count - 1].end
        while index < shadow.bytes.count, shadow.bytes[index] != 0x0A {
            let byte = shadow.bytes[index]
            // What follows a comma, a bar or a bracket is the writer's place or number.
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "(") { return true }
            if !byte.isSpace, !".!*_-~".utf8.contains(byte) { return false }
            index += 1
        }
        return true
    }
}
