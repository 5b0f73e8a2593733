/// Finds order, invoice and tracking numbers and amounts in one walk over the folded text.
struct ReferenceFinder {
    let patterns: [OrderPattern]

    /// More references than this in a mail are not about the writer's own orders.
    static let maximumReferences = 50

    /// A run of letters and digits.
    private struct Token {
        var start: Int
        var end: Int
        var digits: Int
        var hash: UInt64
        var used = false
    }

    func find(_ text: String) -> [Reference] {
        var input: [UInt32] = []
        input.reserveCapacity(min(text.utf8.count, Words.maximumBytes))
        for scalar in text.unicodeScalars.prefix(Words.maximumBytes) {
            let folded = CharacterClass.fold(scalar.value)
            if folded != 0 { input.append(folded) }
        }
        var tokens = Self.tokens(input)
        var found: [(position: Int, reference: Reference)] = []
        orders(input, &tokens, &found)
        bareOrders(input, &tokens, &found)
        invoices(input, &tokens, &found)
        tracking(input, &tokens, &found)
        amounts(input, &tokens, &found)
        found.sort { $0.position < $1.position }
        var seen = Set<String>()
        var result: [Reference] = []
        for item in found where seen.insert("\(item.reference.kind) \(item.reference.value)").inserted {
            result.append(item.reference)
            if result.count == Self.maximumReferences { break }
        }
        return result
    }

    private static func tokens(_ input: [UInt32]) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        while index < input.count {
            guard CharacterClass.isWord(input[index]) else {
                index += 1
                continue
            }
            let start = index
            var digits = 0
            var hash = FeatureHash.start
            while index < input.count, CharacterClass.isWord(input[index]) {
                if CharacterClass.isDigit(input[index]) { digits += 1 }
                hash = FeatureHash.step(hash, input[index])
                index += 1
            }
            tokens.append(Token(start: start, end: index, digits: digits, hash: FeatureHash.finish(hash)))
        }
        return tokens
    }

    private func orders(
        _ input: [UInt32], _ tokens: inout [Token], _ found: inout [(position: Int, reference: Reference)]
    ) {
        var index = 0
        while index < tokens.count {
            var next = index + 1
            for pattern in patterns {
                guard let match = pattern.match(input, at: tokens[index].start) else { continue }
                found.append((tokens[index].start, Reference(kind: .order, value: match.value, isComplete: true)))
                while next < tokens.count, tokens[next].start < match.end { next += 1 }
                for used in index..<next { tokens[used].used = true }
                break
            }
            index = next
        }
    }

    /// "order 104233", "#104233", "104233 wala order": the digits alone, beside a word that says what they are.
    private func bareOrders(
        _ input: [UInt32], _ tokens: inout [Token], _ found: inout [(position: Int, reference: Reference)]
    ) {
        var lastBare = -10
        for index in tokens.indices
        where !tokens[index].used && tokens[index].digits == tokens[index].end - tokens[index].start {
            let token = tokens[index]
            guard let pattern = patterns.first(where: { $0.bareDigits?.contains(token.digits) ?? false }),
                Self.standsAlone(input, token)
            else { continue }
            let before = tokens[max(0, index - 4)..<index]
            let after = tokens[min(index + 1, tokens.count)..<min(index + 3, tokens.count)]
            if before.contains(where: { Self.otherCues.contains($0.hash) }) { continue }
            let isMarked = token.start > 0 && input[token.start - 1] == 0x23
            let isList = index - lastBare <= 2
            guard
                isMarked || isList || before.contains(where: { Self.orderCues.contains($0.hash) })
                    || after.contains(where: { Self.orderCues.contains($0.hash) })
            else { continue }
            let value = pattern.canonical(digits: Array(input[token.start..<token.end]))
            found.append((token.start, Reference(kind: .order, value: value, isComplete: false)))
            tokens[index].used = true
            lastBare = index
        }
    }

    /// Not a part of `12-104233`, `104233.50` or `₹104233`.
    private static func standsAlone(_ input: [UInt32], _ token: Token) -> Bool {
        if token.start > 0 {
            let mark = input[token.start - 1]
            if mark == 0x2D || mark == 0x2F || mark == 0x40 || mark == 0x2B || CharacterClass.isCurrency(mark) {
                return false
            }
        }
        if token.end + 1 < input.count, CharacterClass.isDigit(input[token.end + 1]) {
            let mark = input[token.end]
            if mark == 0x2D || mark == 0x2F || mark == 0x2E || mark == 0x2C { return false }
        }
        return true
    }

    private func invoices(
        _ input: [UInt32], _ tokens: inout [Token], _ found: inout [(position: Int, reference: Reference)]
    ) {
        for index in tokens.indices where Self.invoiceCues.contains(tokens[index].hash) && !tokens[index].used {
            var next = index + 1
            while next < tokens.count, next - index <= 3, Self.numberWords.contains(tokens[next].hash) { next += 1 }
            let isOwnPrefix = tokens[index].hash == Self.invoicePrefix
            guard next < tokens.count, !tokens[next].used, tokens[next].digits >= 3 else { continue }
            var last = next
            while last + 1 < tokens.count, tokens[last + 1].digits >= 2, tokens[last + 1].start == tokens[last].end + 1,
                input[tokens[last].end] == 0x2D || input[tokens[last].end] == 0x2F, last - next < 3
            {
                last += 1
            }
            guard isOwnPrefix || !Self.isAmount(input, tokens[next]) else { continue }
            var value = isOwnPrefix ? "INV-" : ""
            for part in next...last {
                if part > next { value += "-" }
                value += Self.upper(input, tokens[part])
                tokens[part].used = true
            }
            found.append((tokens[index].start, Reference(kind: .invoice, value: value, isComplete: isOwnPrefix)))
        }
    }

    private func tracking(
        _ input: [UInt32], _ tokens: inout [Token], _ found: inout [(position: Int, reference: Reference)]
    ) {
        for index in tokens.indices where !tokens[index].used && tokens[index].digits >= 8 {
            let token = tokens[index]
            let length = token.end - token.start
            guard length <= 24 else { continue }
            let first = input[token.start]
            // UPS: 1Z and 16 more. UPU S10 (India Post and others): two letters, nine digits, two letters.
            let isUPS = length == 18 && first == 0x31 && input[token.start + 1] == 0x7A
            let isS10 =
                length == 13 && token.digits == 9 && CharacterClass.isLatinLetter(first)
                && CharacterClass.isLatinLetter(input[token.end - 1])
            let hasCue = tokens[max(0, index - 4)..<index].contains { Self.trackingCues.contains($0.hash) }
            guard isUPS || isS10 || (hasCue && length >= 9) else { continue }
            found.append(
                (token.start, Reference(kind: .tracking, value: Self.upper(input, token), isComplete: isUPS || isS10)))
            tokens[index].used = true
        }
    }

    private func amounts(
        _ input: [UInt32], _ tokens: inout [Token], _ found: inout [(position: Int, reference: Reference)]
    ) {
        for index in tokens.indices
        where !tokens[index].used && tokens[index].digits == tokens[index].end - tokens[index].start {
            let token = tokens[index]
            // Thousands and decimals are further digit tokens joined by comma or stop.
            var last = index
            while last + 1 < tokens.count, !tokens[last + 1].used,
                tokens[last + 1].digits == tokens[last + 1].end - tokens[last + 1].start,
                tokens[last + 1].start == tokens[last].end + 1,
                input[tokens[last].end] == 0x2C || input[tokens[last].end] == 0x2E, last - index < 5
            {
                last += 1
            }
            guard let currency = Self.currency(input, tokens, first: index, last: last),
                let value = Self.decimal(input[token.start..<tokens[last].end])
            else { continue }
            found.append((token.start, Reference(kind: .amount, value: currency + " " + value, isComplete: true)))
            for used in index...last { tokens[used].used = true }
        }
    }

    private static func currency(_ input: [UInt32], _ tokens: [Token], first: Int, last: Int) -> String? {
        var before = tokens[first].start - 1
        while before >= 0, tokens[first].start - before <= 2, input[before] == 0x20 || input[before] == 0x2E {
            before -= 1
        }
        if before >= 0, let code = symbols[input[before]] { return code }
        if first > 0, tokens[first].start - tokens[first - 1].end <= 2, let code = currencyWords[tokens[first - 1].hash]
        {
            return code
        }
        var after = tokens[last].end
        if after < input.count, input[after] == 0x20 { after += 1 }
        if after < input.count, let code = symbols[input[after]] { return code }
        if last + 1 < tokens.count, tokens[last + 1].start - tokens[last].end <= 1 {
            return currencyWords[tokens[last + 1].hash]
        }
        return nil
    }

    private static func isAmount(_ input: [UInt32], _ token: Token) -> Bool {
        token.start > 0 && CharacterClass.isCurrency(input[token.start - 1])
    }

    /// `1,23,456.7` → `123456.70`; `49,90` → `49.90`.
    private static func decimal(_ digits: ArraySlice<UInt32>) -> String? {
        var scalars = Array(digits)
        if let mark = scalars.lastIndex(where: { !CharacterClass.isDigit($0) }) {
            let decimals = scalars.count - mark - 1
            let isDecimal = decimals <= 2 && (scalars[mark] == 0x2E || decimals == 2)
            if isDecimal {
                var fraction = Array(scalars[(mark + 1)...])
                while fraction.count < 2 { fraction.append(0x30) }
                scalars = Array(scalars[..<mark])
                return whole(scalars).map { $0 + "." + text(fraction[...]) }
            }
        }
        return whole(scalars).map { $0 + ".00" }
    }

    private static func whole(_ scalars: [UInt32]) -> String? {
        let digits = scalars.filter { CharacterClass.isDigit($0) }.drop { $0 == 0x30 }
        guard digits.count <= 12 else { return nil }
        return digits.isEmpty ? "0" : text(digits)
    }

    private static func text(_ scalars: ArraySlice<UInt32>) -> String {
        String(String.UnicodeScalarView(scalars.compactMap { Unicode.Scalar($0) }))
    }

    private static func upper(_ input: [UInt32], _ token: Token) -> String {
        text(input[token.start..<token.end]).uppercased()
    }

    private static func set(_ text: String) -> Set<UInt64> {
        Set(text.split(separator: " ").map { Words.hash(String($0)) })
    }

    private static let orderCues = set(
        "order orders ordr oder ordered parcel package purchase shipment booking consignment ऑर्डर आर्डर ओर्डर ऑडर पार्सल आदेश खरीद"
    )
    private static let otherCues = set(
        "pin pincode postcode zip otp phone mobile whatsapp call invoice bill inv tracking awb waybill ticket flat code पिन पिनकोड फोन मोबाइल बिल इनवॉइस rs inr"
    )
    private static let invoiceCues = set("inv invoice invoices bill bills receipt इनवॉइस इनवॉयस बिल रसीद")
    private static let invoicePrefix = Words.hash("inv")
    private static let numberWords = set("no nr number num id नंबर नम्बर क्रमांक")
    private static let trackingCues = set("tracking track awb waybill consignment docket trackingid courier ट्रैकिंग ट्रैक")
    private static let symbols: [UInt32: String] = [
        0x20B9: "INR", 0x20A8: "INR", 0x24: "USD", 0x20AC: "EUR", 0xA3: "GBP",
    ]
    private static let currencyWords: [UInt64: String] = {
        var words: [UInt64: String] = [:]
        for word in ["rs", "inr", "rupees", "rupee", "rupaye", "rupay", "rupaiye", "रुपये", "रुपए", "रुपया", "रु"] {
            words[Words.hash(word)] = "INR"
        }
        for word in ["usd", "dollar", "dollars", "डॉलर"] { words[Words.hash(word)] = "USD" }
        for word in ["eur", "euro", "euros", "यूरो"] { words[Words.hash(word)] = "EUR" }
        for word in ["gbp", "pound", "pounds", "पाउंड"] { words[Words.hash(word)] = "GBP" }
        return words
    }()
}
