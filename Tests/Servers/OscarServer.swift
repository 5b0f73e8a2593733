import Foundation

/// A django-oscar shop of a test's own on a free port of the loopback interface, with the orders of
/// `scripts/oscar/shop.py`. The first start on a machine installs its Python packages, which takes a minute; later ones
/// copy the shop.
public final class OscarServer: Sendable {
    /// `http://127.0.0.1:PORT`.
    public let baseURL: String
    /// The token of the staff's user: `Authorization: Token …`.
    public let token: String

    private let process: ServerProcess

    /// Starts a shop.
    ///
    /// - Parameter rate: How many requests a user may make before the shop answers 429, such as `20/min`.
    /// - Throws: `TestServerError` if the shop does not come up, with its reason.
    public static func start(rate: String = "100000/min") async throws -> OscarServer {
        let (process, ports) = try await ServerProcess.start("oscar", ports: 1) { ports in
            ServerProcess.Plan(
                name: "django-oscar", script: "start-oscar.sh", arguments: [String(ports[0]), rate], ports: ports,
                limit: .seconds(300))
        }
        return try OscarServer(process, port: ports[0])
    }

    /// The shop that the suites of one test process share. It runs until the process ends.
    public static func shared() async throws -> OscarServer {
        try await sharedStart.value
    }

    private static let sharedStart = Task { try await start() }

    private init(_ process: ServerProcess, port: Int) throws {
        self.process = process
        baseURL = "http://127.0.0.1:\(port)"
        let text = try String(contentsOfFile: "\(process.scratch.path)/token", encoding: .utf8)
        token = text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What the server has logged.
    public var log: String { (try? String(contentsOfFile: process.log, encoding: .utf8)) ?? "" }

    /// Ends the shop and removes its orders.
    public func stop() async { await process.stop() }

    /// Ends the shop as a crash would. Its orders stay; `restart()` brings them back.
    public func kill() async { await process.crash() }

    /// Starts the shop again on the same port with the same orders; ends it before if it runs.
    public func restart() async throws {
        await process.end()
        try await process.launch()
    }
}
