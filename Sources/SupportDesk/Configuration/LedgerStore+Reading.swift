import Foundation
import Postgres

extension LedgerStore {
    /// PostgreSQL cuts longer names off (its NAMEDATALEN, less the end).
    private static let longestSchema = 63

    /// The section `ledger`; without it the ledger is a file.
    init(_ reader: ConfigurationReader) throws {
        var server = try PostgresConfiguration(reader, key: "postgres")
        server.applicationName = "auradesk-ledger"
        let schema = try reader.text("schema") ?? "auradesk"
        let isName = schema.utf8.enumerated().allSatisfy { index, byte in
            byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || index > 0 && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard isName, (1...Self.longestSchema).contains(schema.utf8.count), !schema.hasPrefix("pg_") else {
            throw reader.error(
                "schema",
                "must be a name of small letters, digits and _, such as auradesk, that does not begin with pg_")
        }
        let connections = try reader.integer("connections", in: 2...64) ?? 4
        try reader.finish()
        self = .postgres(server, schema: schema, connections: connections)
    }
}

extension PostgresConfiguration {
    /// A connection string under `key`, with `password` and `ca_file` beside it.
    init(_ reader: ConfigurationReader, key: String) throws {
        self.init(try reader.required(key), password: try reader.secret("password"))
        do {
            try validate()
        } catch {
            throw reader.error(key, "is no connection string: \(error.message)")
        }
        guard !holdsPassword else {
            throw reader.error(
                key, "holds a password, and whoever reads this file has it: write it as password: {env: NAME}")
        }
        if let authorities = try reader.file("ca_file") { tls = .verified(authorities: authorities) }
    }

    /// The servers that it names.
    var hosts: Set<String> {
        Set("\(self)".split(whereSeparator: { $0 == " " || $0 == "," }).dropFirst().map(String.init))
    }
}
