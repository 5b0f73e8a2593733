import CPostgres
import Foundation

extension PostgresError {
    /// The error of a failed result. The server's text is shown only for classes whose texts name schema objects and
    /// settings, never values.
    static func of(_ result: OpaquePointer) -> PostgresError {
        let sqlState = text(aura_pq_sqlstate(result)) ?? "XX000"
        let constraint = text(aura_pq_constraint(result))
        let table = text(aura_pq_table(result))
        let code: Code
        switch sqlState {
        case "23505": code = .unique
        case "40001", "40P01": code = .serialization
        case "57014": code = .timeout
        case _ where sqlState.hasPrefix("23"): code = .constraint
        case "25P03", "25P04": code = .connectionLost
        case _ where sqlState.hasPrefix("08") || sqlState.hasPrefix("57P"): code = .connectionLost
        default: code = .server
        }
        return PostgresError(
            code, message(sqlState, result, constraint ?? text(aura_pq_column(result)), table), sqlState: sqlState,
            constraint: constraint, table: table, isRetryable: isStalePlan(result) ? true : nil)
    }

    /// Whether a prepared statement is gone, or no longer fits a schema that has changed: prepared anew it works.
    static func isStalePlan(_ result: OpaquePointer) -> Bool {
        switch text(aura_pq_sqlstate(result)) {
        case "26000": true
        // "cached plan must not change result type" has no SQLSTATE of its own.
        case "0A000": text(aura_pq_source_function(result)) == "RevalidateCachedQuery"
        default: false
        }
    }

    /// Whether the server ended the session with this error.
    static func isFatal(_ result: OpaquePointer) -> Bool {
        let severity = text(aura_pq_severity(result))
        return severity == "FATAL" || severity == "PANIC"
    }

    private static func message(
        _ sqlState: String, _ result: OpaquePointer, _ name: String?, _ table: String?
    ) -> String {
        // 08 connection, 25 transaction state, 28 authorisation, 3D/3F catalog, 40 rollback, 42 names and syntax,
        // 53 resources, 55 object state, 57 intervention.
        let speaksOfSchema = ["08", "25", "28", "3D", "3F", "40", "42", "53", "55", "57"].contains {
            sqlState.hasPrefix($0)
        }
        if speaksOfSchema, let said = text(aura_pq_primary_message(result)), !said.isEmpty { return said }
        let kind = sqlState.hasPrefix("23") ? "a constraint is violated" : "the server refused the statement"
        let place = [table, name].compactMap { $0 }.joined(separator: ".")
        return place.isEmpty ? kind : "\(kind): \(place)"
    }

    /// The error of a connection that could not be made. libpq names host, port, user and database in it, never the
    /// password. With `PQERRORS_VERBOSE` it has the SQLSTATE, which nothing else tells at this point.
    static func connecting(_ connection: OpaquePointer) -> PostgresError {
        // What follows the first line may be DETAIL and LOCATION.
        let said = text(PQerrorMessage(connection)) ?? ""
        var line = said.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no connection"
        guard let (severity, sqlState) = state(in: line) else {
            let isUntrusted = line.contains("certificate") || line.contains("does not support SSL")
            return PostgresError(isUntrusted ? .untrusted : .connect, line)
        }
        line = line.replacingOccurrences(of: severity, with: "")
        let isRefused = sqlState.hasPrefix("28") || sqlState.hasPrefix("3D")
        return PostgresError(isRefused ? .refused : .connect, line, sqlState: sqlState)
    }

    /// "FATAL:  28P01: password …": two spaces and five characters before the text.
    private static func state(in line: String) -> (prefix: String, sqlState: String)? {
        for word in ["FATAL:  ", "ERROR:  "] {
            guard let range = line.range(of: word) else { continue }
            let sqlState = line[range.upperBound...].prefix(5)
            guard sqlState.utf8.count == 5, line[sqlState.endIndex...].hasPrefix(": ") else { continue }
            return (word + sqlState + ": ", String(sqlState))
        }
        return nil
    }

    static func lost(_ step: String, mayHaveBeenCommitted: Bool = false) -> PostgresError {
        PostgresError(
            .connectionLost, "the connection broke while \(step)", sqlState: "08006",
            mayHaveBeenCommitted: mayHaveBeenCommitted)
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}
