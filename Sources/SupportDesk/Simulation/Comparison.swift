import Foundation
import Triage

/// Compares the answer of a person with the one that the desk had ready, by the facts and the matter of both.
struct Comparison: Sendable {
    /// What a person's text says.
    struct Side: Sendable {
        let facts: StatedFacts
        /// What it is about, surest first, where that can be told of an answer.
        var intents: [IntentScore] = []
        var acts = false
    }

    var likeness = Likeness.none
    var isSameMatter: Bool?
    var neededPerson: Bool?
    var differing: [StatedFacts.Kind] = []

    /// Of an answer to a question that the desk had no answer to: whether it took a person.
    /// - Parameter known: the facts that the desk had at hand.
    init(person: Side, known: StatedFacts?) {
        if person.acts {
            neededPerson = true
        } else if let known, !person.facts.isEmpty {
            neededPerson = !person.facts.missing(in: known).isEmpty
        }
    }

    /// - Parameters:
    ///   - asked: the facts of the customer's own mail: to repeat them says nothing.
    ///   - known: the facts that the desk had at hand.
    ///   - intents: what the desk took to be asked.
    init(person: Side, desk: StatedFacts, asked: StatedFacts, known: StatedFacts, intents: [String]) {
        let told = person.facts.missing(in: asked)
        let missing = told.missing(in: desk)
        isSameMatter = Self.isSame(person.intents, intents)
        let contradicted = told.contradicted(by: desk)
        if person.acts {
            likeness = .acted
        } else if !contradicted.isEmpty {
            likeness = .contrary
            differing = contradicted
        } else if !missing.isEmpty {
            likeness = .less
            differing = StatedFacts.Kind.allCases.filter { !missing[$0].isEmpty }
        } else if !told.isEmpty {
            likeness = .same
        } else {
            switch isSameMatter {
            case true?: likeness = .same
            case false?: likeness = .other
            case nil: likeness = .unclear
            }
        }
        switch likeness {
        case .acted: neededPerson = true
        case .same: neededPerson = false
        case .less, .contrary: neededPerson = !told.missing(in: known).isEmpty
        case .other, .unclear, .none: neededPerson = nil
        }
    }

    /// Surer than this of what an answer is about, it is about that and nothing else.
    private static let surely = 0.8

    private static func isSame(_ person: [IntentScore], _ desk: [String]) -> Bool? {
        guard let first = person.first else { return nil }
        if person.contains(where: { desk.contains($0.intent) }) { return true }
        return first.confidence >= surely ? false : nil
    }
}
