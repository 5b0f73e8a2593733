/// Something that `auradesk knowledge check` says of the articles.
public struct KnowledgeFinding: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What it is about.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case unreadable, duplicate, misplaced, expired, expiring, contradiction, lead, citation, audience
        case noArticle = "no-article", noLanguage = "no-language", unknownIntent = "unknown-intent"
        case foreignLink = "foreign-link", deadLink = "dead-link", unreachable
    }

    /// The file, as it was named.
    public let file: String
    /// Its line, from 1.
    public let line: Int
    /// What it is about.
    public let kind: Kind
    /// What is wrong, in words.
    public let words: String

    /// Whether it must be mended; else it is good to know.
    public var isFault: Bool {
        switch kind {
        case .expiring, .noLanguage, .unreachable, .audience: false
        default: true
        }
    }

    /// `file:line: kind: words`
    public var description: String { "\(file):\(line): \(kind.rawValue): \(words)" }
}
