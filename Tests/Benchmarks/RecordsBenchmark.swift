import ArgumentParser
import Foundation
import Logging
import SupportDesk
import Transport

/// The shop's records alone: a file of many orders, a slow shop under many look-ups, what is kept, and what is refused.
struct RecordsBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "records", abstract: "Look-ups of customers and orders, each kind by itself.")

    @Option(help: "Orders in the file.")
    var orders = 100_000
    @Option(help: "A desk.yaml whose records are in a shop's system: its look-ups are timed.")
    var desk: String?
    @Option(help: "Look-ups at once.")
    var count = 100
    @Option(help: "An order's number there; {n} is replaced by a number.")
    var number = "{n}"

    func run() async throws {
        try await measureSpared()
        if let desk { try await measureShop(desk) } else { try await measureFile() }
    }

    /// What one question costs that is answered from memory, and one that is refused.
    private func measureSpared() async throws {
        struct Store: RecordStore {
            let name = "none"
            let isDown: Bool
            func find(_ lookup: RecordLookup, until deadline: ContinuousClock.Instant) async throws -> RecordAnswer {
                if isDown { throw DeskError(.unavailable, "down", isRetryable: true) }
                return RecordAnswer()
            }
        }
        let logger = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        let rounds = 200_000
        let kept = LookupDesk(Store(isDown: false), logger: logger)
        var start = ContinuousClock.now
        for _ in 0..<rounds { _ = try await kept.find(.orderByNumber("1")) }
        Self.print("answer from memory", "µs", since: start, rounds)
        let down = LookupDesk(Store(isDown: true), logger: logger)
        start = .now
        for _ in 0..<rounds { _ = try? await down.find(.orderByNumber("1")) }
        Self.print("refused while the breaker is open", "µs", since: start, rounds)
    }

    private func measureShop(_ file: String) async throws {
        let configuration = try DeskConfiguration(file: file)
        guard let records = configuration.records else { throw ValidationError("the desk has no records") }
        let logger = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        let source = records.source(configuration.shop, TransferAgent(), logger) { Date() }
        var start = ContinuousClock.now
        let first = try await source.order(number: number.replacing("{n}", with: "0"))
        Self.print("first look-up in the slow shop", "ms", since: start)
        guard first != nil else { throw ValidationError("the shop knows no order \(number)") }
        start = .now
        let number = number
        let found = await withTaskGroup(of: Bool?.self) { group in
            for index in 1...count {
                group.addTask { try? await source.order(number: number.replacing("{n}", with: "\(index)")) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 == true ? 1 : 0 }
        }
        Self.print("\(count) look-ups at once in the slow shop", "ms", since: start)
        guard found == count else { throw ValidationError("\(found) orders of \(count) were found") }
    }

    private func measureFile() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/auradesk-records-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = FileManager.default.createFile(
            atPath: "\(folder)/customers.json", contents: Data(#"[{"id": "C1", "addresses": ["a@mail.example"]}]"#.utf8)
        )
        _ = FileManager.default.createFile(atPath: "\(folder)/orders.json", contents: nil)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder)/orders.json"))
        file.write(Data("[\n".utf8))
        for start in stride(from: 0, to: orders, by: 1_000) {
            let lines = (start..<min(orders, start + 1_000)).map { index in
                #"{"number": "NC-\#(100_000 + index)", "customer": "C\#(index / 3)", "placedOn": "2026-02-11", "state": "#
                    + #""shipped", "currency": "INR", "total": "2598.00", "items": [{"sku": "TEX-215", "name": "Handloom "#
                    + #"towel set", "quantity": 2, "price": "1299.00"}], "payment": {"method": "Visa", "state": "paid"}, "#
                    + #""shipment": {"carrier": "Delhivery", "trackingNumber": "17846474571676", "trackingURL": "#
                    + #""https://track.delhivery.example/17846474571676", "shippedOn": "2026-02-12", "expectedOn": "#
                    + #""2026-02-18"}, "invoice": {"number": "INV-2026-\#(index)"}}"#
            }
            let isLast = start + 1_000 >= orders
            file.write(Data((lines.joined(separator: ",\n") + (isLast ? "\n]\n" : ",\n")).utf8))
        }
        let size = try file.offset()
        try file.close()
        let before = Self.residentMegabytes()
        let records = FileRecords(customers: "\(folder)/customers.json", orders: "\(folder)/orders.json")
        var start = ContinuousClock.now
        let counts = try await records.counts()
        let what = "\(counts.orders) orders in a file of \(size >> 20) MiB"
        Self.print("\(what): reading", "ms", since: start)
        Figure(what: "\(what): memory", unit: "MB", value: Double(Self.residentMegabytes() - before)).print()
        start = .now
        let rounds = 10_000
        for index in 0..<rounds {
            let number = "NC-\(100_000 + index * 7_919 % orders)"
            _ = try await records.find(.orderByNumber(number), until: .now + .seconds(1))
        }
        Self.print("\(what): one look-up", "µs", since: start, rounds)
    }

    /// Prints what one of so many rounds took.
    private static func print(
        _ what: String, _ unit: String, since start: ContinuousClock.Instant, _ rounds: Int = 1
    ) {
        let took = (ContinuousClock.now - start) / (unit == "µs" ? .microseconds(1) : .milliseconds(1))
        Figure(what: what, unit: unit, value: took / Double(rounds)).print()
    }

    private static func residentMegabytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1_000
    }
}
