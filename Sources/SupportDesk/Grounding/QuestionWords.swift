import Foundation

/// The words of a text as the full-text index sees them: letters, digits and marks; no placeholders, no words that
/// every question has.
enum QuestionWords {
    /// The words of a question, each once, in order; at most `limit`: the rest of a long mail adds noise and time.
    static func of(_ question: String, limit: Int = 32) -> [String] {
        var words: [String] = []
        var seen: Set<String> = []
        var word = String.UnicodeScalarView()
        var isPlaceholder = false
        func end() {
            let text = String(word)
            if text.count > 1, !isPlaceholder, !stopWords.contains(text), seen.insert(text).inserted {
                words.append(text)
            }
            word.removeAll()
        }
        for scalar in question.precomposedStringWithCanonicalMapping.lowercased().unicodeScalars {
            // Joiners change the shape of Devanagari, not the word.
            if scalar.value == 0x200C || scalar.value == 0x200D { continue }
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
                word.append(scalar)
            default:
                end()
                isPlaceholder = scalar == "["
            }
            if words.count >= limit { return words }
        }
        end()
        return words
    }

    /// Words that say nothing about the matter, in English, Hindi and romanised Hindi.
    private static let stopWords = Set(
        """
        the an and or but if then so as of at by for from in into on to with without about after before over under up down out off \
        is am are was were be been being do does did done have has had having can could will would shall should may might must \
        it its this that these those there here he she his her we our ours us you your yours they them their me my mine \
        what when where which who whom whose why how not no nor yes please kindly dear sir sirs madam hello hi hey thanks thank \
        regards want need know tell get got any some one also just still only very much more most many than too again now \
        है हैं था थी थे हूँ हूं हो का की के को से में पर और या कि जो यह ये वह वे मैं मुझे मेरा मेरी मेरे आप आपका आपकी आपके हम हमें \
        क्या कब कहाँ कहां कैसे कितना कितने कितनी क्यों कौन नहीं जी कृपया नमस्ते धन्यवाद बताएं बताइए करें करना कर दें भी तो ही अब \
        hai hain tha thi the hoon hun ho ka ki ke ko se mein me par aur ya jo yeh ye woh wo main mujhe mera meri mere aap aapka aapki \
        kya kab kahan kaise kitna kitne kitni kyun kaun nahi ji kripya namaste dhanyavad batao bataye bataiye karein karna kar bhi toh hi ab
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
