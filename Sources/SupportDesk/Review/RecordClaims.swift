/// What a sentence claims about an order, so far as the record can tell whether it is so: delivered, on its way, refunded.
struct RecordClaims {
    /// Something that holds for an order or does not.
    enum Claim: String, CaseIterable {
        case delivered, dispatched, underway, outForDelivery, preparing, cancelled, returned, late
        case refundPaid, refundApproved, refundRequested, refundRejected, paid, paymentFailed, paymentPending
    }

    /// How it is claimed.
    enum Mood { case done, planned, denied }

    /// What is claimed, in the order of the words.
    let claims: [(claim: Claim, mood: Mood)]

    init(_ sentence: SentenceTerms, in language: String) {
        let words = sentence.words
        let isEnglish = language == "en"
        let known = Self.words[isEnglish ? "en" : language == "hi" ? "hi" : "hi-Latn"] ?? [:]
        let isRefund = words.contains { Self.refunds.contains($0) }
        let deniesAnywhere = !isEnglish && words.contains { Self.denials.contains($0) }
        let plansAnywhere = !isEnglish && words.contains { Self.plans.contains($0) }
        var claims: [(Claim, Mood)] = []
        for (index, word) in words.enumerated() {
            guard var claim = known[word] else { continue }
            switch (word, claim) {
            case ("way", _):
                guard index > 0, ["its", "the", "their", "your"].contains(words[index - 1]) else { continue }
            case ("out", _):
                guard index + 2 < words.count, words[index + 1] == "for", words[index + 2] == "delivery" else {
                    continue
                }
            case (_, .paid) where isRefund, (_, .dispatched) where isRefund && word != "dispatched": claim = .refundPaid
            case (_, .preparing) where isRefund: claim = .refundPaid
            default: break
            }
            let before = words[max(0, index - 5)..<index]
            let isDenied = deniesAnywhere || before.contains { Self.denials.contains($0) || $0.hasSuffix("n't") }
            let isPlanned =
                plansAnywhere || (isEnglish ? Self.future : Self.futureInHindi).contains(word)
                || before.contains { Self.plans.contains($0) }
            claims.append((claim, isDenied ? .denied : isPlanned ? .planned : .done))
        }
        self.claims = claims
    }

    /// Whether all of it agrees with the record of an order; nothing can be claimed of one that is not there.
    func hold(for record: (order: Order, isLate: Bool)?) -> Bool {
        claims.allSatisfy { claim, mood in
            guard let (order, isLate) = record, let state = order.state else { return false }
            let holds = Self.holds(claim, order, state, isLate: isLate)
            switch mood {
            case .done: return holds
            case .denied: return !holds
            case .planned: return Self.mayBecome(claim, state)
            }
        }
    }

    private static func holds(_ claim: Claim, _ order: Order, _ state: Order.State, isLate: Bool) -> Bool {
        let refund = order.refund?.state
        switch claim {
        case .delivered: return state == .delivered || state == .returned
        case .dispatched:
            return [.shipped, .outForDelivery, .delivered, .returned].contains(state)
        case .underway: return state == .shipped || state == .outForDelivery
        case .outForDelivery: return state == .outForDelivery
        case .preparing: return state == .processing
        case .cancelled: return state == .cancelled
        case .returned: return state == .returned
        case .late: return isLate
        case .refundPaid: return refund == "paid"
        case .refundApproved: return refund == "approved" || refund == "paid"
        case .refundRequested: return refund != nil
        case .refundRejected: return refund == "rejected"
        case .paid: return order.payment?.state == "paid"
        case .paymentFailed: return order.payment?.state == "failed"
        case .paymentPending: return order.payment?.state == "pending"
        }
    }

    /// What is yet to come of an order.
    private static func mayBecome(_ claim: Claim, _ state: Order.State) -> Bool {
        switch claim {
        case .delivered, .outForDelivery, .underway: state.isOpen
        case .dispatched, .preparing: state.isBeforeDispatch
        default: false
        }
    }

    private static func set(_ text: String, _ language: String = "hi-Latn") -> Set<String> {
        Set(
            text.split(whereSeparator: \.isWhitespace).flatMap {
                [PlainWord.of($0, in: "en"), PlainWord.of($0, in: language)]
            })
    }

    static let refunds = set("refund refunds refunded रिफ़ंड धनवापसी")
    private static let denials = set("not no never nor neither cannot नहीं न ना nahi nahin na")
    /// Forms that speak of what is to come; "deliver" does so in English only ("deliver ho chuka hai").
    private static let future = set("arrive arrives reach reaches deliver delivers")
    private static let futureInHindi = set("पहुँचेगा पहुँचेगी pahunchega pahunchegi")
    private static let plans = set(
        """
        will be should expected expect due would to estimated shall होगा होगी होंगे जाएगा जाएगी पहुँचेगा पहुँचेगी अनुमानित अनुमान उम्मीद चाहिए \
        hoga hogi honge jaayega jaayegi jayega jayegi pahunchega pahunchegi anumaanit anumaan ummeed chahiye
        """)

    private static let words: [String: [String: Claim]] = [
        "en": table(
            [
                .delivered: "delivered arrived reached arrive arrives reach reaches deliver delivers",
                .dispatched: "dispatched shipped sent left handed", .underway: "way transit travelling traveling",
                .outForDelivery: "out", .preparing: "prepared preparing processed processing packed",
                .cancelled: "cancelled canceled", .returned: "returned", .late: "late delayed overdue",
                .refundPaid: "refunded credited", .refundApproved: "approved", .refundRequested: "requested",
                .refundRejected: "rejected refused declined", .paid: "paid", .paymentFailed: "failed",
                .paymentPending: "pending",
            ], "en"),
        "hi": table(
            [
                .delivered: "डिलीवर पहुँच पहुँचा पहुँची पहुँचे पहुँचेगा पहुँचेगी", .dispatched: "रवाना भेज भेजा भेजी निकल निकला",
                .underway: "रास्ते", .preparing: "तैयार पैक", .cancelled: "रद्द", .returned: "लौटाया लौटा", .late: "देर देरी",
                .refundApproved: "मंज़ूर स्वीकृत", .refundRequested: "अनुरोध", .refundRejected: "अस्वीकृत नामंज़ूर",
                .paymentPending: "बाक़ी",
            ], "hi"),
        "hi-Latn": table(
            [
                .delivered: "deliver pahunch pahuncha pahunchi pahunchega pahunchegi",
                .dispatched: "dispatch bhej bheja nikal nikla ravana rawana",
                .underway: "raaste", .preparing: "taiyaar pack", .cancelled: "cancel", .returned: "lautaya lauta",
                .late: "der deri late", .refundApproved: "manzoor", .refundRequested: "anurodh",
                .refundRejected: "reject namanzoor", .paymentPending: "baaki",
            ], "hi-Latn"),
    ]

    private static func table(_ rows: [Claim: String], _ language: String) -> [String: Claim] {
        var table: [String: Claim] = [:]
        for claim in Claim.allCases {
            for word in rows[claim]?.split(separator: " ") ?? [] {
                table[PlainWord.of(word, in: language)] = claim
            }
        }
        return table
    }
}
