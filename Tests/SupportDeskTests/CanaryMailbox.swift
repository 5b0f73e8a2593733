import Foundation
import Redaction

/// A piece of personal data that stands in exactly one generated mail.
struct Canary: Sendable {
    let type: PIIType
    /// Whose mail it is in.
    let owner: String
    /// Letters and digits, in lower case.
    let key: [UInt8]
    /// Where in the mail it stands.
    let place: String
    /// The sentence, for the report of a miss.
    let text: String
}

/// Mails of a seeded generator, each with its own sender and with personal data of several types in every part that a
/// mail has.
struct CanaryMailbox {
    struct Letter {
        let bytes: [UInt8]
        let sender: String
    }

    private(set) var letters: [Letter] = []
    private(set) var canaries: [Canary] = []
    /// Records of some of the senders, as the shop keeps them.
    private(set) var customers: [[String: Any]] = []
    private var values: CanaryValues

    /// The parts of a mail that a sentence may stand in.
    private enum Place: String, CaseIterable {
        case body, html, base64, subject, quoted, file, fileName, header, signature, forwarded
    }

    private static let questions = [
        "How long does standard delivery take?", "What is your refund policy?", "Which payment methods do you accept?",
        "Do you deliver to Germany, and how long does it take?", "How can I reset my password?",
        "Can I return a bowl that I do not like?", "Is there a fee if I cancel my order?",
        "Where do I find the invoice of my order?", "How do I subscribe to the newsletter?",
        "What is the warranty on pots and pans?", "रिफंड की पॉलिसी क्या है?", "Delivery mein kitne din lagte hain?",
    ]

    /// - Parameter types: the types that occur, in turn.
    init(count: Int, seed: UInt64, types: [PIIType] = CanaryValues.types) {
        values = CanaryValues(seed: seed)
        for index in 0..<count { add(index, types) }
    }

    private mutating func add(_ index: Int, _ types: [PIIType]) {
        let family = values.word()
        let given = values.givenName()
        let name = "\(given) \(family)"
        let sender =
            "\(given.lowercased()).\(values.word().lowercased())@\(values.pick(["mail", "inbox", "post"])).example"
        note(.person, sender, family, "header", name)
        note(.email, sender, sender, "header", sender)
        var parts: [Place: [String]] = [.body: ["Hello,", "", values.pick(Self.questions)]]
        if index % 5 == 0 { addRecord(of: name, sender, index, &parts) }
        // Every fourth mail speaks of an order that is not its sender's.
        if index % 4 == 3 { parts[.body]?.append("It is about order NC-\(100_000 + index).") }
        for offset in 0..<3 {
            let type = types[(index * 3 + offset) % types.count]
            let place = offset == 0 ? .body : Place.allCases[(index + offset * 7) % Place.allCases.count]
            let said = values.say(type)
            // A sentence with a line end is no subject and no file name.
            let fits = said.text.contains("\n") || said.text.contains("/") || type == .secret ? .body : place
            let target = [.subject, .fileName, .header].contains(place) ? fits : place
            parts[target, default: []].append(said.text)
            note(type, sender, said.secret, target.rawValue, said.text)
        }
        if index % 7 != 0 { parts[.body]? += ["", values.pick(["Regards,", "Best regards,", "Thanks"]), given] }
        letters.append(Letter(bytes: mail(index, name, sender, parts), sender: sender))
    }

    /// Puts the sender on record, and has her write what the record holds in her own way.
    private mutating func addRecord(
        of name: String, _ sender: String, _ index: Int, _ parts: inout [Place: [String]]
    ) {
        let phone = values.phone()
        let street = "\(values.word()) Road"
        customers.append([
            "id": "K\(index)", "name": name, "addresses": [sender], "phone": phone, "language": "en",
            "postalAddress": [
                "lines": ["\(index + 1) \(street)", "Aundh"], "city": "Pune", "state": "Maharashtra",
                "postcode": "411007", "country": "IN",
            ],
            "since": "2024-01-30",
        ])
        parts[.body]?.append("I am still at \(index + 1) \(street), and my phone is \(phone.dropFirst(4)).")
        note(.address, sender, street, "record", street)
        note(.phone, sender, String(phone.dropFirst(4)), "record", phone)
    }

    private mutating func note(_ type: PIIType, _ owner: String, _ secret: String, _ place: String, _ text: String) {
        canaries.append(Canary(type: type, owner: owner, key: ByteSearch.key(secret), place: place, text: text))
    }

    // MARK: - Bytes

    private func mail(_ index: Int, _ name: String, _ sender: String, _ parts: [Place: [String]]) -> [UInt8] {
        let domain = sender.split(separator: "@").last ?? ""
        var head = [
            "Authentication-Results: mx.neemandclay.example; dkim=pass header.d=\(domain); dmarc=pass header.from=\(domain)",
            "From: \"\(name)\" <\(sender)>", "To: support@neemandclay.example",
            "Subject: \(encodedWord(parts[.subject]?.joined(separator: " ") ?? "A question", index))",
            "Date: Tue, 10 Mar 2026 13:\(10 + index % 50):00 +0530", "Message-ID: <canary.\(index).2026@\(domain)>",
            "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=canary",
        ]
        head += (parts[.header] ?? []).map { "X-Customer-Note: \($0)" }
        var text = parts[.body] ?? []
        if let signature = parts[.signature] { text += ["", "-- "] + signature }
        if let quoted = parts[.quoted] {
            text += ["", "On Mon, 9 Mar 2026 at 10:00, Neem & Clay <support@neemandclay.example> wrote:"]
            text += quoted.flatMap { $0.split(separator: "\n") }.map { "> \($0)" }
        }
        if let passedOn = parts[.forwarded] {
            text += [
                "", "---------- Forwarded message ---------", "From: Courier <desk@courier.example>",
                "Date: Mon, 9 Mar 2026 at 09:00", "Subject: Your parcel", "To: \(sender)", "",
            ]
            text += passedOn
        }
        if let more = parts[.base64] { text += [""] + more }
        var lines = head + ["", "--canary"]
        if let html = parts[.html] {
            let all = (text + html).map { "<p>\(escaped($0))</p>" }.joined(separator: "\n")
            lines += ["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", all]
        } else if parts[.base64] != nil {
            let all = Data(text.joined(separator: "\r\n").utf8).base64EncodedString(options: .lineLength76Characters)
            lines += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "", all]
        } else {
            lines += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", ""] + text
        }
        if parts[.file] != nil || parts[.fileName] != nil {
            let title = parts[.fileName]?.joined(separator: " ") ?? "note"
            lines += [
                "--canary", "Content-Type: text/plain; charset=utf-8",
                "Content-Disposition: attachment; filename=\"\(title).txt\"", "",
            ]
            lines += parts[.file] ?? ["See above."]
        }
        return Array((lines + ["--canary--", ""]).joined(separator: "\r\n").utf8)
    }

    /// RFC 2047, in every third mail.
    private func encodedWord(_ text: String, _ index: Int) -> String {
        index % 3 == 0 ? "=?utf-8?B?\(Data(text.utf8).base64EncodedString())?=" : text
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\n", with: "<br>")
    }
}
