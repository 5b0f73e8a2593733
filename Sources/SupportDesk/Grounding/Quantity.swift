/// An amount, a span of time or a share that a text states in figures.
struct Quantity: Sendable, Hashable {
    /// What is counted.
    enum Kind: String, Sendable, CaseIterable {
        case money, percent, minutes, hours, days, workingDays = "working days", weeks, months, years
    }

    let kind: Kind
    /// In one spelling: `3-5`, `10000`, `₹79`.
    let value: String

    /// A statement: the quantity and the telling words of the part of the sentence it stands in.
    struct Statement: Sendable {
        let quantity: Quantity
        let words: Set<String>
        /// Lines behind the beginning of the text.
        let line: Int
        let text: String
    }

    /// The quantities of a text, in English, Hindi and romanised Hindi. Linear.
    static func statements(in text: String, language: String) -> [Statement] {
        var statements: [Statement] = []
        for (line, words) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            // The point of an abbreviation ends no sentence.
            for clause in clauses(String(words).replacing("Rs. ", with: "Rs ")) {
                let found = quantities(in: clause)
                guard !found.isEmpty else { continue }
                let keys = KnowledgeWords.telling(clause).filter {
                    !$0.unicodeScalars.contains(where: isFigure) && units[$0] == nil
                }
                let telling = Set(keys.map { language == "en" ? WordKeys.stem($0) : WordKeys.sound($0) })
                statements += found.map {
                    Statement(quantity: $0, words: telling, line: line, text: clause.trimmingSpaces)
                }
            }
        }
        return statements
    }

    /// Parts of sentences: cut behind `;` `:` `!` `?` `।`, and behind `.` and `,` where no figure follows.
    private static func clauses(_ line: String) -> [String] {
        var clauses: [String] = []
        var clause = String.UnicodeScalarView()
        let scalars = Array(line.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            if ";!?।".unicodeScalars.contains(scalar) || (".,:".unicodeScalars.contains(scalar) && next == " ") {
                clauses.append(String(clause))
                clause.removeAll()
            } else {
                clause.append(scalar)
            }
        }
        return clauses + [String(clause)]
    }

    private static func isFigure(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// What stands in a clause: a figure or a range, and the unit before or behind it.
    private static func quantities(in clause: String) -> [Quantity] {
        var tokens: [String] = []
        var token = ""
        func end() {
            if !token.isEmpty { tokens.append(token) }
            token = ""
        }
        for scalar in clause.lowercased().unicodeScalars {
            switch scalar {
            case "₹", "€", "$", "£", "%":
                end()
                tokens.append(String(scalar))
            case ",", ".":
                // Between figures it is part of the number.
                if token.unicodeScalars.last.map(isFigure) ?? false {
                    token.unicodeScalars.append(scalar)
                } else {
                    end()
                }
            case "-", "–", "—":
                if token.unicodeScalars.last.map(isFigure) ?? false { token += "-" } else { end() }
            default:
                if scalar.properties.isWhitespace || "()\"'".unicodeScalars.contains(scalar) {
                    end()
                } else {
                    token.unicodeScalars.append(scalar)
                }
            }
        }
        end()
        var quantities: [Quantity] = []
        var index = 0
        while index < tokens.count {
            defer { index += 1 }
            guard var value = number(tokens[index]) else { continue }
            let before = index > 0 ? tokens[index - 1] : ""
            if index + 2 < tokens.count, ["to", "से", "se"].contains(tokens[index + 1]),
                let end = number(tokens[index + 2])
            {
                value += "-\(end)"
                index += 2
            }
            let behind = tokens[(index + 1)...].prefix(2)
            if let sign = currencies[before] {
                quantities.append(Quantity(kind: .money, value: sign + value))
            } else if let sign = behind.first.flatMap({ currencies[$0] }) {
                quantities.append(Quantity(kind: .money, value: sign + value))
            } else if let first = behind.first, let kind = units[first] ?? percent(behind) {
                quantities.append(Quantity(kind: kind, value: value))
            } else if let first = behind.first, ["business", "working"].contains(first), let unit = behind.last,
                units[unit] == .days
            {
                quantities.append(Quantity(kind: .workingDays, value: value))
            } else if let unit = behind.last, behind.count == 2, ["calendar", "full", "whole"].contains(behind.first),
                let kind = units[unit]
            {
                quantities.append(Quantity(kind: kind, value: value))
            }
        }
        return quantities
    }

    private static func percent(_ words: ArraySlice<String>) -> Kind? {
        words.elementsEqual(["per", "cent"]) ? .percent : nil
    }

    /// `10,000` is `10000`, `3–5` is `3-5`; nil for what is no number.
    private static func number(_ token: String) -> String? {
        var figures = ""
        for scalar in token.unicodeScalars {
            switch scalar {
            case "0"..."9", "-", ".": figures.unicodeScalars.append(scalar)
            case ",": continue
            default: return nil
            }
        }
        while let last = figures.last, !last.isNumber { figures.removeLast() }
        if figures.hasSuffix(".00") { figures.removeLast(3) }
        return figures.first?.isNumber == true ? figures : nil
    }

    private static let currencies = [
        "₹": "₹", "rs": "₹", "inr": "₹", "रुपये": "₹", "रुपए": "₹", "रु": "₹", "rupaye": "₹", "rupees": "₹", "rupee": "₹",
        "€": "€", "$": "$", "£": "£",
    ]

    private static let units: [String: Kind] = {
        let words: [Kind: String] = [
            .percent: "% percent प्रतिशत pratishat", .minutes: "minute minutes मिनट",
            .hours: "hour hours घंटे घंटों घण्टे ghante ghanton",
            .days: "day days दिन दिनों din dinon", .workingDays: "कार्यदिवस कार्यदिवसों workdays karyadivas",
            .weeks: "week weeks हफ़्ते हफ़्तों सप्ताह hafte hafton saptah", .months: "month months महीने महीनों माह mahine mahinon",
            .years: "year years साल वर्ष saal varsh",
        ]
        var units: [String: Kind] = [:]
        for (kind, list) in words {
            for word in list.split(separator: " ") { units[String(word)] = kind }
        }
        return units
    }()
}
