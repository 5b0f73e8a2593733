/// The words that name a state, in each language: a reply about an order holds one for its state, none for another.
extension Oracle {
    func stateWords(_ order: RetailOrder) -> [String] { Self.words[order.state]?[language] ?? [] }

    /// Sentences on this order that would be untrue. They begin with its number: what an article says of orders in general, or
    /// the same reply of another order, is no contradiction.
    func contradictions(of order: RetailOrder) -> [String] {
        Self.denied.filter { $0.key != order.state }.flatMap { $0.value[language] ?? [] }
            .map { "\(order.number) \($0)" }
    }

    func refundWords(_ state: String) -> [String] {
        switch (state, language) {
        case ("paid", "hi"): ["भुगतान", "दिया जा चुका", "लौटा दिया", "लौटाई"]
        case ("paid", "hi-Latn"): ["bhej diya", "de diya", "diya ja chuka", "paid", "lauta di", "ho chuka"]
        case ("paid", _): ["paid"]
        case ("approved", "hi"): ["मंज़ूर", "स्वीकृत"]
        case ("approved", "hi-Latn"): ["manzoor", "approve", "sweekar"]
        case ("approved", _): ["approved"]
        case (_, "hi"): ["जाँच", "देखा जा रहा"]
        case (_, "hi-Latn"): ["jaanch", "check", "dekha ja raha"]
        case (_, _): ["being checked", "requested"]
        }
    }

    var noRefundWords: [String] {
        language == "hi" ? ["कोई रिफ़ंड"] : language == "hi-Latn" ? ["koi refund"] : ["no refund"]
    }
    var noInvoiceWords: [String] {
        switch language {
        case "hi": ["अभी कोई इनवॉइस नहीं", "इनवॉइस अभी नहीं", "अभी इनवॉइस नहीं", "रवाना होने", "रवाना नहीं"]
        case "hi-Latn": ["abhi koi invoice nahi", "invoice abhi nahi", "abhi invoice nahi", "dispatch nahi"]
        default: ["no invoice", "not been dispatched"]
        }
    }
    var ended: [String] {
        switch language {
        case "hi": ["अवधि बीत", "अवधि भी बीत", "अवधि समाप्त", "अवधि पूरी", "अवधि ख़त्म", "समय पूरा", "समय बीत"]
        case "hi-Latn":
            [
                "avadhi beet", "avadhi bhi beet", "avadhi poori", "avadhi khatam", "avadhi samaapt", "samay poora",
                "samay beet",
            ]
        default: ["has ended", "ended on"]
        }
    }

    private static let words: [RetailOrder.State: [String: [String]]] = [
        .pending: [
            "en": ["not been dispatched", "not left us"], "hi": ["रवाना नहीं"], "hi-Latn": ["dispatch nahi", "nahi nikla"],
        ],
        .processing: [
            "en": ["being prepared", "not been dispatched"], "hi": ["तैयार", "रवाना नहीं"],
            "hi-Latn": ["taiyaar", "dispatch nahi", "nahi nikla"],
        ],
        .shipped: [
            "en": ["on its way", "been dispatched"], "hi": ["रवाना हो चुका", "रास्ते में है", "रवाना हो गया"],
            "hi-Latn": ["dispatch ho chuka", "raaste mein hai", "nikal chuka"],
        ],
        .outForDelivery: [
            "en": ["out for delivery"], "hi": ["डिलीवरी के लिए निकल"], "hi-Latn": ["delivery ke liye nikal"],
        ],
        .delivered: [
            "en": ["delivered"], "hi": ["डिलीवर हो", "डिलीवर हुआ", "पहुँच चुका"],
            "hi-Latn": ["deliver ho", "deliver hua", "pahunch chuka"],
        ],
        .cancelled: ["en": ["cancelled"], "hi": ["रद्द हो चुका", "रद्द"], "hi-Latn": ["cancel ho"]],
        .returned: ["en": ["returned"], "hi": ["लौटाया जा चुका", "लौटा"], "hi-Latn": ["lautaya ja chuka", "lauta"]],
    ]

    private static let denied: [RetailOrder.State: [String: [String]]] = [
        .shipped: [
            "en": ["is on its way"], "hi": ["आपकी ओर रवाना हो चुका"], "hi-Latn": ["dispatch ho chuka hai aur raaste"],
        ],
        .outForDelivery: [
            "en": ["is out for delivery"], "hi": ["डिलीवरी के लिए निकल चुका"], "hi-Latn": ["delivery ke liye nikal chuka"],
        ],
        .delivered: [
            "en": ["has been delivered", "has already been delivered", "was delivered"], "hi": ["डिलीवर हो चुका"],
            "hi-Latn": ["deliver ho chuka"],
        ],
        .cancelled: [
            "en": ["was cancelled", "is already cancelled"], "hi": ["रद्द हो चुका"], "hi-Latn": ["cancel ho chuka"],
        ],
    ]
}
