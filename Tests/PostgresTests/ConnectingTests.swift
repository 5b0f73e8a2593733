import Foundation
import TestServers
import Testing

@testable import Postgres

@Suite struct ConnectingTests {
    @Test func noServerIsAClearError() async throws {
        let nobody = PostgresConfiguration(
            "host=127.0.0.1 port=1 user=desk password=geheim dbname=desk", password: "auch geheim")
        let error = await failure { _ = try await PostgresConnection.connect(nobody) }
        #expect(error?.code == .connect && error?.isRetryable == true)
        #expect(error?.message.contains("127.0.0.1") == true)
        var dumped = ""
        dump(nobody, to: &dumped)
        let said = "\(error as Any) \(nobody) \(String(reflecting: nobody)) \(dumped)"
        #expect(!said.contains("geheim") && said.contains("postgres 127.0.0.1"))
        for malformed in ["password=geheim nonsense", "host=a,b,c port=1,2", "host=a\0b"] {
            let error = await failure { _ = try await PostgresConnection.connect(PostgresConfiguration(malformed)) }
            #expect(error?.code == .invalidArgument && error?.isRetryable == false)
            #expect("\(error as Any)".contains("geheim") == false)
        }
    }

    @Test func aSilentHostIsPassedOver() async throws {
        let silent = try Silence()
        let port = try await PostgreSQLServer.shared().port
        var both = PostgresConfiguration(
            "postgresql://desk@127.0.0.1:\(silent.port),127.0.0.1:\(port)/desk?sslmode=disable")
        both.connectTimeout = .milliseconds(700)
        both.target = .readWrite
        let start = ContinuousClock.now
        let connection = try await PostgresConnection.connect(both)
        #expect(try await connection.query("SELECT 1").count == 1)
        #expect(ContinuousClock.now - start >= .milliseconds(700))
        both.target = .standby
        let error = await failure { _ = try await PostgresConnection.connect(both) }
        #expect(error?.code == .connect && error?.isRetryable == true && error?.message.contains("standby") == true)
        both.target = .preferStandby
        #expect(try await PostgresConnection.connect(both).query("SELECT 1").count == 1)
    }

    @Test func connectingCanBeCancelled() async throws {
        let silent = try Silence()
        let task = Task {
            _ = try await PostgresConnection.connect(
                PostgresConfiguration("host=127.0.0.1 port=\(silent.port) user=desk"))
        }
        try await Task.sleep(for: .milliseconds(100))
        let start = ContinuousClock.now
        task.cancel()
        #expect(await failure { try await task.value }?.code == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test func aConnectionThatNobodyHasEnds() async throws {
        let name = "dropped \(UInt32.random(in: .min ... .max))"
        for _ in 0..<30 {
            #expect(try await connect { $0.applicationName = name }.query("SELECT 1").count == 1)
        }
        let other = try await connect()
        #expect(
            try await eventually {
                try await other.query("SELECT pid FROM pg_stat_activity WHERE application_name = $1", [.text(name)])
                    .isEmpty
            })
    }

    @Test func aWrongPasswordIsNotTriedAgain() async throws {
        let server = try await PostgreSQLServer.shared()
        try await connect().script(
            "DROP ROLE IF EXISTS locked; CREATE ROLE locked LOGIN PASSWORD 'richtig und geheim'")
        let place = "\(server.place) user=locked sslmode=disable"
        let right = PostgresConfiguration(place, password: "richtig und geheim")
        #expect(try await PostgresConnection.connect(right).query("SELECT 1").count == 1)
        let wrong = PostgresPool(PostgresConfiguration(place, password: "falsch"))
        let error = await failure { try await wrong.query("SELECT 1") }
        #expect(error?.code == .refused && error?.sqlState == "28P01" && error?.isRetryable == false)
        #expect(error?.message.contains("password authentication failed") == true)
        let missing = PostgresConfiguration("host=127.0.0.1 port=\(server.port) user=desk dbname=nichts")
        #expect(await failure { _ = try await PostgresConnection.connect(missing) }?.sqlState == "3D000")
    }

    @Test func theCertificateIsChecked() async throws {
        let server = try await PostgreSQLServer.shared()
        var configuration = PostgresConfiguration("\(server.place) user=desk")
        func isEncrypted() async throws -> Bool {
            let connection = try await PostgresConnection.connect(configuration)
            let row = try await connection.query(
                "SELECT ssl::int AS s FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            ).first
            return try row?.integer("s") == 1
        }
        configuration.tls = .verified(authorities: server.certificate)
        #expect(try await isEncrypted())
        configuration.tls = .unverified
        #expect(try await isEncrypted())
        configuration.tls = .off
        #expect(try await !isEncrypted())
        // The system's authorities do not know this server.
        configuration.tls = .verified()
        let error = await failure { _ = try await isEncrypted() }
        #expect(error?.code == .untrusted && error?.isRetryable == false)
        // The right certificate for another name.
        configuration = PostgresConfiguration("host=shop.example hostaddr=127.0.0.1 port=\(server.port) user=desk")
        configuration.tls = .verified(authorities: server.certificate)
        #expect(await failure { _ = try await isEncrypted() }?.code == .untrusted)
    }

    @Test func anotherMachineIsVerifiedUnlessSaidOtherwise() throws {
        func mode(_ conninfo: String) throws -> String? {
            try PostgresConfiguration(conninfo).places().first?.parameters["sslmode"]
        }
        #expect(try mode("host=db.shop.example") == "verify-full")
        #expect(try mode("host=db.shop.example sslmode=require") == "require")
        #expect(try mode("host=127.0.0.1") == nil)
        #expect(try mode("host=/run/postgresql") == nil)
        #expect(try mode("postgresql://db.shop.example,localhost/desk") == "verify-full")
    }
}

/// A port that takes connections and says nothing.
private final class Silence: Sendable {
    let port: Int
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isListening)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
}
