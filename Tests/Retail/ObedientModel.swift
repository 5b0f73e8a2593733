import Foundation
import SupportDesk

/// A model that does what its prompt asks, as a good one would: it names facts by their slots, quotes the passages that fit the
/// question word for word and cites them, promises nothing, and asks for a person when it has neither facts nor passages.
public struct ObedientModel: LanguageModel {
    /// Creates it.
    public init() {}

    /// `obedient`
    public var name: String { "obedient" }

    /// Passages that fit worse than this do not answer the question.
    private static let leastFit = 0.45

    /// Drafts from the brief alone: it sees neither the records nor the templates.
    public func draft(_ brief: Brief) async throws -> Draft {
        let names = Set(brief.facts.map(\.name))
        let question = "\(brief.subject.text) \(brief.body.text)".lowercased()
        var lines: [String] = []
        for order in 1...3 where names.contains("order\(order).number") {
            for (label, fields) in Self.lines(for: question, brief.language) {
                let known = fields.filter { names.contains("order\(order).\($0)") }
                guard known.count == fields.count else { continue }
                lines.append("\(label): " + known.map { "{{fact:order\(order).\($0)}}" }.joined(separator: ", "))
            }
        }
        let named = brief.passages.filter { $0.fit >= 1 && $0.language == brief.language }
        let found = brief.passages.filter { $0.fit < 1 && $0.fit >= Self.leastFit && $0.language == brief.language }
            .sorted { $0.fit > $1.fit }
        var quoted: [Passage] = []
        for passage in named.prefix(3) + found.prefix(named.isEmpty ? 2 : 1)
        where !quoted.contains(where: { $0.article == passage.article }) {
            quoted.append(passage)
        }
        let isAnswered = !lines.isEmpty || !quoted.isEmpty
        let body = ([lines.joined(separator: "\n")] + quoted.map(\.text)).filter { !$0.isEmpty }
        return Draft(
            body: isAnswered ? body.joined(separator: "\n\n") : "", language: brief.language,
            citations: quoted.map(\.article), author: .model(name),
            asksForPerson: isAnswered ? nil : "neither facts nor passages answer it")
    }

    /// Which facts a question is about, with a label in the language.
    private static func lines(for question: String, _ language: String) -> [(String, [String])] {
        func speaks(of words: String...) -> Bool { words.contains(where: question.contains) }
        func label(_ english: String, _ hindi: String, _ romanised: String) -> String {
            language == "hi" ? hindi : language == "hi-Latn" ? romanised : english
        }
        var lines = [
            (label("Your order", "आपका ऑर्डर", "Aapka order"), ["number"]),
            (label("It stands so", "अभी की स्थिति", "Abhi ki sthiti"), ["state"]),
        ]
        if speaks(of: "refund", "money", "paise", "paisa", "पैस", "रिफ") {
            lines += [
                (label("Amount", "रक़म", "Rakam"), ["refundAmount"]),
                (label("Paid on", "भुगतान की तारीख़", "Bhugtan ki tareekh"), ["refundPaidOn"]),
                (label("Expected by", "अनुमानित तारीख़", "Anumaanit tareekh"), ["refundDueOn"]),
            ]
        } else if speaks(of: "invoice", "bill", "receipt", "इनवॉइस", "बिल") {
            lines += [
                (label("Invoice", "इनवॉइस", "Invoice"), ["invoiceNumber"]),
                (label("Here it is", "यहाँ देखें", "Yahan dekhiye"), ["invoiceLink"]),
                (label("Total", "कुल रक़म", "Kul rakam"), ["total"]),
            ]
        } else {
            lines += [
                (label("With", "कूरियर", "Courier"), ["carrier", "trackingNumber"]),
                (label("Follow it here", "यहाँ देखें", "Yahan dekhiye"), ["trackingLink"]),
                (label("Expected on", "अनुमानित तारीख़", "Anumaanit tareekh"), ["expectedOn"]),
                (label("It came on", "पहुँचने की तारीख़", "Pahunchne ki tareekh"), ["deliveredOn"]),
            ]
        }
        return lines
    }
}
