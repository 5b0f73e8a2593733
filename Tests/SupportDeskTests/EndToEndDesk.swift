import Foundation
import Logging
import Mail
import TestServers

@testable import SupportDesk

/// A desk of the demo shop in a scratch folder: its records and its words, channels and outlets as a test names them.
final class EndToEndDesk: Sendable {
    static let nowText = "2026-03-10T09:00:00Z"
    static let now = Date(timeIntervalSince1970: 1_773_133_200)

    /// The demo shop beside the tests.
    static let shop = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Mailboxes/demo").path

    /// The demo's mails in the order of their arrival.
    static func mails() throws -> [(name: String, bytes: [UInt8])] {
        try FileManager.default.contentsOfDirectory(atPath: shop + "/mail").filter { $0.hasSuffix(".eml") }.sorted()
            .map { ($0, try bytes(of: "\(shop)/mail/\($0)")) }
    }

    static func bytes(of path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TestServerError("cannot read \(path)")
        }
        return [UInt8](data)
    }

    let scratch: EndToEndScratch
    /// Where its ledger is, and the section of `desk.yaml` that says so.
    let store: LedgerStore
    private let ledgerSection: String

    /// - Parameters:
    ///   - sections: the sections of `desk.yaml` that are not the shop's own.
    ///   - limits: lines of the section of that name.
    init(_ sections: String) async throws {
        scratch = try EndToEndScratch()
        store = try await LedgerEngine.current.store(for: scratch.path)
        ledgerSection = try await LedgerEngine.current.section(for: scratch.path)
        for file in ["customers.json", "orders.json"] {
            try scratch.write(Self.bytes(of: "\(Self.shop)/\(file)"), to: file)
        }
        // The same key in each desk, so that two of them give the same names to the same things.
        guard mkdir(scratch.path + "/state", 0o700) == 0 else { throw TestServerError("cannot make the state folder") }
        try scratch.write([UInt8](0..<32), to: "state/key")
        // A debug build learns for ten seconds what a desk of the shop knows.
        try await PreparedCaches.copy(into: state)
        try configure(sections)
    }

    /// Writes `desk.yaml` anew.
    func configure(_ sections: String) throws {
        let demo = String(decoding: try Self.bytes(of: "\(Self.shop)/desk.yaml"), as: UTF8.self)
        guard let start = demo.range(of: "shop:\n"), let end = demo.range(of: "\nchannels:") else {
            throw TestServerError("the demo's desk.yaml has another form")
        }
        let records = "records:\n  customers: customers.json\n  orders: orders.json\nstate: state\n" + ledgerSection
        try scratch.write(
            Array((demo[start.lowerBound..<end.lowerBound] + "\n" + sections + "\n" + records).utf8), to: "desk.yaml")
    }

    /// All on one machine: a maildir, a maildir, a folder. With a channel's section for each name.
    static func files(channels: [String] = ["mail"], limits: String = "") -> String {
        var text = "channels:\n"
        for channel in channels {
            text += "  - name: \(channel)\n    maildir: \(channel)\n    adopt_from: 2026-03-01\n"
        }
        return text + "carrier:\n  maildir: outbox\ntickets:\n  folder: tickets\n" + limits
    }

    /// A desk of that kind whose maildir holds these mails.
    static func onFiles(
        _ mails: [(name: String, bytes: [UInt8])], channels: [String] = ["mail"], limits: String = ""
    ) async throws -> EndToEndDesk {
        let desk = try await EndToEndDesk(files(channels: channels, limits: limits))
        for channel in channels { try Maildir(path: "\(desk.folder)/\(channel)").create() }
        try desk.deliver(mails)
        return desk
    }

    /// Puts mails into a maildir of the desk, one by one shortly before the demo's instant.
    func deliver(_ mails: [(name: String, bytes: [UInt8])], to channel: String = "mail") throws {
        let maildir = Maildir(path: "\(folder)/\(channel)")
        for (index, mail) in mails.enumerated() {
            try maildir.deliver(mail.bytes, uniqueName: Self.uniqueName(mail.name, index, of: mails.count))
        }
    }

    static func uniqueName(_ name: String, _ index: Int, of count: Int) -> String {
        "\(Int(now.timeIntervalSince1970) - count + index).\(name)"
    }

    var folder: String { scratch.path }
    var state: String { scratch.path + "/state" }
    var keys: KeySource {
        var keys = KeySource(state: state)
        keys.store = store
        return keys
    }
    var configurationFile: String { scratch.path + "/desk.yaml" }

    /// One pass in this process, by a desk that is built from the file anew.
    func run(now: Date = EndToEndDesk.now) async throws -> (report: RunReport, handled: [HandledMessage]) {
        var surroundings = DeskSurroundings(logger: Logger(label: "e2e") { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { now }
        let lock = try RunLock(state: state)
        let desk = try await Desk.build(DeskConfiguration(file: configurationFile), surroundings)
        let collected = Collected()
        let report = try await desk.run { await collected.add($0) }
        withExtendedLifetime(lock) {}
        try await desk.ledger.close()
        return (report, await collected.all)
    }

    /// One pass by the program.
    func program(
        fault: String? = nil, killedAfter delay: Duration? = nil, now: String = EndToEndDesk.nowText
    ) async throws -> EndToEndProgram.Ending {
        try await EndToEndProgram.run(
            ["run", "--config", configurationFile, "--now", now],
            environment: fault.map { ["AURADESK_FAULT": $0] } ?? [:], killedAfter: delay)
    }

    func ledger() async throws -> EndToEndLedger { try await EndToEndLedger(store, state: state) }

    /// Everything below a folder of the desk: relative path and bytes.
    func tree(_ name: String) throws -> [String: [UInt8]] {
        let root = "\(folder)/\(name)"
        var files: [String: [UInt8]] = [:]
        for path in FileManager.default.subpaths(atPath: root) ?? [] {
            var status = stat()
            guard lstat("\(root)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            files[path] = try Self.bytes(of: "\(root)/\(path)")
        }
        return files
    }

    private actor Collected {
        private(set) var all: [HandledMessage] = []
        func add(_ message: HandledMessage) { all.append(message) }
    }
}

extension [UInt8] {
    /// With CRLF line ends, as IMAP and SMTP carry it.
    var withCRLF: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + count / 40)
        for (index, byte) in enumerated() {
            if byte == 0x0A, index == 0 || self[index - 1] != 0x0D { result.append(0x0D) }
            result.append(byte)
        }
        return result
    }
}
