import Foundation

/// A Request Tracker 5 of a test's own on a free port of the loopback interface.
///
/// It has the queues `Support` and `Complaints` with the custom fields `External ID` (unique values), `Order Number`,
/// `Intent`, `Language`, `Tags` (several values) and `Category` (`refund`, `shipping` or `other`), and the agents
/// `agent1` and `agent2`. The first start on a machine prepares a database, which takes some seconds; later ones
/// copy it.
public final class RTServer: Sendable {
    /// `http://127.0.0.1:PORT`; the REST interface is at `/REST/2.0` below it.
    public let baseURL: String
    /// The port.
    public let port: Int
    /// The token of the user `auradesk`, who has an agent's rights: `Authorization: token …`.
    public let token: String
    /// The token of `root`.
    public let adminToken: String
    /// The directory that RT's outgoing mail is written to, one `.eml` file a message.
    public let outbox: String

    private let process: ServerProcess

    /// Starts a server with an empty ticket database.
    ///
    /// - Parameter workers: How many requests it answers at the same time, in as many processes.
    /// - Throws: `TestServerError` if the server does not come up, with its reason.
    public static func start(workers: Int = 2) async throws -> RTServer {
        let (process, ports) = try await ServerProcess.start("rt", ports: 1) { ports in
            ServerProcess.Plan(
                name: "Request Tracker", script: "start-rt.sh", arguments: [String(ports[0]), String(workers)],
                ports: ports, limit: .seconds(180))
        }
        return try RTServer(process: process, port: ports[0])
    }

    /// The server that the suites of one test process share. It runs until the process ends.
    public static func shared() async throws -> RTServer {
        try await sharedStart.value
    }

    private static let sharedStart = Task { try await start() }

    private init(process: ServerProcess, port: Int) throws {
        self.process = process
        self.port = port
        baseURL = "http://127.0.0.1:\(port)"
        outbox = process.scratch.path + "/outbox"
        func token(_ name: String) throws -> String {
            let text = try String(contentsOfFile: "\(process.scratch.path)/\(name)", encoding: .utf8)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        self.token = try token("token")
        adminToken = try token("token-root")
    }

    /// What the server has logged.
    public var log: String { (try? String(contentsOfFile: process.log, encoding: .utf8)) ?? "" }

    /// The messages that RT has sent so far, oldest first.
    public func sentMail() -> [[UInt8]] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: outbox)) ?? []
        return files.filter { $0.hasSuffix(".eml") }.sorted().compactMap {
            FileManager.default.contents(atPath: "\(outbox)/\($0)").map { [UInt8]($0) }
        }
    }

    /// Hands a mail to RT as a mail server would.
    public func receive(_ mail: String, queue: String = "Support") async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/rt-mailgate")
        process.arguments = ["--queue", queue, "--action", "correspond", "--url", "\(baseURL)/"]
        let pipe = Pipe()
        process.standardInput = pipe
        let status = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
                try pipe.fileHandleForWriting.write(contentsOf: Data(mail.utf8))
                try pipe.fileHandleForWriting.close()
            } catch {
                continuation.resume(throwing: error)
            }
        }
        guard status == 0 else { throw TestServerError("rt-mailgate ended with \(status)") }
    }

    /// Ends the server and removes its tickets.
    public func stop() async { await process.stop() }

    /// Ends the server as a crash would. The tickets stay; `restart()` brings them back.
    public func kill() async { await process.crash() }

    /// Starts the server again on the same port with the same tickets; ends it before if it runs.
    public func restart() async throws {
        await process.end()
        try await process.launch()
    }
}
