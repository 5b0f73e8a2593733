/// The words of a language that a shop has added, by what they speak for: anger, legal steps, the wish for a person.
public struct LanguageWords: Sendable {
    /// What words can speak for.
    public static let kinds = [
        "positive", "negative", "anger", "urgency", "legal", "press", "safety", "self_harm", "person", "loss", "denial",
        "damage", "thanks", "settled", "own_order", "future_order",
    ]
    /// What must be known of a language before its mail is answered without a person.
    public static let alarms = ["anger", "legal", "safety", "self_harm", "person"]

    /// What mail is read with beside the built-in words.
    let lexicon: PhraseLexicon

    /// - Parameter phrases: by kind; `…` inside a phrase stands for up to three words. Kinds that are unknown are left out.
    public init(phrases: [String: [String]]) {
        let sections = Self.table.compactMap { name, kind, weight -> (PhraseLexicon.Kind, String)? in
            guard let list = phrases[name], !list.isEmpty else { return nil }
            return (kind, "\(weight) " + list.joined(separator: ","))
        }
        lexicon = PhraseLexicon(sections)
    }

    /// Each kind with the weight that its plain words have in the built-in languages.
    private static let table: [(String, PhraseLexicon.Kind, Double)] = [
        ("positive", .positive, 0.6), ("negative", .negative, 0.6), ("anger", .anger, 1), ("urgency", .urgency, 0.8),
        ("legal", .legal, 0.9), ("press", .press, 0.9), ("safety", .safety, 1.5), ("self_harm", .selfHarm, 3),
        ("person", .person, 1), ("loss", .loss, 1), ("denial", .denial, 1), ("damage", .damage, 1),
        ("thanks", .thanks, 0.5), ("settled", .settled, 1), ("own_order", .ownOrder, 1),
        ("future_order", .futureOrder, 1),
    ]
}
