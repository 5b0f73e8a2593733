import CPostgres

/// A statement as it goes to the server: blobs in binary, all else in text, each argument of the type that its place in
/// the statement suggests, as if it were written there as a literal. Only blobs say what they are.
struct StatementWire {
    let key: PreparedStatements.Key
    private let formats: [Int32]
    private let lengths: [Int32]
    private let offsets: [Int?]
    private let storage: [CChar]

    init(_ statement: PostgresStatement) throws(PostgresError) {
        guard !statement.sql.utf8.contains(0) else { throw PostgresError(.invalidArgument, "the statement has a NUL") }
        guard statement.arguments.count <= 65535 else {
            throw PostgresError(.invalidArgument, "more than 65535 arguments")
        }
        var types: [UInt32] = []
        var formats: [Int32] = []
        var lengths: [Int32] = []
        var offsets: [Int?] = []
        var storage: [CChar] = []
        for (index, argument) in statement.arguments.enumerated() {
            let isBlob = if case .blob = argument { true } else { false }
            let wire = argument.wire
            if let wire, !isBlob, wire.contains(0) {
                throw PostgresError(
                    .invalidArgument, "argument \(index + 1) is text with a NUL, which PostgreSQL cannot store")
            }
            guard wire?.count ?? 0 < 1 << 30 else {
                throw PostgresError(.invalidArgument, "argument \(index + 1) is larger than 1 GiB")
            }
            types.append(isBlob ? PostgresValue.bytea : 0)
            formats.append(isBlob ? 1 : 0)
            lengths.append(Int32(wire?.count ?? 0))
            offsets.append(wire == nil ? nil : storage.count)
            if let wire {
                wire.withUnsafeBytes { storage.append(contentsOf: $0.bindMemory(to: CChar.self)) }
                storage.append(0)
            }
        }
        key = PreparedStatements.Key(sql: statement.sql, types: types)
        self.formats = formats
        self.lengths = lengths
        self.offsets = offsets
        self.storage = storage
    }

    func prepare(_ name: String, _ connection: OpaquePointer) -> Bool {
        PQsendPrepare(connection, name, key.sql, Int32(key.types.count), key.types) == 1
    }

    func execute(_ name: String, _ connection: OpaquePointer) -> Bool {
        storage.withUnsafeBufferPointer { buffer in
            let values = offsets.map { offset in offset.flatMap { buffer.baseAddress?.advanced(by: $0) } }
            return PQsendQueryPrepared(connection, name, Int32(values.count), values, lengths, formats, 0) == 1
        }
    }
}
