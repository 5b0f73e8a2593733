import Triage

extension Grounding {
    /// The leads of the articles that the templates cite, then what a search finds.
    func passages(for questions: [Question], of triaged: TriagedMessage, on day: LocalDate) async throws
        -> [Passage]
    {
        let knowledge = try await knowledge()
        var passages: [Passage] = []
        func add(_ passage: Passage) {
            if !passages.contains(where: { $0.article == passage.article && $0.text == passage.text }) {
                passages.append(passage)
            }
        }
        for article in questions.flatMap({ $0.template?.cites ?? [] }) {
            // A reply quotes leads, and only those of its own language.
            let lead = try await knowledge.lead(of: article, language: triaged.replyLanguage, on: day)
            if let lead, lead.language == triaged.replyLanguage { add(lead) }
        }
        let found = try await knowledge.search(
            triaged.question, language: triaged.replyLanguage, intents: triaged.intents, on: day)
        for passage in found { add(passage) }
        return passages
    }
}
