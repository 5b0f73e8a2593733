import Foundation

/// The words by which the review reads a sentence, in one language: what binds, what limits, what denies, and what is mere
/// courtesy. Closed lists on purpose: a word that stands in none of them says something, and must be found in a cited
/// passage.
struct ReviewWords: Sendable {
    /// What a word does in a sentence.
    enum Role: Sendable, Equatable {
        /// Binds words and means nothing by itself: articles, auxiliaries, prepositions.
        case binding
        /// Limits what is said; a sentence without it says something else: only, until, before, within, if.
        case limit(String)
        /// Denies it.
        case negation
        /// Widens it; may be left out, never added: all, any, every, always, also.
        case wide(String)
        /// The shop.
        case we
        /// The customer.
        case you
        /// Joins two parts: and, but, or.
        case joint
    }

    let language: String
    private let roles: [String: Role]
    private let synonyms: [String: String]
    /// Words of greetings, thanks, regrets and offers of help.
    let courtesy: Set<String>
    /// Words that make a sentence one about the mail itself, not about what holds: thank, sorry, question, about.
    let anchors: Set<String>
    /// What records speak of: order, parcel, carrier, total.
    let record: Set<String>
    /// What only a policy grants or takes: free, guarantee, discount; each with the name of its kind.
    let policy: [String: String]
    /// What the desk cannot do: cancel, refund, call.
    let actions: Set<String>

    /// The words of a reply language; English for any that has no list of its own.
    static func of(_ language: String) -> ReviewWords {
        switch language {
        case "hi": hindi
        case "hi-Latn": romanised
        default: english
        }
    }

    private static let english = ReviewWords("en", [.english])
    private static let hindi = ReviewWords("hi", [.hindi, .english])
    // Its own words come first: "to", "the" and "us" mean something else there.
    private static let romanised = ReviewWords("hi-Latn", [.romanised, .english])

    /// Lists as they are written down: words by white space.
    struct Lists: Sendable {
        var binding = ""
        var limits = ""
        var negations = ""
        var wide = ""
        var we = ""
        var you = ""
        var joints = ""
        /// `word=class` pairs.
        var synonyms = ""
        var courtesy = ""
        var anchors = ""
        var record = ""
        /// `word=kind` pairs.
        var policy = ""
        var actions = ""
    }

    private init(_ language: String, _ all: [Lists]) {
        self.language = language
        func words(_ text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }
        func key(_ word: String) -> String { PlainWord.of(word, in: language) }
        func stem(_ word: String) -> String { Self.stem(PlainWord.of(word, in: language), in: language) }
        func pairs(_ text: String) -> [(String, String)] {
            words(text).compactMap { pair in
                let sides = pair.split(separator: "=", maxSplits: 1)
                return sides.count == 2 ? (String(sides[0]), String(sides[1])) : nil
            }
        }
        var roles: [String: Role] = [:]
        var synonyms: [String: String] = [:]
        var policy: [String: String] = [:]
        func set(_ text: String, _ role: (String) -> Role) {
            for word in words(text) where roles[key(word)] == nil { roles[key(word)] = role(key(word)) }
        }
        for lists in all {
            set(lists.negations) { _ in .negation }
            set(lists.limits) { .limit($0) }
            set(lists.wide) { .wide($0) }
            set(lists.we) { _ in .we }
            set(lists.you) { _ in .you }
            set(lists.joints) { _ in .joint }
            set(lists.binding) { _ in .binding }
            for (word, name) in pairs(lists.synonyms) where synonyms[stem(word)] == nil { synonyms[stem(word)] = name }
            for (word, name) in pairs(lists.policy) where policy[stem(word)] == nil { policy[stem(word)] = name }
        }
        self.roles = roles
        self.synonyms = synonyms
        self.policy = policy
        func stems(_ list: (Lists) -> String) -> Set<String> {
            Set(all.flatMap { words(list($0)).map { synonyms[stem($0)] ?? stem($0) } })
        }
        courtesy = stems(\.courtesy)
        anchors = stems(\.anchors)
        record = stems(\.record)
        actions = stems(\.actions)
    }

    /// What a word does; nil for one that says something. `word` is plain.
    func role(of word: String) -> Role? { roles[word] }

    /// The name under which a plain word is compared: its stem, or that of its synonyms.
    func name(of word: String) -> String {
        let stem = Self.stem(word, in: language)
        return synonyms[stem] ?? stem
    }

    /// The kind of policy that a plain word speaks of; nil for none.
    func policy(of word: String) -> String? { policy[Self.stem(word, in: language)] }

    /// A word without its ending: enough to tell one word from another, not to know its grammar.
    static func stem(_ word: String, in language: String) -> String {
        if let first = word.unicodeScalars.first, (0x0900...0x097F).contains(first.value) { return hindiStem(word) }
        guard word.utf8.allSatisfy({ $0 < 0x80 }), word.utf8.count > 3 else { return word }
        var text = Substring(word)
        if text.hasSuffix("'s") { text = text.dropLast(2) }
        for (ending, kept) in [
            ("ies", "y"), ("sses", "ss"), ("ing", ""), ("ied", "y"), ("ed", ""), ("es", ""), ("s", ""),
        ]
        where text.hasSuffix(ending) && text.utf8.count - ending.utf8.count >= 3 {
            if ending == "s", text.hasSuffix("ss") || text.hasSuffix("us") || text.hasSuffix("is") { break }
            text = text.dropLast(ending.utf8.count) + kept
            break
        }
        if text.hasSuffix("e"), text.utf8.count > 3 { text = text.dropLast() }
        let bytes = Array(text.utf8)
        if bytes.count > 3, bytes[bytes.count - 1] == bytes[bytes.count - 2], bytes.last != UInt8(ascii: "s") {
            text = text.dropLast()
        }
        return String(text)
    }

    private static func hindiStem(_ word: String) -> String {
        let scalars = Array(word.unicodeScalars)
        guard scalars.count > 3 else { return word }
        // The oblique plural, then the last vowel sign with its nasal.
        var end = scalars.count
        if scalars[end - 1].value == 0x0902 { end -= 1 }
        if end > 2, (0x093E...0x094C).contains(scalars[end - 1].value) { end -= 1 }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars[..<end])
        return String(result)
    }
}
