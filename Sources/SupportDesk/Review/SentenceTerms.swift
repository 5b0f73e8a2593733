/// A sentence as the review compares it: what it says, what it limits, what it denies, in order; binding words are left out.
struct SentenceTerms: Sendable {
    enum Term: Sendable, Equatable {
        /// A word that says something, by its stem or that of its synonyms.
        case content(String)
        /// A typed fact, in one form.
        case fact(String)
        /// A slot, by its name.
        case slot(String)
        /// A placeholder of personal data.
        case placeholder
        case limit(String)
        case negation
        case we
        /// `,`, and, or, but.
        case joint
        /// `;`, `:`, brackets, dashes.
        case part
    }

    /// The sentence as it stands there, slots and placeholders as marks.
    let text: String
    private(set) var terms: [Term] = []
    /// Words that may be left out but not added: all, always, also; and the customer as the one who does something.
    private(set) var added: Set<String> = []
    /// The plain words, in order, for checks that look for words.
    let words: [String]

    init(_ text: String, in vocabulary: ReviewWords) {
        self.text = text
        let words = SentenceWord.of(text, in: vocabulary.language)
        self.words = words.map(\.text)
        let facts = TypedFacts(words, in: vocabulary.language)
        var index = 0
        while index < words.count {
            if words[index].isOpening { append(.part) }
            var taken = 1
            let word = words[index].text
            if let slot = DraftText.slot(ofMark: word) {
                append(.slot(slot))
                // `500{slot}` or two slots in one word: what clings to a slot is a fact of its author's own.
                if let rest = DraftText.clinging(to: word) { append(.fact(rest)) }
            } else if word.contains(DraftText.placeholderMark) {
                append(.placeholder)
            } else if let fact = facts.fact(at: index) {
                append(.fact(fact.key))
                taken = max(fact.length, 1)
            } else {
                read(word, in: vocabulary)
            }
            index += taken
            switch words[index - 1].parting {
            case .none: break
            case .weak: append(.joint)
            case .strong: append(.part)
            }
        }
        while terms.last == .joint || terms.last == .part { terms.removeLast() }
    }

    private mutating func read(_ word: String, in vocabulary: ReviewWords) {
        switch vocabulary.role(of: word) {
        case .binding?: break
        case .limit(let name)?: append(.limit(name))
        case .negation?: append(.negation)
        case .wide(let name)?: added.insert(name)
        case .we?: append(.we)
        case .you?: added.insert("you")
        case .joint?: append(.joint)
        case nil:
            for part in Self.contracted(word) {
                switch part {
                case "n't": append(.negation)
                default:
                    switch vocabulary.role(of: part) {
                    case .we?: append(.we)
                    case .you?: added.insert("you")
                    case .binding?: break
                    case .negation?: append(.negation)
                    default: append(.content(vocabulary.name(of: part)))
                    }
                }
            }
        }
    }

    /// `don't` is `do` and a negation, `we'll` is `we` and an auxiliary.
    private static func contracted(_ word: String) -> [String] {
        if word == "can't" || word == "cant" || word == "won't" || word == "shan't" { return ["n't"] }
        if word.hasSuffix("n't") { return ["n't"] }
        guard let mark = word.firstIndex(of: "'") else { return [word] }
        let tail = word[mark...]
        return ["'ll", "'re", "'ve", "'d", "'m"].contains(String(tail)) ? [String(word[..<mark])] : [word]
    }

    private mutating func append(_ term: Term) {
        switch (terms.last, term) {
        case (nil, .joint), (nil, .part), (.part?, .joint), (.part?, .part), (.joint?, .joint): return
        case (.joint?, .part): terms[terms.count - 1] = .part
        default: terms.append(term)
        }
    }

    /// The same sentence, with the numbers of known orders as the slots that stand for them.
    func naming(_ numbers: [String: String]) -> SentenceTerms {
        guard !numbers.isEmpty else { return self }
        var copy = self
        copy.terms = terms.map { term in
            if case .fact(let key) = term, let slot = numbers[key] { return .slot(slot) }
            return term
        }
        return copy
    }

    /// Whether a term says anything at all.
    var isEmpty: Bool { terms.isEmpty }

    /// The words that say something.
    var contents: [String] {
        terms.compactMap { term in
            if case .content(let name) = term { return name }
            return nil
        }
    }

    /// The typed facts that its author wrote.
    var facts: [String] {
        terms.compactMap { term in
            if case .fact(let key) = term { return key }
            return nil
        }
    }

    /// The names of its slots.
    var slots: [String] {
        terms.compactMap { term in
            if case .slot(let name) = term { return name }
            return nil
        }
    }

    var isDenying: Bool { terms.contains(.negation) }

    var limits: [String] {
        terms.compactMap { term in
            if case .limit(let name) = term { return name }
            return nil
        }
    }

    /// One text for all sentences that say the same: words between two that limit, deny or join stand in any order, all else
    /// in its own.
    static func form(of terms: some Sequence<Term>) -> String {
        var form = ""
        var bag: [String] = []
        func close() {
            if !bag.isEmpty { form += bag.sorted().joined(separator: " ") + "|" }
            bag.removeAll()
        }
        for term in terms {
            switch term {
            case .content(let name): bag.append(name)
            case .fact(let key):
                close()
                form += "=\(key)|"
            case .slot(let name):
                close()
                form += "{\(name)|"
            case .placeholder:
                close()
                form += "[]|"
            case .limit(let name):
                close()
                form += "<\(name)|"
            case .negation:
                close()
                form += "¬|"
            case .we:
                close()
                form += "we|"
            case .joint, .part: close()
            }
        }
        close()
        return form
    }
}
