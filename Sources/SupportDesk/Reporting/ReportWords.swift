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

    /// A value of an experiment: a share, or a mean from 1 to 5.
    public static func value(_ value: Double, isShare: Bool) -> String {
        isShare ? String(format: "%.1f%%", value * 100) : String(format: "%.2f", value)
    }

    /// The same beside another one: `+2.1 points`, `−0.12`
    /// - Parameter isShort: without the word.
    public static func difference(_ value: Double, isShare: Bool, isShort: Bool = false) -> String {
        let sign = value > 0 ? "+" : value < 0 ? "−" : ""
        guard isShare else { return sign + String(format: "%.2f", abs(value)) }
        return sign + String(format: "%.1f", abs(value) * 100) + (isShort ? "" : " points")
    }

    /// `0.0312`; what is less than a ten-thousandth says no more.
    public static func probability(_ p: Double) -> String { p < 0.0001 ? "<0.0001" : String(format: "%.4f", p) }

    /// What is measured of an experiment.
    public static func metric(_ name: String) -> String {
        switch name {
        case "satisfaction": "satisfaction, from 1 to 5"
        case "recurrence": "the share that came back on the same matter within 7 days"
        case "resolution": "the share that was settled"
        default: "the share that people found right"
        }
    }

    /// Where an experiment stands.
    public static func experiment(_ state: String, isHarm: Bool) -> String {
        switch state {
        case "running": "running"
        case "waiting": "sample reached, outcomes to come"
        case "finished": "finished"
        default: isHarm ? "stopped because of harm" : "stopped by a person"
        }
    }

    /// That no arm does harm, and what harm would be; nil where that cannot be said, or one does.
    public static func harmless(_ experiment: Report.Experiment) -> String? {
        let watches = experiment.arms.flatMap(\.watched)
        guard !watches.isEmpty, !experiment.isHarm, !watches.contains(where: \.isHarm) else { return nil }
        let bounds = Dictionary(watches.map { ($0.name, $0.bound) }) { first, _ in first }
        let words = bounds.sorted { $0.key < $1.key }.map { name, bound in
            "\(name) \(name == "satisfaction" ? "\(number(bound, places: 2)) of 5" : "\(number(bound * 100)) points")"
        }
        return "No arm does harm: none is shown to be worse than control by more than it may be "
            + "(\(words.joined(separator: ", ")))."
    }

    private static func number(_ number: Double, places: Int) -> String { String(format: "%.\(places)f", number) }

    /// What can be said of an arm.
    public static func arm(_ state: String) -> String {
        switch state {
        case "tooFew": "too few to tell"
        case "noDifference": "no difference shown"
        default: state
        }
    }

    private static func trimmed(_ number: Double) -> String {
        number < 10 ? decimal(number).replacing(".0", with: "") : String(format: "%.0f", number)
    }
}
