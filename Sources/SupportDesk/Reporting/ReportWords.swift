import Foundation

/// Figures as people read them, the same on the terminal and on the page.
public enum ReportWords {
    /// `72%`; with a decimal where that tells more, `0.4%`.
    public static func percent(_ share: Double) -> String {
        let percent = share * 100
        let isSmall = abs(percent) < 10 || abs(percent) > 99 && abs(percent) < 100
        let text = String(format: isSmall ? "%.1f" : "%.0f", percent)
        return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "%"
    }

    /// `+12%`
    public static func signed(_ share: Double) -> String { (share >= 0 ? "+" : "−") + percent(abs(share)) }

    /// `4.3`
    public static func decimal(_ number: Double) -> String { String(format: "%.1f", number) }

    /// `3` or `2.5`
    public static func number(_ number: Double) -> String {
        number == number.rounded() ? String(format: "%.0f", number) : String(format: "%.1f", number)
    }

    /// `12 345`, with narrow spaces that do not break.
    public static func grouped(_ number: Int) -> String {
        let digits = Array(String(abs(number)))
        guard digits.count > 4 else { return "\(number)" }
        var text = number < 0 ? "−" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "\u{202F}" }
            text.append(digit)
        }
        return text
    }

    /// `45 s`, `12 min`, `3.5 h`, `4 days`
    public static func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<0.0995: String(format: "%.0f ms", seconds * 1_000)
        case ..<9.95: String(format: "%.1f s", seconds)
        case ..<99.5: String(format: "%.0f s", seconds)
        case ..<5_400: String(format: "%.0f min", seconds / 60)
        case ..<172_800: trimmed(seconds / 3_600) + " h"
        default: trimmed(seconds / 86_400) + " days"
        }
    }

    /// `USD 12.40`; less than a cent with more places.
    public static func money(_ amount: Double, _ currency: String) -> String {
        let places = amount != 0 && abs(amount) < 0.095 ? "%.4f" : abs(amount) >= 10_000 ? "%.0f" : "%.2f"
        return (amount < 0 ? "−" : "") + "\(currency) " + String(format: places, abs(amount))
    }

    /// `1 day`, `3 days`
    public static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    private static func trimmed(_ number: Double) -> String {
        number < 10 ? decimal(number).replacing(".0", with: "") : String(format: "%.0f", number)
    }
}
