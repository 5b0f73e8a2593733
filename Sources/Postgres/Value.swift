/// A parameter of a statement, or a column of a row.
public enum Value: Sendable, Hashable {
    /// SQL NULL.
    case null
    /// Any integer type.
    case int(Int)
    /// Any floating or decimal type.
    case double(Double)
    /// Text, and every type that is written as text: dates, `uuid`, `jsonb`, `numeric`.
    case text(String)
    /// `bytea`.
    case bytes([UInt8])
    /// `boolean`.
    case bool(Bool)

    /// The text form that PostgreSQL reads; nil for NULL. `bytes` are sent as they are.
    var wire: [UInt8]? {
        switch self {
        case .null: nil
        case .int(let value): Array(String(value).utf8)
        case .double(let value): Array(Value.text(of: value).utf8)
        case .text(let value): Array(value.utf8)
        case .bytes(let value): value
        case .bool(let value): [UInt8(ascii: value ? "t" : "f")]
        }
    }

    private static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return "\(value)"
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral
{
    /// Text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// An integer.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A floating number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// NULL.
    public init(nilLiteral: ()) { self = .null }
}
