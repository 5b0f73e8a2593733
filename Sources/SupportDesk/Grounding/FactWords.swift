import Foundation

/// How facts are written in a language that this program does not know by itself, from `replies/<language>/_words.yaml`.
struct FactWords: Sendable, Hashable {
    /// From January on.
    let months: [String]
    /// `{n}` stands for the number: of one day, of more.
    let businessDay: String
    let businessDays: String
    /// By the names of `Order.State`.
    let states: [String: String]

    /// nil when there is no such file.
    init?(file path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let reader = try ConfigurationReader.root(of: path)
        months = try reader.texts("months") ?? []
        guard months.count == 12 else { throw reader.error("months", "must name twelve months") }
        businessDay = try reader.required("business_day")
        businessDays = try reader.required("business_days")
        let states = try reader.requiredReader("states")
        self.states = try Order.State.allCases.reduce(into: [:]) { words, state in
            words[state.rawValue] = try states.required(state.rawValue)
        }
        try states.finish()
        try reader.finish()
    }
}
