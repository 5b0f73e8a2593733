extension KnowledgeCheck {
    /// What an article states, with the line of the file.
    private struct Claim {
        let article: Article
        let line: Int
        let statement: Quantity.Statement
    }

    /// The parts of two statements that are the same before they count as being about the same thing.
    private static let likeness = 0.6

    /// Different values of one kind for what two articles of a language say in nearly the same words; only articles that share
    /// an intent, or are about none, are compared.
    func contradictions() -> [KnowledgeFinding] {
        var found: [KnowledgeFinding] = []
        let groups = Dictionary(grouping: articles.filter(\.isPublic), by: \.language)
        for (_, group) in groups {
            let claims = group.sorted { $0.path < $1.path }.flatMap(claims)
            // By kind and word: only claims that share a word are ever compared.
            var byWord: [String: [Int]] = [:]
            for (index, claim) in claims.enumerated() {
                var others: Set<Int> = []
                for word in claim.statement.words {
                    let key = "\(claim.statement.quantity.kind.rawValue) \(word)"
                    others.formUnion((byWord[key] ?? []).suffix(Self.mostCompared))
                    byWord[key, default: []].append(index)
                }
                for other in others.sorted() where contradict(claims[other], claim) {
                    let first = claims[other]
                    let words =
                        "\"\(claim.statement.text)\" and \(first.article.path):\(first.line) \"\(first.statement.text)\" "
                        + "state different \(claim.statement.quantity.kind.rawValue): "
                        + "\(claim.statement.quantity.value) and \(first.statement.quantity.value)"
                    found.append(Self.finding(.contradiction, claim.article, claim.line, words))
                }
            }
        }
        return found
    }

    private static var mostCompared: Int { 200 }

    private func contradict(_ first: Claim, _ second: Claim) -> Bool {
        let (one, two) = (first.statement, second.statement)
        guard first.article.id != second.article.id, one.quantity.value != two.quantity.value else { return false }
        let intents = (Set(first.article.intents), Set(second.article.intents))
        guard !intents.0.isDisjoint(with: intents.1) || (intents.0.isEmpty && intents.1.isEmpty) else { return false }
        let common = one.words.intersection(two.words).count
        return common >= 2 && Double(common) >= Self.likeness * Double(max(one.words.count, two.words.count))
    }

    /// Versions of one article each of which states a value that the other does not: a shorter version may leave something
    /// out, but not say something else. Of the leads, which are quoted, the values must be the same.
    func versions() -> [KnowledgeFinding] {
        var found: [KnowledgeFinding] = []
        for (_, versions) in Dictionary(grouping: articles.filter(\.isPublic), by: \.id) {
            let ordered = versions.sorted {
                ($0.language == "en" ? 0 : 1, $0.path) < ($1.language == "en" ? 0 : 1, $1.path)
            }
            guard let original = ordered.first else { continue }
            let said = claims(original)
            for version in ordered.dropFirst() where version.language != original.language {
                let says = claims(version)
                for kind in Quantity.Kind.allCases {
                    found += difference(of: kind, original, said, version, says)
                }
            }
        }
        return found
    }

    private func difference(
        of kind: Quantity.Kind, _ original: Article, _ said: [Claim], _ version: Article, _ says: [Claim]
    ) -> [KnowledgeFinding] {
        func values(_ claims: [Claim]) -> Set<String> {
            Set(claims.map(\.statement.quantity).filter { $0.kind == kind }.map(\.value))
        }
        func lead(_ claims: [Claim], _ article: Article) -> [Claim] { claims.filter { $0.line == article.leadLine } }
        let (there, here) = (values(said), values(says))
        let (leadThere, leadHere) = (values(lead(said, original)), values(lead(says, version)))
        let differ = !here.isSubset(of: there) && !there.isSubset(of: here)
        guard differ || (leadHere != leadThere) else { return [] }
        let wrong = differ ? here.subtracting(there) : leadHere.subtracting(leadThere)
        let place = says.first { $0.statement.quantity.kind == kind && wrong.contains($0.statement.quantity.value) }
        func list(_ values: Set<String>) -> String { values.isEmpty ? "none" : values.sorted().joined(separator: ", ") }
        let words =
            differ
            ? "\(kind.rawValue) are \(list(here.subtracting(there))) here and \(list(there.subtracting(here))) in \(original.path)"
            : "\(kind.rawValue) of the lead are \(list(leadHere)) here and \(list(leadThere)) in \(original.path):\(original.leadLine)"
        return [Self.finding(.contradiction, version, place?.line ?? version.leadLine, words)]
    }

    private func claims(_ article: Article) -> [Claim] {
        var parts = [(article.leadLine, article.lead)]
        // The text of a section begins behind its heading and the empty line there.
        parts += article.sections.map { ($0.textLine, $0.text) }
        return parts.flatMap { line, text in
            Quantity.statements(in: text, language: article.language).map {
                Claim(article: article, line: line + $0.line, statement: $0)
            }
        }
    }
}
