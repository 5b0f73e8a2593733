import Foundation
import Logging
import Postgres
import Transport
import Triage

extension DeskConfiguration {
    /// Customers and orders.
    public struct Records: Sendable {
        /// Where they are.
        enum Place: Sendable {
            case files(customers: String, orders: String)
            case shop(ShopAPI)
            case database(PostgresConfiguration, queries: [RecordLookup.Kind: String], catalogue: String?)
        }

        let place: Place
        var limits: LookupDesk.Limits

        /// The file of customers, where they are in files.
        var customers: String? { if case .files(let path, _) = place { path } else { nil } }
        /// The file of orders, where they are in files.
        var orders: String? { if case .files(_, let path) = place { path } else { nil } }

        /// The servers that it names.
        var hosts: Set<String> {
            switch place {
            case .files: []
            case .shop(let api): [URL(string: api.url)?.host].compactMap(\.self).reduce(into: []) { $0.insert($1) }
            case .database(let database, _, _): database.hosts
            }
        }

        /// Whether it says how products are asked for.
        var namesProducts: Bool {
            switch place {
            case .files: false
            case .shop(let api): api.products != nil
            case .database(_, _, let catalogue): catalogue != nil
            }
        }
    }
}

extension DeskConfiguration.Records {
    private enum Kind: String, CaseIterable { case files, http, woocommerce, shopify, oscar, postgres }

    /// The section `records`.
    /// - Parameter templates: the shop's own templates; nil: those that came with the program.
    init(_ reader: ConfigurationReader, templates: String?) throws {
        limits = LookupDesk.Limits()
        switch try reader.word("kind") ?? Kind.files {
        case .files:
            place = .files(customers: try Self.file("customers", reader), orders: try Self.file("orders", reader))
            // A look-up costs less than keeping its answer.
            limits.cacheTime = nil
            // A file that was not mended is not read again, so that asking for it costs nothing.
            limits.pause = .seconds(1)
        case .postgres: place = try Self.database(reader)
        case .http:
            var api = try ShopAPI(reader, tokenHeader: reader.text("token_header"))
            try api.describe(reader)
            place = .shop(api)
        case let kind:
            let form = try ConfigurationReader.root(of: Self.description(of: kind, templates))
            var api = try ShopAPI(reader, tokenHeader: form.text("token_header"))
            try api.describe(form)
            try form.finish()
            for key in try reader.reader("states")?.keys ?? [] {
                guard let states = try reader.reader("states"), let word = try states.text(key) else { continue }
                guard Order.State(rawValue: word) != nil else {
                    throw states.error(
                        key, "must be " + Order.State.allCases.map(\.rawValue).joined(separator: " or "))
                }
                api.setState(word, for: key)
            }
            place = .shop(api)
        }
        try readLimits(reader)
        try reader.finish()
    }

    /// The description among the shop's own templates, else the one that came with the program.
    private static func description(of kind: Kind, _ templates: String?) throws -> String {
        let name = "records/\(kind.rawValue).yaml"
        if let templates, FileManager.default.fileExists(atPath: "\(templates)/\(name)") {
            return "\(templates)/\(name)"
        }
        let shipped = try Layout().templates
        return "\(shipped)/\(name)"
    }

    private mutating func readLimits(_ reader: ConfigurationReader) throws {
        if let time = try reader.seconds("cache") { limits.cacheTime = .seconds(time) }
        if let time = try reader.seconds("cache_misses") { limits.missTime = .seconds(time) }
        if let time = try reader.seconds("deadline") { limits.deadline = .seconds(time) }
        limits.concurrency = try reader.integer("concurrency", in: 1...64) ?? limits.concurrency
    }

    private static func file(_ key: String, _ reader: ConfigurationReader) throws -> String {
        let path = reader.absolute(try reader.required(key))
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw reader.error(key, "names the file \(path), which cannot be read")
        }
        return path
    }

    private static func database(_ reader: ConfigurationReader) throws -> Place {
        var database = try PostgresConfiguration(reader, key: "database")
        database.isReadOnly = true
        database.maximumRows = 10_000
        database.maximumBytes = 8 << 20
        database.cancelGrace = .seconds(1)
        database.applicationName = "auradesk-records"
        let list = try reader.requiredReader("queries")
        var queries: [RecordLookup.Kind: String] = [:]
        for kind in RecordLookup.Kind.allCases {
            guard let sql = try list.text(kind.rawValue) else { continue }
            guard sql.contains("$1"), !sql.contains("$2") else {
                throw list.error(kind.rawValue, "must have exactly one parameter, $1: the \(kind.parameter)")
            }
            queries[kind] = sql
        }
        let catalogue = try list.text("products")
        if catalogue?.contains("$1") == true { throw list.error("products", "has no parameter: it finds all products") }
        try list.finish()
        guard !queries.isEmpty else { throw reader.error("queries", "must name at least one query") }
        return .database(database, queries: queries, catalogue: catalogue)
    }

    /// The store itself, as `doctor` tries it.
    package func store(_ shop: Shop, _ agent: @autoclosure () -> TransferAgent) -> any RecordStore {
        switch place {
        case .files(let customers, let orders):
            FileRecords(customers: customers, orders: orders, timeZone: shop.timeZone)
        case .shop(let api): HTTPRecords(api, timeZone: shop.timeZone, agent: agent())
        case .database(let database, let queries, let catalogue):
            DatabaseRecords(
                database, queries: queries, catalogue: catalogue, timeZone: shop.timeZone, limits: limits)
        }
    }

    /// The shop's products, from the same system.
    package func products(_ shop: Shop, _ agent: @autoclosure () -> TransferAgent) -> any ProductSource {
        store(shop, agent()) as? any ProductSource ?? NoProducts()
    }

    /// The records as the desk uses them.
    package func source(
        _ shop: Shop, _ agent: @autoclosure () -> TransferAgent, _ logger: Logger, _ now: @escaping @Sendable () -> Date
    ) -> any RecordSource {
        let zone = shop.timeZone
        return ShopRecords(LookupDesk(store(shop, agent()), limits: limits, logger: logger)) {
            LocalDate(now(), in: zone)
        }
    }
}

extension DeskConfiguration.Records {
    /// Asks what a message would be asked for, about the shop's own address.
    /// - Returns: one line about what there is.
    /// - Throws: `DeskError` that says what to mend.
    func tryOut(_ shop: Shop, _ agent: @autoclosure () -> TransferAgent) async throws -> String {
        let store = store(shop, agent())
        let clock = ContinuousClock()
        let start = clock.now
        let deadline = start + limits.deadline
        _ = try await store.find(.customerByAddress(shop.address), until: deadline)
        _ = try await store.find(.ordersByAddress(shop.address), until: deadline)
        _ = try await store.find(.orderByNumber("0"), until: deadline)
        let time = Int((clock.now - start) / .milliseconds(1))
        if let files = store as? FileRecords {
            let (customers, orders) = try await files.counts()
            return "\(customers) customers and \(orders) records of orders can be read"
        }
        var line = "\(store.name) answers look-ups by address and by number (\(time) ms)"
        if namesProducts, let source = store as? any ProductSource {
            line += ", and has \(try await source.products(until: clock.now + limits.deadline).count) products"
        }
        return line
    }
}
