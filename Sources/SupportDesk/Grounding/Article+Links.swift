extension Article {
    /// Links in the text, each with its line in the file: web addresses, mail addresses as `mailto:`, and the targets of
    /// Markdown links. Linear.
    var links: [(line: Int, target: String)] {
        var links: [(line: Int, target: String)] = []
        for (first, text) in [(leadLine, lead)] + sections.map({ ($0.textLine, $0.text) }) {
            for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                links += Self.targets(in: line).map { (first + offset, $0) }
            }
        }
        return links
    }

    /// Those of one line.
    static func targets(in line: Substring) -> [String] {
        var targets: [String] = []
        for word in line.split(whereSeparator: { $0.isWhitespace || "<>\"“”'".contains($0) }) {
            // `[words](target)`: what stands behind the last bracket of the words.
            var word = word
            if let bracket = word.firstRange(of: "](") {
                let target = word[bracket.upperBound...].prefix { $0 != ")" }
                if !target.isEmpty { targets.append(String(target)) }
                word = word[..<bracket.lowerBound]
            }
            let bare = word.drop { "([{*_".contains($0) }.trimmed(of: ".,;:!?)]}*_।…")
            if bare.hasPrefix("https://") || bare.hasPrefix("http://") {
                targets.append(String(bare))
            } else if let at = bare.firstIndex(of: "@"), at != bare.startIndex, bare[at...].dropFirst().contains(".") {
                targets.append("mailto:\(bare)")
            }
        }
        return targets
    }

    /// The host that a link or a mail address leads to, in lower case; nil for others.
    static func host(of target: String) -> String? {
        if target.hasPrefix("mailto:") {
            return target.split(separator: "@").last.map { $0.prefix { $0 != "?" }.lowercased() }
        }
        guard let scheme = target.firstRange(of: "://") else { return nil }
        let authority = target[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let host = authority.split(separator: "@").last ?? ""
        return host.hasPrefix("[")
            ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }.lowercased()
    }
}

extension Substring {
    /// Without any of these characters at its end.
    fileprivate func trimmed(of characters: String) -> Substring {
        var text = self
        while let last = text.last, characters.contains(last) { text.removeLast() }
        return text
    }
}
