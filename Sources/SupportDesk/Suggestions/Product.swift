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

    /// - Parameters:
    ///   - record: members or columns `sku`, `name`, `price`, `currency`, `url`, `stock`, `accessory_of`, `alternative_to`.
    ///   - hosts: the shop's own.
    init?(_ record: RecordFile.Record, hosts: Set<String>) {
        func text(_ name: String) -> String? {
            switch record {
            case .json(let node): node[name]?.text
            case .row(let row, let isWhole): isWhole ? row[name] : nil
            }
        }
        func list(_ name: String) -> Set<String> {
            if case .json(let node) = record, case .array(let elements)? = node[name] {
                return Set(elements.compactMap(\.text).map { $0.lowercased() })
            }
            return Set((text(name) ?? "").split { $0 == " " || $0 == "," || $0 == ";" }.map { $0.lowercased() })
        }
        guard let sku = text("sku").flatMap(RecordText.word), let name = text("name").flatMap(RecordText.line),
            !name.contains("@")
        else { return nil }
        self.sku = sku
        self.name = name
        let amount = text("price").flatMap(RecordAmount.init)?.text
        let currency = text("currency").flatMap { $0.utf8.count == 3 ? $0.uppercased() : nil }
        price = amount.flatMap { amount in currency.map { RecordAmountText(amount: amount, currency: $0) } }
        link = text("url").flatMap(RecordText.word).flatMap { url in
            url.hasPrefix("https://") && Article.host(of: url).map(hosts.contains) == true ? url : nil
        }
        isInStock = text("stock").flatMap(Self.isInStock)
        accessoryOf = list("accessory_of")
        alternativeTo = list("alternative_to")
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

/// The shop's products from a file, JSON or CSV by the ending of its name; read again when it changes.
actor ProductCatalogue {
    private let path: String
    private let hosts: Set<String>
    private var known: (stamp: FileStamp, products: [Product])?

    private static let maximumBytes = 64 << 20
    private static let maximumProducts = 100_000

    /// Names the file; nothing is read yet.
    /// - Parameter hosts: the shop's own.
    init(path: String, hosts: Set<String>) {
        self.path = path
        self.hosts = hosts
    }

    /// All products, in the order of the file; those whose records cannot be relied on are left out.
    /// - Throws: `DeskError` when the file cannot be read.
    func products() throws -> [Product] {
        guard let stamp = FileStamp(path) else { throw unreadable("is it there?") }
        if let known, known.stamp == stamp, !stamp.isYoung { return known.products }
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.maximumBytes else {
            throw unreadable("it cannot be opened, or has more than 64 MB")
        }
        var products: [Product] = []
        var columns: CSVRecord.Columns?
        let isTable = path.lowercased().hasSuffix(".csv")
        var splitter: any RecordSplitter = isTable ? CSVSplitter() : JSONSplitter()
        func add(_ piece: RecordPiece) throws {
            let record: RecordFile.Record
            if !isTable {
                record = .json(try JSONNode(parsing: piece.bytes))
            } else if let columns {
                record = columns.record(piece.bytes)
            } else {
                columns = CSVRecord.Columns(header: piece.bytes)
                return
            }
            guard products.count < Self.maximumProducts else { return }
            if let product = Product(record, hosts: hosts) { products.append(product) }
        }
        do {
            try splitter.feed([UInt8](data)[...], add)
            try splitter.finish(add)
        } catch let fault as RecordFault {
            throw unreadable("line \(fault.line): \(fault.reason)")
        } catch let fault as JSONNode.Fault {
            throw unreadable(fault.reason)
        }
        known = (stamp, products)
        return products
    }

    private func unreadable(_ reason: String) -> DeskError {
        DeskError(.configuration, "cannot read the products in \(path): \(reason)")
    }
}
