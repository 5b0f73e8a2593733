/// A draft's body cut into what its author wrote and the slots that code fills.
struct DraftText {
    enum Piece: Equatable {
        case text(String)
        case slot(String)
    }

    let pieces: [Piece]
    /// Braces that are no slot.
    let isMalformed: Bool

    init(_ body: String) {
        var pieces: [Piece] = []
        var rest = body[...]
        while let open = rest.range(of: "{{fact:") {
            guard let close = rest[open.upperBound...].range(of: "}}") else { break }
            if open.lowerBound > rest.startIndex { pieces.append(.text(String(rest[..<open.lowerBound]))) }
            pieces.append(.slot(String(rest[open.upperBound..<close.lowerBound])))
            rest = rest[close.upperBound...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
        isMalformed = pieces.contains { piece in
            if case .text(let text) = piece { return text.contains("{{") || text.contains("}}") }
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

    /// What its author wrote, slots blanked.
    var written: String {
        pieces.map { piece in
            if case .text(let text) = piece { return text }
            return " "
        }.joined()
    }

    /// The body with every slot filled; nil when a slot has no fact.
    func filled(from facts: FactSheet, in format: FactFormat) -> String? {
        var filled = ""
        for piece in pieces {
            switch piece {
            case .text(let text): filled += text
            case .slot(let name):
                guard let fact = facts[name] else { return nil }
                filled += format.text(fact.value)
            }
        }
        return filled
    }
}
