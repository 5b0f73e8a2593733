/// Finds order, invoice, tracking and article numbers, amounts and days in a few walks over the folded text.
struct ReferenceFinder {
    let patterns: [OrderPattern]
    var calendar = DeskCalendar()

    /// More references than this in a mail are not about the writer's own orders.
    static let maximumReferences = 50
    /// Of each kind no more than this many are looked at.
    static let maximumOfKind = 200

    /// A value and where it stands in the text that was read.
    struct Found {
        var kind: Reference.Kind
        var value: String
        var isComplete = true
        /// Unicode scalars of the text.
        var scalars: Range<Int>
        var detail = Reference.Detail.number
        /// For a day: something is wanted until then.
        var isDeadline = false
    }

    func find(_ text: String) -> [Found] { find(Words(text)) }

    func find(_ words: Words) -> [Found] {
        var text = ReferenceText(words)
        var found: [Found] = []
        if !text.numbers.isEmpty {
            orders(&text, &found)
            bareOrders(&text, &found)
            invoices(&text, &found)
            tracking(&text, &found)
            articles(&text, &found)
            amounts(&text, &found)
        }
        found += DateFinder(calendar: calendar).find(text)
        found.sort { $0.scalars.lowerBound < $1.scalars.lowerBound }
        var seen = Set<String>()
        var result: [Found] = []
        for item in found where seen.insert(item.value).inserted {
            result.append(item)
            result[result.count - 1].scalars = text.source(item.scalars)
            if result.count == Self.maximumReferences { break }
        }
        return result
    }

    private func orders(_ text: inout ReferenceText, _ found: inout [Found]) {
        var index = 0
        while index < text.tokens.count {
            var next = index + 1
            for pattern in patterns {
                let start = text.tokens[index].start
                guard let match = pattern.match(text.scalars, at: start) else { continue }
                found.append(Found(kind: .order, value: match.value, scalars: start..<match.end))
                while next < text.tokens.count, text.tokens[next].start < match.end { next += 1 }
                text.use(index..<next)
                break
            }
            index = next
        }
    }

    /// "order 104233", "#104233", "104233 wala order": the digits alone, beside a word that says what they are.
    private func bareOrders(_ text: inout ReferenceText, _ found: inout [Found]) {
        var lastBare = -10
        for index in text.numbers where text.tokens[index].isUnusedNumber {
            guard found.count < Self.maximumOfKind else { return }
            let token = text.tokens[index]
            guard let pattern = patterns.first(where: { $0.bareDigits?.contains(token.digits) ?? false }),
                Self.standsAlone(text.scalars, token)
            else { continue }
            let before = text.before(index, 4)
            let after = text.after(index, 2)
            if before.contains(where: { Self.otherCues.contains($0.hash) }) { continue }
            let isMarked = token.start > 0 && text.scalars[token.start - 1] == 0x23
            let isList = index - lastBare <= 2
            guard
                isMarked || isList || before.contains(where: { Self.orderCues.contains($0.hash) })
                    || after.contains(where: { Self.orderCues.contains($0.hash) })
            else { continue }
            let value = pattern.canonical(digits: Array(text.scalars[token.start..<token.end]))
            found.append(Found(kind: .order, value: value, isComplete: false, scalars: token.start..<token.end))
            text.use(index..<index + 1)
            lastBare = index
        }
    }

    /// Not a part of `12-104233`, `104233.50` or `₹104233`.
    private static func standsAlone(_ input: [UInt32], _ token: ReferenceText.Token) -> Bool {
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

    private func invoices(_ text: inout ReferenceText, _ found: inout [Found]) {
        for index in text.tokens.indices
        where !text.tokens[index].used && Self.invoiceCues.contains(text.tokens[index].hash) {
            guard found.count < Self.maximumOfKind * 2 else { return }
            let tokens = text.tokens
            var next = index + 1
            while next < tokens.count, next - index <= 3, Self.numberWords.contains(tokens[next].hash) { next += 1 }
            let isOwnPrefix = tokens[index].hash == Self.invoicePrefix
            guard next < tokens.count, !tokens[next].used, tokens[next].digits >= 3 else { continue }
            var last = next
            while last + 1 < tokens.count, tokens[last + 1].digits >= 2, tokens[last + 1].start == tokens[last].end + 1,
                text.scalars[tokens[last].end] == 0x2D || text.scalars[tokens[last].end] == 0x2F, last - next < 3
            {
                last += 1
            }
            guard isOwnPrefix || !text.isAfterCurrency(tokens[next]) else { continue }
            let value = (isOwnPrefix ? "INV-" : "") + (next...last).map { text.upper($0) }.joined(separator: "-")
            text.use(next..<last + 1)
            let from = isOwnPrefix ? tokens[index].start : tokens[next].start
            found.append(
                Found(kind: .invoice, value: value, isComplete: isOwnPrefix, scalars: from..<tokens[last].end))
        }
    }

    /// "SKU POT-014", and the same form in capitals without the word.
    private func articles(_ text: inout ReferenceText, _ found: inout [Found]) {
        for index in text.numbers where !text.tokens[index].used {
            let parts = text.dashed(index)
            let (first, last) = (text.tokens[parts.lowerBound], text.tokens[parts.upperBound])
            let scalars = first.start..<last.end
            guard parts.reduce(0, { $0 + text.tokens[$1].digits }) >= 2, scalars.count <= 24 else { continue }
            let hasCue = text.before(parts.lowerBound, 3).contains { Self.articleCues.contains($0.hash) }
            let isForm =
                parts.count == 2 && first.digits == 0 && (2...5).contains(first.end - first.start) && last.isNumber
                && (2...5).contains(last.digits) && text.isCapital(scalars)
            guard hasCue || isForm else { continue }
            let value = parts.map { text.upper($0) }.joined(separator: "-")
            found.append(Found(kind: .sku, value: value, isComplete: hasCue, scalars: scalars))
            text.use(parts.lowerBound..<parts.upperBound + 1)
        }
    }

    private func tracking(_ text: inout ReferenceText, _ found: inout [Found]) {
        var count = 0
        for number in text.numbers where !text.tokens[number].used {
            // `EE 123 456 785 IN` starts with letters.
            let index = number > 0 && text.isPostalPrefix(number - 1) ? number - 1 : number
            guard text.tokens[number].digits >= 3 else { continue }
            guard count < Self.maximumOfKind else { return }
            // People write long numbers in groups: "9400 1118 9956 …".
            let before = text.before(index, 5)
            let cue = before.contains { Self.trackingCues.contains($0.hash) }
            let named = (before + text.after(number, 2)).lazy.compactMap { Self.carriers[$0.hash] }.first
            for (first, last) in [(index, text.grouped(index, atMost: 26)), (number, number)] {
                let scalars = text.joined(first...last)
                guard (9...26).contains(scalars.count), let parcel = TrackingNumber(scalars[...], named: named),
                    // Two letters before a number are a part of it only in the form of the post.
                    text.tokens[first].digits > 0 || parcel.isChecked != nil,
                    parcel.speaksForItself || cue || named != nil && last == first && parcel.isChecked != false
                else { continue }
                count += 1
                found.append(
                    Found(
                        kind: .tracking, value: parcel.number, isComplete: parcel.isChecked ?? (parcel.carrier != nil),
                        scalars: text.tokens[first].start..<text.tokens[last].end, detail: .tracking(parcel)))
                text.use(first..<last + 1)
                break
            }
        }
    }

    private func amounts(_ text: inout ReferenceText, _ found: inout [Found]) {
        for index in text.numbers where text.tokens[index].isUnusedNumber || text.isThousands(index) {
            guard found.count < Self.maximumOfKind * 4 else { return }
            let tokens = text.tokens
            let token = tokens[index]
            // Thousands and decimals are further digit tokens joined by comma or stop.
            var last = index
            while last + 1 < tokens.count, tokens[last + 1].isUnusedNumber,
                tokens[last + 1].start == tokens[last].end + 1,
                text.scalars[tokens[last].end] == 0x2C || text.scalars[tokens[last].end] == 0x2E, last - index < 5
            {
                last += 1
            }
            let isThousands = text.isThousands(index)
            let until = tokens[last].end - (isThousands ? 1 : 0)
            guard var hundredths = Self.hundredths(text.scalars[token.start..<until]) else { continue }
            var end = last
            if isThousands {
                hundredths *= 1000
            } else if end + 1 < tokens.count, tokens[end + 1].start - tokens[end].end <= 1,
                let factor = Self.factors[tokens[end + 1].hash]
            {
                let (product, isTooMuch) = hundredths.multipliedReportingOverflow(by: factor)
                guard !isTooMuch else { continue }
                hundredths = product
                end += 1
            }
            guard let currency = Self.currency(text, first: index, last: end) else { continue }
            let money = Money(currency: currency.code, hundredths: hundredths)
            found.append(
                Found(
                    kind: .amount, value: "\(money)", scalars: currency.scalars, detail: .amount(money)))
            text.use(index..<end + 1)
        }
    }

    /// The currency of a number and the scalars of both.
    private static func currency(
        _ text: ReferenceText, first: Int, last: Int
    ) -> (code: String, scalars: Range<Int>)? {
        let input = text.scalars
        let tokens = text.tokens
        let (from, to) = (tokens[first].start, tokens[last].end)
        var before = from - 1
        while before >= 0, from - before <= 2, input[before] == 0x20 || input[before] == 0x2E { before -= 1 }
        if before >= 0, let code = symbols[input[before]] { return (code, before..<to) }
        if first > 0, from - tokens[first - 1].end <= 2, let code = currencyWords[tokens[first - 1].hash] {
            return (code, tokens[first - 1].start..<to)
        }
        var after = to
        if after < input.count, input[after] == 0x20 { after += 1 }
        if after < input.count, let code = symbols[input[after]] { return (code, from..<after + 1) }
        if last + 1 < tokens.count, tokens[last + 1].start - to <= 1, let code = currencyWords[tokens[last + 1].hash] {
            return (code, from..<tokens[last + 1].end)
        }
        // "500/-" is how India writes a round sum.
        if to + 1 < input.count, input[to] == 0x2F, input[to + 1] == 0x2D { return ("INR", from..<to + 2) }
        return nil
    }

    /// `1,23,456.7` → 12345670; `49,90` → 4990; nil for a sum beyond twelve digits.
    private static func hundredths(_ digits: ArraySlice<UInt32>) -> Int? {
        var scalars = digits
        var cents = 0
        if let mark = scalars.lastIndex(where: { !CharacterClass.isDigit($0) }) {
            let decimals = scalars.endIndex - mark - 1
            if decimals <= 2 && (scalars[mark] == 0x2E || decimals == 2) {
                for scalar in scalars[(mark + 1)...] { cents = cents * 10 + Int(scalar) - 0x30 }
                if decimals == 1 { cents *= 10 }
                scalars = scalars[..<mark]
            }
        }
        var whole = 0
        for scalar in scalars where CharacterClass.isDigit(scalar) {
            whole = whole * 10 + Int(scalar) - 0x30
            if whole >= 1_000_000_000_000 { return nil }
        }
        return whole * 100 + cents
    }

    private static let orderCues = WordSet(
        "order orders ordr oder ordered parcel package purchase shipment booking consignment ऑर्डर आर्डर ओर्डर ऑडर पार्सल आदेश खरीद"
    )
    private static let otherCues = WordSet(
        "pin pincode postcode zip otp phone mobile whatsapp call invoice bill inv tracking awb waybill ticket flat code पिन पिनकोड फोन मोबाइल बिल इनवॉइस rs inr"
    )
    private static let invoiceCues = WordSet("inv invoice invoices bill bills receipt इनवॉइस इनवॉयस बिल रसीद")
    private static let invoicePrefix = Words.hash("inv")
    private static let numberWords = WordSet("no nr number num id नंबर नम्बर क्रमांक")
    private static let articleCues = WordSet("sku item code article product model style कोड आइटम")
    private static let trackingCues = WordSet(
        "tracking track awb waybill consignment docket trackingid courier shipment speedpost post parcel ट्रैकिंग कूरियर ट्रैकिंग ट्रैक"
    )
    private static let carriers = WordTable<TrackingNumber.Carrier>(
        lists: [
            ("ups", .ups), ("fedex फेडेक्स", .fedEx), ("dhl", .dhl), ("usps", .usps), ("indiapost speedpost", .indiaPost),
            ("delhivery डेल्हीवरी", .delhivery), ("bluedart dart ब्लूडार्ट", .blueDart),
        ])
    /// What a word behind a number multiplies it by.
    private static let factors = WordTable<Int>(
        lists: [
            ("lakh lakhs lac lacs लाख", 100_000), ("crore crores cr करोड़", 10_000_000),
            ("thousand k hazar hazaar हजार", 1000), ("million", 1_000_000),
        ])
    private static let symbols: [UInt32: String] = [
        0x20B9: "INR", 0x20A8: "INR", 0x24: "USD", 0x20AC: "EUR", 0xA3: "GBP",
    ]
    private static let currencyWords = WordTable<String>(
        lists: [
            ("rs inr rupees rupee rupaye rupay rupaiye rupiya rupaya rupe रुपये रुपए रुपया रूपये रूपए रु", "INR"),
            ("usd dollar dollars डॉलर", "USD"), ("eur euro euros यूरो", "EUR"), ("gbp pound pounds पाउंड", "GBP"),
        ])
}
