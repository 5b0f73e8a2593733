/// Answers without any model: the shop's templates, filled with slots for the customer's own facts and with quoted knowledge.
public struct EmbeddedResponder: LanguageModel {
    let templates: @Sendable () async throws -> ReplyTemplates

    /// `embedded`.
    public var name: String { "embedded" }

    /// Fills the template of each question and makes one answer of them; no network, no randomness.
    public func draft(_ brief: Brief) async throws -> Draft {
        let templates = try await templates()
        let language = brief.language
        var composed = ComposedText()
        if brief.context.isTrue("isUpset"), !brief.saysSorry,
            let apology = templates.template(.apology, language: language)?.render(brief.context)
        {
            composed.add(apology)
        }
        for question in brief.questionsInOrder {
            // The template of a topic is the substitute itself, with its article.
            let substitute = question.substitute == .passage ? nil : question.substitute
            guard let template = substitute.flatMap({ templates.template($0, language: language) }) ?? question.template
            else { throw ModelError(.noTemplate, "no template is about what is asked") }
            var context = brief.context
            let passages = quoted(by: template, in: brief)
            for (place, passage) in passages.enumerated() {
                context[place == 0 ? "passage" : "passage\(place + 1)"] = passage.text
            }
            // A question about orders is answered for each of them.
            let orders: [TemplateContext?] =
                template.need != .none && !brief.orderContexts.isEmpty ? brief.orderContexts : [nil]
            for (place, order) in orders.enumerated() {
                if let order { context["order"] = order }
                guard let body = template.render(context), !body.isBlank else {
                    throw ModelError(.noTemplate, "the template for \(question.intent) asks for what is not on record")
                }
                composed.add(body, about: order == nil ? 0 : place + 1, quoting: passages.map(\.text))
            }
        }
        if let addendum = brief.addendum, let template = templates.template(addendum, language: language) {
            guard let body = template.render(brief.context) else {
                throw ModelError(.noTemplate, "the template \(addendum.rawValue) asks for what is not on record")
            }
            composed.add(body)
        }
        let body = composed.text
        // Only what is quoted is cited: the ledger and the links name the sources of this very text.
        var citations: [String] = []
        for passage in brief.passages where body.holds(passage.text) && !citations.contains(passage.article) {
            citations.append(passage.article)
        }
        return Draft(body: body, language: language, citations: citations, author: .embedded, asksForPerson: nil)
    }

    /// The leads of the cited articles, in the template's order.
    private func quoted(by template: ReplyTemplate, in brief: Brief) -> [Passage] {
        template.cites.compactMap { article in brief.passages.first { $0.article == article && $0.score == 0 } }
    }
}

extension Brief {
    /// What she asks about her orders first, then what she asks in general; each the surest first.
    fileprivate var questionsInOrder: [Question] {
        questions.filter(\.isAboutOrders) + questions.filter { !$0.isAboutOrders }
    }

    /// The shop's words for what is on record apologise themselves, or tell nothing for which one could.
    fileprivate var saysSorry: Bool {
        questions.contains { $0.substitute != nil }
            || orderContexts.contains { $0.isTrue("isLate") || $0.isTrue("refundIsRejected") }
    }
}

extension Question {
    /// Whether the shop's words for it need a record.
    fileprivate var isAboutOrders: Bool { template.map { $0.need != .none } ?? false }
}
