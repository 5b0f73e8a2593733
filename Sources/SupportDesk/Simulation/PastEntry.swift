import Foundation
import Mail

/// One message of the past as the replay sees it before it reads it again: when, by whom, and what it belongs to.
struct PastEntry: Sendable {
    /// Where its bytes are.
    enum Place: Sendable, Hashable {
        /// A file of the source.
        case file(String)
        /// The replay's own sealed copy.
        case spool(SealedLog.Place)
    }

    /// Whose words it brings.
    enum Writer: Sendable, Hashable {
        /// A customer's, or anybody else's whom the desk would have read.
        case customer
        /// One of the shop's own people, to a customer.
        case person
    }

    let place: Place
    let source: String
    let arrival: Date
    let writer: Writer
    let messageID: String?
    /// What it answers, the nearest first.
    let answers: [String]
    /// What it belongs to: In-Reply-To and References.
    let references: [String]
    /// The customers' addresses in lower case: who wrote it, or whom it went to.
    let customers: [String]
    let subject: String?
    let isAnswer: Bool
    /// The ticket that it is of.
    let ticket: String?
    /// By which a second copy is known.
    let fingerprint: String
    /// What its header calls the people in it.
    var names: [String] = []

    /// What becomes of a message of the past.
    enum Reading: Sendable {
        case entry(PastEntry)
        /// The shop's own, and no answer to a customer: a robot's reply, a note among colleagues.
        case aside
        /// Nobody can say when it came.
        case undated
    }

    /// Reads a message as far as its place among the others goes.
    static func reading(of mail: PastMail, at place: Place, shop: Shop, limits: Message.Limits) -> Reading {
        if mail.isAgents {
            guard let arrival = mail.arrival else { return .undated }
            return .entry(
                PastEntry(
                    place: place, source: mail.source, arrival: arrival, writer: .person, messageID: nil, answers: [],
                    references: [], customers: [], subject: nil, isAnswer: true, ticket: mail.ticket,
                    fingerprint: "\(mail.source)"))
        }
        guard mail.fullSize <= mail.bytes.count, let message = try? Message(parsing: mail.bytes, limits: limits) else {
            // What cannot be read is a message too: the desk would have had to do something with it.
            guard let arrival = mail.arrival ?? mail.hint else { return .undated }
            return .entry(
                PastEntry(
                    place: place, source: mail.source, arrival: arrival, writer: .customer, messageID: nil, answers: [],
                    references: [], customers: [], subject: nil, isAnswer: false, ticket: mail.ticket,
                    fingerprint: Seal.fingerprint(mail.bytes)))
        }
        let isFromShop = message.from.contains { shop.owns($0.address) || shop.colleagues.holds($0.address) }
        var writer = Writer.customer
        if mail.ticket == nil, isFromShop, shop.correspondent(of: message).map({ shop.owns($0.address) }) ?? true {
            guard shop.automatic(message) == nil, message.header(ReplyToken.stampField) == nil,
                shop.colleague(in: message)?.writesToCustomer == true
            else { return .aside }
            writer = .person
        }
        // The clock of the shop's own people is right; what a customer's says, she says.
        let told = writer == .person ? message.date ?? mail.hint : message.received ?? mail.hint ?? message.date
        guard let arrival = mail.arrival ?? told else { return .undated }
        let base = Conversations.baseSubject(message.subject)
        let people = writer == .customer ? message.from : message.to + message.cc
        return .entry(
            PastEntry(
                place: place, source: mail.source, arrival: arrival, writer: writer, messageID: message.messageID,
                answers: message.inReplyTo, references: message.inReplyTo + message.references.reversed(),
                customers: people.map { $0.address.lowercased() }.filter {
                    !shop.owns($0) && !shop.colleagues.holds($0)
                },
                subject: base?.text, isAnswer: base?.isAnswer ?? false, ticket: mail.ticket,
                fingerprint: [
                    message.messageID ?? "", message.from.first?.address.lowercased() ?? "",
                    Seal.fingerprint(mail.bytes.bodyBytes),
                ].joined(separator: "\n"),
                names: (message.from + message.to + message.cc).compactMap(\.name)))
    }
}

extension Correspondent {
    /// The address that an answer goes to.
    fileprivate var address: String { mailbox.address }
}

extension Message {
    /// When the shop's own server took it: behind the last semicolon of its topmost `Received` field (RFC 5321 §4.4).
    fileprivate var received: Date? {
        guard let field = header("Received"), let semicolon = field.lastIndex(of: ";") else { return nil }
        let stamp = field[field.index(after: semicolon)...].trimmingCharacters(in: .whitespacesAndNewlines)
        // A comment behind the zone names it once more (RFC 5322 §3.3).
        let plain = stamp.prefix { $0 != "(" }.trimmingCharacters(in: .whitespaces)
        return MailDate.date(of: plain)
    }
}

/// The form of dates in header fields.
private enum MailDate {
    static func date(of text: String) -> Date? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "," }).map(String.init)
        let fields = parts.first.map { $0.first?.isLetter ?? false } ?? false ? Array(parts.dropFirst()) : parts
        guard fields.count >= 5, let day = Int(fields[0]), let month = months[fields[1].lowercased()],
            let year = Int(fields[2]), let zone = zone(fields[4])
        else { return nil }
        let clock = fields[3].split(separator: ":").compactMap { Int($0) }
        guard clock.count >= 2, clock.allSatisfy({ (0..<61).contains($0) }) else { return nil }
        var date = DateComponents()
        (date.year, date.month, date.day) = (year, month, day)
        (date.hour, date.minute, date.second) = (clock[0], clock[1], clock.count > 2 ? clock[2] : 0)
        date.timeZone = TimeZone(secondsFromGMT: zone)
        return Calendar(identifier: .gregorian).date(from: date)
    }

    private static let months = Dictionary(
        uniqueKeysWithValues: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
            .enumerated().map { ($1, $0 + 1) })

    /// `+0530` in seconds; the old names of zones count as UTC (RFC 5322 §4.3).
    private static func zone(_ text: String) -> Int? {
        guard let sign = text.first, sign == "+" || sign == "-" else { return 0 }
        guard text.count == 5, let value = Int(text.dropFirst()) else { return nil }
        let seconds = value / 100 * 3_600 + value % 100 * 60
        return abs(seconds) <= 14 * 3_600 ? (sign == "-" ? -seconds : seconds) : nil
    }
}
