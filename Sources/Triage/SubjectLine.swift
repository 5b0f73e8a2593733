/// The subject of a mail, as far as it says something.
enum SubjectLine {
    /// Subjects longer than this say no more.
    static let maximumScalars = 400
    private static let prefixes: Set<String> = [
        "re", "fw", "fwd", "aw", "wg", "antw", "sv", "tr", "rv", "ref", "उत्तर", "जवाब",
    ]

    /// The subject without `Re:`, `Fwd:`, `[Ext]` and their like, however many there are.
    static func withoutPrefixes(_ subject: String) -> String {
        var rest = subject.unicodeScalars.prefix(maximumScalars)[...]
        for _ in 0..<20 {
            while let first = rest.first, first.value <= 0x20 { rest.removeFirst() }
            guard let colon = rest.prefix(8).firstIndex(of: ":") else { break }
            var head = String(rest[..<colon]).lowercased()
            if let bracket = head.firstIndex(of: "[") { head = String(head[..<bracket]) }
            guard prefixes.contains(head) else { break }
            rest = rest[rest.unicodeScalarIndex(after: colon)...]
        }
        return String(String.UnicodeScalarView(rest))
    }
}

extension Collection {
    fileprivate func unicodeScalarIndex(after index: Index) -> Index { self.index(after: index) }
}
