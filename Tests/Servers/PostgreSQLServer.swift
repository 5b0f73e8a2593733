import Foundation

/// A PostgreSQL of a test's own on a free port of the loopback interface: user and database `desk`, no password.
public final class PostgreSQLServer: Sendable {
    /// The port.
    public let port: Int

    private let process: ServerProcess

    /// Starts a server with an empty database, or one that follows another and takes no writes until it is promoted.
    ///
    /// - Throws: `TestServerError` if the server does not come up, with its reason.
    public static func start(following primary: PostgreSQLServer? = nil) async throws -> PostgreSQLServer {
        let followed = primary.map { [String($0.port)] } ?? []
        let (process, ports) = try await ServerProcess.start("postgresql", ports: 1) { ports in
            ServerProcess.Plan(
                name: "PostgreSQL", script: "start-postgresql.sh", signal: "INT",
                arguments: ports.map(String.init) + followed, ports: ports)
        }
        let server = PostgreSQLServer(process: process, port: ports[0])
        // It takes connections a little before it lets anybody in.
        for _ in 0..<500 where !server.log.contains("ready to accept ") {
            try await Task.sleep(for: .milliseconds(20))
        }
        return server
    }

    /// The server that the suites of one test process share. It runs until the process ends.
    public static func shared() async throws -> PostgreSQLServer {
        try await sharedStart.value
    }

    private static let sharedStart = Task { try await start() }

    private init(process: ServerProcess, port: Int) {
        self.process = process
        self.port = port
    }

    /// What `PQconnectdb` takes.
    public var conninfo: String { "\(place) user=desk sslmode=disable" }

    /// The folder of its data.
    public var folder: String { process.scratch.path }

    /// Host, port and database; user and TLS are open.
    public var place: String { "host=127.0.0.1 port=\(port) dbname=desk" }

    /// The certificate that the server shows, which is its own authority (PEM).
    public var certificate: String { process.scratch.path + "/cert.pem" }

    /// Where its data lies.
    public var data: String { process.scratch.path + "/data" }

    /// What the server has logged.
    public var log: String { (try? String(contentsOfFile: process.log, encoding: .utf8)) ?? "" }

    /// Ends the server, closes its connections, and removes its data.
    public func stop() async { await process.stop() }

    /// Ends the server as a crash would. What was committed stays; `restart()` recovers it.
    public func kill() async { await process.crash() }

    /// Starts the server again on the same port with the same data; ends it before if it runs.
    public func restart() async throws {
        await process.end()
        try await process.launch()
    }
}
