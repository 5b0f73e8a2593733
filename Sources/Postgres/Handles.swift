import CPostgres
import Foundation

/// The one owner of a `PGconn`.
final class ConnectionHandle {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQfinish(pointer) }

    /// Begins to connect with libpq's keywords and values.
    static func start(_ parameters: [String: String]) throws(PostgresError) -> ConnectionHandle {
        var keys = parameters.keys.map { UnsafePointer(strdup($0)) }
        var values = parameters.keys.map { key in UnsafePointer(strdup(parameters[key] ?? "")) }
        defer { (keys + values).forEach { free(UnsafeMutablePointer(mutating: $0)) } }
        keys.append(nil)
        values.append(nil)
        guard let pointer = PQconnectStartParams(keys, values, 0) else {
            throw PostgresError(.connect, "out of memory")
        }
        return ConnectionHandle(owning: pointer)
    }
}

/// The one owner of a `PGresult`.
struct ResultHandle: ~Copyable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }

    var status: ExecStatusType { PQresultStatus(pointer) }

    /// The names and types of the columns.
    var columns: PostgresRow.Columns {
        let count = PQnfields(pointer)
        return PostgresRow.Columns(
            names: (0..<count).map { index in PQfname(pointer, index).map { String(cString: $0) } ?? "" },
            types: (0..<count).map { PQftype(pointer, $0) })
    }

    /// One row, and the bytes that it took on the wire.
    func row(_ row: Int32, _ columns: PostgresRow.Columns) -> (row: PostgresRow, size: Int) {
        // What a row takes beside its text, so that a million empty rows count, too.
        var size = 64
        var values: [PostgresValue] = []
        values.reserveCapacity(columns.types.count)
        for column in 0..<Int32(columns.types.count) {
            guard PQgetisnull(pointer, row, column) == 0, let start = PQgetvalue(pointer, row, column) else {
                values.append(.null)
                continue
            }
            let length = Int(PQgetlength(pointer, row, column))
            size += length
            start.withMemoryRebound(to: UInt8.self, capacity: length) { bytes in
                let cell = UnsafeBufferPointer(start: bytes, count: length)
                values.append(PostgresValue(type: columns.types[Int(column)], cell))
            }
        }
        return (PostgresRow(columns: columns, values: values), size)
    }

    /// How many rows the command touched, and its tag.
    var command: (changes: Int, tag: String) {
        (
            PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0,
            PQcmdStatus(pointer).map { String(cString: $0) } ?? ""
        )
    }
}
