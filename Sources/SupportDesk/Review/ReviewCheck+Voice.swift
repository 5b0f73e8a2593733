import Triage

extension ReviewCheck {
    /// In whose voice and language a draft speaks.
    static let voice: [ReviewCheck] = [
        ReviewCheck("language", "it is not in the customer's language") { review in
            let language = review.grounded.triaged.replyLanguage
            let written = review.text.written
            let isRight =
                review.draft.language == language && isWritten(written, in: language)
                && (!review.isOfModel || isDetected(written, as: language))
            return isRight ? [] : ["not in the customer's language"]
        },
        ReviewCheck("prompt-text", "it repeats the prompt", models: true) { review in
            let isMarked = boundaries.contains { review.draft.body.uppercased().contains($0) }
            return isMarked || review.limits.prompt.isRepeated(in: review.draft.body) ? ["the prompt's own words"] : []
        },
        ReviewCheck("canary", "it holds a secret of the prompt") { review in
            guard !review.limits.canary.isEmpty else { return [] }
            func bare(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
            return bare(review.draft.body).contains(bare(review.limits.canary)) ? ["the prompt's mark"] : []
        },
        ReviewCheck("credential", "it holds a token, a key or a reference") { review in
            review.draft.body.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "_" }.contains(
                where: isCredential)
                ? ["a token, a key or a reference of a conversation"] : []
        },
        ReviewCheck("machine", "it talks about being a program, or gives advice that is no shop's", models: true) {
            review in
            review.sentences.enumerated().filter { _, sentence in
                let text = " \(sentence.terms.words.joined(separator: " ")) "
                return sentence.ground != .quoted && foreignMatters.contains(where: text.holds)
            }.map { "\(place($0.offset)) is not a shop's to say" }
        },
        ReviewCheck("repeated-answer", "the customer has just rejected the same answer") { review in
            let former = review.grounded.triaged.redacted.identified.heard.associated.association.answers
            guard !former.isEmpty, isRejection(review.grounded.triaged), let body = review.body,
                former.contains(review.limits.digest(body))
            else {
                return []
            }
            return ["the same answer was given before in this conversation"]
        },
    ]

    /// Whether she says that the answer before was none: unhappy, or in so many words.
    private static func isRejection(_ triaged: TriagedMessage) -> Bool {
        if triaged.triage.isUnhappy { return true }
        let text = triaged.redacted.redaction.body.text.lowercased().replacing("\u{2019}", with: "'")
        return rejections.contains(where: text.holds)
    }

    private static let rejections = [
        "not help", "n't help", "not answer", "n't answer", "not what i asked", "not my question", "not solve",
        "n't solve",
        "same answer", "same reply", "wrong answer", "already told", "already wrote", "again the same",
        "मदद नहीं", "काम नहीं", "जवाब नहीं", "उत्तर नहीं", "हल नहीं", "वही जवाब", "वही उत्तर", "madad nahi", "kaam nahi",
        "jawab nahi", "hal nahi", "wahi jawab", "same jawab",
    ]

    private static let boundaries = ["UNTRUSTED MAIL", "BEGIN UNTRUSTED", "FACTS ON RECORD FOR THIS CUSTOMER"]

    /// `AD-` and 16 letters, or a long run in which letters and digits mix as in no word.
    private static func isCredential(_ word: Substring) -> Bool {
        if word.uppercased().hasPrefix("AD-"), word.count >= 19 { return true }
        if word.hasPrefix("sk-"), word.count > 12 { return true }
        return word.count >= 24 && word.contains(where: \.isNumber) && word.contains(where: \.isLetter)
            && !word.contains("-")
    }

    private static let foreignMatters: [String] = [
        " as an ai ", " language model ", " chatgpt ", " openai ", " anthropic ", " i am a bot ", " chatbot ",
        " my instructions ",
        " system prompt ", " my training ", " vote ", " election ", " elections ", " prime minister ", " doctor ",
        " medicine ",
        " dose ", " lawyer ", " lawsuit ", " sue ", " court ", " diagnosis ", " प्रधानमंत्री ", " चुनाव ", " डॉक्टर ", " दवा ",
        " वकील ",
        " pradhanmantri ", " chunav ", " vakil ",
    ]

    /// As many words as two labels have tell nothing about the language.
    private static let shortLabels = 4

    /// A model may claim one language and write another; a text too short to tell passes.
    private static func isDetected(_ text: String, as language: String) -> Bool {
        // Labels such as "Courier:" and "Tracking number:" are English in romanised Hindi too.
        if language == "hi-Latn", text.split(whereSeparator: \.isWhitespace).count <= shortLabels { return true }
        let tag = LanguageDetector.detect(text, hints: LanguageHints(expected: language)).tag
        return tag == language || tag == "und"
    }

    /// Hindi is written in Devanagari, all else in Latin letters; nothing in a third script.
    private static func isWritten(_ text: String, in language: String) -> Bool {
        var devanagari = 0
        var latin = 0
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            switch scalar.value {
            case 0x0900...0x097F: devanagari += 1
            case 0..<0x250: latin += 1
            default: return false
            }
        }
        return language == "hi" ? devanagari > latin / 2 : devanagari <= latin / 8
    }
}
