import Foundation
import Seeded

/// Writes the mails of a set by seed: who, about what, in which words; and works out what a right answer holds.
public struct MailGenerator {
    private let shop: RetailShop
    private let books: [String: Phrasebook]
    private var random: SeededRandom
    private var asked: [String: Int] = [:]

    /// Prepares the wordings of the three languages.
    /// - Parameter phrases: the folder of the wordings.
    /// - Throws: the error of reading the wordings.
    public init(shop: RetailShop, seed: UInt64, phrases: String = "Phrases") throws {
        self.shop = shop
        books = try Dictionary(
            uniqueKeysWithValues: ["en", "hi", "hi-Latn"].map { ($0, try Phrasebook(language: $0, folder: phrases)) })
        random = SeededRandom(seed: seed)
    }

    /// The mails, the same for the same seed.
    public mutating func mails(_ count: Int) -> [RetailMail] {
        let byCustomer = Dictionary(grouping: shop.orders, by: \.customer.id)
        return (0..<count).map { mail($0, byCustomer) }
    }

    private mutating func mail(_ place: Int, _ byCustomer: [String: [RetailOrder]]) -> RetailMail {
        var topic = random.pick(Topic.allCases.map { ($0, $0.weight) }) ?? .trackOrder
        let language =
            topic == .otherLanguage ? "en" : random.pick([("en", 60), ("hi", 18), ("hi-Latn", 22)]) ?? "en"
        let order = topic.isAboutOrder ? order(for: topic) : nil
        // Nobody asks about an order that the shop has none of.
        if topic.isAboutOrder, order == nil { topic = .paymentMethods }
        guard let order else {
            let sender = shop.customers.randomElement(using: &random) ?? shop.orders[0].customer
            return write(place, [topic], language, sender, own: byCustomer[sender.id] ?? [])
        }
        asked[order.number, default: 0] += 1
        let own = byCustomer[order.customer.id] ?? []
        let roll = Int.random(in: 0..<100, using: &random)
        if roll < 5, topic == .trackOrder || topic == .trackRefund,
            let other = own.first(where: { $0.number != order.number && topic.suits($0) })
        {
            return write(place, [topic], language, order.customer, own: own, about: [order, other])
        }
        if roll < 13, !topic.isForPerson {
            let second: [(Topic, Int)] = [
                (.refundPolicy, 4), (.getInvoice, 2), (.deliveryOptions, 2), (.paymentMethods, 1), (.editAccount, 1),
                (.contact, 1), (.trackOrder, 2), (.cancellationFee, 1),
            ]
            if let extra = random.pick(second), extra != topic, !extra.isAboutOrder || extra.suits(order) {
                return write(place, [topic, extra], language, order.customer, own: own, about: [order])
            }
        }
        let naming =
            random.pick([(RetailMail.Naming.named, 75), (.unnamed, 19), (.unknown, 3), (.foreign, 3)]) ?? .named
        let proof = random.pick([(RetailMail.Proof.pass, 92), (.none, 7), (.fail, 1)]) ?? .pass
        return write(place, [topic], language, order.customer, own: own, about: [order], naming, proof)
    }

    /// Who asks where a parcel is mostly has one on its way.
    private mutating func order(for topic: Topic) -> RetailOrder? {
        // Nobody asks about one order all day: a third mail on it would rightly go to a person. More mails than the shop has
        // matters for are those of another day.
        let all = shop.orders.filter { topic.suits($0) }
        let fresh = all.filter { asked[$0.number, default: 0] < 2 }
        let suitable = fresh.isEmpty ? all : fresh
        if topic == .trackOrder || topic == .deliveryETA, random.chance(55) {
            let onTheWay = suitable.filter { !$0.state.isBeforeDispatch && $0.state.isOpen }
            if let order = onTheWay.randomElement(using: &random) { return order }
        }
        return suitable.randomElement(using: &random)
    }

    /// Puts a mail together around what it asks.
    private mutating func write(
        _ place: Int, _ topics: [Topic], _ language: String, _ sender: RetailCustomer, own: [RetailOrder],
        about orders: [RetailOrder] = [], _ naming: RetailMail.Naming = .named, _ proof: RetailMail.Proof = .pass
    ) -> RetailMail {
        guard let book = books[language] else { preconditionFailure("no wordings for \(language)") }
        let item = orders.first?.items.randomElement(using: &random)?.name ?? shop.products.sorted().first ?? "lamp"
        let named = named(orders, naming, sender)
        var lines: [String] = []
        for (index, topic) in topics.enumerated() {
            for (turn, _) in (orders.isEmpty || !topic.isAboutOrder ? [""] : orders.map(\.number)).enumerated() {
                let number = named.indices.contains(turn) ? named[turn] : nil
                let mention = index > 0 ? nil : number.map { book.say("number", with: ["num": written($0)], &random) }
                var sentence = book.say(
                    topic.rawValue, with: ["n": mention ?? Self.vague(language, &random), "item": item], &random)
                if let number, index == 0, !sentence.contains(number) {
                    sentence += " " + book.say("mention", with: ["num": written(number)], &random)
                }
                if index + turn > 0 { sentence = "\(book.say("joiner", &random)) \(sentence)" }
                lines.append(sentence)
            }
        }
        var before = random.chance(70) ? [book.say("greeting", &random), ""] : []
        if random.chance(20), topics.first != .thanks { lines.insert(book.say("opening", &random), at: 0) }
        if random.chance(15), !orders.isEmpty {
            lines.insert(
                book.say("context", with: ["item": item], &random), at: Int.random(in: 0...lines.count, using: &random))
        }
        if topics.first == .angry || topics.first == .thanks { before = [] }
        var text = (before + [lines.joined(separator: random.chance(30) ? "\n" : " ")]).joined(separator: "\n")
        if language != "hi", random.chance(22) { text = mistyped(text, sparing: named) }
        if random.chance(70) { text += "\n\n" + book.say("closing", &random) }
        if random.chance(75) {
            text += "\n" + (random.chance(50) ? sender.name : String(sender.name.prefix { $0 != " " }))
        }
        if random.chance(10) { text += "\n\nSent from my iPhone" }
        if random.chance(12) { text += "\n\n" + quoted(named.first) }
        let subject =
            named.isEmpty
            ? book.say("subject_plain", &random)
            : book.say("subject", with: ["num": naming == .named ? named[0] : ""], &random)
        return RetailMail(
            place: place, topics: topics, language: language, sender: sender, proof: proof, naming: naming,
            subject: subject.trimmingCharacters(in: .whitespaces), text: text,
            expected: expected(topics, language, own, orders, naming, proof))
    }

    /// The numbers that stand in the mail.
    private mutating func named(
        _ orders: [RetailOrder], _ naming: RetailMail.Naming, _ sender: RetailCustomer
    ) -> [String] {
        switch naming {
        case .named: orders.map(\.number)
        case .unnamed: []
        case .unknown: ["W\(Int.random(in: 1_000_000..<1_090_000, using: &random))"]
        case .foreign:
            shop.orders.filter { $0.customer.id != sender.id }.randomElement(using: &random).map { [$0.number] } ?? []
        }
    }

    private mutating func written(_ number: String) -> String {
        random.pick([(number, 6), ("#\(number)", 5), (number.lowercased(), 1)]) ?? number
    }

    private static func vague(_ language: String, _ random: inout SeededRandom) -> String {
        let words = ["en": ["my order", "the order", "my last order"], "hi": ["मेरा ऑर्डर"], "hi-Latn": ["mera order"]]
        return words[language]?.randomElement(using: &random) ?? "my order"
    }

    /// A slip of the fingers or two: letters left out, doubled or swapped, no capitals, no marks.
    private mutating func mistyped(_ text: String, sparing numbers: [String]) -> String {
        var words = text.components(separatedBy: " ")
        for _ in 0..<(1 + words.count / 12) {
            guard let place = words.indices.randomElement(using: &random) else { break }
            var letters = Array(words[place])
            guard letters.count > 3, letters.allSatisfy({ $0.isLetter && $0.isASCII }) else { continue }
            let at = Int.random(in: 1..<(letters.count - 1), using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: letters.remove(at: at)
            case 1: letters.insert(letters[at], at: at)
            default: letters.swapAt(at, at + 1)
            }
            words[place] = String(letters)
        }
        let text = words.joined(separator: " ")
        return random.chance(40) ? text.lowercased().replacing("?", with: "") : text
    }

    /// What a mail program leaves below an answer.
    private func quoted(_ number: String?) -> String {
        let order = number.map { " \($0)" } ?? ""
        return """
            On Mon, 2 Mar 2026 at 10:12, Neem & Clay <support@neemandclay.example> wrote:
            > Hello,
            > thank you for your order\(order). We write to you as soon as there is news.
            > Neem & Clay
            """
    }

    private func expected(
        _ topics: [Topic], _ language: String, _ own: [RetailOrder], _ orders: [RetailOrder],
        _ naming: RetailMail.Naming, _ proof: RetailMail.Proof
    ) -> ExpectedReply {
        let oracle = Oracle(language: language, today: RetailShop.today)
        if proof == .fail { return .person }
        if topics.contains(where: \.isForPerson) {
            // To ask which order it is about loses nothing.
            guard topics == [.notReceived], naming != .named || proof == .none else { return .person }
            var reply = oracle.neutral(allowing: own)
            reply.outcomes = [.answered, .escalated]
            return reply
        }
        let parts = topics.map { topic -> ExpectedReply in
            guard topic.isAboutOrder else { return oracle.reply(to: topic) }
            if proof == .none { return oracle.neutral() }
            if naming == .unknown || naming == .foreign { return oracle.neutral(allowing: own) }
            if naming == .unnamed, own.count > 1 {
                // Asking which one is right, and so is telling about one of her own that it can be about.
                var reply = oracle.neutral(allowing: own)
                reply.required[0] += own.map(\.number)
                if own.contains(where: { oracle.reply(to: topic, about: $0).outcomes == [.escalated] }) {
                    reply.outcomes.insert(.escalated)
                }
                return reply
            }
            let replies = orders.map { oracle.reply(to: topic, about: $0) }
            return replies.dropFirst().reduce(replies[0]) { $0.joined(with: $1) }
        }
        return parts.dropFirst().reduce(parts[0]) { $0.joined(with: $1) }
    }
}
