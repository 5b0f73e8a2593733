/// Whether a sentence calls a slot by what it is: no day of dispatch as the day of delivery, no order total as a refund.
enum SlotRoles {
    /// The names of slots that a sentence gives another meaning.
    static func mistaken(in sentence: SentenceTerms) -> [String] {
        var mistaken: [String] = []
        let isPlanned = sentence.words.contains(where: plans.contains)
        let all = Set(roles(of: sentence.words))
        // The words between two commas or joints are of one matter; their slots too.
        var part: [SentenceTerms.Term] = []
        func close() {
            let slots = part.compactMap { term in if case .slot(let name) = term { name } else { nil } }
            let near = roles(of: part.compactMap { term in if case .content(let name) = term { name } else { nil } })
            for slot in slots {
                guard let dot = slot.lastIndex(of: "."), let wanted = wanted[String(slot[slot.index(after: dot)...])]
                else {
                    continue
                }
                var said = near.isEmpty ? all : Set(near)
                if isPlanned, said.contains(.delivered) { said.insert(.expected) }
                if !said.isEmpty, said.isDisjoint(with: wanted) { mistaken.append(slot) }
                if wanted.contains(.total), said.contains(.refund) { mistaken.append(slot) }
            }
            part.removeAll()
        }
        for term in sentence.terms {
            if term == .joint || term == .part, part.contains(where: { if case .slot = $0 { true } else { false } }) {
                close()
            } else {
                part.append(term)
            }
        }
        close()
        return mistaken
    }

    enum Role { case placed, dispatched, delivered, expected, refund, total, tracking, invoice, order }

    /// By the names of facts in lower case, as the words of a sentence are.
    private static let wanted: [String: Set<Role>] = [
        "placedon": [.placed], "shippedon": [.dispatched], "deliveredon": [.delivered], "expectedon": [.expected],
        "refundpaidon": [.refund], "refundrequestedon": [.refund], "refundamount": [.refund], "refunddueon": [.refund],
        "total": [.total, .placed, .order], "trackingnumber": [.tracking], "invoicenumber": [.invoice],
    ]

    /// What is delivered by then has not been delivered yet.
    private static let plans: Set<String> = [
        "will", "should", "would", "due", "तक", "चाहिए", "होगा", "tak", "chahiye", "hoga",
    ]

    private static func roles(of words: [String]) -> [Role] {
        var roles = words.flatMap { table[$0] ?? [] }
        if roles.contains(.expected) { roles.removeAll { $0 == .delivered } }
        return roles
    }

    private static let table: [String: [Role]] = {
        var table: [String: [Role]] = [:]
        func add(_ words: String, _ roles: Role...) {
            for word in words.split(whereSeparator: \.isWhitespace) {
                for language in ["en", "hi-Latn"] {
                    let plain = PlainWord.of(word, in: language)
                    for key in [plain, ReviewWords.stem(plain, in: language)] where table[key] == nil {
                        table[key] = roles
                    }
                }
            }
        }
        add("placed ordered bought purchased दिया diya", .placed)
        add("dispatched dispatch shipped sent send left leave handed hand रवाना भेजा निकला ravana bheja nikla", .dispatched)
        add("expected expect estimated estimate due अनुमानित अनुमान पहुँचेगा anumaanit anumaan pahunchega arrives", .expected)
        add("delivered arrived reached डिलीवर पहुँचा पहुँच deliver pahuncha pahunch", .delivered)
        add("delivery arrival डिलीवरी", .delivered, .expected)
        add("arrive reach", .expected)
        add("refund refunded refunds रिफ़ंड", .refund)
        add("total amount sum कुल रक़म राशि kul rakam", .total)
        add("tracking track ट्रैकिंग", .tracking)
        add("invoice bill बिल इनवॉइस", .invoice)
        return table
    }()
}
