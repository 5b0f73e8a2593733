/// Answers without any model: the shop's templates, filled with slots for the customer's own facts and with quoted knowledge.
public struct EmbeddedResponder: LanguageModel {
    let templates: @Sendable () async throws -> ReplyTemplates

    /// `embedded`.
    public var name: String { "embedded" }

    /// Fills the template of each question and joins them; no network, no randomness.
    public func draft(_ grounded: GroundedMessage) async throws -> Draft {
        let templates = try await templates()
        let language = grounded.triaged.replyLanguage
        var bodies: [String] = []
        var citations: [String] = []
        for question in grounded.evidence.questions {
            let substitute = question.substitute.flatMap { templates.template($0, language: language) }
            let template = substitute ?? question.template
            var context = grounded.evidence.context
            for (place, passage) in quoted(by: template, in: grounded.evidence).enumerated() {
                context[place == 0 ? "passage" : "passage\(place + 1)"] = passage.text
                if !citations.contains(passage.article) { citations.append(passage.article) }
            }
            guard let body = template.render(context), !body.isBlank else {
                throw ModelError(.noTemplate, "the template for \(question.intent) asks for what is not on record")
            }
            if !bodies.contains(body) { bodies.append(body) }
        }
        return Draft(
            body: bodies.joined(separator: "\n\n"), language: language, citations: citations, author: .embedded,
            asksForPerson: nil)
    }

    /// The leads of the cited articles, in the template's order.
    private func quoted(by template: ReplyTemplate, in evidence: Evidence) -> [Passage] {
        template.cites.compactMap { article in evidence.passages.first { $0.article == article && $0.score == 0 } }
    }
}
