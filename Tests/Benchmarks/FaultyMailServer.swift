import Foundation
import Seeded
import TestServers

/// A delivery agent (LMTP, RFC 2033) of which some calls in a hundred fail, each in one of five ways: no connection, not now, a
/// connection that ends before the mail or within it, an answer that is lost behind a mail that was taken.
final class FaultyMailServer: @unchecked Sendable {  // `lock` guards `state`.
    private struct State {
        var accepted: [String: Int] = [:]
        var calls = 0
        var failed = 0
        var lost = 0
        /// The same faults in the same order each time; which call meets them is the desk's to say.
        var generator = SeededRandom(seed: 7)
    }

    private let lock = NSLock()
    private var state = State()
    private let faults: Int
    private var server: ScriptedTCPServer?

    /// The port on 127.0.0.1.
    var port: Int { server?.port ?? 0 }
    /// How often a mail was taken, by its Message-ID.
    var accepted: [String: Int] { lock.withLock { state.accepted } }
    /// Mails that somebody began to submit.
    var calls: Int { lock.withLock { state.calls } }
    /// How many of them failed.
    var failed: Int { lock.withLock { state.failed } }
    /// How many of these were taken.
    var lost: Int { lock.withLock { state.lost } }

    init(faults: Int) throws {
        self.faults = faults
        server = try ScriptedTCPServer { [weak self] client in try self?.serve(client) }
    }

    private func serve(_ client: ScriptedConnection) throws {
        try client.write("220 soak LMTP\r\n")
        while let line = try client.readText() {
            switch line.prefix(4).uppercased() {
            case "LHLO": try client.write("250-soak\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n")
            case "MAIL": if try !take(client) { return }
            case "QUIT": return try client.write("221 2.0.0 bye\r\n")
            default: try client.write("250 2.0.0 ok\r\n")
            }
        }
    }

    private enum Fault: Int { case none, refused, deferred, early, within, lost }

    /// One mail, from its MAIL on.
    /// - Returns: whether the connection goes on.
    private func take(_ client: ScriptedConnection) throws -> Bool {
        let fault = lock.withLock {
            state.calls += 1
            let place = Int(state.generator.next() % 100)
            guard place < faults else { return Fault.none }
            state.failed += 1
            return Fault(rawValue: 1 + place * 5 / max(faults, 1)) ?? .deferred
        }
        if fault == .refused {
            try client.write("421 4.3.2 closing\r\n")
            return false
        }
        if fault == .early { return false }
        try client.write(fault == .deferred ? "451 4.3.0 not now\r\n" : "250 2.1.0 ok\r\n")
        if fault == .deferred { return true }
        while let line = try client.readText() {
            let word = line.prefix(4).uppercased()
            if word == "DATA" { break }
            try client.write(word == "RSET" ? "250 2.0.0 ok\r\n" : "250 2.1.5 ok\r\n")
            if word == "RSET" { return true }
        }
        try client.write("354 go on\r\n")
        var identifier = ""
        var lines = 0
        while let line = try client.readText(), line != "." {
            lines += 1
            if fault == .within, lines > 3 { return false }
            if identifier.isEmpty, line.lowercased().hasPrefix("message-id:") {
                identifier = String(line.dropFirst(11))
            }
        }
        lock.withLock {
            state.accepted[identifier, default: 0] += 1
            if fault == .lost { state.lost += 1 }
        }
        if fault == .lost { return false }
        try client.write("250 2.0.0 taken\r\n")
        return true
    }
}
