import Redaction

/// A draft's body cut into what its author wrote, and the slots and placeholders that code fills.
struct DraftText {
    enum Piece: Equatable {
        case text(String)
        case slot(String)
        case placeholder(Placeholder)
    }

    let pieces: [Piece]
    /// Braces that are no slot.
    let isMalformed: Bool

    init(_ body: String) {
        var pieces: [Piece] = []
        var rest = body[...]
        func append(_ text: Substring) {
            let bytes = Array(text.utf8)
            var copied = 0
            for (placeholder, range) in Placeholder.occurrences(in: String(text)) {
                let before = String(decoding: bytes[copied..<range.lowerBound], as: UTF8.self)
                if !before.isEmpty { pieces.append(.text(before)) }
                pieces.append(.placeholder(placeholder))
                copied = range.upperBound
            }
            if copied < bytes.count { pieces.append(.text(String(decoding: bytes[copied...], as: UTF8.self))) }
        }
        while rest.holds("{{fact:"), let open = rest.firstRange(of: "{{fact:") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { break }
            append(rest[..<open.lowerBound])
            pieces.append(.slot(String(rest[open.upperBound..<close.lowerBound])))
            rest = rest[close.upperBound...]
        }
        append(rest)
        self.pieces = pieces
        isMalformed = pieces.contains { piece in
            if case .text(let text) = piece { return text.holds("{{") || text.holds("}}") }
            return false
        }
    }

    /// The names of the slots.
    var slots: [String] {
        pieces.compactMap { piece in
            if case .slot(let name) = piece { return name }
            return nil
        }
    }

    /// The placeholders that it names.
    var placeholders: [Placeholder] {
        pieces.compactMap { piece in
            if case .placeholder(let placeholder) = piece { return placeholder }
            return nil
        }
    }

    /// What its author wrote, slots and placeholders blanked.
    var written: String {
        pieces.map { piece in
            if case .text(let text) = piece { return text }
            return " "
        }.joined()
    }

    /// Stands for a placeholder in `marked`.
    static let placeholderMark: Character = "\u{E002}"

    /// What its author wrote, with a mark of one word for every slot and placeholder: sentences keep their slots. The marks
    /// are of the private use area; an author's own are left out.
    var marked: String {
        pieces.map { piece in
            switch piece {
            case .text(let text):
                String(String.UnicodeScalarView(text.unicodeScalars.filter { !(0xE000...0xF8FF).contains($0.value) }))
            case .slot(let name): "\u{E000}\(name.filter { !$0.isWhitespace })\u{E001}"
            case .placeholder: String(Self.placeholderMark)
            }
        }.joined()
    }

    /// The name of the slot that a word of `marked` stands for, with or without punctuation; nil for any other word.
    static func slot(ofMark word: String) -> String? {
        // The first byte of either mark.
        guard word.utf8.contains(0xEE) else { return nil }
        guard let open = word.firstIndex(of: "\u{E000}"), let close = word.firstIndex(of: "\u{E001}"), open < close
        else {
            return nil
        }
        return String(word[word.index(after: open)..<close])
    }

    /// What a word holds besides the mark of its one slot; nil when that is nothing but a possessive ending.
    static func clinging(to word: String) -> String? {
        guard let open = word.firstIndex(of: "\u{E000}"), let close = word.firstIndex(of: "\u{E001}") else {
            return nil
        }
        let rest = word[..<open] + word[word.index(after: close)...]
        return rest.isEmpty || rest == "'s" ? nil : String(rest)
    }

    /// The body with every slot and placeholder filled; nil when one has nothing to stand for.
    func filled(
        from facts: FactSheet, in format: FactFormat, _ values: (Placeholder) -> String? = { _ in nil }
    ) -> String? {
        var filled = ""
        for piece in pieces {
            switch piece {
            case .text(let text): filled += text
            case .placeholder(let placeholder):
                guard let value = values(placeholder) else { return nil }
                filled += value
            case .slot(let name):
                guard let fact = facts[name] else { return nil }
                filled += format.text(fact.value)
            }
        }
        return filled
    }
}
