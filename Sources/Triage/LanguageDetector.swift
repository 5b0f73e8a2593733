import CLanguageDetector

/// The language of what a person wrote: CLD2, and our own recogniser for Hindi in Latin letters, which CLD2 does not know.
public enum LanguageDetector {
    /// CLD2 sees this much of a text; more changes nothing.
    private static let maximumBytes = 16 * 1024

    /// Detects the language of a text of any length. A text of one or two words gets a low confidence.
    public static func detect(_ text: String, hints: LanguageHints = .init()) -> DetectedLanguage {
        detect(text, Words(text), hints: hints)
    }

    static func detect(_ text: String, _ words: Words, hints: LanguageHints) -> DetectedLanguage {
        let count = ScriptCount(words)
        guard count.letters > 0 else { return fallback(hints) }
        let votes = RomanizedHindi.votes(words)
        if count.devanagari * 10 >= count.letters * 4 {
            return devanagari(text, count, hints)
        }
        if count.latin * 2 >= count.letters {
            if let hindi = RomanizedHindi.decide(votes, words: count.latinWords) { return hindi }
        }
        let found = cld2(text, hints)
        let tag = normalize(found.tag)
        if count.latin * 2 >= count.letters {
            return latin(tag, found, votes, count, hints)
        }
        guard tag != "und" else { return fallback(hints) }
        return DetectedLanguage(tag: tag, confidence: found.isReliable ? 0.95 : 0.6)
    }

    /// Latin letters, not Hindi: English needs its own words, CLD2 calls too many short texts something exotic.
    private static func latin(
        _ tag: String, _ found: Found, _ votes: RomanizedHindi.Votes, _ count: ScriptCount, _ hints: LanguageHints
    ) -> DetectedLanguage {
        let words = Double(max(count.latinWords, 1))
        let english = Double(votes.english) / words
        if tag == "en" || english >= 0.3 || (english > 0.15 && !(found.isReliable && found.score > 0.3)) {
            if count.latinWords <= 2 { return settle("en", english > 0 ? 0.5 : 0.35, hints) }
            let sure = min(0.99, 0.6 + english * 0.6 + (tag == "en" && found.isReliable ? 0.2 : 0))
            return settle("en", count.latinWords <= 4 ? min(sure, 0.75) : sure, hints)
        }
        if count.latinWords <= 3 { return settle("en", 0.3, hints) }
        if tag == "und" || !found.isReliable {
            // Romanised Hindi with few function words, or names and products only.
            if votes.strong > 0, votes.hindi >= 2 { return DetectedLanguage(tag: "hi-Latn", confidence: 0.5) }
            if tag == "und" || count.latinWords <= 6 { return settle("en", 0.3, hints) }
        }
        return DetectedLanguage(tag: tag, confidence: found.isReliable ? min(0.95, 0.5 + 0.05 * words) : 0.45)
    }

    private static func devanagari(_ text: String, _ count: ScriptCount, _ hints: LanguageHints) -> DetectedLanguage {
        let found = cld2(text, hints)
        let tag = normalize(found.tag)
        if count.devanagariWords <= 1 { return settle("hi", 0.6, hints) }
        // Marathi and Nepali share the script; CLD2 has to be sure, and to have some text, before it may say so.
        if tag == "mr" || tag == "ne", found.isReliable, count.devanagariWords >= 4 {
            return DetectedLanguage(tag: tag, confidence: 0.85)
        }
        return DetectedLanguage(tag: "hi", confidence: tag == "hi" ? (found.isReliable ? 0.98 : 0.85) : 0.7)
    }

    /// A short text takes the language of its conversation when it could be that.
    private static func settle(_ tag: String, _ confidence: Double, _ hints: LanguageHints) -> DetectedLanguage {
        if confidence < 0.5, let expected = hints.expected, expected != "hi" {
            return DetectedLanguage(tag: expected, confidence: 0.5)
        }
        return DetectedLanguage(tag: tag, confidence: confidence)
    }

    private static func fallback(_ hints: LanguageHints) -> DetectedLanguage {
        if let expected = hints.expected { return DetectedLanguage(tag: expected, confidence: 0.3) }
        return DetectedLanguage(tag: "und", confidence: 0)
    }

    private struct Found {
        var tag: String
        var isReliable: Bool
        var score: Double
    }

    private static func cld2(_ text: String, _ hints: LanguageHints) -> Found {
        var bytes = Array(text.utf8.prefix(maximumBytes))
        // A cut inside a character would make the whole text invalid.
        if bytes.count == maximumBytes {
            while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
            if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        }
        let result = bytes.withUnsafeBytes { raw in
            let start = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            guard let start else { return languageDetectorDetect("", 0, nil, nil) }
            return hints.contentLanguage.withOptionalCString { language in
                hints.topLevelDomain.withOptionalCString { domain in
                    languageDetectorDetect(start, Int32(raw.count), language, domain)
                }
            }
        }
        return Found(
            tag: String(cString: result.first), isReliable: result.isReliable,
            score: Double(result.firstPercent) / 100)
    }

    /// CLD2's few old codes as BCP 47.
    private static func normalize(_ code: String) -> String {
        switch code {
        case "un", "xxx": "und"
        case "iw": "he"
        case "jw": "jv"
        case "no": "nb"
        case "tl": "fil"
        case "zh": "zh-Hans"
        default: code
        }
    }
}

extension String? {
    fileprivate func withOptionalCString<T>(_ body: (UnsafePointer<CChar>?) -> T) -> T {
        guard let self else { return body(nil) }
        return self.withCString(body)
    }
}

/// How much of a text is in which script.
struct ScriptCount {
    private(set) var letters = 0
    private(set) var latin = 0
    private(set) var devanagari = 0
    private(set) var latinWords = 0
    private(set) var devanagariWords = 0

    init(_ words: Words) {
        for word in words.words {
            let first = words.scalars[word.start]
            guard !CharacterClass.isDigit(first), first < 0xE000 || first > 0xF8FF else { continue }
            // Emoji are words for the lexicons only.
            if first >= 0x1F000 || (first >= 0x2600 && first <= 0x27BF) { continue }
            let length = word.end - word.start
            letters += length
            if first < 0x250 {
                latin += length
                latinWords += 1
            } else if CharacterClass.isDevanagari(first) {
                devanagari += length
                devanagariWords += 1
            }
        }
    }
}
