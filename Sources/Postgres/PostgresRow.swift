/// One row of a result, read by column name.
public struct PostgresRow: Sendable {
    /// The columns of a result, shared by its rows.
    final class Columns: Sendable {
        let names: [String]
        let types: [UInt32]
        let index: [String: Int]

        init(names: [String], types: [UInt32]) {
            self.names = names
            self.types = types
            index = Dictionary(
                names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        }
    }

    let columns: Columns
    /// The columns in their order.
    public let values: [PostgresValue]

    /// The names of the columns in their order.
    public var names: [String] { columns.names }

    /// The column of that name, the first of several; nil when there is none.
    public subscript(_ name: String) -> PostgresValue? {
        columns.index[name].map { values[$0] }
    }

    /// An integer or a boolean column, or an exact number without a fraction.
    /// - Throws: `PostgresError` with the code `decoding` when the column is missing, NULL or of another kind; the other
    ///   accessors do the same.
    public func integer(_ name: String) throws(PostgresError) -> Int64 {
        try required(name, try optionalInteger(name))
    }

    /// As ``integer(_:)``; nil for NULL.
    public func optionalInteger(_ name: String) throws(PostgresError) -> Int64? {
        try decode(name, "an integer") { value in
            switch value {
            case .integer(let integer): integer
            case .decimal(let text): Int64(text)
            default: nil
            }
        }
    }

    /// A number of any type.
    public func real(_ name: String) throws(PostgresError) -> Double { try required(name, try optionalReal(name)) }

    /// As ``real(_:)``; nil for NULL.
    public func optionalReal(_ name: String) throws(PostgresError) -> Double? {
        try decode(name, "a number") { value in
            switch value {
            case .integer(let integer): Double(integer)
            case .real(let real): real
            case .decimal(let text): PostgresValue.number(text)
            default: nil
            }
        }
    }

    /// A text column, or an exact number as it stands.
    public func text(_ name: String) throws(PostgresError) -> String { try required(name, try optionalText(name)) }

    /// As ``text(_:)``; nil for NULL.
    public func optionalText(_ name: String) throws(PostgresError) -> String? {
        try decode(name, "text") { value in
            switch value {
            case .text(let text), .decimal(let text): text
            default: nil
            }
        }
    }

    /// A `bytea` column.
    public func blob(_ name: String) throws(PostgresError) -> [UInt8] { try required(name, try optionalBlob(name)) }

    /// As ``blob(_:)``; nil for NULL.
    public func optionalBlob(_ name: String) throws(PostgresError) -> [UInt8]? {
        try decode(name, "bytes") { value in
            if case .blob(let bytes) = value { bytes } else { nil }
        }
    }

    private func required<Result>(_ name: String, _ value: Result?) throws(PostgresError) -> Result {
        guard let value else { throw PostgresError(.decoding, "column '\(name)' is NULL") }
        return value
    }

    private func decode<Result>(
        _ name: String, _ kind: String, _ read: (PostgresValue) -> Result?
    ) throws(PostgresError) -> Result? {
        guard let value = self[name] else { throw PostgresError(.decoding, "there is no column '\(name)'") }
        if value == .null { return nil }
        guard let result = read(value) else { throw PostgresError(.decoding, "column '\(name)' is not \(kind)") }
        return result
    }
}
