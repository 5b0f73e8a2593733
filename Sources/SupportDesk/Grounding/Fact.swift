import Triage

/// A typed value from a record, which only code writes into a reply.
public enum FactValue: Sendable, Hashable {
    /// A name, a state, a number that is a name (order, tracking, invoice).
    case text(String)
    /// How many.
    case count(Int)
    /// So many business days.
    case businessDays(Int)
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
    /// What a fact is, in English, for the model and the agent: words of this program, and of values an order's state
    /// only.
    public struct Meaning: Sendable, Hashable, ExpressibleByStringLiteral {
        /// The words.
        public let text: String

        private init(_ text: String) { self.text = text }

        /// Words that stand in the program: no text of a record or a person can become one.
        public init(stringLiteral value: StaticString) { self.init(value.description) }

        /// Where an order stands. A model must know it to choose its words; it tells nothing about the person.
        static func state(_ state: Order.State, isLate: Bool) -> Meaning {
            let english = FactFormat(language: "en").text(.state(state))
            return Meaning("state of the order, which is: \(english)\(isLate ? ", late" : "")")
        }

        /// A page that the configuration names; nil for any other.
        static func page(_ name: String, of shop: Shop) -> Meaning? {
            shop.links[name].map { _ in Meaning("the shop's page: \(name)") }
        }
    }

    /// `ID.field`, for example `order1.total`.
    public let name: String
    /// What it is.
    public let meaning: Meaning
    /// The value.
    public let value: FactValue

    fileprivate init(name: String, meaning: Meaning, value: FactValue) {
        self.name = name
        self.meaning = meaning
        self.value = value
    }

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
    mutating func add(_ name: String, _ meaning: Fact.Meaning, _ value: FactValue?) -> String? {
        guard let value else { return nil }
        let fact = Fact(name: name, meaning: meaning, value: value)
        places[name] = facts.count
        facts.append(fact)
        return fact.slot
    }
}
