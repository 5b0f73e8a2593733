import Foundation
import Logging
import Mail
import RetailMail
import Testing
import Transport

@testable import SupportDesk

/// A shop with a past: customers' mails and what people answered, in a maildir with a folder of what was sent, or in one mbox.
struct PastScene {
    let shop: ScratchShop
    var past: Maildir { Maildir(path: "\(shop.folder.path)/past") }
    private var sent: Maildir { Maildir(path: "\(shop.folder.path)/past/.Sent") }

    static let agent = "Chandrika Venkataraman"

    init(_ change: (inout DeskConfiguration) -> Void = { _ in }) async throws {
        shop = try await ScratchShop(change)
        try past.create()
        try sent.create()
    }

    /// A day of March 2026 at 09:00 UTC.
    static func day(_ day: Int, hour: Int = 9) -> Date {
        Date(timeIntervalSince1970: 1_772_323_200 + Double(day - 1) * 86_400 + Double(hour) * 3_600)
    }

    /// A customer's mail and the answer to it two hours later, as bytes.
    static func exchange(
        _ number: Int, from address: String, name: String, _ text: String, at time: Date, subject: String = "My order",
        answer: String?
    ) -> (mail: [UInt8], answer: [UInt8]?) {
        let id = "past-\(number)@mail.example"
        let mail = TestMail(
            name: name, from: address, subject: subject, text: text, id: id, date: RetailMail.stamp(time),
            headers: ["Received: from mx.mail.example by mx.neemandclay.example; \(RetailMail.stamp(time))"])
        var bytes = mail.bytes
        // The server's own line stands above its verdict.
        if let line = mail.headers.first {
            bytes =
                Array((line + "\r\n").utf8)
                + Array(String(decoding: bytes, as: UTF8.self).replacing(line + "\r\n", with: "").utf8)
        }
        let reply = answer.map { answer in
            TestMail(
                name: agent, from: "support@neemandclay.example", to: address, subject: "Re: \(subject)",
                text: "Hello \(name),\n\n\(answer)\n\nKind regards\n\(agent)\n",
                id: "answer-\(number)@neemandclay.example",
                date: RetailMail.stamp(time.addingTimeInterval(7_200)), inReplyTo: id, references: [id], verdict: .none
            ).bytes
        }
        return (bytes, reply)
    }

    /// Puts them where they lie.
    func put(_ exchange: (mail: [UInt8], answer: [UInt8]?), _ number: Int, at time: Date) throws {
        let seconds = Int(time.timeIntervalSince1970)
        try past.deliver(exchange.mail, uniqueName: "\(seconds).\(number)", to: .cur, flags: ["S"])
        guard let answer = exchange.answer else { return }
        try sent.deliver(answer, uniqueName: "\(seconds + 7_200).\(number)a", to: .cur, flags: ["S"])
    }

    func ask(
        _ number: Int, _ who: (String, String), _ text: String, on day: Int, answer: String?,
        subject: String = "My order"
    ) throws {
        let time = Self.day(day, hour: 6 + number % 12)
        try put(
            Self.exchange(number, from: who.0, name: who.1, text, at: time, subject: subject, answer: answer), number,
            at: time)
    }

    func simulation(
        _ source: PastSource? = nil, folder: String = "replay", templates: String? = nil,
        _ change: (inout Simulation.Options) -> Void = { _ in }
    ) -> Simulation {
        var options = Simulation.Options()
        options.present = { ScratchShop.start }
        change(&options)
        var configuration = shop.configuration
        if let templates { configuration.templates = templates }
        return Simulation(
            configuration, source: source ?? .files([past.path]), folder: "\(shop.folder.path)/\(folder)",
            options: options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func report(
        _ source: PastSource? = nil, folder: String = "replay", templates: String? = nil,
        _ change: (inout Simulation.Options) -> Void = { _ in }
    ) async throws -> SimulationReport {
        try #require(try await simulation(source, folder: folder, templates: templates, change).run())
    }

    /// People of the demo's records who each have an order on its way: address, name, order, tracking number, promised day.
    static let people: [(who: (String, String), order: String, tracking: String, day: String)] = [
        (("priya.sharma@mail.example", "Priya Sharma"), "NC-104233", "16895330163338", "11 March 2026"),
        (("meera.nair@mail.example", "Meera Nair"), "NC-104222", "86919825998", "11 March 2026"),
        (("deepa.krishnan@mail.example", "Deepa Krishnan"), "NC-104240", "85508167171", "11 March 2026"),
        (("arjun.mehta@inbox.example", "Arjun Mehta"), "NC-104251", "63475205361", "12 March 2026"),
        (("sunita.verma@mail.example", "सुनीता वर्मा"), "NC-104198", "18958595963257", "11 March 2026"),
    ]

    /// The past whose truth is known: four questions after a parcel in English and one in Hindi, of which a person answered two as
    /// the desk would have, one with another day, one by an act, one with a sum that nobody asked for; a question that nobody
    /// has an article about; and a note of thanks.
    func putKnownTruth() throws {
        func where_(_ order: String) -> String {
            "Hello,\nwhere is my order \(order)? When will it be delivered?\nThank you\n"
        }
        let people = Self.people
        try ask(
            1, people[0].who, where_(people[0].order), on: 9,
            answer:
                "Your order \(people[0].order) is on its way and arrives by \(people[0].day). Tracking: \(people[0].tracking)."
        )
        try ask(
            2, people[1].who, where_(people[1].order), on: 9,
            answer: "Your order \(people[1].order) is on its way and arrives by 19 March 2026.")
        try ask(
            3, people[2].who, where_(people[2].order), on: 9,
            answer: "The parcel was lost. I have refunded the whole amount today.")
        try ask(
            4, people[3].who, where_(people[3].order), on: 10,
            answer: "Your order \(people[3].order) arrives by \(people[3].day). As it is late, ₹321.00 go back to you.")
        try ask(
            5, people[4].who, "नमस्ते,\nमेरा ऑर्डर \(people[4].order) कहाँ है? यह कब डिलीवर होगा?\nधन्यवाद\n", on: 10,
            answer: "आपका ऑर्डर \(people[4].order) 11 मार्च 2026 तक पहुँच जाएगा।", subject: "मेरा ऑर्डर")
        try ask(
            6, ("kiran.rao@mail.example", "Kiran Rao"),
            "Hello,\ndo you give pottery wheel lessons for children at your studio in Jaipur on weekends?\n", on: 8,
            answer: "Yes, every Saturday at ten.", subject: "Lessons")
        try ask(
            7, ("leela.menon@webmail.example", "Leela Menon"), "Thank you so much!\n", on: 8, answer: nil,
            subject: "Thanks")
    }
}

extension DeskConfiguration.ChannelEntry {
    static func imap(_ name: String, _ endpoint: MailEndpoint, folder: String) -> Self {
        DeskConfiguration.ChannelEntry(
            name: name, source: .imap(endpoint, folder: folder, after: .flag), adoptFrom: nil)
    }

    static func tickets(_ name: String, _ tickets: DeskConfiguration.Tickets, queues: [String]) -> Self {
        DeskConfiguration.ChannelEntry(name: name, source: .ticket(tickets, queues: queues), adoptFrom: nil)
    }
}
