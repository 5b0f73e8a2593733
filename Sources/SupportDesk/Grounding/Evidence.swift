import Redaction
import Triage

/// One question of the mail and the shop's words for it.
struct Question: Sendable {
    let intent: String
    let confidence: Double
    /// Nil for what no intent covers: only a model can answer it, from passages that a search found.
    let template: ReplyTemplate?
    /// The text to use instead when the order cannot be spoken of.
    let substitute: ReplyTemplates.Fixed?
}

/// What an answer may use: facts from records and passages from the knowledge, nothing else.
public struct Evidence: Sendable {
    /// Facts by name; values are written by code only.
    public internal(set) var facts: FactSheet
    /// Passages that may be quoted.
    public internal(set) var passages: [Passage]
    /// The orders that the answer speaks of, `order1` first.
    public let orders: [Order]
    /// The questions, most certain first.
    let questions: [Question]
    /// Values for the templates; slots stand for facts.
    let context: TemplateContext
    /// Values of each order, as `order` of a template that speaks of one.
    var orderContexts: [TemplateContext] = []
    /// How facts are written in the reply's language, where it is one that the shop has added.
    var words: FactWords?
    /// What is said besides of an order that is named beside her own ones and that is not hers.
    var addendum: ReplyTemplates.Fixed?

    /// Words that are fixed, whoever writes otherwise: where code decided that nothing may be told, they are the same for
    /// everybody.
    var isFixed: Bool { addendum != nil || questions.contains { $0.substitute != nil } }

    /// Something is asked for which the shop has no words of its own.
    var isOpen: Bool { questions.contains { $0.template == nil } }

    /// The matter of the question that is put back to the customer; nil when none is.
    var asksBack: AskedBack? {
        let asked = questions.filter { $0.substitute?.asksBack ?? false }
        return asked.isEmpty ? nil : AskedBack(asked.map { IntentScore(intent: $0.intent, confidence: $0.confidence) })
    }
}

/// What goes to an address on file.
struct OnFileMatter: Sendable {
    let file: AddressOnFile
    let evidence: Evidence
}
