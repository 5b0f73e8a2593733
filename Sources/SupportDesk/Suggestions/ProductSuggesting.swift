import Foundation
import Logging
import Redaction
import Triage

/// When products are suggested, and which.
public struct SuggestionPolicy: Sendable {
    /// How two products belong together.
    public enum Relation: String, Sendable, CaseIterable {
        /// It is used with the other one.
        case accessory = "accessory_of"
        /// It can take the place of the other one.
        case alternative = "alternative_to"
    }

    /// Where the products are.
    public enum Place: Sendable, Hashable {
        /// In a file.
        case file(String)
        /// In the system that keeps the orders, under `records`.
        case records
    }

    /// Where the products are.
    public var place: Place
    /// So long what the shop's system says of its stock holds.
    public var age: TimeInterval = 600
    /// What must be asked for a suggestion to be made; a mail that asks for anything else gets none.
    public var intents: Set<String>
    /// Which products are suggested, those of the first kind first.
    public var relations = Relation.allCases
    /// So many at most.
    public var limit = 2

    /// What nobody may choose: whoever complains is sold nothing.
    static let never: Set<String> = ["complaint", "contact_human_agent"]

    /// Suggests on these intents.
    public init(_ place: Place, intents: Set<String>) {
        self.place = place
        self.intents = intents
    }
}

/// Products that are appended to a reply; made by `ProductSuggesting` only, and reviewed like the reply itself.
struct ProductSuggestion: Sendable {
    /// As the customer will read it.
    let text: String
    /// The pages that it names.
    let links: [String]
    /// What it suggests, by SKU.
    let products: [String]
}

/// Chooses products by rule, after a draft has passed its review. No model has a part in it: it neither sees the products nor
/// writes about them, and what cannot be suggested safely is not suggested.
struct ProductSuggesting: Sendable {
    let policy: SuggestionPolicy
    let catalogue: ProductCatalogue
    let templates: @Sendable () async throws -> ReplyTemplates
    let logger: Logger

    /// Words that say that something is wrong: then nothing is sold.
    private static let complaints: Set<Signal.Kind> = [
        .negative, .anger, .legal, .press, .safety, .selfHarm, .person, .loss, .denial, .damage,
    ]
    private static let template = "_suggestions"

    /// What is appended to the answer to a message; nil where nothing is.
    func suggestion(for grounded: GroundedMessage, in language: String, within limits: ReviewLimits) async
        -> ProductSuggestion?
    {
        guard isFitting(grounded) else { return nil }
        let products: [Product]
        do {
            products = try await catalogue.products()
        } catch {
            logger.warning("nothing is suggested", metadata: ["error": "\(error)"])
            return nil
        }
        guard let choice = choice(of: products, for: grounded),
            let template = try? await templates().own(Self.template, language: language)
        else { return nil }
        var sheet = FactSheet()
        var context = TemplateContext(["isAlternative": choice.relation == .alternative])
        if let soldOut = choice.soldOut {
            context["soldOut"] = sheet.add("product0.name", "a product that is not in stock", .text(soldOut.name))
        }
        context["products"] = choice.products.enumerated().map { index, product in
            let id = "product\(index + 1)"
            return TemplateContext(
                [
                    "name": sheet.add("\(id).name", "the name of a product", .text(product.name)),
                    "price": sheet.add(
                        "\(id).price", "the price of a product",
                        product.price.map { .money($0.amount, currency: $0.currency) }),
                    "link": sheet.add("\(id).link", "the page of a product", product.link.map { .link($0) }),
                ].compactMapValues { $0 })
        }
        guard let text = template.render(context), !text.isBlank else { return nil }
        // By the same gate as every draft: facts on record, links of the record, nothing hidden.
        var reviewed = grounded
        reviewed.evidence.facts = sheet
        let draft = Draft(body: text, language: language, citations: [], author: .embedded, asksForPerson: nil)
        guard case .success(let body) = Reviewing.check(draft, for: reviewed, within: limits) else {
            logger.warning("a suggestion did not pass the review")
            return nil
        }
        return ProductSuggestion(
            text: body, links: choice.products.compactMap(\.link), products: choice.products.map(\.sku))
    }

    /// Only what was chosen is asked, all of it is answered, and nobody is unhappy.
    private func isFitting(_ grounded: GroundedMessage) -> Bool {
        let evidence = grounded.evidence
        let triage = grounded.triaged.triage
        let isUnhappy =
            Brief(grounded).isUpset || triage.sentiment < 0 || triage.anger > 0.1
            || triage.signals.contains { $0.weight > 0 && Self.complaints.contains($0.kind) }
        let isTold = evidence.questions.allSatisfy { question in
            policy.intents.contains(question.intent)
                && (question.substitute == .passage || question.substitute == nil && question.template != nil)
        }
        let isLate = evidence.orderContexts.contains { $0.isTrue("isLate") }
        return !evidence.questions.isEmpty && isTold && !isUnhappy && !isLate && evidence.addendum == nil
            && !grounded.triaged.association.hasOpenDraft && grounded.triaged.association.counts.answers == 0
            && Injection.all(in: grounded.redaction).isEmpty
    }

    private struct Choice {
        let products: [Product]
        let relation: SuggestionPolicy.Relation
        var soldOut: Product?
    }

    /// What the mail names speaks for everybody; what was ordered speaks for its owner only, and what others have bought
    /// for nobody.
    private func choice(of products: [Product], for grounded: GroundedMessage) -> Choice? {
        let text = "\(grounded.redaction.subject.text)\n\(grounded.redaction.body.text)".lowercased()
        let mail = WordRuns(
            of: Product.words(text), lengths: Set(products.flatMap { [$0.words.count, $0.number.count] }))
        let named = products.filter { $0.isNamed(in: mail) }
        let isProved = grounded.triaged.identity.tier == .verified
        let owned = Set(
            isProved ? grounded.evidence.orders.flatMap { $0.items.compactMap { $0.sku?.lowercased() } } : [])
        func related(_ relation: SuggestionPolicy.Relation, to anchors: Set<String>) -> [Product] {
            let found = products.filter { product in
                let related = relation == .accessory ? product.accessoryOf : product.alternativeTo
                let sku = product.sku.lowercased()
                return product.canBeSuggested && !related.isDisjoint(with: anchors) && !anchors.contains(sku)
                    && !owned.contains(sku)
            }
            return Array(found.prefix(policy.limit))
        }
        // Who asks for what is not there is told what is.
        if policy.relations.contains(.alternative), let soldOut = named.first(where: { $0.isInStock == false }) {
            let found = related(.alternative, to: [soldOut.sku.lowercased()])
            if !found.isEmpty { return Choice(products: found, relation: .alternative, soldOut: soldOut) }
        }
        let asked = Set(named.map { $0.sku.lowercased() })
        for relation in policy.relations {
            // Nobody wants the like of what she has bought.
            let anchors = relation == .accessory ? asked.union(owned) : asked.subtracting(owned)
            let found = related(relation, to: anchors)
            if !found.isEmpty { return Choice(products: found, relation: relation) }
        }
        return nil
    }
}
