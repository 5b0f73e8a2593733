import Transport

/// The facts that the desk had at hand for an answer. What the shop's articles and records say comes again with every question
/// after it, and is read once.
final class FactsAtHand: Sendable {
    /// The shop's own addresses, which tell nothing of an answer.
    let shops: Set<String>

    private struct State {
        var texts: [String: Set<String>] = [:]
        var matters: [String: AnswerComparison.Matters] = [:]
    }

    private let state = LockedBox(State())
    private static let most = 5_000

    init(_ shop: Shop) {
        shops = Set(shop.ownAddresses.flatMap { [$0, String($0.drop { $0 != "@" }.dropFirst())] })
    }

    /// Those of the records and of the articles.
    func facts(of evidence: Evidence, in language: String) -> Set<String> {
        let format = FactFormat(language: "en")
        var all: Set<String> = []
        for passage in evidence.passages { all.formUnion(facts(of: passage.text, in: language)) }
        for fact in evidence.facts.facts { all.formUnion(facts(of: format.text(fact.value), in: "en")) }
        return all
    }

    /// What the shop says on each intent, from the templates of a language.
    func matters(in language: String, of desk: Desk) async throws -> AnswerComparison.Matters {
        if let known = state.withLock({ $0.matters[language] }) { return known }
        let matters = AnswerComparison.Matters(try await desk.shadows.templates().words(in: language))
        state.withLock { $0.matters[language] = matters }
        return matters
    }

    private func facts(of text: String, in language: String) -> Set<String> {
        let key = "\(language)\n\(text)"
        if let known = state.withLock({ $0.texts[key] }) { return known }
        let found = AnswerComparison.facts(of: text, in: language)
        state.withLock { state in
            if state.texts.count >= Self.most { state.texts = [:] }
            state.texts[key] = found
        }
        return found
    }
}
