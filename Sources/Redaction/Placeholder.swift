/// The stand-in for a piece of personal data: `[EMAIL_1]`.
///
/// The grammar is `[` TYPE `_` number `]`, or `[` TYPE `_` number `.` spelling `]` when the same value was written in a
/// second way: `[PHONE_1]` is `+91 98200 12345` and `[PHONE_1.2]` is `098200-12345`. The number is the identity, the
/// spelling only serves that restoring gives back the very characters.
///
/// **Placeholders in the input.** Somebody may type `[EMAIL_1]` in the hope that it is restored to another person's
/// address. Whatever looks like a placeholder (in full-width letters or with invisible characters in it, too) is
/// itself replaced by `[LITERAL_n]`, whose value is the typed text; restoring is a single pass, so it comes back as the
/// harmless characters that were typed.
public struct Placeholder: Sendable, Hashable, CustomStringConvertible {
    /// The name between the bracket and the number. Any name in capitals, known to ``PIIType`` or not.
    public let type: String
    /// Which value of that type, counted from 1.
    public let number: Int
    /// Which spelling of the value, counted from 1; 1 is not written.
    public let spelling: Int

    /// No name and number of a placeholder are longer than this in bytes, brackets included.
    static let maximumLength = 48

    init(type: PIIType, number: Int, spelling: Int) {
        self.type = type.rawValue
        self.number = number
        self.spelling = spelling
    }

    /// Reads one placeholder; nil when `text` is anything else or anything more.
    public init?(_ text: String) {
        guard let parsed = Placeholder.parse(Array(text.utf8)[...]) else { return nil }
        self = parsed
    }

    private init(name: String, number: Int, spelling: Int) {
        self.type = name
        self.number = number
        self.spelling = spelling
    }

    /// `[EMAIL_1]` or `[EMAIL_1.2]`.
    public var description: String {
        spelling == 1 ? "[\(type)_\(number)]" : "[\(type)_\(number).\(spelling)]"
    }

    /// Where placeholders stand in a text, in order, each with its range in UTF-8 bytes. One linear pass.
    public static func occurrences(in text: String) -> [(placeholder: Placeholder, utf8Range: Range<Int>)] {
        var found: [(placeholder: Placeholder, utf8Range: Range<Int>)] = []
        scan(Array(text.utf8)) { found.append(($0, $1)) }
        return found
    }

    static func scan(_ bytes: [UInt8], _ each: (Placeholder, Range<Int>) -> Void) {
        var open: Int?
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "[") {
                open = index
            } else if byte == UInt8(ascii: "]"), let start = open {
                open = nil
                if index - start < maximumLength, let placeholder = parse(bytes[start...index]) {
                    each(placeholder, start..<index + 1)
                }
            }
        }
    }

    private static func parse(_ bytes: ArraySlice<UInt8>) -> Placeholder? {
        guard bytes.count <= maximumLength, bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else {
            return nil
        }
        let inner = bytes.dropFirst().dropLast()
        guard let underscore = inner.lastIndex(of: UInt8(ascii: "_")) else { return nil }
        let name = inner[..<underscore]
        guard !name.isEmpty, name.allSatisfy({ $0.isUpper || $0 == UInt8(ascii: "_") }) else { return nil }
        let numbers = inner[(underscore + 1)...].split(
            separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        guard numbers.count <= 2, let first = numbers.first, let number = decimal(first) else { return nil }
        var spelling = 1
        if numbers.count == 2 {
            guard let second = decimal(numbers[1]), second > 1 else { return nil }
            spelling = second
        }
        return Placeholder(name: String(decoding: name, as: UTF8.self), number: number, spelling: spelling)
    }

    private static func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...9).contains(digits.count), digits.first != UInt8(ascii: "0"), digits.allSatisfy(\.isDigit) else {
            return nil
        }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
