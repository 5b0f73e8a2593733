import Foundation
import Logging
import Mail
import SupportDesk

/// One run of a real desk, from files to files, over the mails of a set.
public struct RetailRun {
    private let shop: RetailShop
    private let mails: [RetailMail]
    private let folder: String

    /// Writes records, configuration and mails into an empty folder.
    /// - Throws: when something cannot be written.
    public init(shop: RetailShop, mails: [RetailMail], in folder: String) throws {
        self.shop = shop
        self.mails = mails
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let customers: [[String: Any]] = shop.customers.map {
            ["id": $0.id, "name": $0.name, "addresses": [$0.address], "language": "en"]
        }
        try write(JSONSerialization.data(withJSONObject: customers), to: "customers.json")
        try write(JSONSerialization.data(withJSONObject: shop.orders.map(\.record)), to: "orders.json")
        try write(Data(Self.configuration.utf8), to: "desk.yaml")
        let maildir = Maildir(path: "\(folder)/mail")
        try maildir.create()
        for mail in mails {
            // One by one, in the four hours before the run.
            let arrival = RetailShop.now.addingTimeInterval(
                Double(mail.place - mails.count) * 14_400 / Double(mails.count))
            // Not brought to the disk one by one: it takes longer than to handle them.
            try write(
                Data(mail.bytes(arrivedAt: arrival)), to: "mail/new/\(Int(arrival.timeIntervalSince1970)).\(mail.place)"
            )
        }
    }

    /// The demo's shop in New York, with these records; a day's mail in one run needs wider limits.
    private static let configuration = """
        \(RetailShop.section)
          order_numbers: ['W\\d{7}']
          region: US
          time_zone: America/New_York
          authserv_id: mx.neemandclay.example
        channels:
          - {name: support, maildir: mail, adopt_from: 2026-03-01}
        carrier: {maildir: outbox}
        tickets: {folder: tickets}
        records: {customers: customers.json, orders: orders.json}
        state: state
        limits:
          replies_per_sender: 100000
          replies_per_domain: 1000000
          replies_per_hour: 1000000
          replies_per_text: 100000
          answers_per_matter: 100000
        people: {repeats: off}
        """

    /// Runs the desk and judges what it did.
    /// - Parameters:
    ///   - model: who drafts; nil: the embedded responder.
    ///   - templates: the folder of templates; nil: the shipped ones.
    /// - Throws: what the desk throws.
    public func judge(model: (any LanguageModel)? = nil, templates: String? = nil) async throws -> RetailReport {
        var configuration = try DeskConfiguration(file: "\(folder)/desk.yaml")
        if let templates { configuration.templates = templates }
        var surroundings = DeskSurroundings(logger: Logger(label: "retail") { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { RetailShop.now }
        surroundings.model = model
        let handled = Handled()
        _ = try await Desk.build(configuration, surroundings).run { await handled.add($0) }
        var replies: [String: [Message]] = [:]
        let outbox = Maildir(path: "\(folder)/outbox")
        for entry in (try? outbox.entries()) ?? [] {
            let reply = try Message(parsing: outbox.read(entry))
            for identifier in reply.inReplyTo { replies[identifier, default: []].append(reply) }
        }
        let judge = Judge(shop: shop)
        let outcomes = await handled.all
        return RetailReport(
            verdicts: mails.map { mail in
                let outcome = outcomes.first { $0.source.hasSuffix(".\(mail.place)") }
                return judge.verdict(on: mail, outcome, replies[mail.identifier] ?? [])
            })
    }

    private func write(_ data: Data, to name: String) throws {
        try data.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    private actor Handled {
        private(set) var all: [HandledMessage] = []
        func add(_ message: HandledMessage) { all.append(message) }
    }
}
