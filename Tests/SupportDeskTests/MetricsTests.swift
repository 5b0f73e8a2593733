import Foundation
import Testing
import Transport
import Yams

@testable import SupportDesk

/// The desk's figures: on the page, in the file from run to run, and at the port.
@Suite("Metrics")
struct MetricsTests {
    /// Reads a page as a collector does: every figure belongs to a family that was announced, once each.
    private func figures(_ text: String) throws -> [String: Double] {
        var figures: [String: Double] = [:]
        var families: [String: String] = [:]
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                #expect(families.updateValue(String(words[3]), forKey: String(words[2])) == nil, "\(line)")
            } else if !line.hasPrefix("#") {
                let space = try #require(line.lastIndex(of: " "))
                let name = String(line[..<space])
                let family = name.prefix { $0 != "{" }
                let known = ["", "_bucket", "_sum", "_count"].contains { suffix in
                    family.hasSuffix(suffix) && families[String(family.dropLast(suffix.count))] != nil
                }
                #expect(known, "\(line) belongs to nothing")
                let value = try #require(Double(line[line.index(after: space)...]))
                #expect(figures.updateValue(value, forKey: name) == nil, "\(name) is there twice")
            }
        }
        return figures
    }

    @Test("a page as Prometheus reads it; what was written is read again")
    func page() throws {
        let meter = Meter()
        meter.count(.messages, ("channel", "a \"b\"\\c\nd"), ("disposition", "answered"), ("rule", "r"), by: 2)
        for seconds in [0.1, 0.3, 400] { meter.observe(.modelTime, ("model", "m"), seconds: seconds) }
        meter.set(.paused, to: 1)
        let text = meter.page.text
        #expect(
            text.contains(#"auradesk_messages_total{channel="a \"b\"\\c\nd",disposition="answered",rule="r"} 2"# + "\n")
        )
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("auradesk_model_seconds") }
        #expect(lines.first == #"auradesk_model_seconds_bucket{model="m",le="0.25"} 1"#)
        #expect(lines.contains(#"auradesk_model_seconds_bucket{model="m",le="0.5"} 2"#))
        #expect(
            lines.suffix(3) == [
                #"auradesk_model_seconds_bucket{model="m",le="+Inf"} 3"#,
                #"auradesk_model_seconds_sum{model="m"} 400.4"#,
                #"auradesk_model_seconds_count{model="m"} 3"#,
            ])
        #expect(try figures(text).count == 2 + Metric.modelTime.bounds.count + 3)
        #expect(MetricsPage(reading: text).values == meter.page.values)
        // The end of a line of mail is one Character.
        let ended = Meter()
        ended.count(.postponed, ("channel", "a\r\nauradesk_paused 1\n"))
        #expect(try figures(ended.page.text).count == 1)
        #expect(MetricsPage(reading: ended.page.text).values == ended.page.values)
        #expect(MetricsPage(reading: "auradesk_paused NaN\nother 1\n\u{0}\n{} 1\nauradesk_paused").values.isEmpty)
    }

    @Test("counters go on from run to run; what waits is as it is; who reads it needs no rights", .onEachEngine)
    func runs() async throws {
        let folder = try ScratchFolder()
        let file = "\(folder.path)/auradesk.prom"
        let shop = try await ScratchShop { $0.metrics.file = file }
        func figures() throws -> [String: Double] {
            try self.figures(String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self))
        }
        let answered = #"auradesk_messages_total{channel="support",disposition="answered",rule="answered"}"#
        try shop.receive(.whereIsIt())
        try await shop.run()
        var now = try figures()
        #expect(now[answered] == 1 && now["auradesk_queue_items{queue=\"outbox\"}"] == 0)
        #expect(now["auradesk_last_pass_timestamp_seconds{role=\"all\"}"] == ScratchShop.start.timeIntervalSince1970)
        #expect(now[#"auradesk_deliveries_total{kind="reply",result="finished"}"#] == 1)
        for stage in [
            "parse", "associate", "screen", "listen", "identify", "redact", "triage", "ground", "respond", "review",
            "decide",
            "deliver",
        ] {
            #expect(now["auradesk_stage_seconds_count{stage=\"\(stage)\"}"] == 1, "\(stage)")
        }
        #expect(now[#"auradesk_outcome_age_seconds_bucket{disposition="answered",le="60"}"#] == 1)
        #expect(now["auradesk_oldest_unanswered_timestamp_seconds"] == 0)
        // The carrier goes: the reply waits, and since when is known.
        shop.clock.advance(by: 600)
        try shop.receive(.whereIsIt("NC-104240"))
        let away = ScriptedCarrier([.unreachable(reason: "smtp mail.example:587: connect")])
        try await shop.run { $0.carrier = away }
        now = try figures()
        let start = ScratchShop.start.timeIntervalSince1970
        #expect(now["auradesk_queue_items{queue=\"outbox\"}"] == 1)
        #expect(now["auradesk_queue_oldest_timestamp_seconds{queue=\"outbox\"}"] == start + 600)
        #expect(now["auradesk_oldest_unanswered_timestamp_seconds"] == start + 540)
        #expect(now[#"auradesk_remote_up{remote="scripted",role="all"}"#] == 0)
        #expect(now["auradesk_last_clean_pass_timestamp_seconds{role=\"all\"}"] == start)
        #expect(now["auradesk_passes_total{result=\"hindered\"}"] == 1)
        #expect(now["auradesk_stage_seconds_count{stage=\"parse\"}"] == 2)
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o644)
        let text = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
        #expect(!text.contains("@") && !text.contains("NC-1"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "auradesk.prom", "auradesk.prom.lock",
            ])
    }

    @Test("processes that share a file lose nothing of each other")
    func shared() async throws {
        let folder = try ScratchFolder()
        let file = MetricsFile(path: "\(folder.path)/a.prom")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<25 {
                        let meter = Meter()
                        meter.count(.postponed)
                        meter.observe(.stageTime, ("stage", "parse"), seconds: 0.2)
                        try file.add(meter.takeNews())
                    }
                }
            }
            try await group.waitForAll()
        }
        let page = MetricsPage(
            reading: String(decoding: FileManager.default.contents(atPath: file.path) ?? Data(), as: UTF8.self))
        #expect(page.values[.init(.postponed)] == 200)
        #expect(page.values[.init(.stageTime, [("stage", "parse")], .count)] == 200)
    }

    @Test("what each process says of itself stays in the file as long as it works, what the ledger says is the newest")
    func gauges() throws {
        let folder = try ScratchFolder()
        let file = MetricsFile(path: "\(folder.path)/a.prom")
        func value(_ metric: Metric, _ labels: (String, String)...) -> Double? {
            let text = String(decoding: FileManager.default.contents(atPath: file.path) ?? Data(), as: UTF8.self)
            return MetricsPage(reading: text).values[.init(metric, labels.map { (name: $0.0, value: $0.1) })]
        }
        let (poller, worker) = (Meter(role: .poller), Meter(role: .worker))
        poller.set(.remote, ("remote", "channel a"), to: 0)
        poller.set(.lastPass, to: 1)
        poller.set(.lastCleanPass, to: 1)
        poller.set(.paused, to: 1)
        try file.add(poller.takeNews())
        worker.set(.remote, ("remote", "smtp"), to: 1)
        worker.set(.lastPass, to: 2)
        worker.set(.auditHead, ("hash", "aa"), to: 1)
        worker.set(.auditHead, ("hash", "bb"), to: 1)
        worker.set(.paused, to: 0)
        try file.add(worker.takeNews())
        #expect(value(.auditHead, ("hash", "bb")) == 1 && value(.auditHead, ("hash", "aa")) == nil)
        // It did not look at the channel again, and that stays away.
        poller.count(.postponed)
        poller.set(.paused, to: 0)
        for _ in 0..<2 { try file.add(poller.takeNews()) }
        #expect(value(.remote, ("remote", "channel a"), ("role", "poller")) == 0 && value(.postponed) == 1)
        #expect(value(.remote, ("remote", "smtp"), ("role", "worker")) == 1)
        #expect(value(.lastPass, ("role", "poller")) == 1 && value(.lastPass, ("role", "worker")) == 2)
        #expect(value(.paused) == 0)
        // A new poller knows nothing of the channels of the one before, but when all was well is still known.
        let second = Meter(role: .poller)
        second.set(.lastPass, to: 3)
        try file.add(second.takeNews())
        #expect(value(.remote, ("remote", "channel a"), ("role", "poller")) == nil)
        #expect(value(.lastCleanPass, ("role", "poller")) == 1 && value(.lastPass, ("role", "worker")) == 2)
        // One that finds the desk paused has nothing to say but that.
        let third = Meter(role: .poller)
        third.set(.paused, to: 1)
        try file.add(third.takeNews())
        #expect(value(.lastPass, ("role", "poller")) == 3 && value(.paused) == 1)
        // To try whether it can be written changes nothing.
        let before = FileManager.default.contents(atPath: file.path)
        try file.tryOut()
        #expect(FileManager.default.contents(atPath: file.path) == before)
        // One process in the place of both.
        let all = Meter()
        all.set(.lastPass, to: 4)
        try file.add(all.takeNews())
        for role in [Role.poller, .worker] { #expect(value(.lastPass, ("role", role.rawValue)) == nil) }
        #expect(value(.lastPass, ("role", "all")) == 4 && value(.postponed) == 1)
    }

    @Test("a process that was stopped while it had the file holds nobody up, and nothing that was counted is lost")
    func held() throws {
        let folder = try ScratchFolder()
        let file = MetricsFile(path: "\(folder.path)/a.prom")
        let meter = Meter()
        meter.count(.postponed)
        let lock = open("\(file.path).lock", O_RDWR | O_CREAT, 0o644)
        #expect(flock(lock, LOCK_EX) == 0)
        let news = meter.takeNews()
        let start = ContinuousClock.now
        #expect(throws: DeskError.self) { try file.add(news) }
        #expect(ContinuousClock.now - start < .seconds(20))
        meter.giveBack(news)
        close(lock)
        try file.add(meter.takeNews())
        let text = String(decoding: FileManager.default.contents(atPath: file.path) ?? Data(), as: UTF8.self)
        #expect(text.contains("auradesk_postponed_total 1\n"))
    }

    @Test("a file that cannot be written costs the run nothing, and is caught up with", .onEachEngine)
    func unwritable() async throws {
        let folder = try ScratchFolder()
        let file = "\(folder.path)/later/auradesk.prom"
        let shop = try await ScratchShop { $0.metrics.file = file }
        try shop.receive(.whereIsIt())
        let desk = try await shop.desk()
        #expect(try await shop.run(desk).outcome == "answered answered")
        try DurableFile.makeFolder("\(folder.path)/later")
        try await shop.run(desk)
        let text = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
        #expect(try figures(text)["auradesk_passes_total{result=\"clean\"}"] == 2)
        #expect(text.contains(#"disposition="answered",rule="answered"} 1"#))
    }

    @Test("the port answers its two questions, refuses others, and is not held up by who says nothing")
    func port() async throws {
        var port: MetricsPort? = try MetricsPort(.init(host: "127.0.0.1", port: 0)) { "auradesk_paused 0\n" }
        let place = MetricsPort.Place(host: "127.0.0.1", port: try #require(port?.port))
        let agent = TransferAgent()
        func ask(_ method: String, _ path: String) async throws -> HTTPResponse {
            try await agent.perform(HTTPRequest(method: method, url: "http://127.0.0.1:\(place.port)\(path)"))
        }
        let page = try await ask("GET", "/metrics")
        #expect(page.status == 200 && String(decoding: page.body, as: UTF8.self) == "auradesk_paused 0\n")
        #expect(page.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(try await ask("GET", "/health").status == 200)
        #expect(try await ask("GET", "/etc/passwd").status == 404)
        #expect(try await ask("POST", "/metrics").status == 405)
        // Somebody connects and is silent: the next one is served after a second.
        let silent = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = place.port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(silent, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(connected == 0)
        let start = ContinuousClock.now
        #expect(try await ask("GET", "/metrics").status == 200)
        #expect(ContinuousClock.now - start < .seconds(10))
        close(silent)
        #expect(throws: DeskError.self) { try MetricsPort(place) { "" } }
        port = nil
        // The thread closes it.
        var isFree = false
        for _ in 0..<50 where !isFree {
            isFree = (try? MetricsPort(place) { "" }) != nil
            if !isFree { try await Task.sleep(for: .milliseconds(100)) }
        }
        #expect(isFree)
        await agent.shutdown()
    }

    @Test("every figure that an alert asks for is one of ours, with labels that it has")
    func alerts() throws {
        struct File: Decodable {
            struct Group: Decodable { let rules: [Rule] }
            struct Rule: Decodable {
                let alert: String
                let expr: String
                let annotations: [String: String]
                let labels: [String: String]
            }
            let groups: [Group]
        }
        let data = try #require(FileManager.default.contents(atPath: "\(PackageFolder.templates)/packaging/alerts.yml"))
        let rules = try YAMLDecoder().decode(File.self, from: data).groups.flatMap(\.rules)
        #expect(Set(rules.map(\.alert)).count == rules.count && rules.count >= 10)
        var asked: Set<Metric> = []
        for rule in rules {
            #expect(rule.annotations["summary"]?.isEmpty == false && rule.annotations["remedy"]?.isEmpty == false)
            #expect(["warning", "critical"].contains(rule.labels["severity"]))
            for name in rule.expr.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" })
            where name.hasPrefix("auradesk_") {
                let metric = try #require(Metric(rawValue: String(name)), "\(rule.alert): \(name)")
                asked.insert(metric)
            }
        }
        for metric in [Metric.paused, .oldest, .unanswered, .remote, .lastPass, .quarantined, .unsent, .modelCost] {
            #expect(asked.contains(metric), "\(metric) wakes nobody")
        }
    }

    @Test(
        "where figures may go", arguments: ["0.0.0.0:80", "shop.example:80", "127.0.0.1", "127.0.0.1:99999", "[::1]:x"])
    func places(text: String) throws {
        let folder = try ScratchFolder()
        let reader = try ConfigurationReader.root(of: folder.write("m.yaml", "listen: \"\(text)\"\n"))
        #expect(throws: DeskError.self) { try MetricsSetting(reader) }
        let fine = try ConfigurationReader.root(of: folder.write("n.yaml", "{listen: \"[::1]:9469\", file: a.prom}\n"))
        #expect(try MetricsSetting(fine).listen == MetricsPort.Place(host: "::1", port: 9469))
        let other = try ConfigurationReader.root(of: folder.write("o.yaml", "file: a.txt\n"))
        #expect(throws: DeskError.self) { try MetricsSetting(other) }
    }
}
