/// One row of a result.
public struct Row: Sendable {
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
    /// The text form of every column; nil for NULL.
    let cells: [[UInt8]?]

    /// The names of the columns, in order.
    public var names: [String] { columns.names }

    /// The column of that name as the nearest ``Value``; nil when there is no such column.
    public subscript(_ name: String) -> Value? {
        guard let index = columns.index[name] else { return nil }
        guard let cell = cells[index] else { return .null }
        let text = String(decoding: cell, as: UTF8.self)
        switch columns.types[index] {
        case 16: return .bool(cell == [UInt8(ascii: "t")])
        case 20, 21, 23, 26: return Int(text).map { .int($0) } ?? .text(text)
        case 700, 701: return Row.double(text).map { .double($0) } ?? .text(text)
        case 17: return Row.bytes(cell).map { .bytes($0) } ?? .text(text)
        default: return .text(text)
        }
    }

    /// An integer column.
    /// - Throws: `PostgresError` with the code `decoding` when it is missing, NULL or no integer; so do the others.
    public func int(_ name: String) throws(PostgresError) -> Int { try required(name, try intOrNil(name)) }
    /// An integer column that may be NULL.
    public func intOrNil(_ name: String) throws(PostgresError) -> Int? {
        try decode(name, "an integer") { Int(String(decoding: $0, as: UTF8.self)) }
    }

    /// A floating or decimal column.
    public func double(_ name: String) throws(PostgresError) -> Double { try required(name, try doubleOrNil(name)) }
    /// A floating or decimal column that may be NULL.
    public func doubleOrNil(_ name: String) throws(PostgresError) -> Double? {
        try decode(name, "a number") { Row.double(String(decoding: $0, as: UTF8.self)) }
    }

    /// Any column in its text form.
    public func text(_ name: String) throws(PostgresError) -> String { try required(name, try textOrNil(name)) }
    /// Any column in its text form, or NULL.
    public func textOrNil(_ name: String) throws(PostgresError) -> String? {
        try decode(name, "text") { String(decoding: $0, as: UTF8.self) }
    }

    /// A `bytea` column.
    public func bytes(_ name: String) throws(PostgresError) -> [UInt8] { try required(name, try bytesOrNil(name)) }
    /// A `bytea` column that may be NULL.
    public func bytesOrNil(_ name: String) throws(PostgresError) -> [UInt8]? {
        try decode(name, "bytes") { Row.bytes($0) }
    }

    /// A `boolean` column.
    public func bool(_ name: String) throws(PostgresError) -> Bool { try required(name, try boolOrNil(name)) }
    /// A `boolean` column that may be NULL.
    public func boolOrNil(_ name: String) throws(PostgresError) -> Bool? {
        try decode(name, "a boolean") {
            switch $0 {
            case [UInt8(ascii: "t")]: true
            case [UInt8(ascii: "f")]: false
            default: nil
            }
        }
    }

    private func required<Result>(_ name: String, _ value: Result?) throws(PostgresError) -> Result {
        guard let value else { throw PostgresError(.decoding, "column '\(name)' is NULL") }
        return value
    }

    private func decode<Result>(
        _ name: String, _ kind: String, _ read: ([UInt8]) -> Result?
    ) throws(PostgresError) -> Result? {
        guard let index = columns.index[name] else { throw PostgresError(.decoding, "there is no column '\(name)'") }
        guard let cell = cells[index] else { return nil }
        guard let value = read(cell) else { throw PostgresError(.decoding, "column '\(name)' is not \(kind)") }
        return value
    }

    private static func double(_ text: String) -> Double? {
        switch text {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: Double(text)
        }
    }

    /// PostgreSQL's hex form, `\x` and two digits a byte (section 8.4.1 of its manual).
    private static func bytes(_ cell: [UInt8]) -> [UInt8]? {
        guard cell.starts(with: #"\x"#.utf8), cell.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(cell.count / 2 - 1)
        var index = 2
        while index < cell.count {
            guard let high = nibble(cell[index]), let low = nibble(cell[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
            index += 2
        }
        return bytes
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
