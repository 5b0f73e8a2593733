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
    /// Its SKU as words.
    let number: [String]

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
        number = Self.words(sku)
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
    func isNamed(in mail: WordRuns) -> Bool {
        let isDistinct = words.count > 1 || words.first?.count ?? 0 >= 6
        return isDistinct && mail.contains(words) || sku.count >= 4 && mail.contains(number)
    }
}

/// The words of a mail that stand in a row, each row once: a catalogue is compared with it in one look per product.
struct WordRuns {
    private var runs: Set<String> = []
    /// Who writes more words than these names nothing with the rest.
    private static let maximumWords = 5_000

    /// - Parameters:
    ///   - words: in order.
    ///   - lengths: how many words the rows have that will be asked for.
    init(of words: [String], lengths: Set<Int>) {
        let words = words.prefix(Self.maximumWords)
        for length in lengths where length > 0 && length <= words.count {
            for start in 0...words.count - length {
                runs.insert(words[start..<start + length].joined(separator: " "))
            }
        }
    }

    func contains(_ words: [String]) -> Bool { !words.isEmpty && runs.contains(words.joined(separator: " ")) }
}
