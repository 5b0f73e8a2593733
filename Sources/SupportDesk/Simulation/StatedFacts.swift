import Triage

/// The facts that a text states, each in one form however it was written: what an answer of the desk and one of a person are
/// compared by.
struct StatedFacts: Sendable, Equatable {
    /// What kind of fact it is.
    enum Kind: String, Sendable, Codable, CaseIterable, Comparable {
        case amount, date, order, tracking, invoice, link, period

        static func < (one: Kind, other: Kind) -> Bool { one.rawValue < other.rawValue }
    }

    private(set) var values: [Kind: Set<String>] = [:]

    /// No facts.
    init() {}

    /// Whether it states nothing.
    var isEmpty: Bool { values.values.allSatisfy(\.isEmpty) }
    /// How many there are.
    var count: Int { values.values.map(\.count).reduce(0, +) }

    subscript(kind: Kind) -> Set<String> { values[kind] ?? [] }

    mutating func add(_ kind: Kind, _ value: String) { values[kind, default: []].insert(value) }

    /// Those of which another text says nothing.
    func missing(in other: StatedFacts) -> StatedFacts {
        var rest = StatedFacts()
        for (kind, values) in values {
            for value in values where !other.states(kind, value) { rest.add(kind, value) }
        }
        return rest
    }

    /// Whether it states a fact: of some days in a row also one of them.
    func states(_ kind: Kind, _ value: String) -> Bool {
        let own = self[kind]
        if own.contains(value) { return true }
        guard kind == .date, let days = Self.days(value) else { return false }
        return own.contains { Self.days($0).map { $0.overlaps(days) } ?? false }
    }

    /// The kinds of which both say something, and nothing that both say.
    func contradicted(by other: StatedFacts) -> [Kind] {
        Kind.allCases.filter { kind in
            guard kind != .link, !self[kind].isEmpty, !other[kind].isEmpty else { return false }
            return !self[kind].contains { other.states(kind, $0) }
        }
    }

    private static func days(_ value: String) -> ClosedRange<Int>? {
        let ends = value.split(separator: "/").compactMap { LocalDate(String($0))?.dayNumber }
        guard let first = ends.first, let last = ends.last, first <= last else { return nil }
        return first...last
    }
}

/// Finds the facts of texts.
struct FactReading: Sendable {
    private let references: ReferenceReader
    private let shop: Shop

    /// - Throws: `TriageError` for a pattern of order numbers that is not understood.
    init(_ shop: Shop) throws {
        references = try ReferenceReader(shop.orderPatterns)
        self.shop = shop
    }

    /// - Parameters:
    ///   - language: BCP 47.
    ///   - day: on which it was written.
    func facts(of text: String, in language: String, on day: LocalDate) -> StatedFacts {
        var facts = StatedFacts()
        let calendar = DeskCalendar(today: day, isMonthFirst: Understanding.monthFirst.contains(shop.region))
        for (kind, value) in references.references(in: text, calendar: calendar) {
            switch kind {
            case .amount: facts.add(.amount, value)
            case .date: facts.add(.date, value)
            case .order: facts.add(.order, value)
            case .tracking: facts.add(.tracking, value)
            case .invoice: facts.add(.invoice, value)
            default: break
            }
        }
        for token in TypedTokens.of(text) where token.hasPrefix("https://") || token.hasPrefix("http://") {
            facts.add(.link, Self.link(token))
        }
        for sentence in Sentences.of(String(text.prefix(Self.longest))) {
            let words = SentenceWord.of(sentence, in: language)
            let typed = TypedFacts(words, in: language)
            var index = 0
            while index < words.count {
                guard let (key, length) = typed.fact(at: index) else {
                    index += 1
                    continue
                }
                if Self.isPeriod(key) { facts.add(.period, key) }
                index += max(length, 1)
            }
        }
        return facts
    }

    /// Periods are looked for in so many characters.
    private static let longest = 8_000

    /// `30 day`, `5-7 business day`, `% 10`: a number with a unit, and neither money nor a name.
    private static func isPeriod(_ key: String) -> Bool {
        if key.hasPrefix("% ") { return true }
        guard let first = key.utf8.first, (0x30...0x39).contains(first) else { return false }
        return key.contains(" ")
    }

    /// Without what differs from one mail to the next: scheme, `www.`, a slash at the end.
    private static func link(_ token: String) -> String {
        var rest = token[...]
        for prefix in ["https://", "http://", "www."] where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
        }
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        return String(rest)
    }
}
