import ArgumentParser
import Foundation
import Logging
import SupportDesk
import TestServers

/// How many tickets a second a desk makes from mail that only people can answer: the whole way, from the file in the maildir to the
/// ticket that is read back.
struct TicketsBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tickets", abstract: "Hand mail over to a stand-in for Zendesk, and to a folder.")

    @Option(help: "How many mails.") var messages = 400
    @Option(help: "How many are handled side by side.") var concurrency = 8

    func run() async throws {
        let server = try ZendeskServer()
        try await measure(
            "stand-in over HTTP",
            "{zendesk: \"\(server.baseURL)\", user: \(ZendeskServer.user), token: {command: [echo, \(ZendeskServer.token)]}}"
        ) { _ in server.tickets.count }
        try await measure("folder", "{folder: tickets}") { folder in
            try FileManager.default.contentsOfDirectory(atPath: "\(folder)/tickets").count
        }
    }

    private func measure(_ name: String, _ tickets: String, count: (String) throws -> Int) async throws {
        let folder = NSTemporaryDirectory() + "auradesk-tickets-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for part in ["cur", "new", "tmp"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/mail/\(part)", withIntermediateDirectories: true)
        }
        let file = """
            shop: {name: Neem & Clay, address: support@neemandclay.example}
            channels: [{maildir: mail, adopt_from: 2020-01-01}]
            carrier: {maildir: outbox}
            tickets: \(tickets)
            state: state
            templates: \(FileManager.default.currentDirectoryPath)/Templates
            limits: {concurrency: \(concurrency)}
            """
        try Data(file.utf8).write(to: URL(fileURLWithPath: "\(folder)/desk.yaml"))
        var before = 0
        // A few that do not count: what is learnt and compiled once is not what a ticket costs.
        for (run, number) in [8, messages].enumerated() {
            try fill("\(folder)/mail/new", run, number)
            let configuration = try DeskConfiguration(file: "\(folder)/desk.yaml")
            let desk = try await Desk.build(
                configuration, DeskSurroundings(logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }))
            let start = ContinuousClock.now
            let report = try await desk.run()
            let wall = (ContinuousClock.now - start) / .seconds(1)
            guard report.unavailable.isEmpty else { throw ValidationError("\(report.unavailable)") }
            let made = try count(folder) - before
            before += made
            if run > 0 {
                guard made == number else { throw ValidationError("\(made) tickets of \(number) mails in \(name)") }
                Figure(what: "\(number) mails to tickets, \(name)", unit: "tickets/s", value: Double(made) / wall)
                    .print()
            }
        }
    }

    /// One wish each from another sender: the mail of one sender is handled one by one.
    private func fill(_ folder: String, _ run: Int, _ count: Int) throws {
        let arrival = Int(Date().timeIntervalSince1970)
        for number in 0..<count {
            let lines = [
                "From: sender\(run)x\(number)@host\(run)x\(number).example", "To: support@neemandclay.example",
                "Subject: Matter \(run) \(number)", "Message-ID: <\(run).\(number).\(arrival)@mail.example>",
                "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", "Hello,", "",
                "I want to speak to a human being, please.", "",
            ]
            try Data(lines.joined(separator: "\n").utf8)
                .write(to: URL(fileURLWithPath: "\(folder)/\(arrival).M\(number)R\(run).bench"))
        }
    }
}
