import Triage

/// A typed value from a record, which only code writes into a reply.
public enum FactValue: Sendable, Hashable {
    /// A name, a state, a number that is a name (order, tracking, invoice).
    case text(String)
    /// How many.
    case count(Int)
    /// A decimal amount and its ISO 4217 currency.
    case money(String, currency: String)
    /// A day.
    case date(LocalDate)
    /// An https link from a record or the configuration.
    case link(String)
    /// Where an order stands, in words of the language.
    case state(Order.State)
}

/// One fact that a reply may name as the slot `{{fact:ID.field}}`.
public struct Fact: Sendable, Hashable {
    /// `ID.field`, for example `order1.total`.
    public let name: String
    /// What it is, in English, for the model and the agent; of values it holds an order's state only.
    public let meaning: String
    /// The value.
    public let value: FactValue

    /// The text that stands for the fact in a draft.
    public var slot: String { "{{fact:\(name)}}" }
}

/// The facts that one reply may use, by name.
public struct FactSheet: Sendable {
    /// In the order of addition.
    public private(set) var facts: [Fact] = []
    private var places: [String: Int] = [:]

    /// An empty sheet.
    public init() {}

    /// The fact of a name.
    public subscript(name: String) -> Fact? { places[name].map { facts[$0] } }

    /// Adds a fact and returns its slot; nil in, nil out.
    @discardableResult
    mutating func add(_ name: String, _ meaning: String, _ value: FactValue?) -> String? {
        guard let value else { return nil }
        let fact = Fact(name: name, meaning: meaning, value: value)
        places[name] = facts.count
        facts.append(fact)
        return fact.slot
    }
}
