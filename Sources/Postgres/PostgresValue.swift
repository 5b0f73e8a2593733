/// An argument of a statement, or a column of a row.
public enum PostgresValue: Sendable, Hashable {
    /// SQL NULL.
    case null
    /// Any integer type. A `boolean` is read as 0 or 1, and takes these as an argument.
    case integer(Int64)
    /// `real` and `double precision`.
    case real(Double)
    /// An exact number (`numeric`) in its decimal form; what `sum(bigint)` and `avg` give.
    case decimal(String)
    /// Text, and every other type in its text form: dates (ISO 8601), `uuid`, `jsonb`, arrays.
    case text(String)
    /// `bytea`.
    case blob([UInt8])

    /// The text form that PostgreSQL reads; nil for NULL. Blobs are sent as they are.
    var wire: [UInt8]? {
        switch self {
        case .null: nil
        case .integer(let value): Array(String(value).utf8)
        case .real(let value): Array(PostgresValue.text(of: value).utf8)
        case .decimal(let value), .text(let value): Array(value.utf8)
        case .blob(let value): value
        }
    }

    private static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return "\(value)"
    }

    /// A number from its text form, with the words that PostgreSQL has for the special ones.
    static func number(_ text: String) -> Double? {
        switch text {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: Double(text)
        }
    }

    /// A column in its text form, as the nearest value.
    init(type: UInt32, _ cell: UnsafeBufferPointer<UInt8>) {
        func text() -> String { String(decoding: cell, as: UTF8.self) }
        // The numbers of the built-in types, from PostgreSQL's pg_type.dat.
        switch type {
        case 16: self = .integer(cell.first == UInt8(ascii: "t") ? 1 : 0)
        case 20, 21, 23, 26: self = Int64(text()).map { .integer($0) } ?? .text(text())
        case 700, 701: self = PostgresValue.number(text()).map { .real($0) } ?? .text(text())
        case 1700: self = .decimal(text())
        case PostgresValue.bytea: self = PostgresValue.bytes(cell).map { .blob($0) } ?? .text(text())
        default: self = .text(text())
        }
    }

    static let bytea: UInt32 = 17

    /// PostgreSQL's hex form, `\x` and two digits a byte (section 8.4.1 of its manual).
    private static func bytes(_ cell: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard cell.count >= 2, cell[0] == UInt8(ascii: "\\"), cell[1] == UInt8(ascii: "x"), cell.count % 2 == 0 else {
            return nil
        }
        var isHex = true
        let bytes = [UInt8](unsafeUninitializedCapacity: cell.count / 2 - 1) { buffer, count in
            for index in 0..<cell.count / 2 - 1 {
                guard let high = nibble(cell[2 * index + 2]), let low = nibble(cell[2 * index + 3]) else {
                    isHex = false
                    return
                }
                buffer[index] = high << 4 | low
                count += 1
            }
        }
        return isHex ? bytes : nil
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension PostgresValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByNilLiteral
{
    /// Text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A floating number.
    public init(floatLiteral value: Double) { self = .real(value) }
    /// NULL.
    public init(nilLiteral: ()) { self = .null }
}
