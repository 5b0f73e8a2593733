import Redaction

/// Masks the names of all who wrote in the past that was replayed, in the few texts that a report shows: a person may name one
/// customer to another, whom nothing in their conversation makes known.
struct NameScreen: Sendable {
    private let words: Set<String>

    /// Shorter ones are no names, or say nothing. Unicode scalars: what Hindi writes as two letters may be a name.
    private static let shortest = 3
    private static let offices: Set<String> = [
        "support", "team", "service", "services", "help", "desk", "care", "customer", "order", "orders", "sales", "the",
        "and", "info", "mail", "office",
    ]

    /// - Parameters:
    ///   - names: as headers display them.
    ///   - shop: its name is nobody's.
    init(_ names: [String], shop: String) {
        let own = Set(Self.parts(of: shop)).union(Self.offices)
        words = Set(names.flatMap(Self.parts)).subtracting(own)
    }

    /// The text without these names; placeholders stay.
    func masked(_ text: String) -> String {
        var result = ""
        var rest = text.utf8.startIndex
        for (_, range) in Placeholder.occurrences(in: text) {
            let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
            let end = text.utf8.index(start, offsetBy: range.count)
            result += withoutNames(text[rest..<start]) + text[start..<end]
            rest = end
        }
        return result + withoutNames(text[rest...])
    }

    private func withoutNames(_ text: Substring) -> String {
        var result = ""
        var word = ""
        func end() {
            result += word.first?.isLowercase == false && words.contains(word.lowercased()) ? "[PERSON]" : word
            word = ""
        }
        for character in text {
            if character.isLetter {
                word.append(character)
            } else {
                end()
                result.append(character)
            }
        }
        end()
        return result
    }

    private static func parts(of name: String) -> [String] {
        name.lowercased().split { !$0.isLetter }.map(String.init).filter { $0.unicodeScalars.count >= shortest }
    }
}

extension SimulationReport {
    /// The same with the names of these people masked in what it shows of texts.
    func masking(_ screen: NameScreen) -> SimulationReport {
        var report = self
        report.gaps = gaps.map { gap in
            Gap(
                count: gap.count, words: gap.words.filter { screen.masked($0.capitalized) == $0.capitalized },
                examples: gap.examples.map(screen.masked))
        }
        report.differences = differences.map { difference in
            Difference(
                intent: difference.intent, language: difference.language, disposition: difference.disposition,
                rule: difference.rule, certainty: difference.certainty, likeness: difference.likeness,
                differing: difference.differing, question: screen.masked(difference.question),
                desks: screen.masked(difference.desks), persons: screen.masked(difference.persons))
        }
        return report
    }
}
