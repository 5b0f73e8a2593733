/// How a fact is written in a language. English and Hindi use the same digits and grouping here; Hindi in Latin letters
/// has the English names of months.
struct FactFormat: Sendable {
    /// BCP 47.
    let language: String
    /// Of a language that is not known here; nil: as in English.
    var words: FactWords?

    func text(_ value: FactValue) -> String {
        switch value {
        case .text(let text): text
        case .count(let number): String(number)
        case .businessDays(let count): businessDays(count)
        case .link(let url): url
        case .state(let state): word(for: state)
        case .date(let date): "\(date.day) \(monthName(date.month)) \(date.year)"
        case .money(let amount, let currency): money(amount, currency)
        }
    }

    private func businessDays(_ count: Int) -> String {
        if let words {
            return (count == 1 ? words.businessDay : words.businessDays).replacing("{n}", with: "\(count)")
        }
        return switch language {
        case "hi": "\(count) कार्य दिवस"
        case "hi-Latn": "\(count) working \(count == 1 ? "day" : "days")"
        default: "\(count) business \(count == 1 ? "day" : "days")"
        }
    }

    private func word(for state: Order.State) -> String {
        if let word = words?.states[state.rawValue] { return word }
        let (english, hindi, romanised) =
            switch state {
            case .pending: ("pending", "प्रतीक्षा में", "pending")
            case .processing: ("being prepared", "तैयार हो रहा है", "taiyaar ho raha hai")
            case .shipped: ("dispatched", "भेज दिया गया", "dispatch ho chuka hai")
            case .outForDelivery: ("out for delivery", "डिलीवरी के लिए निकला", "delivery ke liye nikal chuka hai")
            case .delivered: ("delivered", "डिलीवर हो गया", "deliver ho chuka hai")
            case .cancelled: ("cancelled", "रद्द", "cancel")
            case .returned: ("returned", "वापस आ गया", "wapas aa gaya")
            }
        return language == "hi" ? hindi : language == "hi-Latn" ? romanised : english
    }

    private func monthName(_ month: Int) -> String {
        let english = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November",
            "December",
        ]
        let hindi = ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"]
        let names = words?.months ?? (language == "hi" ? hindi : english)
        return names.indices.contains(month - 1) ? names[month - 1] : String(month)
    }

    /// `₹1,23,456.78`: rupees group by two after the first three (Indian system), others by three.
    private func money(_ amount: String, _ currency: String) -> String {
        let symbols = ["INR": "₹", "EUR": "€", "USD": "$", "GBP": "£"]
        let negative = amount.hasPrefix("-")
        let parts = amount.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
        let whole = parts.first.map(String.init) ?? "0"
        let cents = String(((parts.count > 1 ? String(parts[1]) : "") + "00").prefix(2))
        guard whole.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return "\(amount) \(currency)" }
        let digits = Array(whole)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            let behind = digits.count - index
            let breaks = currency == "INR" ? behind == 3 || (behind > 3 && behind % 2 == 1) : behind % 3 == 0
            if index > 0, breaks { grouped.append(",") }
            grouped.append(digit)
        }
        let number = "\(negative ? "-" : "")\(grouped).\(cents)"
        return symbols[currency].map { $0 + number } ?? "\(number) \(currency)"
    }
}
