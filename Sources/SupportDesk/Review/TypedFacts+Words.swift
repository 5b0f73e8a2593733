/// The words that typed facts are made of, in English, Hindi and romanised Hindi, in plain spelling.
extension TypedFacts {
    private static func table<Value>(_ rows: [(String, Value)]) -> [String: Value] {
        var table: [String: Value] = [:]
        for (words, value) in rows {
            for word in words.split(separator: " ") {
                for language in ["en", "hi-Latn"] where table[PlainWord.of(word, in: language)] == nil {
                    table[PlainWord.of(word, in: language)] = value
                }
            }
        }
        return table
    }

    /// What joins the two ends of a span.
    static let spans: Set<String> = ["to", "से", "se", "-", "or", "और", "या", "ya", "till"]
    static let percents: Set<String> = ["%", "percent", "प्रतिशत", "फीसदी", "pratishat", "feesadi", "fisadi"]
    static let businesses: Set<String> = ["business", "working", "कार्य", "कामकाजी", "karya", "kamkaji", "vorking"]
    static let abbreviations: Set<String> = ["e.g", "i.e", "a.m", "p.m", "b.a", "u.s"]

    static let unitNames: [String: String] = table([
        ("minute minutes min mins मिनट minat", "minute"), ("hour hours hr hrs घंटा घंटे घंटों ghanta ghante ghanton", "hour"),
        ("day days दिन दिनों din dino dinon", "day"),
        ("कार्यदिवस कार्यदिवसों karyadivas karyadivason", "business day"),
        ("week weeks हफ्ता हफ्ते हफ्तों सप्ताह hafta hafte hafton saptah", "week"),
        ("month months महीना महीने महीनों माह mahina mahine mahino mahinon maah", "month"),
        ("year years yr yrs साल सालों वर्ष वर्षों saal varsh", "year"),
    ])

    static let currencies: [(String, String)] = [
        ("₹", "INR"), ("rs", "INR"), ("inr", "INR"), ("रु", "INR"), ("€", "EUR"), ("eur", "EUR"), ("us$", "USD"),
        ("$", "USD"),
        ("usd", "USD"), ("£", "GBP"), ("gbp", "GBP"), ("¥", "JPY"), ("₽", "RUB"), ("₩", "KRW"),
    ]

    /// With these a sum may begin, of all that is written with letters only.
    static let currencyStarts =
        currencies.map { Array($0.0.utf8) }.filter { $0[0] >= 0x61 && $0[0] <= 0x7A } + [
            Array("र".utf8)
        ]

    /// Words with which a fact may begin.
    static let beginnings = Set(months.keys).union(days.keys).union(numberWords.keys)

    static let currencyWords: [String: String] = table([
        ("inr rs rs. rupee rupees रुपये रुपए रुपया रुपयों रु rupaye rupay rupaiya rupe rupiya rupaya", "INR"),
        ("eur euro euros यूरो", "EUR"), ("usd dollar dollars डॉलर", "USD"), ("gbp pound pounds पाउंड", "GBP"),
    ])

    static let months: [String: Int] = table([
        ("january jan जनवरी janvari", 1), ("february feb फरवरी farvari", 2), ("march mar मार्च maarch", 3),
        ("april apr अप्रैल aprail", 4), ("may मई mai", 5), ("june jun जून", 6), ("july jul जुलाई julai", 7),
        ("august aug अगस्त agast", 8), ("september sep sept सितंबर सितम्बर sitambar", 9),
        ("october oct अक्टूबर अक्तूबर aktubar", 10), ("november nov नवंबर नवम्बर navambar", 11),
        ("december dec दिसंबर दिसम्बर disambar", 12),
    ])

    /// Days that are told by the day on which they are told.
    static let days: [String: String] = table([
        ("today आज aaj", "today"), ("tomorrow", "tomorrow"), ("yesterday", "yesterday"), ("tonight", "tonight"),
        ("कल kal", "kal"), ("परसों parson parso", "parson"), ("monday mon सोमवार somvar somvaar", "monday"),
        ("tuesday मंगलवार mangalvar mangalvaar", "tuesday"), ("wednesday बुधवार budhvar budhvaar", "wednesday"),
        ("thursday गुरुवार बृहस्पतिवार guruvar guruvaar", "thursday"),
        ("friday शुक्रवार shukravar shukravaar", "friday"), ("saturday saturdays शनिवार shanivar shanivaar", "saturday"),
        ("sunday sundays रविवार इतवार ravivar ravivaar itvaar", "sunday"),
    ])

    /// Number words that mean something else besides: they count with a unit behind them only.
    static let loose: Set<String> = [
        "one", "a", "an", "एक", "ek", "do", "दो", "so", "sau", "second", "das", "sat", "sath", "नौ", "nau", "che", "no",
    ]

    static let numberWords: [String: Int] = table([
        ("one एक ek", 1), ("two दो do", 2), ("three तीन teen", 3), ("four चार char chaar", 4), ("five पांच paanch panch", 5),
        ("six छह छः छ chhah chhe", 6), ("seven सात saat", 7), ("eight आठ aath", 8), ("nine नौ nau", 9), ("ten दस das", 10),
        ("eleven ग्यारह gyarah", 11), ("twelve बारह barah", 12), ("thirteen तेरह terah", 13), ("fourteen चौदह chaudah", 14),
        ("fifteen पंद्रह पन्द्रह pandrah", 15), ("sixteen सोलह solah", 16), ("seventeen सत्रह satrah", 17),
        ("eighteen अठारह atharah", 18), ("nineteen उन्नीस unnis", 19), ("twenty बीस bees", 20),
        ("twentyone twenty-one इक्कीस ikkis", 21),
        ("twentyfour twenty-four चौबीस chaubis", 24), ("twentyfive twenty-five पच्चीस pachis pachchis", 25),
        ("thirty तीस tees", 30), ("forty चालीस chalis chaalis", 40), ("fortyfive forty-five पैंतालीस paintalis", 45),
        ("fortyeight forty-eight अड़तालीस", 48), ("fifty पचास pachas pachaas", 50), ("sixty साठ saath", 60),
        ("seventy सत्तर sattar", 70), ("ninety नब्बे nabbe", 90), ("eighty अस्सी assi", 80), ("hundred सौ sau", 100),
        ("thousand हजार hazaar hazar", 1000), ("lakh लाख laakh", 100_000), ("dozen दर्जन darjan", 12),
    ])
}
