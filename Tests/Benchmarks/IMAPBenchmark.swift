import ArgumentParser
import Foundation
import Mail
import Transport

/// Fetches a whole mailbox, and parses it while it comes if asked to.
struct IMAPBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "imap", abstract: "Fetch every message of a mailbox over IMAP, and parse them on all cores.")

    @Argument(help: "imaps://host:port, or imap://host:port?tls=none to this machine.")
    var url: String

    @Option(help: "Who logs in.")
    var user: String

    @Option(help: "With which password.")
    var password: String

    @Option(help: "The certificate to trust.")
    var caFile: String?

    @Option(help: "Commands under way.")
    var inFlight: Int?

    @Flag(help: "Parse every message too, while the others come.")
    var parse = false

    func run() async throws {
        let agent = TransferAgent()
        let session = try await agent.openIMAP(
            MailEndpoint(url: url, credentials: .password(user: user, password: password), caFile: caFile))
        _ = try await session.select("INBOX", readOnly: true)
        let uids = try await session.search(.all)
        let parsers = Parsers(parse ? ProcessInfo.processInfo.activeProcessorCount : 0)
        var batch = FetchBatch()
        batch.inFlight = inFlight ?? batch.inFlight
        try await session.fetch(uids, maximumMessageBytes: 30 << 20, batch: batch) { await parsers.take($0.bytes) }
        let (messages, bytes) = await parsers.finish()
        await session.logout()
        guard messages == uids.count else { throw ValidationError("\(messages) of \(uids.count) messages came") }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print("\(messages) messages, \(bytes) bytes, \(usage.ru_maxrss / 1024) MiB at most")
    }
}

/// Parses messages side by side. Who brings them waits when as many batches are under way as there are cores: memory does not grow
/// with the mailbox.
private actor Parsers {
    private let width: Int
    private var batch: [[UInt8]] = []
    private var running = 0
    private var counts = (messages: 0, bytes: 0)
    private var waiting: CheckedContinuation<Void, Never>?

    /// With no width messages are counted only.
    init(_ width: Int) { self.width = width }

    func take(_ message: [UInt8]) async {
        counts.messages += 1
        counts.bytes += message.count
        guard width > 0 else { return }
        batch.append(message)
        if batch.count == 32 { await begin() }
    }

    func finish() async -> (messages: Int, bytes: Int) {
        if !batch.isEmpty { await begin() }
        while running > 0 { await withCheckedContinuation { waiting = $0 } }
        return counts
    }

    private func begin() async {
        let messages = batch
        batch = []
        while running > width { await withCheckedContinuation { waiting = $0 } }
        running += 1
        // Not on the threads that receive: they would find none free while the line brings more.
        DispatchQueue.global(qos: .utility).async {
            for message in messages { _ = try? Message(parsing: message) }
            Task { await self.end() }
        }
    }

    private func end() {
        running -= 1
        waiting?.resume()
        waiting = nil
    }
}
