/// What a person made of a text, word by word: what stayed, what went, what came.
struct TextDifference: Sendable, Hashable, Codable {
    /// Words in a row that went, and those that came in their place; either may be empty.
    struct Change: Sendable, Hashable, Codable {
        /// How many words of the old text stand before it.
        let place: Int
        var removed: String
        var added: String
    }

    /// Words that are in both texts, in this order.
    let kept: Int
    /// Words of the old text that are not in the new one.
    let removed: Int
    /// Words of the new text that are not in the old one.
    let added: Int
    /// Nothing when the texts are too long, or have too little in common, to be laid beside each other.
    let changes: [Change]

    /// The effort grows with the square of this.
    private static let maximumWords = 1_000

    /// How alike the texts are: 1 for the same words, 0 for none in common.
    var likeness: Double {
        let all = 2 * kept + removed + added
        return all == 0 ? 1 : Double(2 * kept) / Double(all)
    }

    init(from old: String, to new: String) {
        let (old, new) = (Self.words(old), Self.words(new))
        guard max(old.count, new.count) <= Self.maximumWords else {
            var counts = old.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            var common = 0
            for word in new where counts[word, default: 0] > 0 {
                counts[word, default: 0] -= 1
                common += 1
            }
            (kept, removed, added, changes) = (common, old.count - common, new.count - common, [])
            return
        }
        var gone: Set<Int> = []
        var come: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): gone.insert(offset)
            case .insert(let offset, _, _): come.insert(offset)
            }
        }
        var changes: [Change] = []
        var (from, to) = (0, 0)
        while from < old.count || to < new.count {
            if from < old.count, to < new.count, !gone.contains(from), !come.contains(to) {
                (from, to) = (from + 1, to + 1)
                continue
            }
            var removed: [String] = []
            var added: [String] = []
            let place = from
            while from < old.count, gone.contains(from) {
                removed.append(old[from])
                from += 1
            }
            while to < new.count, come.contains(to) {
                added.append(new[to])
                to += 1
            }
            if removed.isEmpty, added.isEmpty { break }
            changes.append(
                Change(
                    place: place, removed: removed.joined(separator: " "), added: added.joined(separator: " ")))
        }
        (kept, removed, added) = (old.count - gone.count, gone.count, come.count)
        self.changes = changes
    }

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
