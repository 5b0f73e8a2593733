import Foundation
import Mail
import Testing

@testable import SupportDesk

/// `desk.yaml` is read strictly; what is wrong is named with file, line and key.
@Suite("Configuration")
struct ConfigurationTests {
    private static let smallest = """
        shop: {name: Neem & Clay, address: support@neemandclay.example}
        channels: [{maildir: Mail/inbox}]
        carrier: {maildir: Mail/outbox}
        tickets: {folder: tickets}
        records: {customers: customers.json, orders: orders.json}
        state: state
        """

    private func read(_ text: String, in folder: ScratchFolder) throws -> DeskConfiguration {
        for name in ["customers.json", "orders.json"] { try folder.write(name, "[]") }
        return try DeskConfiguration(file: folder.write("desk.yaml", text))
    }

    @Test("six lines are enough, and everything else has a default")
    func sixLines() throws {
        #expect(Self.smallest.split(separator: "\n").count == 6)
        let folder = try ScratchFolder()
        let configuration = try read(Self.smallest, in: folder)
        #expect(configuration.shop.name == "Neem & Clay")
        #expect(configuration.channels.map(\.name) == ["inbox"])
        #expect(configuration.channels.first?.adoptFrom == nil)
        #expect(configuration.maximumAge == 3 * 86_400)
        #expect(configuration.models.isEmpty)
        #expect(configuration.policy.defaultMode == .auto)
        #expect(configuration.limits.messageBytes == 30 << 20)
        #expect(configuration.shop.languages == ["en", "hi", "hi-Latn"])
        #expect(configuration.shop.authservID == nil, "nobody's verdict is believed unless it is named")
    }

    @Test("the limits of parsing are read, each with its default")
    func limits() throws {
        let folder = try ScratchFolder()
        let text =
            Self.smallest
            + "\nlimits: {message_bytes: 2MB, text_bytes: 64kB, header_bytes: 32kB, parts: 20, depth: 5}\n"
        let limits = try read(text, in: folder).limits.parsing
        #expect(limits.bytes == 2 << 20)
        #expect(limits.textBytes == 64 << 10)
        #expect(limits.headerBytes == 32 << 10)
        #expect(limits.parts == 20 && limits.depth == 5)
        #expect(limits.addresses == Message.Limits.default.addresses)
    }

    @Test("tickets show people unless the shop says otherwise")
    func ticketData() throws {
        let folder = try ScratchFolder()
        #expect(try read(Self.smallest, in: folder).ticketData == .full)
        let full = Self.smallest.replacing("{folder: tickets}", with: "{folder: tickets, personal_data: minimal}")
        #expect(try read(full, in: folder).ticketData == .minimal)
        let wrong = Self.smallest.replacing("{folder: tickets}", with: "{folder: tickets, personal_data: some}")
        #expect(throws: DeskError.self) { try read(wrong, in: folder) }
    }

    @Test("paths are relative to the file's folder, absolute ones stay")
    func paths() throws {
        let folder = try ScratchFolder()
        let text = Self.smallest.replacingOccurrences(of: "tickets}", with: "/var/tickets}")
        let configuration = try read(text, in: folder)
        #expect(configuration.state == "\(folder.path)/state")
        #expect(configuration.records?.orders == "\(folder.path)/orders.json")
        guard case .maildir(let inbox, .flag) = configuration.channels[0].source,
            case .maildir(let outbox) = configuration.carrier, case .folder(let tickets) = configuration.tickets
        else {
            Issue.record("of another kind")
            return
        }
        #expect(inbox == "\(folder.path)/Mail/inbox")
        #expect(outbox == "\(folder.path)/Mail/outbox")
        #expect(tickets == "/var/tickets")
    }

    @Test("carriers of every kind are read, each with its options")
    func carriers() throws {
        let folder = try ScratchFolder()
        func read(_ carrier: String) throws -> DeskConfiguration {
            let text = Self.smallest.replacingOccurrences(of: "{maildir: Mail/outbox}", with: carrier)
            return try self.read(text, in: folder)
        }
        guard case .smtp(let socket, 4) = try read("{lmtp: /run/dovecot/lmtp}").carrier,
            case .smtp(let local, 2) = try read("{lmtp: 'lmtp://127.0.0.1:24', connections: 2}").carrier,
            case .command(let words, let limit) = try read("{sendmail: [/usr/sbin/sendmail, -oi], timeout: 5s}").carrier
        else {
            Issue.record("of another kind")
            return
        }
        #expect(socket.service == .lmtp && socket.socketPath == "/run/dovecot/lmtp")
        #expect(local.service == .lmtp && local.port == 24 && local.socketPath == nil)
        #expect(words == ["/usr/sbin/sendmail", "-oi"] && limit == .seconds(5))
        let plain = try read("{maildir: Mail/outbox}")
        #expect(plain.deadline == 4 * 3_600 && plain.sent == nil)
        let sent = try read("{maildir: m, deadline: 30m, sent: {imap: 'imaps://mail.example', folder: Out}}")
        #expect(sent.deadline == 1_800 && sent.sent?.folder == "Out" && sent.sent?.endpoint.host == "mail.example")
    }

    @Test("what happens at the source afterwards, and how long a channel may take")
    func channels() throws {
        let folder = try ScratchFolder()
        let text = Self.smallest.replacingOccurrences(
            of: "[{maildir: Mail/inbox}]",
            with: "[{maildir: a, after: leave}, {name: b, imap: imaps://x, after: leave}, {name: c, imap: imaps://x, "
                + "after: move, move_to: {answered: Done}}]\nlimits: {channel_time: 90s}")
        let configuration = try read(text, in: folder)
        guard case .maildir(_, .leave) = configuration.channels[0].source,
            case .imap(_, _, .leave) = configuration.channels[1].source,
            case .imap(_, _, .move([.answered: "Done"])) = configuration.channels[2].source
        else {
            Issue.record("of another kind")
            return
        }
        #expect(configuration.limits.channelTime == .seconds(90))
    }

    @Test("the desk of the demo and the one that init writes can be read")
    func shipped() throws {
        _ = try DeskConfiguration(file: "\(PackageFolder.demo)/desk.yaml")
        _ = try DeskConfiguration(file: "\(PackageFolder.templates)/desk.yaml")
    }

    /// A slip of the pen, and what the error must name.
    struct Slip: Sendable, CustomTestStringConvertible {
        let name: String
        let find: String
        let put: String
        let line: Int?
        let words: [String]
        var testDescription: String { name }

        init(_ name: String, _ find: String, _ put: String, line: Int?, _ words: String...) {
            (self.name, self.find, self.put, self.line, self.words) = (name, find, put, line, words)
        }
    }

    static let slips: [Slip] = [
        Slip("an unknown key", "state: state", "state: state\nstat: state", line: 7, "unknown key stat"),
        Slip("an unknown key inside", "folder: tickets", "folder: t, queu: x", line: 4, "unknown key tickets.queu"),
        Slip("an unknown key in a list", "maildir: Mail/inbox", "maildir: a, b: c", line: 2, "channels[0].b"),
        Slip("a missing section", "carrier: {maildir: Mail/outbox}\n", "", line: nil, "carrier is missing"),
        Slip("a missing key", "name: Neem & Clay, ", "", line: 1, "shop.name is missing"),
        Slip("no state", "state: state", "", line: nil, "state", "missing"),
        Slip("a list for a text", "name: Neem & Clay", "name: [a]", line: 1, "shop.name must be a text"),
        Slip("a text for a mapping", "{folder: tickets}", "tickets", line: 4, "tickets must hold keys"),
        Slip("a mapping for a list", "[{maildir: Mail/inbox}]", "{maildir: x}", line: 2, "channels must be a list"),
        Slip("no channel", "[{maildir: Mail/inbox}]", "[]", line: 2, "channels", "at least one"),
        Slip("no kind of channel", "{maildir: Mail/inbox}", "{name: x}", line: 2, "maildir"),
        Slip("a maildir cannot move", "maildir: Mail/inbox", "maildir: a, after: move", line: 2, "after", "leave"),
        Slip("no such end", "maildir: Mail/inbox", "imap: imaps://x, after: delete", line: 2, "after", "flag, move"),
        Slip("two carriers", "{maildir: Mail/outbox}", "{maildir: a, smtp: smtps://b}", line: 3, "exactly one"),
        Slip("no carrier", "{maildir: Mail/outbox}", "{deadline: 1h}", line: 3, "exactly one"),
        Slip("no connections", "{maildir: Mail/outbox}", "{lmtp: /l, connections: 0}", line: 3, "connections"),
        Slip("a carrier of mail in", "{maildir: Mail/outbox}", "{smtp: imaps://x}", line: 3, "carrier.smtp"),
        Slip("LMTP to another machine", "{maildir: Mail/outbox}", "{lmtp: lmtp://mx.example:24}", line: 3, "loopback"),
        Slip("a command by its name", "{maildir: Mail/outbox}", "{sendmail: [sendmail]}", line: 3, "path"),
        Slip("a shell's command", "{maildir: Mail/outbox}", "{sendmail: /bin/mail -t}", line: 3, "carrier.sendmail"),
        Slip("a bad deadline", "Mail/outbox}", "Mail/outbox, deadline: never}", line: 3, "carrier.deadline"),
        Slip("copies nowhere", "Mail/outbox}", "Mail/outbox, sent: {folder: Sent}}", line: 3, "carrier.sent"),
        Slip(
            "copies to a folder", "Mail/outbox}", "Mail/outbox, sent: {channel: inbox}}", line: 3,
            "carrier.sent.channel"),
        Slip("no address", "support@neemandclay.example", "nobody", line: 1, "shop.address"),
        Slip("a bad age", "state: state", "state: state\nmax_age: soon", line: 7, "max_age", "3d"),
        Slip("a bad day", "maildir: Mail/inbox", "maildir: a, adopt_from: 2026-02-30", line: 2, "adopt_from"),
        Slip("a bad size", "state: state", "state: s\nlimits: {message_bytes: big}", line: 7, "limits.message_bytes"),
        Slip("a bad number", "state: state", "state: s\nthresholds: {default: 1.5}", line: 7, "thresholds.default"),
        Slip("a bad mode", "state: state", "state: s\nintents: {review: maybe}", line: 7, "intents.review", "auto"),
        Slip("drafts to the bin", "state: state", "state: s\ndrafts: {unsent: bin}", line: 7, "drafts.unsent", "leave"),
        Slip(
            "drafts in two folders", "state: state", "state: s\ndrafts: {maildir: a, imap: b}", line: 7, "exactly one"),
        Slip("a zone of nowhere", "name: Neem", "time_zone: Mars/Base, name: Neem", line: 1, "shop.time_zone"),
        Slip("a plain link", "name: Neem", "links: {help: http://x.example}, name: Neem", line: 1, "shop.links.help"),
        Slip("a bad URL", "maildir: Mail/inbox", "imap: 'ftp://x'", line: 2, "imap"),
        Slip(
            "the ledger's key in the file", "state: state", "state: state\nkey: 0123456789abcdef0123456789abcdef",
            line: nil, "key", "does not belong in the file", "{env: NAME}"),
        Slip(
            "a key that can be guessed", "state: state", "state: state\nkey: {command: [echo, hunter2]}", line: nil,
            "key is shorter than 32 characters", "openssl rand -base64 32"),
        Slip(
            "an old key from nowhere", "state: state", "state: state\nold_key: {env: AURADESK_NO_SUCH_KEY}", line: nil,
            "old_key", "AURADESK_NO_SUCH_KEY"),
        Slip(
            "a secret in the file", "maildir: Mail/inbox", "imap: imaps://x, user: u, password: hunter2", line: 2,
            "channels[0].password", "does not belong in the file"),
        Slip(
            "an unset variable", "maildir: Mail/inbox",
            "imap: imaps://x, user: u, password: {env: AURADESK_NOT_SET}", line: 2, "password", "AURADESK_NOT_SET"),
        Slip(
            "a secret's file that is not there", "maildir: Mail/inbox",
            "imap: imaps://x, user: u, password: {file: nowhere}", line: 2, "password", "nowhere"),
        Slip(
            "a secret's command that fails", "maildir: Mail/inbox",
            "imap: imaps://x, user: u, password: {command: [\"false\"]}", line: 2, "password", "ended with 1"),
        Slip(
            "a secret from nowhere", "maildir: Mail/inbox", "imap: imaps://x, user: u, password: {evn: X}", line: 2,
            "password"),
        Slip(
            "a user without a password", "maildir: Mail/inbox", "imap: imaps://x, user: u", line: 2, "belong together"),
        Slip(
            "a password and oauth", "maildir: Mail/inbox",
            "imap: imaps://x, user: u, password: {env: PATH}, oauth: {token_url: https://x, client_id: a, "
                + "refresh_token: {env: PATH}}", line: 2, "belong together"),
        Slip(
            "oauth without a token", "maildir: Mail/inbox",
            "imap: imaps://x, user: u, oauth: {token_url: https://x, client_id: a}", line: 2,
            "channels[0].oauth.refresh_token is missing"),
        Slip(
            "a token endpoint in clear text", "{maildir: Mail/outbox}",
            "{smtp: smtps://x, user: u, oauth: {token_url: http://x, client_id: a, refresh_token: {env: PATH}}}",
            line: 3, "carrier.oauth.token_url"),
        Slip(
            "a key without a certificate", "maildir: Mail/inbox", "imap: imaps://x, client_key: k.pem", line: 2,
            "channels[0].client_key"),
        Slip(
            "a token in the file", "{folder: tickets}", "{rt: https://x, queue: q, token: t0ken}", line: 4,
            "tickets.token", "does not belong"),
        Slip("no token", "{folder: tickets}", "{rt: https://x, queue: q}", line: 4, "tickets.token"),
        Slip(
            "two channels of one name", "[{maildir: Mail/inbox}]", "[{maildir: a}, {maildir: b}]", line: 2, "one name"),
        Slip(
            "records that are not there", "orders: orders.json", "orders: none.json", line: 5, "records.orders",
            "none.json"),
        Slip("no YAML", "state: state", "state: [", line: 7),
        Slip("a key twice", "state: state", "state: a\nstate: b", line: nil, "twice"),
    ]

    @Test("an error names the file, the line and the key", arguments: slips)
    func slip(slip: Slip) throws {
        let folder = try ScratchFolder()
        #expect(Self.smallest.contains(slip.find))
        let text = Self.smallest.replacingOccurrences(of: slip.find, with: slip.put)
        let error = #expect(throws: DeskError.self) { _ = try read(text, in: folder) }
        let message = error?.message ?? ""
        #expect(error?.code == .configuration)
        #expect(message.hasPrefix("\(folder.path)/desk.yaml"), "\(message)")
        if let line = slip.line {
            #expect(message.contains("desk.yaml:\(line):") || message.contains("line \(line):"), "\(message)")
        }
        for word in slip.words { #expect(message.contains(word), "\(message)") }
        #expect(!message.contains("hunter2") && !message.contains("t0ken"))
        #expect(!message.contains("\n"))
    }

    @Test("a file that is not there or not text is named")
    func unreadable() throws {
        let folder = try ScratchFolder()
        let missing = #expect(throws: DeskError.self) { _ = try DeskConfiguration(file: "\(folder.path)/none.yaml") }
        #expect(missing?.message.contains("\(folder.path)/none.yaml") == true)
        let path = "\(folder.path)/binary.yaml"
        try DurableFile.write([0xFF, 0xFE, 0x00, 0x80], to: path)
        let binary = #expect(throws: DeskError.self) { _ = try DeskConfiguration(file: path) }
        #expect(binary?.message.contains(path) == true)
        let empty = #expect(throws: DeskError.self) { _ = try read("", in: folder) }
        #expect(empty?.message.contains("empty") == true)
    }

    @Test("a secret is read from a file, a command or the environment, without its last line end")
    func secrets() throws {
        let folder = try ScratchFolder()
        try folder.write("token", "from-file\n")
        func token(_ source: String) throws -> String {
            let text = Self.smallest.replacingOccurrences(
                of: "{folder: tickets}", with: "{rt: https://rt.example, queue: Support, token: \(source)}")
            guard case .requestTracker(let tracker) = try read(text, in: folder).tickets else { return "" }
            return tracker.token
        }
        #expect(try token("{file: token}") == "from-file")
        #expect(try token("{command: [printf, 'from command\\n']}") == "from command")
        #expect(try token("{env: PATH}") == ProcessInfo.processInfo.environment["PATH"])
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(folder.path)/token")
        let open = #expect(throws: DeskError.self) { _ = try token("{file: token}") }
        #expect(open?.message.contains("chmod 600") == true)
        try folder.write("token", "\n")
        let empty = #expect(throws: DeskError.self) { _ = try token("{file: token}") }
        #expect(empty?.message.contains("empty") == true)
    }
}
