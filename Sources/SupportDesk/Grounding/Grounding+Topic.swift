import Redaction
import Triage

extension Grounding {
    /// What no intent covers, or covers with other articles, is answered where an article is about just that; else a person
    /// answers.
    /// - Parameter cited: the articles of the answer that there is without it.
    func topic(
        of triaged: TriagedMessage, _ templates: ReplyTemplates, beyond cited: [String] = [], on day: LocalDate
    ) async throws -> Evidence? {
        let language = triaged.replyLanguage
        guard let template = templates.template(.passage, language: language),
            let topic = try await knowledge().topic(
                of: triaged.question, asking: triaged.asked, language: language, on: day,
                where: { article, intents in
                    // What is about orders is nothing that an article alone could answer.
                    !cited.contains(article)
                        && intents.allSatisfy {
                            templates.template(for: $0, language: language)?.need == ReplyTemplate.Need.none
                        }
                })
        else { return nil }
        var (facts, context) = shopFacts()
        context["passage"] = topic.text
        let asked = Question(
            intent: IntentClassifier.outOfScope, confidence: 1, template: template.citing([topic.article]),
            substitute: .passage)
        return Evidence(facts: facts, passages: [topic], orders: [], questions: [asked], context: context)
    }

    /// What every answer may name: the shop and its pages.
    func shopFacts() -> (FactSheet, TemplateContext) {
        var facts = FactSheet()
        let name = facts.add("shop.name", "the shop's name", .text(shop.name)) ?? ""
        var links = TemplateContext()
        for (name, url) in shop.links.sorted(by: { $0.key < $1.key }) {
            guard let meaning = Fact.Meaning.page(name, of: shop) else { continue }
            links[name] = facts.add("links.\(name)", meaning, OrderFacts.link(url))
        }
        return (facts, TemplateContext(["shop": TemplateContext(["name": name]), "links": links]))
    }
}

extension TriagedMessage {
    /// What the customer wrote, as a search reads it.
    var question: String { RedactedText.joined([redacted.redaction.subject, redacted.redaction.body]).text }

    /// The sentences that end in a question mark; all of it where none does.
    fileprivate var asked: String {
        var (questions, sentence) = ("", "")
        for character in redacted.redaction.body.text {
            sentence.append(character)
            guard ".?!।\n".contains(character) else { continue }
            if character == "?" { questions += sentence }
            sentence = ""
        }
        return questions.isEmpty ? question : questions
    }
}
