import CLanguageDetector

/// The language of what a person wrote: CLD2, and our own recogniser for Hindi in Latin letters, which CLD2 does not know.
public enum LanguageDetector {
    /// CLD2 sees this much of a text; more changes nothing.
    private static let maximumBytes = 16 * 1024

    /// Detects the language of a text of any length. A text of one or two words gets a low confidence.
    public static func detect(_ text: String, hints: LanguageHints = .init()) -> DetectedLanguage {
        detect(Words(text), bodyFrom: 0, hints: hints)
    }

    /// A subject of one word in another language must not outvote the body; it speaks where the body is too short.
    static func detect(_ words: Words, bodyFrom: Int, hints: LanguageHints) -> DetectedLanguage {
        let all = words.words.count
        let range = all - bodyFrom < 3 ? 0..<all : bodyFrom..<all
        let count = ScriptCount(words, range)
        guard count.letters > 0 else { return fallback(hints) }
        let evidence = LatinRecognizer.shared.evidence(words, range)
        // Who writes Devanagari at all writes Hindi with English words in it, not the other way round.
        let isMixed =
            count.devanagariWords * 3 >= count.latinWords && count.latinWords > 0 && evidence.englishWords == 0
        if count.devanagari * 10 >= count.letters * 4 || isMixed && count.devanagari > 0 {
            return devanagari(words, range, count, hints)
        }
        guard count.latin * 2 >= count.letters else {
            let found = cld2(words, range, hints)
            let tag = normalize(found.tag)
            guard tag != "und" else { return fallback(hints) }
            return DetectedLanguage(tag: tag, confidence: found.isReliable ? 0.95 : 0.6)
        }
        let verdict = LatinRecognizer.shared.verdict(evidence, prior: hints.expectsHindi ? 1 : 0)
        if case .indian(let tag, let confidence) = verdict {
            return DetectedLanguage(tag: tag, confidence: count.latinWords <= 2 ? min(confidence, 0.55) : confidence)
        }
        // Many English words in a row need no second opinion.
        let english = Double(evidence.englishWords) / Double(max(evidence.words, 1))
        if case .english = verdict, evidence.words >= 8, english >= 0.25 {
            return DetectedLanguage(tag: "en", confidence: min(0.99, 0.8 + english * 0.4))
        }
        let known = Double(evidence.knownEnglish) / Double(max(evidence.words, 1))
        return latin(verdict, english, known, count, cld2(words, range, hints), hints)
    }

    /// Latin letters, no language of India: English needs its own words, CLD2 calls too many short texts something exotic.
    private static func latin(
        _ verdict: LatinRecognizer.Verdict, _ english: Double, _ known: Double, _ count: ScriptCount, _ found: Found,
        _ hints: LanguageHints
    ) -> DetectedLanguage {
        let words = Double(max(count.latinWords, 1))
        let tag = normalize(found.tag)
        let isOther = tag != "en" && tag != "und" && found.isReliable
        if case .european(let own, let isSure) = verdict, isSure || tag == own || isOther {
            return DetectedLanguage(tag: isOther ? tag : own, confidence: isOther ? min(0.95, 0.5 + 0.05 * words) : 0.6)
        }
        if tag == "en" || english >= 0.3 || known >= 0.5 || (english > 0.15 && !(found.isReliable && found.score > 0.3))
        {
            if count.latinWords <= 2 { return settle("en", english > 0 ? 0.5 : 0.35, hints) }
            let sure = min(0.99, 0.6 + english * 0.6 + (tag == "en" && found.isReliable ? 0.2 : 0))
            return settle("en", count.latinWords <= 4 ? min(sure, 0.75) : sure, hints)
        }
        if count.latinWords <= 2
            || count.latinWords <= 6 && (tag == "und" || !found.isReliable || known > 0.2 || !common.contains(tag))
        {
            return settle("en", 0.3, hints)
        }
        if count.latinWords <= 3 { return settle(tag, 0.45, hints) }
        if tag == "und" { return settle("en", 0.3, hints) }
        return DetectedLanguage(tag: tag, confidence: found.isReliable ? min(0.95, 0.5 + 0.05 * words) : 0.45)
    }

    private static func devanagari(
        _ words: Words, _ range: Range<Int>, _ count: ScriptCount, _ hints: LanguageHints
    ) -> DetectedLanguage {
        // Hindi by its own small words, and none of its neighbours': CLD2 has nothing to add.
        let hindi = range.count { hindiWords.contains(words.words[$0].hash) }
        if hindi >= 2, !range.contains(where: { neighbourWords.contains(words.words[$0].hash) }) {
            return DetectedLanguage(tag: "hi", confidence: 0.98)
        }
        let found = cld2(words, range, hints)
        let tag = normalize(found.tag)
        if count.devanagariWords <= 1 { return settle("hi", 0.6, hints) }
        // Marathi and Nepali share the script; CLD2 has to be sure, and to have some text, before it may say so.
        let isNeighbour = count.devanagariWords >= 6 || range.contains { neighbourWords.contains(words.words[$0].hash) }
        if tag == "mr" || tag == "ne", found.isReliable, isNeighbour, count.devanagariWords >= 4 {
            return DetectedLanguage(tag: tag, confidence: 0.85)
        }
        return DetectedLanguage(tag: "hi", confidence: tag == "hi" ? (found.isReliable ? 0.98 : 0.85) : 0.7)
    }

    /// Languages that a few words may be; CLD2 calls many a short text something rare.
    private static let common: Set<String> = [
        "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "hu", "ro", "tr", "hr", "vi", "id",
        "ms",
    ]

    private static let hindiWords = WordSet(
        "है हैं हूं हूँ हो था थी थे का की के को में से पर ने और नहीं मेरा मेरी मेरे मुझे आप आपका आपकी आपके यह ये वह क्या कब कहां कहाँ कैसे क्यों कृपया करें करो चाहिए गया गई दो दीजिए कीजिए अभी तक बहुत"
    )
    /// Of Marathi and Nepali.
    private static let neighbourWords = WordSet(
        "आहे आहेत नाही माझा माझी माझे मला तुम्ही आणि कुठे केव्हा पाहिजे झाला झाली झाले हवे हवा आली आले आला छ छैन हुन्छ मेरो मलाई तपाईं छन् भयो गर्नुहोस् कहिले"
    )

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

    private static func cld2(_ words: Words, _ range: Range<Int>, _ hints: LanguageHints) -> Found {
        guard let first = range.first, let last = range.last else {
            return Found(tag: "und", isReliable: false, score: 0)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(maximumBytes)
        for scalar in words.source[words.words[first].at..<words.words[last].until] {
            guard bytes.count + 4 <= maximumBytes else { break }
            if scalar < 0x80 {
                bytes.append(UInt8(scalar))
            } else if let unicode = Unicode.Scalar(scalar), let encoded = UTF8.encode(unicode) {
                bytes.append(contentsOf: encoded)
            }
        }
        return cld2(bytes, hints)
    }

    /// What CLD2 alone makes of a text, to be measured beside.
    package static func cld2Alone(_ text: String) -> String {
        normalize(cld2(Array(text.utf8.prefix(maximumBytes)), .init()).tag)
    }

    private static func cld2(_ bytes: [UInt8], _ hints: LanguageHints) -> Found {
        let result = bytes.withUnsafeBytes { raw in
            let start = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            guard let start else { return languageDetectorDetect("", 0, nil, nil) }
            return hints.statedLanguage.withOptionalCString { language in
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

    init(_ words: Words, _ range: Range<Int>) {
        for index in range {
            let word = words.words[index]
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
