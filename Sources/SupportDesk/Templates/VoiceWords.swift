import Foundation

/// The words around voices, from `voice/<language>.yaml`: what programs write around a voice message, and how a link is said.
///
/// A language without such a file has none: then only a mail without any text counts as a voice message, and links are
/// left out where its replies are read aloud.
struct VoiceWords: Sendable {
    private let frames: [[String]]
    private let links: [String: String]

    private static let maximumLines = 12
    private static let maximumCharacters = 600
    /// So many words of a line may be a name or a number.
    private static let maximumGap = 6

    /// No words at all.
    init() { (frames, links) = ([], [:]) }

    /// Reads all languages of a folder; a folder that is not there has none.
    init(folder: String) throws {
        var frames: [[String]] = []
        var links: [String: String] = [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() where name.hasSuffix(".yaml") {
            let reader = try ConfigurationReader.root(of: "\(folder)/\(name)")
            frames += try (reader.texts("frames") ?? []).map { Self.words($0).map(\.folded) }
            links[String(name.dropLast(5))] = try reader.text("link")
            try reader.finish()
        }
        self.frames = frames
        self.links = links
    }

    /// How a link in the mail is named where the mail is read aloud.
    func link(in language: String) -> String { links[language] ?? "" }

    /// Whether a text is nothing but what a program writes around a voice message: each of its lines is one that is known.
    func isFrame(_ text: String) -> Bool {
        let lines = text.split(whereSeparator: \.isNewline).map { Self.words(String($0)) }.filter { !$0.isEmpty }
        guard lines.count <= Self.maximumLines, text.count <= Self.maximumCharacters else { return false }
        return lines.allSatisfy { line in
            let folded = line.map(\.folded)
            return frames.contains { Self.matches($0[...], folded[...], line[...]) }
        }
    }

    /// A `*` stands for a name, a number or a time: words that do not begin with a small letter.
    private static func matches(
        _ form: ArraySlice<String>, _ words: ArraySlice<String>, _ written: ArraySlice<String>
    ) -> Bool {
        guard let first = form.first else { return words.isEmpty }
        if first != "*" {
            return words.first == first && matches(form.dropFirst(), words.dropFirst(), written.dropFirst())
        }
        for count in 0...min(maximumGap, words.count) {
            guard written.prefix(count).allSatisfy({ $0.first?.isLowercase == false }) else { return false }
            if matches(form.dropFirst(), words.dropFirst(count), written.dropFirst(count)) { return true }
        }
        return false
    }

    private static func words(_ line: String) -> [String] {
        line.split(whereSeparator: \.isWhitespace).map { word in
            word == "*" ? "*" : word.trimmingCharacters(in: Self.marks)
        }.filter { !$0.isEmpty }
    }

    private static let marks = CharacterSet.punctuationCharacters.union(.symbols)
        .subtracting(CharacterSet(charactersIn: "+*"))
}

extension String {
    fileprivate var folded: String { lowercased().precomposedStringWithCanonicalMapping }
}
