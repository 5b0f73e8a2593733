/// One thing that every draft is checked for.
struct ReviewCheck: Sendable {
    /// Stable, lower case with hyphens: `typed-fact`.
    let name: String
    /// What must not be, in words for people.
    let words: String
    /// Only what a model wrote is checked for it: the shop's own templates say what the shop says.
    let isForModels: Bool
    /// What is found, each in words without personal data.
    let find: @Sendable (DraftUnderReview) -> [String]

    init(
        _ name: String, _ words: String, models: Bool = false,
        _ find: @escaping @Sendable (DraftUnderReview) -> [String]
    ) {
        self.name = name
        self.words = words
        isForModels = models
        self.find = find
    }

    /// All of them, in the order in which they are told.
    static let all: [ReviewCheck] = form + slots + sources + voice

    /// The words for a check of a name.
    static func words(for name: String) -> String? { all.first { $0.name == name }?.words }

    /// "1st sentence" and so on: findings name places, not texts.
    static func place(_ index: Int) -> String { "sentence \(index + 1)" }
}

extension DraftUnderReview {
    /// What every check finds.
    func findings() -> [ReviewFinding] {
        ReviewCheck.all.flatMap { check in
            check.isForModels && !isOfModel
                ? [] : check.find(self).prefix(5).map { ReviewFinding(check: check.name, detail: $0) }
        }
    }
}
