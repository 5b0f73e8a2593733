import Foundation

/// The words of a text as the knowledge index knows them.
enum KnowledgeWords {
    /// What is read of a question: the rest of a long mail adds noise and time.
    private static let longestQuestion = 8_000
    /// How many different keys a question may have.
    private static let mostKeys = 96

    /// The keys of a text of an article in the index of its language.
    static func keys(ofArticle text: String, language: String, synonyms: Synonyms) -> [String] {
        let words = all(in: text)
        var keys: [String] = []
        for word in words where isTelling(word) {
            if language == "en" { keys.append(WordKeys.stem(word)) }
            keys.append(soundMark + WordKeys.sound(word))
        }
        return keys + synonyms.names(in: words).map(Self.nameMark)
    }

    /// What is read of a question.
    static func head(ofQuestion question: String) -> String {
        String(question.unicodeScalars.prefix(longestQuestion))
    }

    /// The keys of a question's words for the index of a language, each once, in order. English meets English by stems, and other
    /// languages by how words sound.
    static func keys(
        ofQuestion words: [String], language: String, index: String, synonyms: Synonyms
    ) -> [String] {
        var keys: [String] = []
        var seen: Set<String> = []
        func add(_ key: String) { if keys.count < mostKeys, seen.insert(key).inserted { keys.append(key) } }
        for word in words where isTelling(word) {
            if language == "en", index == "en" {
                add(WordKeys.stem(word))
            } else {
                add(soundMark + WordKeys.sound(word))
            }
        }
        for name in synonyms.names(in: words) { add(nameMark(name)) }
        return keys
    }

    /// The words that tell what a text is about, each once.
    static func telling(_ text: String) -> [String] {
        var seen: Set<String> = []
        return all(in: head(ofQuestion: text)).filter {
            isTelling($0) && seen.insert($0).inserted
        }
    }

    /// All words of a text, in lower case: letters, digits and marks, composed, without joiners; no links, no placeholders.
    static func all(in text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        /// What is being passed over up to its end.
        var skipping: (end: (Unicode.Scalar) -> Bool, isOn: Bool) = ({ _ in true }, false)
        func end() {
            if !word.isEmpty { words.append(String(word)) }
            word.removeAll()
        }
        for scalar in text.precomposedStringWithCanonicalMapping.lowercased().unicodeScalars {
            if skipping.isOn {
                if skipping.end(scalar) { skipping.isOn = false }
                continue
            }
            // Joiners change the shape of Devanagari, not the word; an apostrophe ends nothing.
            if scalar.value == 0x200C || scalar.value == 0x200D { continue }
            if scalar == "'" || scalar == "\u{2019}", !word.isEmpty { continue }
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
                word.append(scalar)
            default:
                if scalar == ":",
                    word.elementsEqual("https".unicodeScalars) || word.elementsEqual("http".unicodeScalars)
                {
                    word.removeAll()
                    skipping = ({ $0.properties.isWhitespace }, true)
                } else {
                    end()
                    if scalar == "[" { skipping = ({ $0 == "]" || $0.properties.isWhitespace }, true) }
                }
            }
        }
        end()
        return words
    }

    /// Whether a word says something about the matter.
    static func isTelling(_ word: String) -> Bool {
        word.unicodeScalars.count > 1 && !stopWords.contains(word)
    }

    /// A key as a person reads it.
    static func readable(_ key: String) -> String {
        key.hasPrefix(soundMark) ? String(key.dropFirst()) : key.hasPrefix("1") ? "=\(key.dropFirst())" : key
    }

    /// Keys of the three kinds never meet: stems are letters, sounds begin with 0, names of synonyms with 1.
    private static let soundMark = "0"
    private static func nameMark(_ name: String) -> String { "1\(name)" }

    /// Words that say nothing about the matter, in English, Hindi and romanised Hindi.
    private static let stopWords = Set(
        """
        the an and or but if then so as of at by for from in into on to with without about after before over under up down \
        out off is am are was were be been being do does did done have has had having can could will would shall should may \
        might must it its this that these those there here he she his her we our ours us you your yours they them their me my mine \
        what when where which who whom whose why how not no nor yes please kindly dear sir sirs madam hello hi hey thanks thank \
        regards want need know tell get got any some one also just still only very much more most many than too again now \
        है हैं था थी थे हूँ हूं हो का की के को से में पर और या कि जो यह ये वह वे मैं मुझे मेरा मेरी मेरे आप आपका आपकी आपके हम हमें \
        क्या कब कहाँ कहां कैसे कितना कितने कितनी क्यों कौन नहीं जी कृपया नमस्ते धन्यवाद बताएं बताइए करें करना कर दें भी तो ही अब \
        hai hain tha thi the hoon hun ho ka ki ke ko se mein me par aur ya jo yeh ye woh wo main mujhe mera meri mere aap aapka aapki \
        kya kab kahan kaise kitna kitne kitni kyun kaun nahi ji kripya namaste dhanyavad batao bataye bataiye karein karna kar bhi toh hi ab
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
