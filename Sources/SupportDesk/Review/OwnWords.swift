/// What an author may say in words of its own: courtesy, and what a record says.
struct OwnWords {
    let vocabulary: ReviewWords
    /// The words of the titles of cited passages: a sentence may say what it is about.
    let titles: Set<String>

    /// Whether terms are greetings, thanks, regrets or an offer of help: nothing that could be right or wrong.
    func areCourtesy(_ terms: some Sequence<SentenceTerms.Term>) -> Bool {
        var contents: [String] = []
        var isDenying = false
        for term in terms {
            switch term {
            case .content(let name): contents.append(name)
            case .negation: isDenying = true
            case .limit(let name): if !Self.harmlessLimits.contains(name) { return false }
            case .fact: return false
            case .slot(let name): if !name.hasPrefix("customer.") && name != "shop.name" { return false }
            case .placeholder, .we, .joint, .part: continue
            }
        }
        if isDenying, Set(contents).isDisjoint(with: Self.deniable) { return false }
        return contents.allSatisfy(vocabulary.courtesy.contains)
    }

    /// Whether a sentence is courtesy, or says what the mail is about: "thank you for your question about returns".
    func isCourtesy(_ sentence: SentenceTerms) -> Bool {
        // "Free" is courtesy in "feel free" only.
        for (index, word) in sentence.words.enumerated() where word == "free" {
            if index == 0 || sentence.words[index - 1] != "feel" { return false }
        }
        // "Always." and "You may." answer a question: a courtesy has a word of courtesy.
        guard !sentence.contents.isEmpty else { return false }
        if areCourtesy(sentence.terms) { return true }
        guard sentence.facts.isEmpty, !sentence.isDenying, sentence.slots.allSatisfy(Self.isName),
            sentence.limits.allSatisfy(Self.harmlessLimits.contains),
            !sentence.words.contains(where: Self.modals.contains)
        else { return false }
        let contents = sentence.contents
        return contents.contains(where: vocabulary.anchors.contains)
            && contents.allSatisfy {
                vocabulary.courtesy.contains($0) || vocabulary.record.contains($0) || titles.contains($0)
            }
    }

    /// Whether a sentence says nothing but what stands in a record: labels, slots and the state of the order. What it
    /// claims is for `RecordClaims`.
    func isOfRecord(_ sentence: SentenceTerms) -> Bool {
        guard sentence.facts.isEmpty, sentence.limits.allSatisfy(Self.recordLimits.contains),
            !sentence.words.contains(where: Self.permissions.contains),
            sentence.slots.contains(where: { !Self.isName($0) })
                || !RecordClaims(sentence, in: vocabulary.language).claims.isEmpty
        else { return false }
        if sentence.isDenying, RecordClaims(sentence, in: vocabulary.language).claims.isEmpty { return false }
        return sentence.contents.allSatisfy { vocabulary.record.contains($0) || vocabulary.courtesy.contains($0) }
    }

    private static func isName(_ slot: String) -> Bool {
        slot.hasPrefix("customer.") || slot == "shop.name" || slot.hasSuffix(".number")
    }

    private static func plain(_ text: String) -> Set<String> {
        Set(
            text.split(whereSeparator: \.isWhitespace).flatMap {
                [PlainWord.of($0, in: "en"), PlainWord.of($0, in: "hi-Latn")]
            })
    }

    /// Limits that limit nothing the shop grants.
    private static let harmlessLimits = plain(
        "if when need needs other another first last next through though yet own अगर यदि जब दूसरा दूसरी दूसरे पहले agar jab doosra doosri doosre pehle"
    )
    private static let recordLimits = plain(
        "yet from through own last latest first should तक अब पहले चाहिए tak next chahiye pehle")
    /// Words that grant or demand something.
    private static let permissions = plain(
        """
        can could may might must need needs सकता सकती सकते सकें sakta sakti sakte sakein पड़ेगा padega
        """)
    private static let modals = plain("will shall मिलेगा मिलेगी होगा होगी milega milegi hoga hogi").union(permissions)
    /// What may be denied in courtesy: do not hesitate, not clear.
    private static let deniable = Set(
        plain("hesitate hesitating clear sure साफ़ स्पष्ट saaf spasht").map { ReviewWords.stem($0, in: "en") })
}
