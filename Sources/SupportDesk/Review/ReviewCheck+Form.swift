extension ReviewCheck {
    /// What a text may look like.
    static let form: [ReviewCheck] = [
        ReviewCheck("needs-person", "its author asks for a person") {
            $0.draft.asksForPerson == nil ? [] : ["its author asks for a person"]
        },
        ReviewCheck("empty", "it says nothing") { $0.draft.body.isBlank ? ["no text"] : [] },
        ReviewCheck("length", "it is longer than an answer needs to be") {
            let bytes = $0.draft.body.utf8.count
            return bytes > ReviewLimits.maximumBytes ? ["\(bytes) bytes"] : []
        },
        ReviewCheck("control", "it holds characters that cannot be seen or that turn the text round") { review in
            review.draft.body.unicodeScalars.contains(where: isHidden) ? ["a character that is not seen"] : []
        },
        ReviewCheck("markup", "it holds HTML, Markdown or an image") { review in
            hasMarkup(review.text.written) ? ["markup in a plain text"] : []
        },
        ReviewCheck("tone", "it shouts, insults or blames", models: true) { tone($0) },
    ]

    /// Control and format characters, private use, variation and tag characters: nothing of it belongs in a letter. Hindi
    /// needs the two joiners, where they stand between letters of Devanagari.
    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x200C, 0x200D: false
        case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180E, 0x200B, 0x200E,
            0x200F,
            0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xE000...0xF8FF, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFF,
            0xE0000...0x10FFFF:
            true
        default: false
        }
    }

    /// A tag, a character reference, or the brackets of Markdown's links and pictures.
    private static func hasMarkup(_ text: String) -> Bool {
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch (previous, scalar) {
            case ("<", _) where scalar.properties.isAlphabetic || scalar == "/" || scalar == "!" || scalar == "?":
                return true
            case ("]", "("), ("]", "["), ("]", ":"), ("!", "["), ("&", "#"), ("`", "`"): return true
            default: previous = scalar
            }
        }
        return false
    }

    private static func tone(_ review: DraftUnderReview) -> [String] {
        let written = review.text.written
        var findings: [String] = []
        if written.filter({ $0 == "!" }).count > 3 || written.contains("!!") {
            findings.append("too many exclamation marks")
        }
        let shouted = written.split { !$0.isLetter }.filter { word in
            word.count > 3 && word.allSatisfy(\.isUppercase)
                && !review.quotable.contents.contains(review.vocabulary.name(of: word.lowercased()))
        }
        if shouted.count > 1 { findings.append("words in capitals") }
        if written.unicodeScalars.contains(where: { $0.properties.isEmojiPresentation }) {
            findings.append("a picture character")
        }
        for (index, sentence) in review.sentences.enumerated() where sentence.ground != .quoted {
            let text = " \(sentence.terms.words.joined(separator: " ")) "
            if rudeness.contains(where: text.holds) {
                findings.append("\(place(index)) insults or blames the customer")
            }
        }
        return findings
    }

    private static let rudeness: [String] = [
        " idiot ", " idiots ", " stupid ", " fool ", " foolish ", " dumb ", " moron ", " liar ", " lying ", " shut ",
        " nonsense ",
        " ridiculous ", " your fault ", " your mistake ", " your own fault ", " you should have ", " blame ", " silly ",
        " pathetic ",
        " मूर्ख ", " बेवकूफ ", " झूठे ", " झूठ ", " आपकी गलती ", " बकवास ", " bevakuf ", " murkh ", " jhut ", " apki galti ",
        " bakvas ",
    ]
}
