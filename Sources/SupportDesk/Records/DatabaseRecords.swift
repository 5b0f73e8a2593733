import Foundation
import Postgres

/// Records in PostgreSQL, by the shop's own named queries: read only, one statement each, and what is looked for goes as a
/// parameter.
package final class DatabaseRecords: RecordStore, ProductSource {
    package let name: String

    private let pool: PostgresPool
    private let queries: [RecordLookup.Kind: String]
    /// The query for all products.
    private let catalogue: String?
    private let days: RecordDays

    /// A statement on a connection that broke is sent once more.
    private static let attempts = 2

    init(
        _ database: PostgresConfiguration, queries: [RecordLookup.Kind: String], catalogue: String? = nil,
        timeZone: TimeZone, limits: LookupDesk.Limits
    ) {
        var database = database
        database.isReadOnly = true
        database.statementTimeout = limits.deadline
        database.connectTimeout = limits.deadline
        name = "\(database)"
        pool = PostgresPool(database, size: min(4, limits.concurrency), patience: limits.deadline)
        self.queries = queries
        self.catalogue = catalogue
        days = RecordDays(shop: timeZone)
    }

    package func find(_ lookup: RecordLookup, until deadline: ContinuousClock.Instant) async throws -> RecordAnswer {
        let (kind, value) = lookup.parts
        guard let sql = queries[kind] else { return RecordAnswer() }
        let rows = try await rows(sql, [.text(value)], kind.rawValue, until: deadline).map {
            try Self.texts($0, kind.rawValue, known: Self.columns(kind), needed: Self.key(kind))
        }
        if kind.isOfCustomers {
            return RecordAnswer(customers: rows.compactMap { RawCustomer(row: $0).customer(days) })
        }
        let orders = Dictionary(grouping: rows) { RecordText.numberKey($0[OrderField.number.rawValue] ?? "") }
            .values.map { $0.map(RawOrder.init(row:)).joined }
        return RecordAnswer(customers: orders.compactMap(\.guest), orders: orders.compactMap { $0.order(days) })
    }

    package func products(until deadline: ContinuousClock.Instant) async throws -> [RawProduct] {
        guard let catalogue else { return [] }
        let known = Set(ProductField.allCases.map(\.rawValue))
        return try await rows(catalogue, [], "products", until: deadline).map { row in
            RawProduct(row: try Self.texts(row, "products", known: known, needed: ProductField.sku.rawValue))
        }
    }

    private static func columns(_ kind: RecordLookup.Kind) -> Set<String> {
        Set(
            kind.isOfCustomers
                ? CustomerField.allCases.map(\.rawValue) + [RawCustomer.tagsColumn]
                : OrderField.allCases.map(\.rawValue))
    }

    private static func key(_ kind: RecordLookup.Kind) -> String {
        kind.isOfCustomers ? CustomerField.id.rawValue : OrderField.number.rawValue
    }

    /// - Parameter query: its name in `desk.yaml`.
    private func rows(
        _ sql: String, _ values: [PostgresValue], _ query: String, until deadline: ContinuousClock.Instant
    ) async throws -> [PostgresRow] {
        var attempt = 1
        while true {
            do {
                return try await pool.withConnection { connection in
                    let left = max(1, Int((deadline - .now) / .milliseconds(1)))
                    return try await connection.transaction(isReadOnly: true) { transaction in
                        try transaction.query("SET LOCAL statement_timeout = \(left)")
                        return try transaction.query(sql, values)
                    }
                }
            } catch let error as PostgresError {
                guard attempt < Self.attempts, error.code == .connectionLost, .now < deadline else {
                    throw failure(error, query)
                }
                attempt += 1
            }
        }
    }

    /// A row's texts by column; every column must be a field.
    private static func texts(
        _ row: PostgresRow, _ query: String, known: Set<String>, needed: String
    ) throws -> [String: String] {
        guard row.names.contains(needed) else {
            throw DeskError(.configuration, "records.queries.\(query) gives no column \"\(needed)\"")
        }
        var texts: [String: String] = [:]
        for (name, value) in zip(row.names, row.values) {
            guard known.contains(name) else {
                throw DeskError(
                    .configuration, "records.queries.\(query) gives a column that is no field: \"\(name)\"")
            }
            switch value {
            case .text(let text), .decimal(let text): texts[name] = text
            case .integer(let number): texts[name] = String(number)
            case .real(let number): texts[name] = String(number)
            case .null, .blob: continue
            }
        }
        return texts
    }

    private func failure(_ error: PostgresError, _ query: String) -> DeskError {
        let state = error.sqlState ?? ""
        // 22: the value is none that the column can have; 42: the query; 25006: it writes; 28 and 3D: who we are.
        if state.hasPrefix("22") {
            return DeskError(.data, "\(name): it does not take the question (SQLSTATE \(state))")
        }
        if state.hasPrefix("42") || state == "25006" {
            let reason = state == "25006" ? "writes, and may only read" : "is refused"
            return DeskError(
                .configuration, "\(name): records.queries.\(query) \(reason) (SQLSTATE \(state))")
        }
        if [.refused, .untrusted, .invalidArgument].contains(error.code) {
            return DeskError(.configuration, "\(name): \(error)")
        }
        return DeskError(.unavailable, "\(name): \(error)", isRetryable: true)
    }
}
