import Foundation

/// What of the desk a review needs to know.
public struct ReviewLimits: Sendable {
    /// A reply to a stranger stays within a few kilobytes (RFC 3834 §2); no answer here needs more.
    static let maximumBytes = 6_000
    /// Stands in the prompt and nowhere else; empty: none.
    var canary = ""
    /// The prompt's own words.
    var prompt = PromptWords()
    /// The digest under which the ledger keeps an answer.
    var digest: @Sendable (String) -> [UInt8] = { _ in [] }

    /// No limits besides those of every desk.
    static let none = ReviewLimits()

    private init() {}

    /// The limits of a desk with these prompt templates; one that cannot be read has no words.
    /// - Parameter other: a second folder of them.
    init(seal: Seal, prompts folder: String, besides other: String? = nil) {
        canary = Self.canary(of: seal)
        prompt = PromptWords(
            [folder, other].compactMap(\.self).flatMap { folder in
                ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
                    $0.hasSuffix(".mustache")
                }.compactMap { name in
                    FileManager.default.contents(atPath: "\(folder)/\(name)").flatMap {
                        String(data: $0, encoding: .utf8)
                    }
                }
            })
        digest = { seal.digest($0, for: "answer") }
    }

    /// A word that nobody can know who has not read the prompt: the same in every run, so that a provider's prompt cache
    /// holds, and another at every desk.
    static func canary(of seal: Seal) -> String {
        seal.digest("prompt", for: "canary").prefix(10).map { String($0, radix: 16) }.joined()
    }
}

/// The prompt's own words, to recognise them in an answer.
struct PromptWords: Sendable {
    /// So many words in a row are nobody's own by chance.
    static let run = 7
    private var runs: Set<String> = []

    init() {}

    init(_ texts: [String]) {
        for text in texts { runs.formUnion(Self.runs(of: text)) }
    }

    /// Whether a text repeats so many words of the prompt.
    func isRepeated(in text: String) -> Bool { !runs.isDisjoint(with: Self.runs(of: text)) }

    private static func runs(of text: String) -> [String] {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
        return words.count < run ? [] : (0...(words.count - run)).map { words[$0..<($0 + run)].joined(separator: " ") }
    }
}
