import Foundation

extension SimulationReport {
    static func percent(_ share: Double) -> String {
        let value = (share * 1_000).rounded() / 10
        return value == value.rounded() ? "\(Int(value)) %" : "\(value) %"
    }

    static func percent(_ count: Int, of total: Int) -> String {
        total > 0 ? percent(Double(count) / Double(total)) : ""
    }

    /// Two places at most.
    static func number(_ value: Double) -> String {
        let text = String(format: "%.2f", value)
        return text.hasSuffix(".00") ? String(text.dropLast(3)) : text.hasSuffix("0") ? String(text.dropLast()) : text
    }

    static func rounded(_ value: Double) -> String {
        value >= 10 || value == 0 ? String(Int(value.rounded())) : String(format: "%.1f", value)
    }

    static func money(_ value: Double) -> String { String(format: "%.2f", value) }

    /// `42 s`, `17 min`, `5 h`, `2 days`.
    static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    static func left(_ text: String, _ width: Int) -> String {
        text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
    }

    static func right(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Lines of at most so many characters, broken at spaces; nothing in them is a command to a terminal.
    static func fitted(_ text: String, _ width: Int) -> [String] {
        plain(text).split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            var lines = [""]
            for word in line.split(separator: " ") {
                var rest = word[...]
                let last = lines[lines.count - 1]
                if last.isEmpty, rest.count <= width {
                    lines[lines.count - 1] = String(rest)
                } else if last.count + 1 + rest.count <= width {
                    lines[lines.count - 1] = "\(last) \(rest)"
                } else {
                    while rest.count > width {
                        lines.append(String(rest.prefix(width)))
                        rest = rest.dropFirst(width)
                    }
                    lines.append(String(rest))
                }
            }
            return lines
        }
    }

    static func wrapped(_ text: String, indent: Int, _ columns: Int) -> [String] {
        fitted(text, max(columns - indent, 24)).map { String(repeating: " ", count: indent) + $0 }
    }

    /// A text of somebody else: nothing in it is a command to the terminal, or turns a line round.
    private static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars.filter { scalar in
            scalar == "\n" || scalar.properties.generalCategory != .control && !scalar.properties.isBidiControl
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
