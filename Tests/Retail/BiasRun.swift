import Foundation
import Logging
import Seeded
import SupportDesk

/// The same mails under many names: whoever writes them, the same must become of them.
///
/// Display name, signature, the address's local part and the record's name change from name to name; nothing else does. Made
/// from the shipped utterances in three languages, half of the mails from their verified owners.
public struct BiasRun {
    /// A person: in Latin letters, and as a Hindi mail writes it.
    struct Name: Sendable {
        let latin: String
        let devanagari: String

        /// `mary.oneill`
        var localPart: String {
            latin.lowercased().split(separator: " ").map { $0.filter(\.isLetter) }.joined(separator: ".")
        }
    }

    /// One mail of the set, without its author.
    struct Template: Sendable {
        let language: String
        let text: String
        let subject: String
        let isVerified: Bool
        /// Which of her three orders it names; nil: none.
        let order: Int?
    }

    /// Two names that were not treated alike.
    public struct Difference: Sendable, CustomStringConvertible {
        let mail: String
        let name: String
        let other: String
        let outcome: String
        let otherOutcome: String

        /// What was asked, and what became of it under both names.
        public var description: String {
            "\(mail)\n  \(name): \(outcome)\n  \(other): \(otherOutcome)"
        }
    }

    /// Ten English and ten Indian names; some are words that mails use for something else.
    static let names: [Name] = [
        ("James Carter", "जेम्स कार्टर"), ("Mary O'Neill", "मैरी ओनील"), ("Mark Price", "मार्क प्राइस"),
        ("Will Young", "विल यंग"), ("Hope Walker", "होप वॉकर"), ("Bill Marsh", "बिल मार्श"),
        ("Rose Field", "रोज़ फ़ील्ड"), ("Chase Banks", "चेस बैंक्स"), ("Grace Lovejoy", "ग्रेस लवजॉय"),
        ("Theodore Fitzwilliam", "थियोडोर फ़िट्ज़विलियम"), ("Priya Sharma", "प्रिया शर्मा"), ("Khushi Gupta", "ख़ुशी गुप्ता"),
        ("Asha Devi", "आशा देवी"), ("Prem Kumar", "प्रेम कुमार"), ("Anand Lal", "आनंद लाल"),
        ("Imran Khan", "इमरान ख़ान"), ("Lakshmi Narayanan", "लक्ष्मी नारायणन"), ("Harpreet Kaur", "हरप्रीत कौर"),
        ("Samay Raja", "समय राजा"), ("Venkataraghavan Subramaniam", "वेंकटराघवन सुब्रमण्यम"),
    ].map { Name(latin: $0.0, devanagari: $0.1) }

    private static let now = Date(timeIntervalSince1970: 1_773_133_200)

    private let mails: [Template]
    private let folder: String
    private let templates: String

    /// How many mails are read in all.
    public var count: Int { mails.count * Self.names.count }

    /// Chooses mails from the shipped utterances and writes the records of every name.
    /// - Parameters:
    ///   - mails: how many; each is read under twenty names.
    ///   - templates: the folder of templates.
    ///   - folder: an empty folder for the desk.
    public init(mails: Int, templates: String, folder: String, seed: UInt64 = 1) throws {
        self.templates = templates
        self.folder = folder
        self.mails = try Self.choose(mails, from: "\(templates)/intents", seed: seed)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let customers: [[String: Any]] = Self.names.enumerated().map { place, name in
            ["id": "B\(place)", "name": name.latin, "addresses": ["\(name.localPart)@mail.example"]]
        }
        let orders = Self.names.indices.flatMap { place in (0..<3).map { Self.order($0, of: place) } }
        try JSONSerialization.data(withJSONObject: customers).write(
            to: URL(fileURLWithPath: "\(folder)/customers.json"))
        try JSONSerialization.data(withJSONObject: orders).write(to: URL(fileURLWithPath: "\(folder)/orders.json"))
        try Data(Self.configuration.utf8).write(to: URL(fileURLWithPath: "\(folder)/desk.yaml"))
    }

    private static let configuration = """
        \(RetailShop.section)
          order_numbers: ['NC-\\d{6}']
          authserv_id: mx.neemandclay.example
        channels: [{name: support, maildir: mail}]
        carrier: {maildir: outbox}
        tickets: {folder: tickets}
        records: {customers: customers.json, orders: orders.json}
        state: state

        """

    /// Reads every mail under every name and compares what becomes of it with what becomes of it under the first one.
    /// - Throws: what the desk throws.
    public func differences() async throws -> [Difference] {
        var configuration = try DeskConfiguration(file: "\(folder)/desk.yaml")
        configuration.templates = templates
        var surroundings = DeskSurroundings(logger: Logger(label: "bias") { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { Self.now }
        let desk = try await Desk.build(configuration, surroundings)
        var differences: [Difference] = []
        for (place, mail) in mails.enumerated() {
            let outcomes = try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for index in Self.names.indices {
                    group.addTask { (index, try await Self.outcome(of: mail, place, under: index, at: desk)) }
                }
                var outcomes = Self.names.map { _ in "" }
                for try await (index, outcome) in group { outcomes[index] = outcome }
                return outcomes
            }
            for (index, outcome) in outcomes.enumerated() where outcome != outcomes[0] {
                differences.append(
                    Difference(
                        mail: "\(mail.language)\(mail.isVerified ? "" : ", unverified"): \(mail.text)",
                        name: Self.names[0].latin, other: Self.names[index].latin, outcome: outcomes[0],
                        otherOutcome: outcome))
            }
        }
        return differences
    }

    /// Disposition, rule and reply, with the same word for every name and number.
    private static func outcome(of mail: Template, _ place: Int, under index: Int, at desk: Desk) async throws -> String
    {
        let name = names[index]
        let raw = RawMessage(
            id: 0, channel: "bias", source: "\(place)", arrival: now, bytes: bytes(of: mail, place, by: index))
        let disposition = try await desk.dispose(of: raw).0
        var text = "\(disposition.kind.rawValue) \(disposition.rule.name)"
        for line in (disposition.reply?.text ?? "").components(separatedBy: "\n") where !line.contains("AD-") {
            text += "\n" + line
        }
        for order in 0..<3 { text = text.replacing(number(order, of: index), with: "ORDER\(order)") }
        return text.replacing(name.latin, with: "NAME").replacing(name.devanagari, with: "NAME")
    }

    private static func bytes(of mail: Template, _ place: Int, by index: Int) -> [UInt8] {
        let name = names[index]
        let written = mail.language == "hi" ? name.devanagari : name.latin
        let address = "\(name.localPart)@\(mail.isVerified ? "mail.example" : "post.example")"
        let order = mail.order.map { number($0, of: index) } ?? ""
        var lines = [
            "From: =?utf-8?B?\(Data(written.utf8).base64EncodedString())?= <\(address)>",
            "To: support@neemandclay.example",
            "Subject: =?utf-8?B?\(Data(mail.subject.replacing("{order}", with: order).utf8).base64EncodedString())?=",
            "Date: Tue, 10 Mar 2026 14:00:00 +0530", "Message-ID: <bias-\(place)@example>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "",
            mail.text.replacing("{order}", with: order), "", mail.language == "en" ? "Regards," : "धन्यवाद,", written, "",
        ]
        if mail.language == "hi-Latn" { lines[lines.count - 3] = "Dhanyavaad," }
        if mail.isVerified {
            lines.insert(
                "Authentication-Results: mx.neemandclay.example; dkim=pass header.d=mail.example;"
                    + " dmarc=pass header.from=mail.example", at: 0)
        }
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func number(_ order: Int, of name: Int) -> String { "NC-\(200_000 + name * 100 + order)" }

    private static func order(_ order: Int, of name: Int) -> [String: Any] {
        var record: [String: Any] = [
            "number": number(order, of: name), "customer": "B\(name)", "placedOn": "2026-02-2\(order)",
            "currency": "INR",
            "total": "2498.00", "items": [["name": "Blue pottery bowl", "quantity": 2, "price": "1249.00"]],
            "payment": ["method": "UPI", "state": "paid"],
        ]
        var shipment = [
            "carrier": "Delhivery", "trackingNumber": "16895330163338", "shippedOn": "2026-03-05",
            "expectedOn": "2026-03-11",
        ]
        switch order {
        case 0: record["state"] = "shipped"
        case 1:
            record["state"] = "delivered"
            shipment["deliveredOn"] = "2026-03-09"
            record["invoice"] = ["number": "INV-2026-00412", "url": "https://neemandclay.example/i/00412.pdf"]
        default:
            record["state"] = "returned"
            record["refund"] = [
                "state": "paid", "amount": "2498.00", "requestedOn": "2026-03-06", "paidOn": "2026-03-09",
                "method": "UPI",
            ]
        }
        record["shipment"] = shipment
        return record
    }

    /// Utterances of each language in turn, of all intents; those that name an order of their own are left out.
    private static func choose(_ count: Int, from folder: String, seed: UInt64) throws -> [Template] {
        var random = SeededRandom(seed: seed)
        let languages = ["en", "hi", "hi-Latn"]
        let order = [
            "en": "My order number is {order}.", "hi": "मेरा ऑर्डर नंबर {order} है।",
            "hi-Latn": "Mera order number {order} hai.",
        ]
        let greeting = ["en": "Hello,", "hi": "नमस्ते,", "hi-Latn": "Namaste,"]
        var lines: [String: [String]] = [:]
        for language in languages {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(language)").sorted()
            lines[language] = try files.filter { $0.hasSuffix(".txt") }.flatMap { file in
                try String(contentsOfFile: "\(folder)/\(language)/\(file)", encoding: .utf8).components(
                    separatedBy: "\n"
                )
                .filter { line in
                    !line.isEmpty && !line.hasPrefix("#")
                        && !line.unicodeScalars.contains { $0.properties.numericType != nil }
                }
            }
        }
        return (0..<count).compactMap { place in
            let language = languages[place % languages.count]
            guard let line = lines[language]?.randomElement(using: &random) else { return nil }
            let named = random.chance(60) ? Int.random(in: 0..<3, using: &random) : nil
            let isInSubject = random.chance(30)
            let text = [greeting[language] ?? "", line, named != nil && !isInSubject ? order[language] ?? "" : ""]
            return Template(
                language: language, text: text.filter { !$0.isEmpty }.joined(separator: "\n"),
                subject: named != nil && isInSubject ? "Order {order}" : random.chance(50) ? line : "Question",
                isVerified: place / languages.count % 2 == 0, order: named)
        }
    }
}
