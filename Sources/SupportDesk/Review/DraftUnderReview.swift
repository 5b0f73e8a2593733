import Redaction

/// What the checks of a review share: a draft, read once, beside everything that it may rest on.
struct DraftUnderReview {
    /// On what a sentence rests.
    enum Ground {
        /// A cited passage, or the shop's own answer to this message, says so.
        case quoted
        /// It is courtesy and says nothing.
        case courtesy
        /// It says what a record says, and nothing else.
        case record
        /// It refuses what is not the shop's matter, where nothing else is asked.
        case refusal
        case none
    }

    let draft: Draft
    let grounded: GroundedMessage
    let limits: ReviewLimits
    let text: DraftText
    let vocabulary: ReviewWords
    let values: OwnValues
    /// The offered passages that it cites.
    let cited: [Passage]
    /// Its sentences, each with what it rests on; nothing for a draft of the embedded responder, whose words are the shop's,
    /// and for one that is too long to be read.
    let sentences: [(terms: SentenceTerms, ground: Ground)]
    let quotable: QuotableText

    var evidence: Evidence { grounded.evidence }
    /// The text as the customer would read it; nil when a slot or a placeholder has nothing to stand for.
    var body: String? {
        text.filled(
            from: evidence.facts, in: FactFormat(language: draft.language, words: evidence.words), values.value)
    }
    var isOfModel: Bool { draft.author != .embedded }

    init(_ draft: Draft, for grounded: GroundedMessage, within limits: ReviewLimits) {
        self.draft = draft
        self.grounded = grounded
        self.limits = limits
        let isReadable = draft.body.utf8.count <= ReviewLimits.maximumBytes
        let text = DraftText(draft.body)
        self.text = text
        let vocabulary = ReviewWords.of(grounded.triaged.replyLanguage)
        self.vocabulary = vocabulary
        values = OwnValues(of: grounded)
        let evidence = grounded.evidence
        let citations = Set(draft.citations)
        cited = evidence.passages.filter { citations.contains($0.article) }
        var quotable = QuotableText()
        guard draft.author != .embedded, isReadable else {
            self.quotable = quotable
            sentences = []
            return
        }
        for passage in cited {
            quotable.add(passage.text, in: passage.language == vocabulary.language ? vocabulary : .of(passage.language))
        }
        for answer in Self.ownAnswers(evidence) { quotable.add(DraftText(answer).marked, in: vocabulary) }
        let titles = Set(cited.flatMap { SentenceTerms($0.title, in: vocabulary).contents })
        let own = OwnWords(vocabulary: vocabulary, titles: titles)
        let numbers = Self.numbers(evidence)
        sentences = Sentences.of(text.marked).map { sentence in
            let terms = SentenceTerms(sentence, in: vocabulary)
            if quotable.holds(terms, behind: own.areCourtesy) { return (terms, .quoted) }
            let named = terms.naming(numbers)
            if quotable.holds(named, behind: own.areCourtesy) { return (named, .quoted) }
            if own.isCourtesy(named) { return (named, .courtesy) }
            if evidence.isOpen, Refusal.isOne(named) { return (named, .refusal) }
            return (named, own.isOfRecord(named) ? .record : .none)
        }
        self.quotable = quotable
    }

    /// What the shop's own templates say to this message, with slots for facts and without the passages.
    private static func ownAnswers(_ evidence: Evidence) -> [String] {
        evidence.questions.filter { $0.substitute == nil }.flatMap { question -> [String] in
            guard let template = question.template else { return [] }
            let orders: [TemplateContext?] =
                template.need != .none && !evidence.orderContexts.isEmpty ? evidence.orderContexts : [nil]
            return orders.compactMap { order in
                var context = evidence.context
                if let order { context["order"] = order }
                for place in template.cites.indices { context[place == 0 ? "passage" : "passage\(place + 1)"] = "" }
                return template.render(context)
            }
        }
    }

    /// The numbers of the sender's orders as a draft may write them, with the slots that stand for them.
    private static func numbers(_ evidence: Evidence) -> [String: String] {
        var numbers: [String: String] = [:]
        for fact in evidence.facts.facts where fact.name.hasSuffix(".number") {
            if case .text(let number) = fact.value { numbers[number.lowercased()] = fact.name }
        }
        return numbers
    }

    /// The order that slots with this prefix are about, and whether it is late.
    func order(_ record: String) -> (order: Order, isLate: Bool)? {
        guard record.hasPrefix("order"), let number = Int(record.dropFirst(5)),
            evidence.orders.indices.contains(number - 1)
        else { return nil }
        let contexts = evidence.orderContexts
        return (
            evidence.orders[number - 1], contexts.indices.contains(number - 1) && contexts[number - 1].isTrue("isLate")
        )
    }

    /// The part of a slot's name before its point: the record that it is of.
    static func record(of slot: String) -> String { String(slot.prefix { $0 != "." }) }
}
