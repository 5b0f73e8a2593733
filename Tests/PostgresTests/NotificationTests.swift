import Foundation
import Testing

@testable import Postgres

@Suite struct NotificationTests {
    @Test func notificationsArriveWhileIdle() async throws {
        let listening = try await connect()
        let sender = try await connect()
        let channel = "Work \"\(UUID().uuidString)\""
        let stream = try await listening.notifications(on: channel)
        // Nothing is asked of the connection meanwhile.
        try await Task.sleep(for: .milliseconds(100))
        for payload in ["", "नमस्ते", "3"] {
            try await sender.query("SELECT pg_notify($1, $2)", [.text(channel), .text(payload)])
        }
        // Also when it is its own sender, in between statements.
        try await listening.query("SELECT pg_notify($1, 'own')", [.text(channel)])
        try await sender.query("SELECT pg_notify('another channel', 'x')")
        var payloads: [String?] = []
        for try await notification in stream {
            #expect(notification.channel == channel)
            payloads.append(notification.payload)
            if payloads.count == 4 { break }
        }
        #expect(payloads == ["", "नमस्ते", "3", "own"])
    }

    @Test func nobodyListensAnyMore() async throws {
        let connection = try await connect()
        func channels() async throws -> [String] {
            try await connection.query("SELECT pg_listening_channels() AS c").map { try $0.text("c") }
        }
        let first = Task { [stream = try await connection.notifications(on: "a")] in for try await _ in stream {} }
        let second = Task { [stream = try await connection.notifications(on: "a")] in for try await _ in stream {} }
        #expect(try await channels() == ["a"])
        first.cancel()
        _ = try? await first.value
        #expect(try await channels() == ["a"])
        second.cancel()
        _ = try? await second.value
        #expect(try await eventually { try await channels().isEmpty })
    }

    @Test func aLostConnectionEndsTheStreamAndThePoolRenewsIt() async throws {
        let listening = try await connect { $0.applicationName = "listener" }
        let stream = try await listening.notifications(on: "lost")
        let pool = PostgresPool(try await configuration { $0.applicationName = "listener of a pool" })
        var iterator = pool.notifications(on: "kept").makeAsyncIterator()
        #expect(try await iterator.next() == PostgresNotification(channel: "kept", payload: nil))
        let sender = try await connect()
        let ended = try await sender.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'listener%'")
        #expect(ended.count == 2)
        #expect(await failure { for try await _ in stream {} }?.code == .connectionLost)
        #expect(try await iterator.next() == PostgresNotification(channel: "kept", payload: nil))
        try await sender.query("NOTIFY kept, 'again'")
        #expect(try await iterator.next()?.payload == "again")
        await pool.shutdown()
        #expect(await failure { _ = try await iterator.next() }?.code == .closed)
    }
}
