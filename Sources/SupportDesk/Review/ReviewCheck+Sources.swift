extension ReviewCheck {
    /// On what a draft rests.
    static let sources: [ReviewCheck] = [
        ReviewCheck("unknown-citation", "an article that it was not given") { review in
            let offered = Set(review.evidence.passages.map(\.article))
            return review.draft.citations.filter { !offered.contains($0) }.map { _ in "an article that was not offered"
            }
        },
        ReviewCheck("link", "an address of the network that no cited article holds") { links($0) },
        ReviewCheck("typed-fact", "an amount, date, number or name that neither a record nor a cited article holds") {
            typedFacts($0)
        },
        ReviewCheck("action-promise", "a promise of something that the desk cannot do", models: true) { review in
            review.sentences.enumerated().filter {
                $0.element.ground != .quoted && promises($0.element.terms, review.vocabulary)
            }
            .map { "\(place($0.offset)) says that we did or will do something" }
        },
        ReviewCheck("record-state", "a state of the order that its record does not have", models: true) { states($0) },
        ReviewCheck("policy-word", "a word of a policy that no cited article holds", models: true) { policyWords($0) },
        ReviewCheck(
            "unsupported-claim", "a sentence that no cited article says, with all that it limits and denies",
            models: true
        ) { review in
            review.sentences.enumerated().filter { $0.element.ground == .none }
                .map { "\(place($0.offset)) is not what a cited passage says; quote it word for word or leave it out" }
        },
        ReviewCheck("on-topic", "it answers nothing", models: true) { review in
            let answers = review.sentences.contains {
                $0.ground == .quoted || $0.ground == .record || $0.ground == .refusal
                    || ($0.ground == .courtesy && $0.terms.text.contains("?"))
            }
            return answers || review.sentences.isEmpty ? [] : ["courtesy only"]
        },
    ]

    /// What a model may not write itself: it stands in no cited sentence that it repeats.
    private static func typedFacts(_ review: DraftUnderReview) -> [String] {
        guard review.isOfModel else {
            let allowed = Set(review.cited.flatMap { TypedTokens.of($0.text) })
            return TypedTokens.of(review.text.written).filter { !allowed.contains($0) }
                .map { _ in "a typed fact that neither a record nor a cited passage holds" }
        }
        return review.sentences.enumerated().flatMap { index, sentence in
            sentence.ground == .quoted
                ? [] : sentence.terms.facts.map { _ in "\(place(index)) holds a typed fact outside a quoted sentence" }
        }
    }

    private static func links(_ review: DraftUnderReview) -> [String] {
        let found = addresses(in: review.text.written)
        guard !found.isEmpty else { return [] }
        let known = Set(review.cited.flatMap { addresses(in: $0.text) })
        return found.filter { !known.contains($0) }.map { _ in "an address that no cited passage holds" }
    }

    /// Hosts, addresses and schemes, also such as programs would make a link of; in lower case.
    static func addresses(in text: String) -> [String] {
        parts(text)
            // Most words have nothing that every address has one of.
            .filter { $0.utf8.contains(where: ".:/@".utf8.contains) }.map { $0.lowercased() }
            .filter { word in
                word.contains("://") || word.contains("www.") || word.contains("@") || word.hasPrefix("//")
                    || schemes.contains(where: word.hasPrefix) || hasHost(word)
            }.map {
                String($0.drop { ".:!?*_-".contains($0) }.reversed().drop { ".:!?*_-।".contains($0) }.reversed())
            }
    }

    /// What white space, brackets, quotation marks and some punctuation part; of ASCII, bytes are characters.
    private static func parts(_ text: String) -> [Substring] {
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return text.split { $0.isWhitespace || "()[]<>\"'“”,;|".contains($0) }
        }
        return text.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) || separators.contains($0) }
            .map { Substring($0) }
    }

    private static let separators = Array("()[]<>\"',;|".utf8)

    private static let schemes = [
        "mailto:", "tel:", "javascript:", "data:", "file:", "sms:", "ftp:", "cid:", "whatsapp:", "upi:",
    ]

    /// `shop.example`: a letter or digit before a dot and two letters behind it, the last with nothing but letters.
    private static func hasHost(_ word: String) -> Bool {
        let labels =
            word.split(separator: "/").first?.split(separator: ":").first?
            .split(separator: ".", omittingEmptySubsequences: true) ?? []
        guard labels.count > 1, let last = labels.last, last.count > 1 else { return false }
        return last.allSatisfy(\.isLetter)
            && labels.dropLast().allSatisfy { $0.contains { $0.isLetter || $0.isNumber } }
    }

    private static func states(_ review: DraftUnderReview) -> [String] {
        var last: String?
        var findings: [String] = []
        let records = Set(
            review.evidence.facts.facts.map { DraftUnderReview.record(of: $0.name) }.filter { $0.hasPrefix("order") })
        for (index, sentence) in review.sentences.enumerated() {
            last = sentence.terms.slots.last { $0.hasPrefix("order") }.map(DraftUnderReview.record) ?? last
            guard sentence.ground == .record || sentence.ground == .courtesy else { continue }
            let claims = RecordClaims(sentence.terms, in: review.vocabulary.language)
            let record = last ?? (records.count == 1 ? records.first : nil)
            if !claims.hold(for: record.flatMap(review.order)) {
                findings.append("\(place(index)) says of the order what its record does not")
            }
        }
        return findings
    }

    /// Words of a policy in sentences that repeat no cited one.
    private static func policyWords(_ review: DraftUnderReview) -> [String] {
        let passages = review.cited.map { $0.text + " " + $0.title }.joined(separator: " ")
        let known = Set(
            SentenceWord.of(passages, in: review.vocabulary.language).compactMap {
                review.vocabulary.policy(of: $0.text)
            })
        return review.sentences.enumerated().flatMap { index, sentence -> [String] in
            guard sentence.ground != .quoted else { return [] }
            let slots = sentence.terms.slots.joined(separator: " ").lowercased()
            return sentence.terms.words.enumerated().compactMap { position, word in
                guard let kind = review.vocabulary.policy(of: word), !known.contains(kind), !slots.contains(kind),
                    !(word == "free" && position > 0 && sentence.terms.words[position - 1] == "feel"),
                    // What a record says of a refund or a cancellation is for its own check.
                    !(sentence.ground == .record && (kind == "refund" || kind == "cancel"))
                else { return nil }
                return "\(place(index)) speaks of a policy (\(kind)) that no cited passage holds"
            }
        }
    }

    /// Whether a sentence says that the shop, or who writes for it, does something: "we have cancelled", "our team will call".
    private static func promises(_ sentence: SentenceTerms, _ vocabulary: ReviewWords) -> Bool {
        let words = sentence.words
        let isAction = { (word: String) in
            vocabulary.actions.contains(vocabulary.name(of: word))
                || vocabulary.actions.contains(ReviewWords.stem(word, in: vocabulary.language))
        }
        let isEnglish = vocabulary.language == "en"
        for (index, word) in words.enumerated() where agents.contains(word.prefix { $0 != "'" }) {
            if isEnglish {
                for next in words[(index + 1)...].prefix(6) {
                    if stops.contains(next) { break }
                    if isAction(next) { return true }
                }
            } else if words[(index + 1)...].contains(where: isAction) {
                return true
            }
        }
        return false
    }

    private static func plain(_ text: String) -> Set<Substring> {
        Set(
            text.split(whereSeparator: \.isWhitespace).flatMap {
                [Substring(PlainWord.of($0, in: "en")), Substring(PlainWord.of($0, in: "hi-Latn"))]
            })
    }

    /// Who would do something for the customer.
    private static let agents = plain(
        "we i i've i'll we've we'll team colleague colleagues manager staff courier someone somebody agent representative हम हमने मैं मैंने टीम सहकर्मी hum humne main maine saathi"
    )
    private static let stops: Set<String> = [
        "sorry", "that", "understand", "hope", "apologise", "apologize", "your", "about", "regret", "thank",
    ]
}
