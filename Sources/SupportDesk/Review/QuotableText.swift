/// What a draft may say because somebody whom the shop trusts said it: the sentences of cited passages, and those of the
/// shop's own answer to this very message.
///
/// A sentence may be said again in other binding words, other endings, another order of the words within one part, and
/// without a part that limits nothing. All that it denies, limits or counts must stay. That is stricter than need be: a free
/// paraphrase is not recognised, and its author is asked to quote.
struct QuotableText: Sendable {
    /// What is said, and which words must not come on top.
    private var forms: [String: [Set<String>]] = [:]
    /// The words of all sentences.
    private(set) var contents: Set<String> = []
    private(set) var facts: Set<String> = []

    /// Adds all sentences of a text.
    mutating func add(_ text: String, in vocabulary: ReviewWords) {
        for sentence in Sentences.of(text) { add(SentenceTerms(sentence, in: vocabulary)) }
    }

    /// A sentence of more parts than this can be said again as a whole only: each part makes another form.
    private static let maximumParts = 12

    private mutating func add(_ sentence: SentenceTerms) {
        guard !sentence.isEmpty else { return }
        contents.formUnion(sentence.contents)
        facts.formUnion(sentence.facts)
        note(sentence.terms[...], sentence)
        let parts = sentence.terms.split(separator: .part)
        guard parts.count <= Self.maximumParts else { return }
        for (index, part) in parts.enumerated() {
            let isWhole = parts.count == 1
            // What is left out must limit and deny nothing; then what is said holds without it.
            let others = parts.enumerated().filter { $0.offset != index }.flatMap(\.element)
            if !isWhole, Self.isHarmless(others) { note(part, sentence) }
            let before = parts[..<index].flatMap { $0 }
            let after = parts[(index + 1)...].flatMap { $0 }
            if !before.isEmpty, Self.isHarmless(after) { note((before + part)[...], sentence) }
            guard isWhole || Self.isHarmless(others) else { continue }
            let joints = part.indices.filter { part[$0] == .joint }
            for joint in joints.prefix(Self.maximumParts) where Self.isHarmless(part[joint...]) {
                note(part[..<joint], sentence)
            }
        }
    }

    private static func isHarmless(_ terms: some Sequence<SentenceTerms.Term>) -> Bool {
        !terms.contains { term in
            switch term {
            case .limit, .negation: true
            default: false
            }
        }
    }

    private mutating func note(_ terms: ArraySlice<SentenceTerms.Term>, _ sentence: SentenceTerms) {
        let form = SentenceTerms.form(of: terms)
        // A single word says nothing that could be proved.
        guard form.contains("|"), terms.count > 1 || terms.count == sentence.terms.count else { return }
        // Where the shop does nothing in it, it does not matter whether she is named: "an order can be cancelled".
        let isHers = !terms.contains(.we)
        forms[form, default: []].append(isHers ? sentence.added.union(["you", "आप", "ap"]) : sentence.added)
    }

    /// Whether a sentence says what one of these says, and nothing on top.
    func holds(_ sentence: SentenceTerms) -> Bool {
        let parts = sentence.terms.split(separator: .part)
        return holds(sentence.terms[...], sentence.added)
            || parts.count > 1 && parts.allSatisfy { holds($0, sentence.added) }
    }

    /// Whether it says so behind some words of courtesy that end in a comma or colon: "Good news: …", "As for returns, …".
    func holds(_ sentence: SentenceTerms, behind isCourtesy: (ArraySlice<SentenceTerms.Term>) -> Bool) -> Bool {
        if holds(sentence) { return true }
        guard let end = sentence.terms.firstIndex(where: { $0 == .joint || $0 == .part }),
            isCourtesy(sentence.terms[..<end])
        else { return false }
        return holds(sentence.terms[(end + 1)...], sentence.added)
    }

    private func holds(_ terms: ArraySlice<SentenceTerms.Term>, _ added: Set<String>) -> Bool {
        forms[SentenceTerms.form(of: terms)]?.contains { $0.isSuperset(of: added) } ?? false
    }
}
