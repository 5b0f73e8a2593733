import Foundation
import TestServers
import Transport

@testable import SupportDesk

/// A small IMAP server with one folder that a test can make lie, stall and break off.
final class ScriptedIMAP: Sendable {
    struct Stored {
        var uid: UInt32
        var arrival = "10-Mar-2026 08:00:00 +0000"
        var bytes: [UInt8]
        var flags: Set<String> = []
    }

    struct State {
        var uidValidity: UInt32 = 7
        var messages: [Stored] = []
        var folders: Set<String> = ["INBOX"]
        /// What clients said, without tags.
        var commands: [String] = []
        /// How many of them came on which connection.
        var connection = 0
        /// What lies in the folder of that name, when there is one.
        var sent: [Stored] = []
        /// The folder that each connection has opened.
        var selected: [Int: String] = [:]
    }

    /// Does something else than the server would; true when that was it. What it throws ends the connection.
    typealias Fault = @Sendable (_ command: String, _ tag: String, ScriptedConnection) throws -> Bool

    private let box: Box
    private let server: ScriptedTCPServer

    init(
        _ mails: [[UInt8]], capabilities: String = "IMAP4rev1 MOVE", greets: Bool = true,
        fault: @escaping Fault = { _, _, _ in false }
    ) throws {
        let box = Box()
        box.with { state in
            state.messages = mails.enumerated().map { Stored(uid: UInt32($0.offset + 1), bytes: $0.element) }
        }
        self.box = box
        server = try ScriptedTCPServer { client in
            box.with { $0.connection = client.number }
            guard greets else { return client.hang() }
            try client.write("* OK ready\r\n")
            while let line = try client.readText() {
                let words = line.split(separator: " ", maxSplits: 1).map(String.init)
                guard words.count == 2 else { return }
                box.with { $0.commands.append(words[1]) }
                if try fault(words[1], words[0], client) { continue }
                try box.answer(words[1], words[0], client, capabilities)
                if words[1] == "LOGOUT" { return }
            }
        }
    }

    var state: State { box.with { $0 } }
    func change(_ body: (inout State) -> Void) { box.with(body) }
    func stop() async { await server.stop() }

    /// What clients said since the last time.
    func takeCommands() -> [String] {
        box.with { state in
            defer { state.commands = [] }
            return state.commands
        }
    }

    func channel(
        after: IMAPChannel.After = .flag, user: String? = nil, timeout: Duration = .seconds(5)
    ) throws -> DeskConfiguration.ChannelEntry {
        let endpoint = MailEndpoint(
            service: .imap, host: "127.0.0.1", port: server.port, security: .none,
            credentials: user.map { .password(user: $0, password: "secret") } ?? .none, connectTimeout: timeout,
            responseTimeout: timeout)
        return DeskConfiguration.ChannelEntry(
            name: "imap", source: .imap(endpoint, folder: "INBOX", after: after),
            adoptFrom: ScratchShop.start.addingTimeInterval(-86_400))
    }

    /// The state, and what the server says by it.
    private final class Box: @unchecked Sendable {
        private let lock = NSLock()
        private var state = State()

        func with<Value>(_ body: (inout State) throws -> Value) rethrows -> Value {
            try lock.withLock { try body(&state) }
        }

        func answer(_ command: String, _ tag: String, _ client: ScriptedConnection, _ capabilities: String) throws {
            let words = command.split(separator: " ").map(String.init)
            var state = with { $0 }
            if let name = ["SELECT", "EXAMINE"].contains(words[0]) ? words[1] : state.selected[client.number] {
                with { $0.selected[client.number] = name }
                if name.contains("Sent") { state.messages = state.sent }
            }
            let next = (state.messages.map(\.uid).max() ?? 0) + 1
            var end = "OK done"
            switch words[0] {
            case "CAPABILITY": try client.write("* CAPABILITY \(capabilities)\r\n")
            case "STATUS":
                try client.write(
                    "* STATUS INBOX (MESSAGES \(state.messages.count) UIDNEXT \(next) UIDVALIDITY \(state.uidValidity))\r\n"
                )
            case "SELECT", "EXAMINE":
                guard state.folders.contains("INBOX") else {
                    end = "NO [NONEXISTENT] no such mailbox"
                    break
                }
                try client.write(
                    "* \(state.messages.count) EXISTS\r\n* OK [UIDVALIDITY \(state.uidValidity)] .\r\n"
                        + "* OK [UIDNEXT \(next)] .\r\n")
                end = words[0] == "SELECT" ? "OK [READ-WRITE] done" : "OK [READ-ONLY] done"
            case "LIST":
                for name in state.folders.sorted() { try client.write("* LIST () \"/\" \"\(name)\"\r\n") }
            case "CREATE":
                with { _ = $0.folders.insert(words[1].trimmingCharacters(in: ["\""])) }
            case "UID":
                let last = state.messages.map(\.uid).max()
                let set =
                    words.count > 2
                    ? state.messages.filter {
                        Self.holds(words[2], $0.uid) || words[2].hasSuffix(":*") && Self.isFrom(words[2], $0.uid, last)
                    } : []
                switch words[1] {
                case "SEARCH":
                    let lowest = words.firstIndex(of: "UID", after: 1).flatMap {
                        UInt32(words[$0 + 1].prefix { $0 != ":" })
                    }
                    let uids = state.messages.map(\.uid).filter { $0 >= lowest ?? 0 }
                    try client.write("* SEARCH\(uids.map { " \($0)" }.joined())\r\n")
                case "FETCH":
                    for message in set { try client.write(Self.fetch(message, command)) }
                case "STORE":
                    with { state in
                        for index in state.messages.indices where Self.holds(words[2], state.messages[index].uid) {
                            state.messages[index].flags.formUnion(
                                words[4...].map { $0.trimmingCharacters(in: ["(", ")"]) })
                        }
                    }
                case "MOVE":
                    if state.folders.contains(words[3].trimmingCharacters(in: ["\""])) {
                        with { state in state.messages.removeAll { Self.holds(words[2], $0.uid) } }
                    } else {
                        end = "NO [TRYCREATE] no such mailbox"
                    }
                default: end = "BAD what?"
                }
            case "LOGIN", "NOOP": break
            case "LOGOUT": try client.write("* BYE\r\n")
            default: end = "BAD what?"
            }
            try client.write("\(tag) \(end)\r\n")
        }

        private static func fetch(_ message: Stored, _ command: String) -> [UInt8] {
            var head = "* \(message.uid) FETCH (UID \(message.uid)"
            if command.contains("INTERNALDATE") { head += " INTERNALDATE \"\(message.arrival)\"" }
            if command.contains("RFC822.SIZE") { head += " RFC822.SIZE \(message.bytes.count)" }
            if command.contains("BODY.PEEK[HEADER]") {
                let bytes = message.bytes.header
                return Array("\(head) BODY[HEADER]<0> {\(bytes.count)}\r\n".utf8) + bytes + Array(")\r\n".utf8)
            }
            guard command.contains("BODY") else {
                return Array("\(head) FLAGS (\(message.flags.sorted().joined(separator: " "))))\r\n".utf8)
            }
            return Array("\(head) FLAGS () BODY[] {\(message.bytes.count)}\r\n".utf8) + message.bytes
                + Array(")\r\n".utf8)
        }

        /// `n:*` holds the last message also when its UID is lower.
        private static func isFrom(_ set: String, _ uid: UInt32, _ last: UInt32?) -> Bool {
            (UInt32(set.prefix { $0 != ":" }) ?? 0) <= uid || uid == last
        }

        private static func holds(_ set: String, _ uid: UInt32) -> Bool {
            set.split(separator: ",").contains { part in
                let ends = part.split(separator: ":").compactMap { UInt32($0) }
                return ends.count == 2 ? (ends[0]...ends[1]).contains(uid) : ends.first == uid
            }
        }
    }
}

extension [String] {
    fileprivate func firstIndex(of word: String, after index: Int) -> Int? {
        self[index...].firstIndex(of: word)
    }
}
