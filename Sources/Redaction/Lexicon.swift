/// The few words that tell a name, a phone number or an order number beside them. Lower case.
enum Lexicon {
    /// What comes before somebody's own name.
    static let introductions = [
        "my name is", "my full name is", "mera naam", "mera nam", "मेरा नाम", "मेरा पूरा नाम", "this is", "i am", "i'm",
        "myself", "name:", "नाम:",
    ]

    /// Introductions after which anything may follow: a name is only believed in capitals and before "from", "here" …
    static let weakIntroductions: Set<String> = ["this is", "i am", "i'm", "myself"]

    /// What ends a letter, before the name of its writer.
    static let signOffs = [
        "regards", "thanks", "thank you", "thanking you", "cheers", "sincerely", "faithfully", "yours truly",
        "best wishes", "warmly", "dhanyavad", "dhanyawad", "shukriya", "धन्यवाद", "सादर", "भवदीय", "भवदीया", "आपका",
        "आपकी", "शुक्रिया", "आभार",
    ]

    static let honorifics = ["mr", "mrs", "ms", "miss", "dr", "prof", "shri", "shree", "smt", "kumari", "mx"]

    /// Words that stand beside a name but are none, or that stand where a name is expected.
    static let notNames: Set<String> = [
        "the", "a", "an", "and", "or", "of", "for", "from", "to", "in", "on", "at", "by", "with", "is", "are", "was",
        "be",
        "i", "you", "we", "they", "he", "she", "it", "my", "your", "our", "me", "us", "this", "that", "there", "here",
        "hi", "hello", "dear", "hey", "sir", "madam", "maam", "team", "all", "everyone", "support", "customer",
        "service",
        "care", "desk", "shop", "store", "company", "manager", "admin", "sales", "info", "help", "office", "ltd", "pvt",
        "llp", "inc", "gmbh", "mr", "mrs", "ms", "miss", "dr", "prof", "shri", "shree", "smt", "ji", "sent", "please",
        "thanks", "thank", "regards", "best", "kind", "warm", "very", "much", "so", "again", "advance", "not", "no",
        "yes",
        "order", "number", "phone", "mobile", "email", "address", "invoice", "refund", "return", "delivery", "parcel",
        "product", "item", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
        "february", "march", "june", "july", "september", "october", "november", "december", "india", "looking",
        "waiting", "writing", "still", "just", "unable", "sorry", "happy", "very", "also", "going", "trying", "sure",
        "what", "when", "where", "why", "how", "who", "if", "but", "can", "could", "would", "should", "will", "may",
        "ps", "tel", "iphone", "android", "outlook", "gmail", "yahoo", "है", "हूँ", "हूं", "हैं", "और", "का", "की", "के", "से",
        "में", "को", "ने", "जी", "टीम", "hai", "hoon", "hun", "aur", "cc", "re", "fwd", "subject", "date", "regarding",
    ]

    /// Names that are everyday words: alone they are believed only after an introduction or in a sign-off.
    static let ambiguousNames: Set<String> = [
        "may", "will", "mark", "rose", "grace", "hope", "joy", "faith", "sunny", "bill", "rob", "art", "drew", "jack",
        "june", "april", "august", "summer", "dawn", "angel", "best", "young", "long", "king", "price", "read", "white",
        "black", "brown", "green", "gray", "grey", "order", "day", "page", "cook", "baker", "potter", "shah", "lata",
        "heart", "star", "sky", "sun", "guy", "pat", "sue", "rich", "frank", "chase", "hunter", "mason", "carter",
        "ray",
        "dev", "prem", "asha", "pooja", "puja", "deep", "jyoti", "moon", "rain", "stone", "wood", "field", "hill",
        "rivers",
        "park", "lane", "street", "noble", "major", "love", "bliss", "gold", "silver", "ruby", "pearl", "amber", "iris",
        "lily", "violet", "ivy", "jasmine", "olive", "ginger", "rusty", "penny", "miles", "dale", "glen", "cliff",
        "reed",
        "नेहा", "आशा", "ज्योति", "दीप", "प्रेम", "पूजा", "शांति", "शान्ति", "दिन", "साल",
        "bank", "banks", "cash", "case", "card", "gift", "time", "date", "bell", "ford", "hall", "post", "sale",
        "sales",
        "small", "short", "sharp", "swift", "walker", "speed", "lal", "khushi", "samay", "sapna", "kiran", "suraj",
        "chand", "tara", "mala", "raja", "rani", "sona", "moti", "heera", "sagar", "badal", "varsha", "vijay", "jeet",
        "aman", "man", "daya", "kamal", "kala", "rekha", "chhaya", "umeed", "subah", "shakti", "bharat", "desh", "raat",
        "बिल", "रोज़", "रोज", "प्राइस", "मार्क", "कैश", "बैंक", "बैंक्स", "लाल", "ख़ुशी", "खुशी", "समय", "सपना", "किरण", "सूरज",
        "चाँद", "चांद", "तारा", "माला", "राजा", "रानी", "सोना", "मोती", "हीरा", "सागर", "बादल", "वर्षा", "विजय", "जीत", "अमन",
        "मन", "दया", "कमल", "कला", "रेखा", "छाया", "उम्मीद", "आनंद", "आनन्द", "शक्ति", "भारत", "देव", "देवी", "विल", "होप",
    ]

    /// Words that make the number after them a reference, not a phone number.
    static let references = [
        "order", "ऑर्डर", "आर्डर", "awb", "track", "invoice", "ticket", "ref", "consignment", "shipment", "docket", "utr",
        "txn", "transaction", "sku", "ean", "isbn", "gtin", "serial", "imei", "bill", "parcel", "waybill", "rrn",
        "case",
        "id:", "id ", "#", "s/n", "model", "article", "account", "a/c", "बिल", "ट्रैकिंग", "pnr", "otp",
    ]

    /// Words that make the number after them a phone number.
    static let phones = [
        "phone", "mobile", "mob", "tel", "call", "whatsapp", "contact", "cell", "fax", "ring", "sms", "reach", "dial",
        "text me", "answering", "registered", "my number", "his number", "her number", "your number", "new number",
        "our number", "landline",
        "hotline", "helpline", "pager", "desk:", "home:", "office:", "work:", "handy", "telefon", "rufnummer", "फोन",
        "फ़ोन", "फ़ोन", "मोबाइल", "व्हाट्सएप", "संपर्क", "सम्पर्क", "कॉल", "ph:", "ph.", "ph ", "ph-", "m:", "t:", "p:", "no. is",
    ]

    /// Units of money before or after an amount; "$" stands for every currency sign.
    static let currencies = ["rs", "rs.", "inr", "usd", "eur", "gbp", "$", "₹", "rupees", "रुपये", "रु", "रु."]

    /// Short forms in postal addresses.
    static let addressForms: [String: String] = [
        "rd": "road", "st": "street", "str": "street", "ave": "avenue", "av": "avenue", "blvd": "boulevard",
        "ln": "lane",
        "dr": "drive", "apt": "apartment", "appt": "apartment", "flr": "floor", "bldg": "building", "blk": "block",
        "ngr": "nagar", "mg": "mg", "opp": "opposite", "nr": "near", "soc": "society", "sec": "sector", "hno": "house",
        "strasse": "strasse",
    ]

    /// What follows a name after "this is", and hardly ever anything else.
    static let weakIntroductionFollowers: Set<String> = ["from", "here", "writing", "speaking", "calling"]

    /// Last labels believed in an address that is spelled out in words only: "name at shop dot com".
    static let spokenTopLevels: Set<String> = [
        "com", "net", "org", "in", "co", "uk", "de", "fr", "eu", "info", "biz", "edu", "gov", "io", "us", "au", "ca",
        "ac",
        "example", "test", "online", "shop", "store", "app", "dev", "me",
    ]

    /// Last labels by which a bare name of a host is known.
    static let hostEnds = [
        "com", "net", "org", "io", "co", "in", "uk", "de", "fr", "eu", "info", "biz", "edu", "gov", "app", "dev",
        "shop", "store",
        "online", "ru", "jp", "cn", "br", "au", "ca", "it", "es", "nl", "se", "ch", "at", "be", "dk", "no", "fi", "pl",
        "cz",
        "example",
    ]

    static let hashes = Hashes()

    /// The sets above as the hashes of folded words.
    struct Hashes: Sendable {
        let notNames = Set(Lexicon.notNames.map { Fold.hash(Fold.bytes($0)) })
        let ambiguousNames = Set(Lexicon.ambiguousNames.map { Fold.hash(Fold.bytes($0)) })
        let followers = Set(Lexicon.weakIntroductionFollowers.map { Fold.hash(Fold.bytes($0)) })
        let addressForms = Dictionary(
            Lexicon.addressForms.map { (Fold.hash(Fold.bytes($0.key)), Fold.hash(Fold.bytes($0.value))) },
            uniquingKeysWith: { first, _ in first })
    }
}
