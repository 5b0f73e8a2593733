import CPostgres

extension PostgresError {
    /// The error of a failed result. The server's text is shown only for classes whose texts name schema objects and
    /// settings, never values.
    static func of(_ result: OpaquePointer) -> PostgresError {
        let sqlState = text(aura_pq_sqlstate(result)) ?? "XX000"
        let said = text(aura_pq_primary_message(result)) ?? ""
        let constraint = text(aura_pq_constraint(result)) ?? text(aura_pq_column(result))
        let code: Code
        switch sqlState {
        case "23505": code = .unique
        case "40001", "40P01": code = .serialization
        case "57014": code = .cancelled
        case _ where sqlState.hasPrefix("23"): code = .constraint
        default: code = .server
        }
        return PostgresError(
            code, message(sqlState, said, constraint), sqlState: sqlState, constraint: constraint, serverMessage: said)
    }

    private static func message(_ sqlState: String, _ said: String, _ constraint: String?) -> String {
        // 08 connection, 25 transaction state, 28 authorisation, 3D/3F catalog, 40 rollback, 42 names and syntax,
        // 53 resources, 55 object state, 57 intervention.
        let speaksOfSchema = ["08", "25", "28", "3D", "3F", "40", "42", "53", "55", "57"].contains {
            sqlState.hasPrefix($0)
        }
        if speaksOfSchema, !said.isEmpty { return said }
        let kind = sqlState.hasPrefix("23") ? "a constraint is violated" : "the server refused the statement"
        return constraint.map { "\(kind): \($0)" } ?? kind
    }

    /// The error of a connection that could not be made. libpq names host, port and user in it, never the password.
    static func connecting(_ connection: OpaquePointer?) -> PostgresError {
        guard let connection else { return PostgresError(.connect, "out of memory") }
        let said = text(PQerrorMessage(connection))?.split(whereSeparator: \.isNewline).joined(separator: "; ") ?? ""
        return PostgresError(.connect, said.isEmpty ? "no connection" : said)
    }

    static func lost(_ step: String, mayHaveBeenCommitted: Bool) -> PostgresError {
        PostgresError(
            .connectionLost, "the connection broke at \(step)", sqlState: "08006",
            mayHaveBeenCommitted: mayHaveBeenCommitted)
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}
