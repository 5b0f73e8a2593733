import Redaction

/// The earlier messages that a mail quotes, cut to a number of tokens: the newest as it stands, of the older ones what was
/// asked and what holds numbers.
struct MailHistory {
    /// One earlier message.
    struct Entry: Equatable {
        let isWhole: Bool
        let text: String
    }

    /// Newest first.
    let entries: [Entry]

    /// The share of the newest message.
    private static let newest = 0.6
    /// Quotes deeper than this are one message.
    private static let maximumDepth = 12

    /// How much of a quote is looked at, Unicode scalars, from its beginning, where the newest message is: as many as are looked
    /// through for words to a machine, whatever their size in bytes.
    static let maximumScalars = InjectionScan.maximumBytes / 2 / 4

    init(_ quoted: RedactedText, tokens: Int) {
        let quoted = quoted.prefix(maximumScalars: Self.maximumScalars)
        var left = tokens
        var entries: [Entry] = []
        for message in Self.messages(in: quoted.text) {
            guard left > 20 else { break }
            let share = entries.isEmpty ? Int(Double(tokens) * Self.newest) : min(left, max(40, left / 2))
            let entry = Self.entry(message, isNewest: entries.isEmpty, tokens: min(share, left))
            guard !entry.text.isBlank else { continue }
            entries.append(entry)
            left -= TokenEstimate.of(entry.text)
        }
        self.entries = entries
    }

    /// The messages of a quote, newest first: each is quoted once more than the one before, or announced by a rule as Outlook
    /// draws it.
    private static func messages(in text: String) -> [String] {
        var messages: [[Substring]] = [[]]
        var depth = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var rest = line.drop { $0 == " " }
            var marks = 0
            while rest.first == ">", marks < maximumDepth {
                marks += 1
                rest = rest.dropFirst().drop { $0 == " " }
            }
            let isRule = rest.hasPrefix("-----") || rest.hasPrefix("_____")
            if marks > depth || isRule {
                let announcement = announcement(in: &messages[messages.count - 1])
                if messages[messages.count - 1].contains(where: { !$0.trimmingSpaces.isEmpty }) { messages.append([]) }
                messages[messages.count - 1] += announcement
            }
            if marks > 0 { depth = max(depth, marks) }
            if isRule { continue }
            let shown = marks > 0 ? rest : line
            // No message begins with an empty line: what has none is not looked through at the next rule.
            if messages[messages.count - 1].isEmpty, shown.trimmingSpaces.isEmpty { continue }
            messages[messages.count - 1].append(shown)
        }
        return messages.map { $0.joined(separator: "\n").trimmingBlankLines }
    }

    /// Takes the lines that announce what comes ("On Monday … wrote:") from the end of the message before.
    private static func announcement(in lines: inout [Substring]) -> [Substring] {
        guard let last = lines.lastIndex(where: { !$0.trimmingSpaces.isEmpty }),
            lines[last].trimmingSpaces.hasSuffix(":")
        else { return [] }
        // A long one is broken once or twice.
        var first = last
        while first > 0, last - first < 2, !lines[first - 1].trimmingSpaces.isEmpty { first -= 1 }
        defer { lines.removeSubrange(first...) }
        return Array(lines[first...last])
    }

    private static func entry(_ message: String, isNewest: Bool, tokens: Int) -> Entry {
        if TokenEstimate.of(message) <= tokens, isNewest { return Entry(isWhole: true, text: message) }
        let sentences = Self.sentences(of: message)
        // What was asked, then what holds a number, then how it began: in this order as long as there is room.
        let ranked = sentences.indices.sorted { (rank(sentences[$0]), $0) < (rank(sentences[$1]), $1) }
        var left = tokens
        var kept: Set<Int> = []
        for index in ranked {
            let size = TokenEstimate.of(sentences[index])
            if size > left { continue }
            left -= size
            kept.insert(index)
            if !isNewest, kept.count >= maximumSentences { break }
        }
        let text = kept.sorted().map { sentences[$0] }.joined(separator: isNewest ? "\n" : " ")
        return Entry(isWhole: kept.count == sentences.count, text: text)
    }

    /// Of an older message.
    private static let maximumSentences = 4

    private static func rank(_ sentence: String) -> Int {
        if sentence.contains("?") { return 0 }
        return sentence.unicodeScalars.contains { $0.properties.numericType != nil } ? 1 : 2
    }

    /// Sentences and lines, none of them longer than a few lines of mail.
    private static func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        var current = String.UnicodeScalarView()
        func end() {
            let sentence = String(current).trimmingSpaces
            if !sentence.isEmpty { sentences.append(sentence) }
            current = String.UnicodeScalarView()
        }
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            let ended = [".", "?", "!", "।"].contains(last) && scalar == " "
            if scalar == "\n" || ended || (scalar == " " && current.count >= maximumSentence) { end() }
            if scalar != "\n" { current.append(scalar) }
            last = scalar
        }
        end()
        return sentences
    }

    /// In Unicode scalars.
    private static let maximumSentence = 400
}
