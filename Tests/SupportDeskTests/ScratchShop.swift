import Foundation
import Logging
import Mail
import Testing

@testable import SupportDesk

/// A folder of a test's own, removed with it; what suites share is removed when the process ends.
final class ScratchFolder: Sendable {
    let path: String

    private static let lock = NSLock()
    nonisolated(unsafe) private static var living: Set<String> = []
    private static let atEnd: Void = {
        _ = atexit { for path in ScratchFolder.living { try? FileManager.default.removeItem(atPath: path) } }
    }()

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/auradesk-unit-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        Self.atEnd
        _ = Self.lock.withLock { Self.living.insert(path) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        _ = Self.lock.withLock { Self.living.remove(path) }
    }

    /// Writes a text file and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let file = "\(path)/\(name)"
        guard
            FileManager.default.createFile(
                atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        else { throw CocoaError(.fileWriteUnknown) }
        return file
    }
}

/// Where the package's own folders lie.
enum PackageFolder {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    static let templates = "\(root)/Templates"
    static let mailboxes = "\(root)/Mailboxes"
    static let demo = "\(root)/Mailboxes/demo"
}

extension Backstops {
    /// So wide that no test comes near them: as many replies to one sender and the same words as it likes.
    static let wide: Backstops = {
        var backstops = Backstops()
        backstops.perSender = 100_000
        backstops.perDomain = 100_000
        backstops.perConversation = 100_000
        backstops.overall = 100_000
        backstops.perText = 100_000
        backstops.perMatter = 100_000
        return backstops
    }()
}

/// The demo shop's records and templates around an empty maildir: a test puts mail in, runs the desk and looks at what
/// came out. The clock stands where the test puts it.
final class ScratchShop: Sendable {
    /// The demo's instant.
    static let start = Date(timeIntervalSince1970: 1_773_133_200)

    let folder: ScratchFolder
    let configuration: DeskConfiguration
    let clock: TestClock

    init(_ change: (inout DeskConfiguration) -> Void = { _ in }) async throws {
        folder = try ScratchFolder()
        for name in ["customers.json", "orders.json", "desk.yaml"] {
            try FileManager.default.copyItem(atPath: "\(PackageFolder.demo)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        var configuration = try DeskConfiguration(file: "\(folder.path)/desk.yaml")
        configuration.templates = PackageFolder.templates
        // Most tests ask the same question again and again.
        configuration.limits.backstops.perMatter = 100
        configuration.people.repeats = 0
        // … and counts the answers.
        configuration.acknowledges = false
        configuration.keys.store = try await LedgerEngine.current.store(for: folder.path)
        change(&configuration)
        self.configuration = configuration
        clock = TestClock(Self.start)
        try maildir.create()
        try DurableFile.makeFolder(configuration.state)
        try await PreparedCaches.copy(into: configuration.state)
    }

    var maildir: Maildir { Maildir(path: "\(folder.path)/mail") }

    /// Puts a mail into the shop's inbox; it arrived `age` seconds ago.
    @discardableResult
    func receive(_ mail: TestMail, age: TimeInterval = 60, name: String = UUID().uuidString) throws -> String {
        try receive(mail.bytes, age: age, name: name)
    }

    @discardableResult
    func receive(_ bytes: [UInt8], age: TimeInterval = 60, name: String = UUID().uuidString) throws -> String {
        let arrival = Int(clock.now.timeIntervalSince1970 - age)
        return try maildir.deliver(bytes, uniqueName: "\(arrival).\(name)", to: .new, flags: [])
    }

    /// What the desk is built with besides its configuration: the test's clock, and nobody to read its log.
    func surroundings() -> DeskSurroundings {
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        var surroundings = DeskSurroundings(logger: logger)
        let clock = clock
        surroundings.now = { clock.now }
        return surroundings
    }

    /// Builds the desk.
    func desk(_ change: (inout DeskSurroundings) -> Void = { _ in }) async throws -> Desk {
        var surroundings = surroundings()
        change(&surroundings)
        return try await Desk.build(configuration, surroundings)
    }

    /// One run of a desk built for it, and the messages that it handled in the order of their numbers.
    @discardableResult
    func run(_ change: (inout DeskSurroundings) -> Void = { _ in }) async throws -> TestRun {
        try await run(desk(change))
    }

    @discardableResult
    func run(_ desk: Desk) async throws -> TestRun {
        let handled = Collector<HandledMessage>()
        let report = try await desk.run { await handled.add($0) }
        return TestRun(report: report, handled: await handled.all.sorted { $0.id < $1.id })
    }

    /// The replies in the outbox maildir, parsed.
    func replies() throws -> [Message] { try replyBytes().map { try Message(parsing: $0) } }

    func replyBytes() throws -> [[UInt8]] {
        let outbox = Maildir(path: "\(folder.path)/outbox")
        guard FileManager.default.fileExists(atPath: outbox.path) else { return [] }
        return try outbox.entries().map { try outbox.read($0) }
    }

    /// The names of the tickets' folders.
    func tickets() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/tickets")) ?? []).sorted()
    }

    /// File names of one ticket.
    func files(of ticket: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/tickets/\(ticket)")) ?? [])
            .filter { $0 != "ticket.json" }.sorted()
    }

    func file(_ name: String, of ticket: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(folder.path)/tickets/\(ticket)/\(name)").map { [UInt8]($0) }
    }

    /// Where its ledger is, with a key of a test's own.
    func keys(secret: String? = nil, former: String? = nil) -> KeySource {
        var keys = KeySource(state: configuration.state, secret: secret, former: former)
        keys.store = configuration.keys.store
        return keys
    }

    /// Leaves the row of the outbox that is due in `sending`, as a run that died there does.
    func dieSending() async throws {
        let ledger = try await ledger()
        let lease = try ledger.lease()
        try await lease.whileKept {
            let claimed = try #require(try await ledger.claimOutbox(now: clock.now, by: lease))
            for row in claimed.rows {
                let item = try #require(try await ledger.outboxItem(row, by: claimed.shift))
                try await ledger.beginSending(item)
            }
        }
    }

    /// The ledger, opened beside the desk.
    func ledger() async throws -> Ledger {
        try await Ledger(configuration.keys)
    }
}

/// What one run did.
struct TestRun {
    let report: RunReport
    let handled: [HandledMessage]

    /// The only message's outcome as `disposition rule`.
    var outcome: String { handled.count == 1 ? "\(handled[0].disposition) \(handled[0].rule)" : "\(handled.count)" }
}

/// The present, as a test has it.
final class TestClock: @unchecked Sendable {
    private let lock = NSLock()
    private var instant: Date

    init(_ instant: Date) { self.instant = instant }

    var now: Date { lock.withLock { instant } }
    func advance(by seconds: TimeInterval) { lock.withLock { instant += seconds } }
}

/// Collects values from many tasks.
actor Collector<Value: Sendable> {
    private(set) var all: [Value] = []
    func add(_ value: Value) { all.append(value) }
}

/// The trained classifier, the pattern database and the knowledge index are made once for all tests of a process.
enum PreparedCaches {
    private static let names = ["classifier.model", "patterns.hs", "knowledge.sqlite", "knowledge.sqlite.model"]

    private static let made = Task { () throws -> [String: Data] in
        let folder = try ScratchFolder()
        for name in ["customers.json", "orders.json", "desk.yaml"] {
            try FileManager.default.copyItem(atPath: "\(PackageFolder.demo)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        var configuration = try DeskConfiguration(file: "\(folder.path)/desk.yaml")
        configuration.templates = PackageFolder.templates
        var surroundings = DeskSurroundings(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { ScratchShop.start }
        let desk = try await Desk.build(configuration, surroundings)
        let raw = RawMessage(
            id: 0, channel: "support", source: "x", arrival: ScratchShop.start, bytes: TestMail(text: "Hello").bytes)
        _ = try await desk.dispose(of: raw)
        var files: [String: Data] = [:]
        for name in names { files[name] = FileManager.default.contents(atPath: "\(configuration.state)/\(name)") }
        return files
    }

    static func copy(into state: String) async throws {
        for (name, data) in try await made.value {
            try DurableFile.write([UInt8](data), to: "\(state)/\(name)")
        }
    }
}
