/// Answers without any model: the shop's templates, filled with slots for the customer's own facts and with quoted knowledge.
public struct EmbeddedResponder: LanguageModel {
    let templates: @Sendable () async throws -> ReplyTemplates

    /// `embedded`.
    public var name: String { "embedded" }

    /// Fills the template of each question and joins them; no network, no randomness.
    public func draft(_ brief: Brief) async throws -> Draft {
        let templates = try await templates()
        let language = brief.language
        var bodies: [String] = []
        var citations: [String] = []
        for question in brief.questions {
            // The template of a topic is the substitute itself, with its article.
            let substitute = question.substitute == .passage ? nil : question.substitute
            let template = substitute.flatMap { templates.template($0, language: language) } ?? question.template
            var context = brief.context
            let passages = quoted(by: template, in: brief)
            for (place, passage) in passages.enumerated() {
                context[place == 0 ? "passage" : "passage\(place + 1)"] = passage.text
            }
            // A question about orders is answered for each of them.
            let orders: [TemplateContext?] =
                template.need == .order && !brief.orderContexts.isEmpty ? brief.orderContexts : [nil]
            for order in orders {
                if let order { context["order"] = order }
                guard let body = template.render(context), !body.isBlank else {
                    throw ModelError(.noTemplate, "the template for \(question.intent) asks for what is not on record")
                }
                if !bodies.contains(body) { bodies.append(body) }
                // Only what is quoted is cited: the ledger and the links name the sources of this very text.
                for passage in passages where body.contains(passage.text) && !citations.contains(passage.article) {
                    citations.append(passage.article)
                }
            }
        }
        return Draft(
            body: bodies.joined(separator: "\n\n"), language: language, citations: citations, author: .embedded,
            asksForPerson: nil)
    }

    /// The leads of the cited articles, in the template's order.
    private func quoted(by template: ReplyTemplate, in brief: Brief) -> [Passage] {
        template.cites.compactMap { article in brief.passages.first { $0.article == article && $0.score == 0 } }
    }
}
