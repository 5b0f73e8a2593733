import Foundation

extension SuggestionPolicy {
    /// `suggestions: {products: …, intents: […], relation: […], at_most: 2, refresh: 10m}`.
    init(_ reader: ConfigurationReader, _ records: DeskConfiguration.Records?) throws {
        let place = try Self.place(reader, records)
        let chosen = try reader.texts("intents") ?? []
        guard !chosen.isEmpty else { throw reader.error("intents", "must name at least one intent") }
        if let never = chosen.first(where: Self.never.contains) {
            throw reader.error(
                "intents", "may not name \(never): nothing is sold to whoever complains or wants a person")
        }
        self.init(place, intents: Set(chosen))
        if let words = try reader.texts("relation") {
            relations = try words.map { word in
                guard let relation = Relation(rawValue: word) else {
                    throw reader.error("relation", "must be accessory_of or alternative_to, or both in their order")
                }
                return relation
            }
            guard !relations.isEmpty else { throw reader.error("relation", "must not be empty") }
        }
        limit = try reader.integer("at_most", in: 1...5) ?? limit
        if let age = try reader.seconds("refresh") {
            guard place == .records else { throw reader.error("refresh", "is for products: records") }
            self.age = age
        }
        try reader.finish()
    }

    private static func place(_ reader: ConfigurationReader, _ records: DeskConfiguration.Records?) throws -> Place {
        if try reader.required("products") == "records" {
            guard records?.namesProducts == true else {
                throw reader.error(
                    "products", "is records, but these say nothing of products (look_ups.products, queries.products)")
            }
            return .records
        }
        guard let file = try reader.file("products") else { throw reader.error("products", "is missing") }
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw reader.error("products", "cannot be read: \(file)")
        }
        return .file(file)
    }
}
