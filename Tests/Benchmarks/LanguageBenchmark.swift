import ArgumentParser
import Foundation
import Triage

/// How often the language of a line is told, beside CLD2 alone, and what a message costs.
struct LanguageBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "language",
        abstract: "Tell the language of lines: the share that is right, ours and CLD2's, and the time of each.",
        discussion: """
            A file holds a tag and a text a line, parted by a tab. With --parallel it is a table whose first two columns are the \
            same text in English and in Hindi in Latin letters, below a line of headings.
            """)

    @Argument(help: "Files of lines.")
    var files: [String]

    @Flag(help: "The files are tables of English and romanised Hindi.")
    var parallel = false

    @Flag(help: "Print the lines that are told wrongly.")
    var wrong = false

    private struct Count {
        var lines = 0
        var right = 0
        var alone = 0
    }

    func run() throws {
        let lines = try files.flatMap(read)
        guard !lines.isEmpty else { throw ValidationError("there is no line in \(files.joined(separator: ", "))") }
        var counts: [String: Count] = [:]
        for line in lines {
            let tag = LanguageDetector.detect(line.text).tag
            counts[line.tag, default: Count()].lines += 1
            if tag == line.tag { counts[line.tag, default: Count()].right += 1 }
            if tag != line.tag, wrong { Swift.print("\(line.tag) \(tag) \(line.text)") }
            if LanguageDetector.cld2Alone(line.text) == line.tag { counts[line.tag, default: Count()].alone += 1 }
        }
        let all = counts.values.reduce(into: Count()) { sum, count in
            sum.lines += count.lines
            sum.right += count.right
            sum.alone += count.alone
        }
        for (tag, count) in counts.sorted(by: { $0.key < $1.key }) + [("all", all)] {
            let what = "\(count.lines) lines of \(tag): told right"
            Self.print(
                what, "share", Double(count.right) / Double(count.lines), Double(count.alone) / Double(count.lines))
        }
        Self.print(
            "a line", "µs", Self.time(lines) { _ = LanguageDetector.detect($0) },
            Self.time(lines) { _ = LanguageDetector.cld2Alone($0) })
    }

    private func read(_ file: String) throws -> [(tag: String, text: String)] {
        let rows = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline)
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
        if parallel {
            return rows.dropFirst().filter { $0.count >= 2 }.flatMap { [("en", $0[0]), ("hi-Latn", $0[1])] }
        }
        return rows.filter { $0.count == 2 && !$0[0].hasPrefix("#") }.map { ($0[0], $0[1]) }
    }

    private static func print(_ what: String, _ unit: String, _ ours: Double, _ alone: Double) {
        Figure(what: what, unit: unit, value: ours).print()
        Figure(what: what, unit: unit, value: alone, whose: "CLD2 alone").print()
    }

    /// Microseconds a line.
    private static func time(_ lines: [(tag: String, text: String)], _ body: (String) -> Void) -> Double {
        let took = ContinuousClock().measure { for line in lines { body(line.text) } }
        return took / .microseconds(1) / Double(lines.count)
    }
}
