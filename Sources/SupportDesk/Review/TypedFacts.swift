/// Reads the typed facts among the words of a sentence, each in one form however it was written: `₹1,299`, `Rs. 1299.00`
/// and `1299 INR` are `INR 1299`; `5 Dec`, `2026-12-05` and `5 दिसंबर` are days; `thirty days` and `30 दिन` are `30 day`.
struct TypedFacts {
    private let words: [SentenceWord]
    private let language: String

    init(_ words: [SentenceWord], in language: String) {
        self.words = words
        self.language = language
    }

    /// The typed fact that begins at a word, and how many words it takes; nil when none does.
    func fact(at index: Int) -> (key: String, length: Int)? {
        let text = words[index].text
        if Self.saysNothing(text) { return nil }
        if let day = date(at: index) { return day }
        if let amount = money(at: index) { return amount }
        if let number = number(at: index) {
            let next = index + number.length
            if isPercent(next) { return ("% \(number.key)", number.length + percentLength(next)) }
            if let unit = unit(at: next) { return ("\(number.key) \(unit.name)", number.length + unit.length) }
            if number.isLoose { return nil }
            if let phone = phone(at: index) { return phone }
            return (number.key, number.length)
        }
        if let day = Self.days[text] { return ("day \(day)", 1) }
        return Self.isTyped(text) ? (Self.identifier(text), 1) : nil
    }

    /// Nearly every word: letters that no fact begins with.
    private static func saysNothing(_ text: String) -> Bool {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x27, 0x61...0x7A, 0x0900...0x0963, 0x0970...0x097F: continue
            default: return false
            }
        }
        return !beginnings.contains(text) && !currencyStarts.contains { text.utf8.starts(with: $0) }
    }

    // MARK: Numbers

    /// A number or a span of two. A loose one counts only with a unit behind it: "one", "एक", "do".
    private func number(at index: Int) -> (key: String, length: Int, isLoose: Bool)? {
        guard let first = single(at: index) else { return nil }
        let (from, isLoose) = first
        if words[index].parting == .none, word(index + 1).map(Self.spans.contains) == true,
            let (to, _) = single(at: index + 2)
        {
            return ("\(from)-\(to)", 3, false)
        }
        return (from, 1, isLoose)
    }

    private func single(at index: Int) -> (key: String, isLoose: Bool)? {
        guard let text = word(index) else { return nil }
        if let number = Self.digits(text) { return (number, false) }
        // `30-day` and `two-week` bring their unit along and are read by `unit`.
        if let hyphen = text.firstIndex(of: "-"), Self.unitNames[String(text[text.index(after: hyphen)...])] != nil {
            let head = String(text[..<hyphen])
            return (Self.digits(head) ?? Self.numberWords[head].map { "\($0)" }).map { ($0, true) }
        }
        guard let value = Self.numberWords[text] else { return nil }
        return ("\(value)", value == 1 || Self.loose.contains(text))
    }

    /// `1,299.00`, `3-5`, `007`: digits with separators, without a meaningless fraction; nil for anything else.
    private static func digits(_ text: String) -> String? {
        var result = ""
        var hasDigit = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9":
                hasDigit = true
                result.unicodeScalars.append(scalar)
            case ",": continue
            case ".", "-": result.unicodeScalars.append(scalar)
            default: return nil
            }
        }
        guard hasDigit, let first = result.first, first.isNumber, result.filter({ $0 == "." }).count <= 2 else {
            return nil
        }
        return result.split(separator: "-", omittingEmptySubsequences: false).map { part in
            guard let dot = part.firstIndex(of: "."), part[part.index(after: dot)...].allSatisfy({ $0 == "0" }) else {
                return String(part)
            }
            return String(part[..<dot])
        }.joined(separator: "-")
    }

    // MARK: What follows a number

    private func isPercent(_ index: Int) -> Bool { percentLength(index) > 0 }

    private func percentLength(_ index: Int) -> Int {
        guard let text = word(index) else { return 0 }
        if Self.percents.contains(text) { return 1 }
        return text == "per" && word(index + 1) == "cent" ? 2 : 0
    }

    private func unit(at index: Int) -> (name: String, length: Int)? {
        // The unit of `30-day` stands in the word before.
        if index > 0, let before = word(index - 1), let hyphen = before.firstIndex(of: "-"),
            let name = Self.unitNames[String(before[before.index(after: hyphen)...])]
        {
            return (name, 0)
        }
        guard let text = word(index), index == 0 || words[index - 1].parting == .none else { return nil }
        if Self.businesses.contains(text), let next = word(index + 1), Self.unitNames[next] == "day" {
            return ("business day", 2)
        }
        if text == "calendar", let next = word(index + 1), let name = Self.unitNames[next] { return (name, 2) }
        return Self.unitNames[text].map { ($0, 1) }
    }

    // MARK: Money

    private func money(at index: Int) -> (key: String, length: Int)? {
        guard let text = word(index) else { return nil }
        var digits = text
        var currency: String?
        var length = 1
        for (mark, code) in Self.currencies where digits.hasPrefix(mark) {
            currency = code
            digits = String(digits.dropFirst(mark.count))
            break
        }
        if digits.hasPrefix(".") { digits = String(digits.dropFirst()) }
        if currency != nil, digits.isEmpty, let next = word(index + 1) {
            digits = next
            length = 2
        }
        if digits.hasSuffix("/-") || digits.hasSuffix("/") {
            digits = String(digits.prefix { $0 != "/" })
            currency = currency ?? "INR"
        }
        for (mark, code) in Self.currencies
        where currency == nil && digits.hasSuffix(mark) && digits.first?.isNumber == true {
            currency = code
            digits = String(digits.dropLast(mark.count))
        }
        var amount = Self.digits(digits)
        if amount == nil, let value = Self.numberWords[digits] { amount = "\(value)" }
        guard let amount else { return nil }
        if let next = word(index + length), let code = Self.currencyWords[next],
            words[index + length - 1].parting == .none
        {
            return ("\(currency ?? code) \(amount)", length + 1)
        }
        return currency.map { ("\($0) \(amount)", length) }
    }

    // MARK: Days

    private func date(at index: Int) -> (key: String, length: Int)? {
        guard let text = word(index) else { return nil }
        if let written = Self.numericDate(text) { return (written, 1) }
        func year(_ place: Int) -> String? {
            word(place).flatMap { $0.utf8.count == 4 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? $0 : nil }
        }
        func key(_ day: Int, _ month: Int, _ length: Int) -> (String, Int) {
            let tail = year(index + length)
            return (Self.day(day, month, tail), length + (tail == nil ? 0 : 1))
        }
        if let day = Self.ordinal(text) {
            var place = index + 1
            if word(place) == "of" { place += 1 }
            if let month = word(place).flatMap({ Self.months[$0] }) { return key(day, month, place - index + 1) }
        }
        if let month = Self.months[text], text.count > 3 || Self.ordinal(word(index + 1) ?? "") != nil,
            let day = word(index + 1).flatMap(Self.ordinal)
        {
            return key(day, month, 2)
        }
        return nil
    }

    private static func day(_ day: Int, _ month: Int, _ year: String?) -> String {
        "date \(month)-\(day)" + (year.map { " \($0)" } ?? "")
    }

    /// `2026-12-05`, `05/12/2026`, `5.12.2026`, `05/12`: the day before the month, as in India.
    private static func numericDate(_ text: String) -> String? {
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return nil }
        let isSlashed = text.contains("/")
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "/" || $0 == "." }.map { Int($0) }
        if parts.count == 3, let one = parts[0], let two = parts[1], let three = parts[2] {
            if one > 1900, (1...12).contains(two), (1...31).contains(three) { return day(three, two, "\(one)") }
            let year = three < 100 ? 2000 + three : three
            if (1...31).contains(one), (1...12).contains(two), (1900...2999).contains(year) {
                return day(one, two, "\(year)")
            }
        }
        if parts.count == 2, isSlashed, let one = parts[0], let two = parts[1], (1...31).contains(one),
            (1...12).contains(two)
        {
            return day(one, two, nil)
        }
        return nil
    }

    /// `5`, `5th`: a day of a month.
    private static func ordinal(_ text: String) -> Int? {
        guard text.utf8.count <= 4 else { return nil }
        var digits = text[...]
        for ending in ["st", "nd", "rd", "th"] where digits.hasSuffix(ending) {
            digits = digits.dropLast(2)
            break
        }
        guard digits.utf8.count <= 2, let day = Int(digits), (1...31).contains(day) else { return nil }
        return day
    }

    // MARK: Telephone numbers and other names with digits

    private func phone(at index: Int) -> (key: String, length: Int)? {
        var digits = ""
        var place = index
        while let text = word(place), let part = Self.phonePart(text), place - index < 6 {
            digits += part
            place += 1
            if words[place - 1].parting != .none { break }
        }
        let isMarked = words[index].text.hasPrefix("+")
        guard digits.count >= (isMarked ? 7 : 10), place - index > 1 || digits.count >= 10 else { return nil }
        return ("phone \(digits)", place - index)
    }

    private static func phonePart(_ text: String) -> String? {
        let digits = text.filter { $0 != "+" && $0 != "-" && $0 != "(" && $0 != ")" }
        return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? digits : nil
    }

    /// Whether a word is a typed fact by itself: a digit, a currency sign, an address, a host, a number of another script.
    static func isTyped(_ text: String) -> Bool {
        var letters = 0
        var previousIsDot = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9", "@", "%": return true
            case "/" where text.contains("://"): return true
            case "." where letters > 0: previousIsDot = true
            default:
                if scalar.value > 0x7F,
                    scalar.properties.numericType != nil || scalar.properties.generalCategory == .currencySymbol
                {
                    return true
                }
                if scalar == "$" { return true }
                if previousIsDot, scalar.properties.isAlphabetic, !Self.abbreviations.contains(text) { return true }
                previousIsDot = false
                if scalar.properties.isAlphabetic { letters += 1 }
            }
        }
        return false
    }

    private static func identifier(_ text: String) -> String {
        text.hasPrefix("+") && phonePart(text) != nil ? "phone \(phonePart(text) ?? "")" : text
    }

    private func word(_ index: Int) -> String? { words.indices.contains(index) ? words[index].text : nil }
}
