/// The largest amount that the desk deals with alone: `5000 INR`.
public struct MoneyCap: Sendable, Hashable, CustomStringConvertible {
    /// Paise, cents, pence.
    public let hundredths: Int
    /// ISO 4217.
    public let currency: String

    /// Reads a decimal amount and a currency; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[1].utf8.count == 3, let hundredths = Self.hundredths(parts[0]) else { return nil }
        self.hundredths = hundredths
        currency = parts[1].uppercased()
    }

    /// `5000 INR`
    public var description: String {
        let cents = hundredths % 100
        return "\(hundredths / 100)\(cents == 0 ? "" : ".\(cents < 10 ? "0" : "")\(cents)") \(currency)"
    }

    /// Whether an order is worth more. What cannot be compared counts as more: nobody knows that it is less.
    func isBelow(_ order: Order) -> Bool { isBelow(order.total, order.currency) }

    /// Whether an amount is more; without one there is nothing to compare, and what cannot be compared counts as more.
    func isBelow(_ amount: String?, _ currency: String?) -> Bool {
        guard let amount else { return false }
        guard currency?.uppercased() == self.currency, let hundredths = Self.hundredths(amount[...]) else {
            return true
        }
        return hundredths > self.hundredths
    }

    /// `1299.00` as 129900; nil for what is no plain decimal.
    private static func hundredths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, whole.utf8.count <= 12, whole.utf8.allSatisfy(isDigit),
            let units = Int(whole)
        else { return nil }
        guard parts.count == 2 else { return units * 100 }
        guard (1...2).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy(isDigit), let cents = Int(parts[1])
        else { return nil }
        return units * 100 + (parts[1].utf8.count == 1 ? cents * 10 : cents)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
