/// What the records of a product are asked for, by the names in files, queries and descriptions.
enum ProductField: String, CaseIterable, Sendable {
    case sku, name, price, currency, url, stock
    case accessoryOf = "accessory_of"
    case alternativeTo = "alternative_to"

    /// Whether it may name several.
    var isList: Bool { self == .accessoryOf || self == .alternativeTo }
}

/// One product as a source gave it: texts by field, of which nothing is believed yet.
package struct RawProduct: Sendable, Hashable {
    /// What each field holds.
    var texts: [ProductField: String] = [:]
    /// Which other products it names.
    var lists: [ProductField: [String]] = [:]

    /// One row of a table; several products stand in one cell, with spaces, commas or semicolons between them.
    init(row: [String: String]) {
        for field in ProductField.allCases {
            guard let text = row[field.rawValue], !text.isEmpty else { continue }
            if field.isList {
                lists[field] = text.split { " ,;{}".contains($0) }.map(String.init)
            } else {
                texts[field] = text
            }
        }
    }

    /// A record whose fields stand where a description says.
    init(_ node: JSONNode, _ fields: [ProductField: FieldRule], lists paths: [ProductField: JSONPath]) {
        texts = fields.compactMapValues { $0.read(node).text }
        lists = paths.mapValues { $0.values(in: node).compactMap(\.text) }
    }

    /// A record of a file, whose members or columns have the names of the fields.
    init(_ record: RecordFile.Record) {
        switch record {
        case .row(let row, let isWhole): self.init(row: isWhole ? row : [:])
        case .json(let node):
            var row: [String: String] = [:]
            for field in ProductField.allCases { row[field.rawValue] = node[field.rawValue]?.text }
            self.init(row: row)
            for field in ProductField.allCases where field.isList {
                guard case .array(let elements)? = node[field.rawValue] else { continue }
                lists[field] = elements.compactMap(\.text)
            }
        }
    }
}

/// Where the shop's products are: a file, or the system that keeps its orders too.
package protocol ProductSource: Sendable {
    /// Reads all of them.
    /// - Parameter deadline: when nobody waits for them any more.
    /// - Throws: `DeskError`.
    func products(until deadline: ContinuousClock.Instant) async throws -> [RawProduct]
}

/// No products.
struct NoProducts: ProductSource {
    func products(until deadline: ContinuousClock.Instant) -> [RawProduct] { [] }
}
