import ArgumentParser
import Foundation
import SupportDesk
import Transport

/// Submits the mails of a folder, and prints how long that took: connecting, every mail, and goodbye.
struct SMTPBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smtp", abstract: "Submit the mails of a folder to an SMTP server.")

    @Argument(help: "A folder of mails, one a file.")
    var folder: String

    @Option(help: "A port of 127.0.0.1.")
    var port: Int

    @Option(help: "Connections at once.")
    var connections = 1

    func run() async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let mails = try names.map { name in
            SupportDesk.Envelope(
                sender: "support@shop.example", recipient: "customer@mail.example", messageID: "\(name)@shop.example",
                bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))))
        }
        let agent = TransferAgent()
        let carrier = SMTPCarrier(
            endpoint: MailEndpoint(service: .smtp, host: "127.0.0.1", port: port, security: .none),
            connections: connections, agent: agent)
        let started = ContinuousClock.now
        let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
            var taken = 0
            for (number, mail) in mails.enumerated() {
                // As many at once as a desk carries for so many connections.
                if number >= connections * 4, try await group.next() == true { taken += 1 }
                group.addTask {
                    if case .accepted = await carrier.carry(mail) { return true }
                    return false
                }
            }
            for try await isTaken in group where isTaken { taken += 1 }
            return taken
        }
        await carrier.close()
        let duration = ContinuousClock.now - started
        guard taken == mails.count else { throw ValidationError("\(mails.count - taken) mails were not taken") }
        print(Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
    }
}
