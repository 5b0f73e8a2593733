import Foundation
import Testing
import Triage

@testable import SupportDesk

/// The arithmetic of a report against scipy, and against histories of which the truth is known because they were made by it.
@Suite("Report's arithmetic")
struct ReportArithmeticTests {
    private static let day: Int64 = 86_400_000

    /// The same numbers in every run.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
    }

    private struct History: Encodable {
        struct Contact: Encodable {
            let person: UInt64
            let conversation: Int64
            let matter: UInt64?
            let arrival: Int64
            let answer: Int64?
            let vote: Bool?

            private enum Keys: String, CodingKey { case person, conversation, matter, arrival, answer, vote }

            // What is not known is said to be so.
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                try container.encode(person, forKey: .person)
                try container.encode(conversation, forKey: .conversation)
                try container.encode(matter, forKey: .matter)
                try container.encode(arrival, forKey: .arrival)
                try container.encode(answer, forKey: .answer)
                try container.encode(vote, forKey: .vote)
            }

            init(_ contact: Aftermath.Contact) {
                (person, conversation, matter) = (contact.person, contact.conversation, contact.matter)
                (arrival, answer, vote) = (contact.arrival, contact.answer, contact.vote)
            }
        }

        struct Run: Encodable {
            let contacts: [Contact]
            let silence: Int64
            let window: Int64
            let now: Int64
        }

        var wilson: [[Double]] = []
        var ratings: [[[Double]]] = []
        var means: [[Double]] = []
        var histories: [Run] = []
        var times: [[Double]] = []
        var parts = [0.5, 0.9, 0.95, 0.99]
    }

    private struct Peer: Decodable {
        struct Estimate: Decodable {
            let rate: [Double]
            let effective: Double
        }
        struct Fate: Decodable {
            let resolution: String?
            let recurred: Bool?
            let wroteAgain: Bool?
        }
        let wilson: [[Double]?]
        let estimates: [Estimate?]
        let means: [[Double?]?]
        let fates: [[Fate]]
        let percentiles: [[Double]]
    }

    private func ask(_ history: History) throws -> Peer {
        let script = "\(PackageFolder.root)/Tests/SupportDeskTests/Fixtures/report/arithmetic.py"
        return try JSONDecoder().decode(Peer.self, from: Python.run(script, input: JSONEncoder().encode(history)))
    }

    private func isNear(_ first: Double, _ second: Double) -> Bool { abs(first - second) <= 1e-9 }

    @Test("intervals of rates, of weighed samples and of means are those of scipy")
    func intervals() throws {
        var dice = Dice(state: 11)
        var history = History()
        for trials in [0, 1, 2, 3, 10, 50, 377, 10_000, 1_000_000] {
            for part in [0, 1, 2, 3, 4] { history.wilson.append([Double(trials * part / 4), Double(trials)]) }
        }
        for _ in 0..<60 {
            let trials = Double(dice.roll(5_000) + 1) + Double(dice.roll(999) + 1) / 1_000
            history.wilson.append([trials * Double(dice.roll(101)) / 100, trials])
        }
        for count in 0..<40 {
            // Some of a kind are all drawn, of others one in so many.
            history.ratings.append(
                (0..<count % 25).map { _ in [Double(dice.roll(5) == 0 ? 0 : 1), [1, 1, 4, 20, 33.5][dice.roll(5)]] })
        }
        for count in [0, 1, 2, 3, 17, 400] { history.means.append((0..<count).map { _ in Double(dice.roll(5) + 1) }) }
        let peer = try ask(history)
        for (pair, expected) in zip(history.wilson, peer.wilson) {
            let rate = ReportArithmetic.wilson(pair[0], of: pair[1])
            #expect((rate == nil) == (expected == nil), "\(pair)")
            guard let rate, let expected else { continue }
            #expect(isNear(rate.value, expected[0]) && isNear(rate.low, expected[1]), "\(pair) \(rate) \(expected)")
            #expect(isNear(rate.high, expected[2]), "\(pair) \(rate) \(expected)")
        }
        for (ratings, expected) in zip(history.ratings, peer.estimates) {
            let estimate = ReviewAccuracy(ratings.map { (isRight: $0[0] == 1, weight: $0[1]) })
            #expect((estimate == nil) == (expected == nil), "\(ratings)")
            guard let estimate, let expected else { continue }
            #expect(isNear(estimate.share, expected.rate[0]), "\(ratings)")
            #expect(isNear(estimate.lower, expected.rate[1]) && isNear(estimate.upper, expected.rate[2]), "\(ratings)")
            #expect(abs(estimate.effective - expected.effective) <= 1e-9 * expected.effective)
        }
        for (values, expected) in zip(history.means, peer.means) {
            let mean = ReportArithmetic.mean(
                count: values.count, sum: values.reduce(0, +), squares: values.reduce(0) { $0 + $1 * $1 })
            #expect((mean == nil) == (expected == nil))
            guard let mean, let expected else { continue }
            #expect(isNear(mean.value, expected[0] ?? -1))
            #expect((mean.half == nil) == (expected[1] == nil))
            if let half = mean.half, let other = expected[1] { #expect(isNear(half, other)) }
        }
    }

    @Test("percentiles of times are right to one part in a hundred, also when days are added up and kept")
    func percentiles() throws {
        var dice = Dice(state: 5)
        var history = History()
        var sketches: [TimeSketch] = []
        for count in [1, 2, 10, 99, 5_000] {
            var halves = [TimeSketch(), TimeSketch()]
            let times = (0..<count).map { _ in pow(10, Double(dice.roll(8_000)) / 1_000 - 2) }
            for (index, time) in times.enumerated() { halves[index % 2].add(time) }
            history.times.append(times)
            halves[0] += halves[1]
            sketches.append(try JSONDecoder().decode(TimeSketch.self, from: JSONEncoder().encode(halves[0])))
        }
        let peer = try ask(history)
        for (sketch, (times, expected)) in zip(sketches, zip(history.times, peer.percentiles)) {
            #expect(sketch.count == times.count)
            #expect(abs(sketch.sum - times.reduce(0, +)) <= 1e-6 * sketch.sum)
            for (part, time) in zip(history.parts, expected) {
                let own = try #require(sketch.percentile(part))
                #expect(abs(own / time - 1) <= 0.0101, "\(times.count) \(part): \(own) \(time)")
            }
        }
        #expect(TimeSketch().percentile(0.5) == nil)
    }

    /// Few people, few matters and times close together: everything happens, ties at the ends of windows too.
    private func crowded(_ dice: inout Dice) -> [Aftermath.Contact] {
        (0..<160).map { _ in
            let arrival = Int64(dice.roll(80)) * Self.day / 4
            let person = UInt64(dice.roll(12))
            return Aftermath.Contact(
                person: person, conversation: Int64(person) * 10 + Int64(dice.roll(3)),
                matter: dice.roll(5) == 0 ? nil : person * 10 + UInt64(dice.roll(2)), arrival: arrival,
                answer: dice.roll(4) == 0 ? nil : arrival + Int64(dice.roll(9)) * Self.day / 4,
                vote: dice.roll(6) == 0 ? dice.roll(2) == 0 : nil, horizon: 0)
        }
    }

    @Test("what became of answers is what going through everything finds")
    func crowdedHistories() throws {
        var dice = Dice(state: 77)
        var history = History()
        var runs: [[Aftermath.Contact]] = []
        for run in 0..<12 {
            var contacts = crowded(&dice)
            for index in contacts.indices { contacts[index].horizon = Int64(18 + run % 5) * Self.day }
            runs.append(contacts)
            history.histories.append(
                History.Run(
                    contacts: contacts.map(History.Contact.init), silence: Int64(run % 4 + 1) * Self.day,
                    window: 7 * Self.day, now: Int64(18 + run % 5) * Self.day))
        }
        let peer = try ask(history)
        var seen: Set<Aftermath.Resolution> = []
        for (index, contacts) in runs.enumerated() {
            let run = history.histories[index]
            let fates = Aftermath.fates(of: contacts, silence: Double(run.silence) / 1_000)
            for (own, other) in zip(fates, peer.fates[index]) {
                #expect(own.resolution?.rawValue == other.resolution)
                #expect(own.recurred == other.recurred)
                #expect(own.wroteAgain == other.wroteAgain)
                if let resolution = own.resolution { seen.insert(resolution) }
            }
        }
        #expect(seen == Set(Aftermath.Resolution.allCases))
    }

    @Test("histories that were made by their truth are told by it")
    func plannedHistories() throws {
        var dice = Dice(state: 3)
        let silence = 3 * Self.day
        let window = 7 * Self.day
        var contacts: [Aftermath.Contact] = []
        var truth: [(Aftermath.Resolution?, Bool?)] = []
        let now = 400 * Self.day
        for person in 0..<500 {
            // Far enough apart that no two plans of one person touch.
            for part in 0..<6 {
                let arrival = Int64(part * 60 + dice.roll(20)) * Self.day + Int64(dice.roll(1_000))
                let answer = arrival + Int64(dice.roll(3_600_000)) + 1
                let plan = dice.roll(6)
                let other = Int64(dice.roll(2))
                let conversation = Int64(person * 100 + part * 2)
                func contact(_ arrival: Int64, _ answer: Int64?, matter: Int, in place: Int64, vote: Bool? = nil) {
                    contacts.append(
                        Aftermath.Contact(
                            person: UInt64(person), conversation: place, matter: UInt64(person * 1_000 + matter),
                            arrival: arrival, answer: answer, vote: vote, horizon: now))
                }
                switch plan {
                case 0:
                    contact(arrival, answer, matter: part, in: conversation)
                    truth.append((.silent, false))
                case 1, 2:
                    let vote = plan == 1
                    contact(arrival, answer, matter: part, in: conversation, vote: vote)
                    truth.append((vote ? .confirmed : .denied, false))
                case 3:
                    // Back with the same matter within the silence, in the same conversation or another.
                    contact(arrival, answer, matter: part, in: conversation)
                    truth.append((.returned, true))
                    let back = answer + 1 + Int64(dice.roll(Int(silence)))
                    contact(back, nil, matter: part, in: conversation + other)
                    truth.append((nil, nil))
                case 4:
                    // Back with something else: not settled for good, but no recurrence.
                    contact(arrival, answer, matter: part, in: conversation)
                    truth.append((.returned, false))
                    contact(answer + silence, nil, matter: 100 + part, in: conversation + other)
                    truth.append((nil, nil))
                default:
                    // Silent for as long as is waited, and then back with the same matter.
                    contact(arrival, answer, matter: part, in: conversation)
                    truth.append((.silent, true))
                    contact(answer + silence + 1 + Int64(dice.roll(Int(window - silence))), nil, matter: part, in: 1)
                    truth.append((nil, nil))
                }
            }
        }
        let fates = Aftermath.fates(of: contacts, silence: Double(silence) / 1_000)
        for (fate, truth) in zip(fates, truth) {
            #expect(fate.resolution == truth.0)
            #expect(fate.recurred == truth.1)
        }
        #expect(fates.filter { $0.recurred == true }.count > 500)
    }

    @Test(
        "days begin when the shop's own do, also where the clock is changed",
        arguments: ["Asia/Kolkata", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo"])
    func dayTable(zone name: String) throws {
        let zone = try #require(TimeZone(identifier: name))
        let table = DayTable(20_500...20_900, in: zone)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        for step in stride(from: table.start(of: 20_500), to: table.end, by: 37 * 60_000) {
            let date = Date(milliseconds: step)
            #expect(table.day(of: step) == LocalDate(date, in: zone).dayNumber)
        }
        // On most days the hour is the clock's.
        for day in 20_500...20_900 where day % 7 == 0 {
            let noon = table.start(of: day) + 12 * 3_600_000
            #expect(abs(table.hour(of: noon) - calendar.component(.hour, from: Date(milliseconds: noon))) <= 1)
        }
        #expect(table.day(of: table.end) == nil)
        #expect(table.day(of: table.start(of: 20_500) - 1) == nil)
    }

    @Test("a clock that was set to 1970 costs no report: hours before it are hours of a day")
    func beforeTheEpoch() throws {
        let table = DayTable(0...3, in: try #require(TimeZone(identifier: "America/New_York")))
        #expect(table.hour(of: 0) == 19)
        #expect(table.hour(of: -1) == 18)
        #expect(table.hour(of: -20 * 3_600_000) == 23)
        #expect(table.hour(of: 5 * 3_600_000) == 0)
    }
}

/// Runs a script of a test's own.
enum Python {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// - Returns: what it wrote to standard output.
    static func run(_ script: String, _ arguments: [String] = [], input: Data = Data()) throws -> Data {
        let folder = try ScratchFolder()
        let (source, target, errors) = (
            "\(folder.path)/input", "\(folder.path)/output", "\(folder.path)/errors"
        )
        for (path, data) in [(source, input), (target, Data()), (errors, Data())] {
            guard FileManager.default.createFile(atPath: path, contents: data) else {
                throw Failed(description: "no file \(path)")
            }
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script] + arguments
        process.standardInput = FileHandle(forReadingAtPath: source)
        process.standardOutput = FileHandle(forWritingAtPath: target)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        let said = FileManager.default.contents(atPath: errors) ?? Data()
        guard process.terminationStatus == 0 else { throw Failed(description: String(decoding: said, as: UTF8.self)) }
        return FileManager.default.contents(atPath: target) ?? Data()
    }
}
