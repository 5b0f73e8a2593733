/// Writers who show up without a phrase that says so: "Zora Kelmovar here," where a line begins, and "- Zora Kelmovar"
/// as the last line.
extension Detection {
    func writersNames(_ words: Words, _ kept: [Bool]) -> [StatedName] {
        var names: [StatedName] = []
        for index in words.items.indices.dropFirst() where Detection.presence.contains(words.items[index].hash) {
            if let name = present(words, kept, before: index) { names.append(name) }
        }
        if let name = lastLine(words, kept) { names.append(name) }
        return names
    }

    private static let presence = WordSet("here speaking this")
    private static let side = WordSet("side")

    /// "Zora Kelmovar here,", "Zora this side."
    private func present(_ words: Words, _ kept: [Bool], before index: Int) -> StatedName? {
        let items = words.items
        var end = items[index].end
        if items[index].end - items[index].start == 4, shadow.bytes[items[index].start] | 0x20 == UInt8(ascii: "t") {
            guard index + 1 < items.count, Detection.side.contains(items[index + 1].hash),
                joinsName(items, index + 1)
            else { return nil }
            end = items[index + 1].end
        }
        let after = shadow.at(end)
        guard after == 0x0D || ",.!:;-\n".utf8.contains(after) else { return nil }
        var first = index
        while first > 0, index - first < 3, joinsName(items, first), isNamePart(items[first - 1], kept[first - 1]) {
            first -= 1
        }
        guard first < index, isAfterBreak(items[first].start), shadow.at(items[index - 1].end) == 0x20 else {
            return nil
        }
        return StatedName(range: items[first].start..<items[index - 1].end, score: 0.7, why: "says who is writing")
    }

    /// Nothing but a name is on the last line, with a dash before it or of two words at least.
    private func lastLine(_ words: Words, _ kept: [Bool]) -> StatedName? {
        let items = words.items
        var first = items.count
        while first > 0, items.count - first < 3, first == items.count || joinsName(items, first),
            isNamePart(items[first - 1], kept[first - 1]) || first == items.count && isBehindGivenName(first - 1, items)
        {
            first -= 1
        }
        // Something must come before it: a text that is nothing else says nothing of a writer.
        guard first > 2, first < items.count, let last = items.last else { return nil }
        var start = items[first].start
        while " *_~".utf8.contains(shadow.at(start - 1)) { start -= 1 }
        var dashes = 0
        while dashes < 3, shadow.at(start - 1) == UInt8(ascii: "-") {
            start -= 1
            dashes += 1
        }
        while shadow.at(start - 1) == 0x20, items[first].start - start < 8 { start -= 1 }
        guard shadow.at(start - 1) == 0x0A, dashes > 0 || items.count - first > 1,
            shadow.bytes[last.end...].prefix(64).allSatisfy({ $0.isSpace || ".!*_~".utf8.contains($0) }),
            last.end + 64 >= shadow.bytes.count
        else { return nil }
        return StatedName(
            range: items[first].start..<last.end, score: dashes > 0 ? 0.7 : 0.55, why: "alone on the last line")
    }

    /// A capitalised word that means nothing else. Scripts without capitals tell nothing here.
    private func isNamePart(_ word: Words.Word, _ isKept: Bool) -> Bool {
        let bytes = shadow.bytes[word.start..<word.end]
        guard !isKept, word.isCapitalised, !word.hasDigit, (3...24).contains(word.length),
            shadow.bytes[word.start] < 0xE0,
            !bytes.allSatisfy(\.isUpper)
        else { return false }
        let traits = Gazetteer.shared.traits(of: word.hash)
        if !traits.isDisjoint(with: .name), traits.isDisjoint(with: .common) { return true }
        return traits.isEmpty && !Detection.isEverydayForm(bytes.map(\.lowercased))
    }

    /// "Zoya Merchant", "Jessica Lane": the name of a family may mean anything.
    private func isBehindGivenName(_ index: Int, _ items: [Words.Word]) -> Bool {
        guard index > 0, items[index].isCapitalised, !items[index].hasDigit, joinsName(items, index) else {
            return false
        }
        let before = Gazetteer.shared.traits(of: items[index - 1].hash)
        return before.contains(.given) && !before.contains(.common)
    }

    /// Whether a sentence or a line begins here, or what follows a greeting.
    private func isAfterBreak(_ start: Int) -> Bool {
        var index = start
        while start - index < 4, shadow.at(index - 1) == 0x20 { index -= 1 }
        return "\n,.!".utf8.contains(shadow.at(index - 1))
    }
}
