import Foundation

/// One product of the shop's catalogue, with what of its record can be relied on.
struct Product: Sendable, Hashable {
    let sku: String
    let name: String
    /// Decimal, with two places; nil: not on record.
    let price: RecordAmountText?
    /// On one of the shop's own hosts; nil: not on record, or somewhere else.
    let link: String?
    /// nil: the record does not say.
    let isInStock: Bool?
    /// What it is used with, by SKU.
    let accessoryOf: Set<String>
    /// What it can take the place of, by SKU.
    let alternativeTo: Set<String>
    /// Its name as words, by which a mail is searched.
    let words: [String]

    /// An amount and its ISO 4217 currency.
    struct RecordAmountText: Sendable, Hashable {
        let amount: String
        let currency: String
    }

    /// Whether everything is on record that a suggestion says.
    var canBeSuggested: Bool { price != nil && link != nil && isInStock == true }

    /// - Parameter hosts: the shop's own.
    init?(_ raw: RawProduct, hosts: Set<String>) {
        let texts = raw.texts
        guard let sku = texts[.sku].flatMap(RecordText.word), let name = texts[.name].flatMap(RecordText.line),
            !name.contains("@")
        else { return nil }
        self.sku = sku
        self.name = name
        let amount = texts[.price].flatMap(RecordAmount.init)?.text
        let currency = texts[.currency].flatMap { $0.utf8.count == 3 ? $0.uppercased() : nil }
        price = amount.flatMap { amount in currency.map { RecordAmountText(amount: amount, currency: $0) } }
        link = texts[.url].flatMap(RecordText.word).flatMap { url in
            url.hasPrefix("https://") && Article.host(of: url).map(hosts.contains) == true ? url : nil
        }
        isInStock = texts[.stock].flatMap(Self.isInStock)
        accessoryOf = Set((raw.lists[.accessoryOf] ?? []).map { $0.lowercased() })
        alternativeTo = Set((raw.lists[.alternativeTo] ?? []).map { $0.lowercased() })
        words = Self.words(name)
    }

    private static func isInStock(_ text: String) -> Bool? {
        if let count = Double(text) { return count > 0 }
        return switch text.lowercased() {
        case "true", "yes", "in_stock", "instock": true
        case "false", "no", "out_of_stock", "outofstock": false
        default: nil
        }
    }

    /// A text as words without the sign of the plural.
    static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map { word in
            word.count > 3 && word.hasSuffix("s") ? String(word.dropLast()) : String(word)
        }
    }

    /// Whether a mail names it: by all words of its name in a row, or by its SKU.
    func isNamed(in text: [String]) -> Bool {
        let isDistinct = words.count > 1 || words.first?.count ?? 0 >= 6
        let number = Self.words(sku)
        return isDistinct && Self.holds(text, words) || sku.count >= 4 && Self.holds(text, number)
    }

    private static func holds(_ text: [String], _ part: [String]) -> Bool {
        guard let first = part.first else { return false }
        return text.indices.contains { text[$0] == first && text[$0...].starts(with: part) }
    }
}
