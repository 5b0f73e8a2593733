import Foundation
import Mail
import SupportDesk
import Triage

/// What became of one mail, and what was wrong with it.
public struct Verdict: Sendable {
    /// The mail.
    public let mail: RetailMail
    /// The desk's word for the outcome, and the rule that decided.
    public let outcome: String
    /// The intent that it saw.
    public let intent: String
    /// It was answered.
    public let isAnswered: Bool
    /// Nothing is wrong with the outcome or the reply.
    public var isRight: Bool { problems.isEmpty }
    /// What is wrong, with the oracle's words.
    public let problems: [String]
    /// Facts that the recipient may not see.
    public let leaks: [String]
    /// The reply's text.
    public let reply: String?

    /// Mail and reply to be read by a person.
    public var text: String {
        "=== \(mail.place) \(mail.language) \(mail.subject)\n\(mail.text)\n--- \(outcome)\n\(reply ?? "")\n"
    }
}

/// Compares replies with what the generator knows.
struct Judge {
    let shop: RetailShop
    private let byNumber: [String: RetailOrder]
    private let byAddress: [String: RetailCustomer]

    init(shop: RetailShop) {
        self.shop = shop
        byNumber = Dictionary(shop.orders.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        byAddress = Dictionary(shop.customers.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func verdict(on mail: RetailMail, _ outcome: HandledMessage?, _ replies: [Message]) -> Verdict {
        var problems: [String] = []
        let kind = outcome.map { "\($0.disposition.rawValue)" } ?? "lost"
        let became: ExpectedReply.Outcome? =
            switch kind {
            case "answered": .answered
            case "escalated": .escalated
            case "ignored": .ignored
            default: nil
            }
        if became.map(mail.expected.outcomes.contains) != true { problems.append("outcome: \(kind)") }
        let toSender = replies.filter { $0.to.first?.address == mail.sender.address }
        if kind == "answered", replies.isEmpty { problems.append("answered without a reply") }
        if toSender.count > 1 { problems.append("two replies") }
        if let reply = toSender.first, mail.expected.outcomes.contains(.answered) {
            problems += factProblems(in: reply.text, mail)
        }
        let leaks = replies.flatMap { self.leaks(in: $0, of: mail) }
        return Verdict(
            mail: mail, outcome: "\(kind) \(outcome?.rule ?? "")", intent: outcome?.intent ?? "-",
            isAnswered: kind == "answered", problems: problems + leaks, leaks: leaks, reply: toSender.first?.text)
    }

    private func factProblems(in text: String, _ mail: RetailMail) -> [String] {
        var problems: [String] = []
        let body = Self.body(of: text)
        for group in mail.expected.required where !group.contains(where: body.contains) {
            problems.append("lacks \(group.joined(separator: " | "))")
        }
        for words in mail.expected.forbidden where body.contains(words) { problems.append("says \"\(words)\"") }
        let oracle = Oracle(language: mail.language, today: RetailShop.today)
        let (dates, amounts) = allowed(mail.expected.orders, oracle)
        for date in Self.dates(in: body, oracle) where !dates.contains(date) { problems.append("date \(date)") }
        for amount in Self.runs(in: body, startingWith: "$") where !amounts.contains(amount) {
            problems.append("amount \(amount)")
        }
        for product in shop.products where Self.holds(product, in: body) {
            if !mail.expected.orders.contains(where: { $0.items.contains { $0.name == product } }) {
                problems.append("product \(product)")
            }
        }
        if Self.language(of: body) != mail.language { problems.append("language \(Self.language(of: body))") }
        return problems
    }

    /// Whatever belongs to an order that is not the recipient's, or to any order when she did not prove who she is.
    private func leaks(in reply: Message, of mail: RetailMail) -> [String] {
        let recipient = reply.to.first?.address ?? ""
        let isProved = recipient != mail.sender.address || mail.proof == .pass
        let body = Self.body(of: reply.text)
        var leaks: [String] = []
        for order in shop.orders where !(isProved && order.customer.address == recipient) {
            for fact in [order.number, order.trackingNumber, order.invoice?.number].compactMap(\.self)
            where body.contains(fact) {
                leaks.append("\(fact) belongs to somebody else")
            }
        }
        let name = mail.proof == .pass ? byAddress[recipient]?.name : nil
        for customer in shop.customers where customer.name != name && reply.text.contains("\(customer.name),") {
            leaks.append("greets \(customer.name)")
        }
        if !isProved, body.contains("$") { leaks.append("an amount for somebody unproved") }
        return leaks
    }

    /// Every day and amount that follows from the records of these orders.
    private func allowed(_ orders: [RetailOrder], _ oracle: Oracle) -> (dates: Set<String>, amounts: Set<String>) {
        var dates: Set<String> = []
        var amounts: Set<String> = []
        for order in orders {
            var days = [
                order.placedOn, order.shippedOn, order.expectedOn, order.deliveredOn, order.cancelledOn,
                order.refund?.requestedOn, order.refund?.approvedOn, order.refund?.paidOn,
            ].compactMap(\.self)
            if let day = order.deliveredOn { days += [day + 30, day + 7] }
            if let day = order.refund?.approvedOn { days.append(WorkingDays.day(7, after: day)) }
            if let day = order.cancelledOn { days.append(WorkingDays.day(7, after: day)) }
            dates.formUnion(days.map(oracle.date))
            amounts.formUnion([order.cents, order.refund?.cents].compactMap(\.self).map(Oracle.money))
            amounts.formUnion(order.items.map { Oracle.money($0.cents) })
        }
        return (dates, amounts)
    }

    /// The reply without the lines below its signature.
    private static func body(of text: String) -> String {
        text.range(of: "\nNeem & Clay\n").map { String(text[..<$0.lowerBound]) } ?? text
    }

    /// All full dates of the oracle's form, found by trying each day of two years.
    private static func dates(in text: String, _ oracle: Oracle) -> [String] {
        var found: [String] = []
        for day in (RetailShop.today - 400)...(RetailShop.today + 300) {
            let date = oracle.date(day)
            guard let range = text.range(of: date) else { continue }
            // `9 March` also stands in `19 March`.
            let isWhole = range.lowerBound == text.startIndex || !text[text.index(before: range.lowerBound)].isNumber
            if isWhole { found.append(date) }
        }
        return found
    }

    private static func runs(in text: String, startingWith sign: Character) -> [String] {
        var found: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            guard let place = word.firstIndex(of: sign) else { continue }
            let run = word[place...].prefix { $0 == sign || $0.isNumber || ".,".contains($0) }
            found.append(String(run).trimmingCharacters(in: CharacterSet(charactersIn: ".,")))
        }
        return found
    }

    private static func holds(_ product: String, in text: String) -> Bool { text.contains("× \(product)") }

    /// Devanagari, or the small words that only one of the two others has.
    private static func language(of text: String) -> String {
        let devanagari = text.unicodeScalars.filter { $0.value >= 0x900 && $0.value <= 0x97F }
        if devanagari.count > 40 { return "hi" }
        let words = text.lowercased().split { !$0.isLetter }.map(String.init)
        let hindi = words.count(where: Self.hindiWords.contains)
        let english = words.count(where: Self.englishWords.contains)
        return hindi > english ? "hi-Latn" : "en"
    }

    private static let hindiWords: Set<String> = [
        "hai", "hain", "aap", "aapka", "aapke", "nahi", "mein", "ka", "ki", "ke",
    ]
    private static let englishWords: Set<String> = ["the", "you", "your", "is", "of", "and", "for", "it"]
}
