import Foundation
import Logging
import Mail
import Redaction
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// The promise for the whole desk: personal data reaches neither the model nor the logs nor the disk in the clear.
///
/// Mails full of data that stands nowhere else go the whole way, with a model that records every byte it gets and with
/// debug logging; then all that was written, sent or said is searched for them.
@Suite("Canaries")
struct CanaryTests {
    /// Everything that a desk let out, by name.
    private struct Traces {
        var places: [(name: String, bytes: [UInt8])] = []
        /// Replies, with the address that each went to.
        var replies: [(recipient: String, bytes: [UInt8])] = []
        /// Files that no mail has changed.
        var unchanged: [String] = []
        var prompts = 0
        var handled = 0

        mutating func add(_ name: String, _ bytes: [UInt8]) { places.append((name, bytes)) }
        mutating func add(_ name: String, _ text: String) { add(name, Array(text.utf8)) }
    }

    /// A canary that was seen where it must not be.
    private struct Leak: CustomStringConvertible {
        let canary: Canary
        let place: String
        var description: String { "\(canary.type.rawValue) of \(canary.place) in \(place): \(canary.text)" }
    }

    /// A model that answers, refuses, talks nonsense and repeats what it was told, in turn.
    private static func answer(_ request: ReceivedRequest) -> ScriptedReply {
        func completion(_ answer: String, cites: [String] = [], resolved: Bool = true) -> ScriptedReply {
            let content: [String: Any] = [
                "answer": answer, "language": "en", "citations": cites, "facts_used": [String](), "resolved": resolved,
                "needs_human": !resolved, "reason": answer,
            ]
            let inner = (try? JSONSerialization.data(withJSONObject: content)) ?? Data()
            let whole: [String: Any] = [
                "choices": [
                    ["index": 0, "message": ["role": "assistant", "content": String(decoding: inner, as: UTF8.self)]]
                ]
            ]
            let data = (try? JSONSerialization.data(withJSONObject: whole)) ?? Data()
            return .response(status: 200, headers: [("Content-Type", "application/json")], body: [UInt8](data))
        }
        switch request.number % 5 {
        case 0: return completion("Thank you for writing to us. Please have a look at our help pages.")
        case 1: return .text("{\"error\":\"no\"}", status: 400)
        case 2: return completion(String(decoding: request.body.suffix(1_500), as: UTF8.self))
        case 3: return completion("", resolved: false)
        default: return .text("no JSON at all")
        }
    }

    private func traces(
        of mailbox: CanaryMailbox, withDemo: Bool, redactor: Redactor? = nil, explaining: Int,
        _ change: (inout DeskConfiguration) -> Void = { _ in }
    ) async throws -> Traces {
        let server = try ScriptedHTTPServer { Self.answer($0) }
        let shop = try await ScratchShop {
            $0.acknowledges = true
            $0.models = [ModelConfiguration(url: server.baseURL, name: "recorder", key: "k")]
            $0.models[0].retries = 0
            $0.limits.backstops.perDomain = 10_000
            $0.limits.backstops.overall = 10_000
            $0.ticketData = .placeholders
            change(&$0)
        }
        let before = contents(of: shop.folder.path)
        try addRecords(mailbox.customers, to: "\(shop.folder.path)/customers.json")
        if withDemo {
            let folder = "\(PackageFolder.demo)/mail"
            for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            where name.hasSuffix(".eml") {
                try shop.receive(
                    [UInt8](FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()), name: name)
            }
        }
        for (index, letter) in mailbox.letters.enumerated() { try shop.receive(letter.bytes, name: "c\(index)") }

        var traces = Traces()
        let lines = RecordedLines()
        let desk = try await shop.desk { surroundings in
            surroundings.logger = Logger(label: "canary") { _ in RecordingLog(lines: lines) }
            surroundings.redactor = redactor
        }
        let run = try await shop.run(desk)
        let encoder = JSONEncoder()
        traces.handled = run.handled.count
        for message in run.handled { traces.add("run --json", [UInt8](try encoder.encode(message))) }
        for line in run.report.unavailable { traces.add("what stood in the way", line) }
        traces.add("status", [UInt8](try encoder.encode(try await Desk.status(shop.configuration))))
        for letter in mailbox.letters.prefix(explaining) {
            let raw = RawMessage(
                id: 0, channel: "explain", source: "x", arrival: shop.clock.now, bytes: letter.bytes)
            traces.add("explain --safe", [UInt8](try encoder.encode(try await desk.explain(raw, isSafe: true))))
        }
        for request in server.requests {
            traces.add("model", request.body)
            traces.add("model's header", "\(request.target) \(request.headers)")
        }
        traces.prompts = server.requests.count
        for line in lines.all { traces.add("log", line) }
        try collect(shop.folder.path, but: before, into: &traces)
        await server.stop()
        return traces
    }

    private func addRecords(_ more: [[String: Any]], to path: String) throws {
        let data = try #require(FileManager.default.contents(atPath: path))
        let known = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        try JSONSerialization.data(withJSONObject: known + more).write(to: URL(fileURLWithPath: path))
    }

    private func contents(of folder: String) -> [String: Data] {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.reduce(into: [:]) { $0[$1] = FileManager.default.contents(atPath: "\(folder)/\($1)") }
    }

    /// All files of the desk but its source, the shop's own records, and the mail attached to tickets; and but those that are as
    /// they were before any mail came: in the index of the knowledge stand sizes, instants and inodes of files, which now and then
    /// look like a day of birth.
    private func collect(_ folder: String, but before: [String: Data], into traces: inout Traces) throws {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for name in files.sorted() {
            let isOriginal = name.hasPrefix("tickets/") && name.hasSuffix("-message.eml")
            let isGiven = name.hasPrefix("mail/") || ["customers.json", "orders.json", "desk.yaml"].contains(name)
            guard !isOriginal, !isGiven, let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                continue
            }
            traces.add("file name", name)
            guard data != before[name] else {
                traces.unchanged.append(name)
                continue
            }
            if name.hasPrefix("outbox/") || name.hasSuffix("-reply.eml") {
                let reply = try Message(parsing: [UInt8](data))
                traces.replies.append((reply.to.first?.address ?? "", [UInt8](data)))
            } else {
                traces.add(name, [UInt8](data))
            }
        }
    }

    private func leaks(of canaries: [Canary], in traces: Traces) -> [Leak] {
        let search = ByteSearch(canaries.map(\.key))
        let seen = traces.places.flatMap { place in
            search.find(in: place.bytes).map { Leak(canary: canaries[$0], place: place.name) }
        }
        let told = traces.replies.flatMap { reply in
            search.find(in: reply.bytes).map { Leak(canary: canaries[$0], place: "reply to another") }
                .filter { $0.canary.owner != reply.recipient }
        }
        return seen + told
    }

    /// How often each type was seen, for the report.
    private func table(_ leaks: [Leak], of canaries: [Canary]) -> String {
        let all = Dictionary(grouping: canaries, by: \.type)
        let seen = Dictionary(grouping: leaks, by: \.canary.type)
        return seen.sorted { $0.key < $1.key }.map { type, leaks in
            let places = Set(leaks.map { String($0.place.prefix(24)) }).sorted().prefix(4).joined(separator: ", ")
            return "\(type.rawValue): \(Set(leaks.map(\.canary.key)).count) of \(all[type]?.count ?? 0) (\(places))"
        }.joined(separator: "\n")
    }

    @Test("the demo desk and 500 mails: no canary outside of the reply to its owner and of the attached original")
    func wholeDesk() async throws {
        // Another seed, another mailbox: for whoever looks for what is missed.
        let seed = ProcessInfo.processInfo.environment["CANARY_SEED"].flatMap(UInt64.init) ?? 4
        let mailbox = CanaryMailbox(count: 500, seed: seed)
        let traces = try await traces(of: mailbox, withDemo: true, explaining: 30)
        #expect(traces.handled == 617)
        #expect(traces.prompts >= 150, "\(traces.prompts) prompts")
        #expect(traces.unchanged.contains("state/knowledge.sqlite"), "what the shop knows is not made of mail")
        #expect(Set(mailbox.canaries.map(\.type)) == Set(CanaryValues.types))
        let leaks = leaks(of: mailbox.canaries, in: traces)
        #expect(leaks.isEmpty, "\n\(table(leaks, of: mailbox.canaries))")
        for leak in leaks.prefix(200) { print("CANARY", leak) }
    }

    @Test("where tickets show people, card numbers, codes and passwords stay out of them, and people out of all else")
    func fullTickets() async throws {
        let mailbox = CanaryMailbox(count: 120, seed: 7)
        let traces = try await traces(of: mailbox, withDemo: false, explaining: 10) { $0.ticketData = .full }
        #expect(traces.handled == 120)
        let leaks = leaks(of: mailbox.canaries, in: traces)
        let secrets: Set<PIIType> = [.creditCard, .cardDetail, .secret, .oneTimeCode]
        let wrong = leaks.filter { !$0.place.hasPrefix("tickets/") || secrets.contains($0.canary.type) }
        #expect(wrong.isEmpty, "\n\(table(wrong, of: mailbox.canaries))")
        #expect(leaks.contains { $0.place.hasPrefix("tickets/") }, "an agent sees whom she deals with")
        #expect(mailbox.canaries.contains { secrets.contains($0.type) })
    }

    @Test("the search finds every canary in the mail that it was put into, however it is encoded there")
    func sources() {
        let mailbox = CanaryMailbox(count: 500, seed: 4)
        let search = ByteSearch(mailbox.canaries.map(\.key))
        var found: Set<String> = []
        for letter in mailbox.letters {
            for index in search.find(in: letter.bytes) where mailbox.canaries[index].owner == letter.sender {
                found.insert("\(index)")
            }
        }
        let missing = mailbox.canaries.enumerated().filter {
            !found.contains("\($0.offset)") && $0.element.place != "record"
        }
        #expect(missing.isEmpty, "\(missing.prefix(5).map(\.element))")
    }

    @Test("when everything fails and every server quotes what it was sent, nothing of it is kept or said")
    func badWeather() async throws {
        let mail = try ScriptedTCPServer { client in
            try client.write(Array("220 quoting.example\r\n".utf8))
            while let line = try client.readText() {
                switch line.prefix(4).uppercased() {
                case "EHLO": try client.write(Array("250 quoting.example\r\n".utf8))
                case "MAIL", "RSET": try client.write(Array("250 2.1.0 Ok\r\n".utf8))
                case "RCPT":
                    let code = line.count % 2 == 0 ? "550 5.1.1" : "451 4.3.0"
                    try client.write(Array("\(code) Refused: \(line)\r\n".utf8))
                case "DATA": try client.write(Array("503 5.5.1 no recipient\r\n".utf8))
                default: try client.write(Array("221 2.0.0 Bye\r\n".utf8))
                }
            }
        }
        let tickets = try ScriptedHTTPServer { .response(status: $0.number % 2 == 0 ? 500 : 422, body: $0.body) }
        let mailbox = CanaryMailbox(count: 40, seed: 6)
        let traces = try await traces(of: mailbox, withDemo: false, explaining: 0) {
            $0.carrier = .smtp(
                MailEndpoint(service: .smtp, host: "127.0.0.1", port: mail.port, security: .none), connections: 1)
            $0.tickets = .requestTracker(RequestTracker.Configuration(url: tickets.baseURL, queue: "q", token: "t"))
        }
        #expect(traces.handled == 40)
        #expect(traces.places.contains { $0.name == "log" })
        let leaks = leaks(of: mailbox.canaries, in: traces)
        #expect(leaks.isEmpty, "\n\(table(leaks, of: mailbox.canaries))")
        await mail.stop()
        await tickets.stop()
    }

    @Test(
        "the search would see them: with a type left readable its canaries turn up", arguments: [PIIType.email, .phone])
    func openRedactor(type: PIIType) async throws {
        let mailbox = CanaryMailbox(count: 40, seed: 5, types: [type])
        let redactor = try Redactor(
            configuration: Redactor.Configuration(
                orderPatterns: [#"NC-\d{6}"#], readable: PIIType.readableByDefault.union([type])))
        let traces = try await traces(of: mailbox, withDemo: false, redactor: redactor, explaining: 4)
        let leaks = leaks(of: mailbox.canaries, in: traces)
        #expect(!leaks.isEmpty)
        #expect(leaks.contains { $0.place == "model" })
        #expect(leaks.contains { $0.place.hasPrefix("tickets/") || $0.place == "explain --safe" })
    }
}

/// Keeps what is logged, at every level.
final class RecordedLines: Sendable {
    private let lock = NSLock()
    nonisolated(unsafe) private var lines: [String] = []
    var all: [String] { lock.withLock { lines } }
    func add(_ line: String) { lock.withLock { lines.append(line) } }
}

struct RecordingLog: LogHandler {
    let lines: RecordedLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.add("\(event.message) \(event.metadata ?? [:]) \(metadata) \(event.error.map { "\($0)" } ?? "")")
    }
}
