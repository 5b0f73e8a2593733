import Foundation
import Seeded

/// The ways to say a thing in one language, from a file of wordings: `@topic` and a line for each, `[a|b]` for choices.
public struct Phrasebook: Sendable {
    private let topics: [String: [String]]

    /// Reads the wordings of a language.
    /// - Parameter folder: `Phrases`, or `HeldOut`, which was written without a look at the first or at the training data.
    /// - Throws: the error of reading the file.
    public init(language: String, folder name: String = "Phrases") throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(name)
        let text = try String(contentsOf: folder.appendingPathComponent("\(language).txt"), encoding: .utf8)
        var topics: [String: [String]] = [:]
        var topic = ""
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("@") {
                topic = String(line.dropFirst())
            } else {
                topics[topic, default: []].append(String(line))
            }
        }
        self.topics = topics
    }

    /// Every line of every topic, choices included.
    public var lines: [String] { topics.values.flatMap(\.self) }

    /// One wording of a topic, its choices made and its names put in.
    func say(_ topic: String, with names: [String: String] = [:], _ random: inout SeededRandom) -> String {
        guard let line = topics[topic]?.randomElement(using: &random) else { return "" }
        var text = ""
        var rest = line[...]
        while let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") {
            text += rest[..<open]
            let choices = rest[rest.index(after: open)..<close].split(separator: "|", omittingEmptySubsequences: false)
            text += choices.randomElement(using: &random) ?? ""
            rest = rest[rest.index(after: close)...]
        }
        text += rest
        for (name, value) in names { text = text.replacing("{\(name)}", with: value) }
        return text.replacing("  ", with: " ")
    }

    /// Whether some wording of a topic has a place for a name.
    func names(_ name: String, in topic: String) -> Bool {
        topics[topic]?.contains { $0.contains("{\(name)}") } ?? false
    }
}
