import Foundation
import Testing
import Transport

@testable import SupportDesk

/// `auradesk init` gives a shop `Templates/desk.yaml`: what it says must be what is read.
@Suite("Shipped desk.yaml")
struct ShippedConfigurationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    /// Of two outlets exactly one may stand in a section: the keys of the other one go.
    private static let local = ["carrier": ["maildir"], "drafts": ["maildir"], "tickets": ["folder"]]

    /// Loads a text as `desk.yaml` of a folder that has what it names.
    private func load(_ text: String) throws -> DeskConfiguration {
        let folder = FileManager.default.temporaryDirectory.path + "/auradesk-init-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: "\(folder)/records", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["records/customers.json", "records/orders.json", "records/products.json"] {
            try Data("[]".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/desk.yaml"))
        return try DeskConfiguration(file: "\(folder)/desk.yaml")
    }

    private func shipped() throws -> [String] {
        let data = try #require(FileManager.default.contents(atPath: "\(Self.root)/Templates/desk.yaml"))
        return String(decoding: data, as: UTF8.self).components(separatedBy: "\n")
    }

    /// Every option switched on, with the outlets of one kind: folders of this machine, or servers.
    private func everything(isLocal: Bool, records wanted: String? = nil) throws -> String {
        // Records are in one of three places, each with keys of its own up to the next.
        let wanted = wanted ?? (isLocal ? "files" : "woocommerce")
        var records: String? = "files"
        var section = ""
        var lines: [String] = []
        for line in try shipped() {
            let indent = line.prefix { $0 == " " }
            let rest = line.dropFirst(indent.count)
            // "#key" and "#  key" are options, "# Words" is for people.
            let isOption =
                rest.first == "#" && rest.count > 1 && (rest.dropFirst().first != " " || rest.hasPrefix("#  "))
            let text =
                isOption && !section.isEmpty || rest.hasPrefix("#max_age") ? indent + rest.dropFirst() : line[...]
            if let first = text.first, first.isLetter { section = String(text.prefix { $0 != ":" }) }
            if let outlets = Self.local[section], text.first == " " {
                let key = text.drop { $0 == " " }.prefix { $0 != ":" }
                if !key.hasPrefix("#"), outlets.contains(String(key)) != isLocal { continue }
            }
            if section == "records", text.hasPrefix("  ") {
                let option = text.drop { $0 == " " }
                if option.hasPrefix("kind: ") { records = String(option.dropFirst("kind: ".count)) }
                if option.hasPrefix("cache:") { records = nil }
                if records != nil, records != wanted { continue }
            }
            // The ledger's keys have a least length.
            let key = "key: {command: [printf, '%040d', '7']} #"
            lines.append(
                String(text).replacing("key: {env: AURADESK_KEY", with: key)
                    .replacing("key: {env: AURADESK_OLD_KEY", with: key)
                    .replacing("key: {env: AURADESK_PAGE_KEY", with: key)
                    .replacing("{env: AURADESK_", with: "{env: PATH} #"))
        }
        return lines.joined(separator: "\n")
    }

    @Test("as it is, it is a desk that watches")
    func asItIs() throws {
        let configuration = try load(try shipped().joined(separator: "\n"))
        #expect(configuration.policy.defaultMode == .shadow)
        #expect(configuration.channels.map(\.name) == ["inbox"])
        #expect(configuration.records == nil && configuration.models.isEmpty && configuration.drafts == nil)
    }

    @Test("with every option switched on, every key is known and read", arguments: [true, false])
    func everyOption(isLocal: Bool) throws {
        let configuration = try load(try everything(isLocal: isLocal))
        #expect(configuration.channels.map(\.name) == ["inbox", "support", "queue"])
        guard case .ticket(.requestTracker(let tracker)?, let queues)? = configuration.channels.last?.source else {
            Issue.record("the queue is of another kind")
            return
        }
        #expect(tracker.url == "https://rt.neemandclay.example" && tracker.queue == "Support" && queues == ["Support"])
        #expect(configuration.shop.orderPatterns == ["NC-\\d{6}"])
        #expect(configuration.shop.authservID == "mx.neemandclay.example")
        #expect(
            configuration.policy.modes == [
                "check_refund_policy": .auto, "track_order": .auto, "delete_account": .draft, "payment_issue": .off,
            ])
        #expect(configuration.records != nil && configuration.drafts != nil)
        #expect(configuration.models.map(\.interface) == [.openai, .azure, .anthropic, .openai])
        #expect(configuration.answers.dailyBudget == 5_000_000)
        #expect(configuration.metrics.file == "/var/lib/prometheus/node-exporter/auradesk.prom")
        #expect(configuration.metrics.listen == MetricsPort.Place(host: "127.0.0.1", port: 9469))
        #expect(configuration.caFile?.hasSuffix("/certificates/ca.pem") == true)
        switch (configuration.carrier, configuration.tickets) {
        case (.maildir, .folder): #expect(isLocal)
        case (.smtp(let endpoint, let connections), .requestTracker):
            #expect(!isLocal && connections == 4)
            #expect(configuration.sent?.endpoint.host == "imap.neemandclay.example")
            #expect(endpoint.host == "smtp.neemandclay.example" && endpoint.port == 465)
        default: Issue.record("carrier and tickets of two kinds")
        }
    }

    @Test("records in files, in a shop's system and in a database")
    func recordPlaces() throws {
        func place(_ kind: String) throws -> DeskConfiguration.Records.Place? {
            try load(try everything(isLocal: true, records: kind)).records?.place
        }
        guard case .files(let customers, let orders) = try place("files"),
            case .shop(let api) = try place("woocommerce"), case .database(_, let queries, _) = try place("postgres")
        else {
            Issue.record("another place than is written there")
            return
        }
        #expect(customers.hasSuffix("customers.json") && orders.hasSuffix("orders.json"))
        #expect(api.url == "https://shop.neemandclay.example" && api.requests.count == 5)
        #expect(api.order[.state]?.read(.object(["status": .string("completed")])) == .value("delivered"))
        #expect(queries.count == 4)
    }

    @Test("OAuth takes the place of the password")
    func oauth() throws {
        let lines = try everything(isLocal: true).components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0.hasSuffix("#oauth:") })
        let text = lines.enumerated().filter { !($0.1.contains("password:") && $0.0 < start) }.map { index, line in
            (start...(start + 5)).contains(index) ? line.replacing("#", with: "", maxReplacements: 1) : line
        }.joined(separator: "\n")
        guard case .imap(let endpoint, _, _) = try load(text).channels[1].source,
            case .oauth(_, let client) = endpoint.credentials
        else {
            Issue.record("the channel is of another kind")
            return
        }
        #expect(client.tokenURL.hasPrefix("https://") && client.scope?.isEmpty == false && client.clientSecret != nil)
        #expect(endpoint.clientCertificate?.keyFile != nil)
    }

    @Test("the defaults that it names are the defaults")
    func defaults() throws {
        let named = try load(try everything(isLocal: true))
        let plain = try load(try shipped().joined(separator: "\n"))
        #expect(named.maximumAge == plain.maximumAge)
        #expect(try load(try everything(isLocal: false)).deadline == plain.deadline)
        #expect(named.policy.defaultThreshold == plain.policy.defaultThreshold)
        #expect(named.shop.region == plain.shop.region && named.shop.timeZone == plain.shop.timeZone)
        #expect(named.shop.languages == plain.shop.languages)
        #expect(String(describing: named.limits) == String(describing: plain.limits))
        let model = try #require(named.models.first)
        let usual = ModelConfiguration(url: model.url, name: model.name)
        #expect(model.timeout == usual.timeout && model.maximumWait == usual.maximumWait)
        #expect(model.retries == usual.retries && model.concurrency == usual.concurrency)
        #expect(model.outputTokens == usual.outputTokens)
        let policy = BatchPolicy()
        #expect(model.batch?.priorities == policy.priorities && model.batch?.deadlines == policy.deadlines)
        #expect(model.batch?.urgency == policy.urgency && model.batch?.share == policy.share)
        #expect(named.answers.tone == plain.answers.tone && named.answers.opinions == plain.answers.opinions)
    }
}
