import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What people find of automatic replies, and what becomes of an intent whose replies they find wrong.
@Suite("Quality review", .onEachEngine)
struct QualityReviewTests {
    /// A shop that has answered a number of questions about orders.
    private func answered(
        _ count: Int, _ change: (inout DeskConfiguration) -> Void = { _ in }
    ) async throws -> (shop: ScratchShop, desk: Desk) {
        let shop = try await ScratchShop {
            $0.limits.backstops = .wide
            $0.review.least = 5
            change(&$0)
        }
        for number in 0..<count { try shop.receive(.whereIsIt(), age: 1_000 - Double(number)) }
        let desk = try await shop.desk()
        #expect(try await shop.run(desk).handled.allSatisfy { $0.disposition == .answered })
        return (shop, desk)
    }

    @Test(
        "the first replies of a kind are all drawn, and stand for themselves; the others with the share, for its inverse"
    )
    func drawing() async throws {
        let (_, desk) = try await answered(60) {
            $0.review.each = 4
            $0.review.share = 0.25
            // One after the other: the first four are the first four.
            $0.limits.concurrency = 1
        }
        let items = try await desk.reviewQueue()
        #expect(items.count >= 8 && items.count <= 35, "\(items.count)")
        #expect(items.count { $0.weight == 1 } == 4)
        #expect(items.dropFirst(4).allSatisfy { $0.weight == 4 })
        #expect(Set(items.map(\.intent)) == ["track_order"] && Set(items.map(\.language)) == ["en"])
        // Decided by the reply, not by chance: the same reply again is drawn again or not.
        let estimate = items.reduce(0) { $0 + $1.weight }
        #expect(estimate > 20 && estimate < 130, "the weights stand for about 60 replies: \(estimate)")
    }

    @Test("the sum of the weights is right on average, whatever the share", arguments: [0.05, 0.2, 0.5])
    func unbiased(share: Double) throws {
        // The same rule on generated names: the estimate of a total is the total, within four standard errors.
        let seal = Seal.test()
        let count = 20_000
        let drawn = (0..<count).count { number in
            let digest = seal.digest("reply \(number)", for: "review sample")
            return Double(digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) / 0x1p64 < share
        }
        let error = (Double(count) * share * (1 - share)).squareRoot()
        #expect(abs(Double(drawn) - Double(count) * share) < 4 * error)
    }

    @Test("nothing is drawn without a share, and nothing but what was answered by itself")
    func others() async throws {
        let (_, desk) = try await answered(3) { $0.review.share = 0 }
        #expect(try await desk.reviewQueue().isEmpty)
        let shop = try await ScratchShop { $0.policy.modes["track_order"] = .draft }
        try shop.receive(.whereIsIt())
        let other = try await shop.desk()
        #expect(try await shop.run(other).outcome == "drafted mode-draft")
        #expect(try await other.reviewQueue().isEmpty)
        #expect(await refuses(.data) { _ = try await other.rate(1, ReplyRating(.right)) })
    }

    private func refuses(_ code: DeskError.Code, _ body: () async throws -> Void) async -> Bool {
        do {
            try await body()
            return false
        } catch {
            return (error as? DeskError)?.code == code
        }
    }

    @Test("a person sees question, reply and articles; with placeholders nobody's data")
    func showing() async throws {
        let (shop, desk) = try await answered(1)
        defer { withExtendedLifetime(shop) {} }
        let item = try #require(try await desk.reviewQueue().first)
        let whole = try await desk.review(of: item.id, isRedacted: false)
        #expect(whole.question.contains("where is my order NC-104233") && whole.reply.contains("NC-104233"))
        #expect(whole.reply.contains("Priya"))
        // By which she votes is nobody else's.
        #expect(whole.reply.contains("No, I would like a person") && !whole.reply.contains("mailto:"))
        let redacted = try await desk.review(of: item.id, isRedacted: true)
        // By an order's number whoever has the shop's records finds her.
        for secret in ["Priya", "Sharma", "priya.sharma@mail.example", "104233"] {
            #expect(!redacted.question.contains(secret) && !redacted.reply.contains(secret), "\(secret)")
        }
        #expect(redacted.isRedacted && !redacted.reply.isBlank)
    }

    @Test("programs read dates as RFC 3339 has them")
    func dates() async throws {
        let (shop, desk) = try await answered(1)
        let item = try #require(try await desk.reviewQueue().first)
        let yaml = "\(shop.folder.path)/desk.yaml"
        let text = String(decoding: FileManager.default.contents(atPath: yaml) ?? Data(), as: UTF8.self)
        let section = try await LedgerEngine.current.section(for: shop.folder.path)
        try shop.folder.write("desk.yaml", "\(text)\ntemplates: \(PackageFolder.templates)\n\(section)")
        let ending = try await EndToEndProgram.run(["review", "list", "--json", "--config", yaml])
        struct Line: Decodable { let id: Int64, at: String }
        let line = try JSONDecoder().decode(Line.self, from: Data(ending.output.utf8))
        #expect(line.id == item.id && line.at == item.at.formatted(.iso8601), "\(ending.output)\(ending.errors)")
        #expect(line.at.hasPrefix("2026-03-10T"))
    }

    @Test("ratings that are on record replace one another, and are no longer waited for")
    func rating() async throws {
        let (_, desk) = try await answered(2)
        let items = try await desk.reviewQueue()
        let first = try #require(items.first)
        #expect(try await desk.rate(first.id, ReplyRating(.right, tone: 5, empathy: 3)) == nil)
        #expect(try await desk.reviewQueue().map(\.id) == items.dropFirst().map(\.id))
        #expect(try await desk.rate(first.id, ReplyRating(.wrong, tone: 1)) == nil)
        let figures = try #require(try await desk.reviewFigures().first)
        #expect(figures.drawn == 2 && figures.accuracy?.rated == 1 && figures.accuracy?.right == 0)
        #expect(figures.tone == 1 && figures.empathy == nil)
        #expect(throws: DeskError.self) { _ = try ReplyRating(.right, tone: 6) }
        let audit = try await desk.ledger.newestAuditEntries(100).filter { $0.kind == "review" }
        #expect(
            audit.map(\.detail) == ["rated wrong intent=track_order", "rated right intent=track_order"].reversed()
                || audit.map(\.detail) == ["rated wrong intent=track_order", "rated right intent=track_order"])
    }

    @Test("below its floor an intent falls back to drafts by itself, everywhere it can be seen; an admin lifts it")
    func setback() async throws {
        let (shop, desk) = try await answered(8) { $0.review.each = 100 }
        let items = try await desk.reviewQueue()
        #expect(items.count == 8)
        // Four wrong ones of four are fewer than are needed for a word.
        for item in items.prefix(4) { #expect(try await desk.rate(item.id, ReplyRating(.wrong)) == nil) }
        #expect(try await desk.setbacks().isEmpty)
        let setback = try #require(try await desk.rate(items[4].id, ReplyRating(.wrong)))
        #expect(setback.intent == "track_order" && setback.reason.contains("0 of 5"))
        #expect(try await desk.rate(items[5].id, ReplyRating(.wrong)) == nil, "it has fallen back once")
        #expect(try await Desk.status(shop.configuration).setbacks.map(\.intent) == ["track_order"])
        #expect(
            try await desk.ledger.newestAuditEntries(100).contains {
                $0.kind == "review" && $0.detail.hasPrefix("set back intent=track_order")
            })
        // The desk honours it with the next message; other intents answer as before.
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "drafted setback")
        try shop.receive(TestMail(text: "Hello,\nwhich payment methods do you accept?\n"))
        #expect(try await shop.run().outcome == "answered answered")
        // Lifted: only what is rated from now on counts.
        shop.clock.advance(by: 60)
        let again = try await shop.desk()
        #expect(try await again.reinstate("track_order"))
        #expect(try await !again.reinstate("track_order"))
        #expect(try await again.setbacks().isEmpty)
        shop.clock.advance(by: 60)
        #expect(try await again.rate(items[6].id, ReplyRating(.wrong)) == nil, "the old ratings count no more")
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome != "drafted setback")
    }

    @Test("an intent is not set back for being unlucky, nor where there is no floor")
    func noSetback() async throws {
        let (_, desk) = try await answered(20) { $0.review.each = 100 }
        let items = try await desk.reviewQueue()
        // Every tenth is wrong: a share of 90 % is well within the interval.
        for (place, item) in items.enumerated() {
            #expect(try await desk.rate(item.id, ReplyRating(place % 10 == 9 ? .wrong : .right)) == nil, "\(place)")
        }
        let (_, other) = try await answered(6) {
            $0.review.each = 100
            $0.review.defaultFloor = nil
        }
        for item in try await other.reviewQueue() { #expect(try await other.rate(item.id, ReplyRating(.wrong)) == nil) }
        #expect(try await other.setbacks().isEmpty)
    }

    @Test("the alarm is a figure that an alert asks for")
    func alarm() async throws {
        let folder = try ScratchFolder()
        let (shop, desk) = try await answered(5) {
            $0.review.each = 100
            $0.metrics.file = "\(folder.path)/auradesk.prom"
        }
        for item in try await desk.reviewQueue() { _ = try await desk.rate(item.id, ReplyRating(.wrong)) }
        func page() -> String {
            String(
                decoding: FileManager.default.contents(atPath: "\(folder.path)/auradesk.prom") ?? Data(), as: UTF8.self)
        }
        // The next pass says so, whoever rated: the figures are the desk's own processes'.
        try await shop.run(desk)
        #expect(page().contains("\nauradesk_setbacks 1\n"))
        #expect(try await desk.reinstate("track_order"))
        try await shop.run(desk)
        #expect(page().contains("\nauradesk_setbacks 0\n"))
    }

    @Test(
        "what is drawn and rated goes with the conversation when its customer is forgotten, and with the figures' age")
    func keeping() async throws {
        let (shop, desk) = try await answered(2)
        let item = try #require(try await desk.reviewQueue().first)
        _ = try await desk.rate(item.id, ReplyRating(.right))
        let record = try await desk.export(["priya.sharma@mail.example"], into: "\(shop.folder.path)/export")
        #expect(record.conversations.flatMap(\.messages).first { $0.id == item.id }?.rating == "right")
        _ = try await desk.forget(["priya.sharma@mail.example"])
        func rows(_ table: String, _ ledger: Ledger) async throws -> Int {
            try await ledger.database.read { try $0.rows("SELECT message FROM \(table)", []).count }
        }
        for table in ["sample", "rating"] { #expect(try await rows(table, desk.ledger) == 0, "\(table)") }
        let (old, other) = try await answered(2)
        _ = try await other.rate(try #require(try await other.reviewQueue().first).id, ReplyRating(.right))
        old.clock.advance(by: 400 * 86_400)
        _ = try await other.ledger.enforce(old.configuration.retention, now: old.clock.now)
        for table in ["sample", "rating"] { #expect(try await rows(table, other.ledger) == 0, "\(table)") }
        _ = shop
    }

    @Test("a reply whose text is let go is no longer waited for")
    func letGo() async throws {
        let (shop, desk) = try await answered(1)
        #expect(try await desk.reviewQueue().count == 1)
        shop.clock.advance(by: 8 * 86_400)
        _ = try await desk.ledger.enforce(shop.configuration.retention, now: shop.clock.now)
        #expect(try await desk.reviewQueue().isEmpty)
        #expect(await refuses(.data) { _ = try await desk.review(of: 1, isRedacted: false) })
    }
}

/// The arithmetic of the estimate.
@Suite("Review accuracy")
struct ReviewAccuracyTests {
    @Test(
        "Wilson's interval, against the roots of its equation found by bisection elsewhere",
        arguments: [
            (0.0, 5.0, 0.0, 0.4345), (1.0, 5.0, 0.5655, 1.0), (0.5, 10.0, 0.2366, 0.7634), (0.9, 20.0, 0.6990, 0.9721),
            (0.8, 100.0, 0.7112, 0.8666),
        ])
    func interval(share: Double, count: Double, lower: Double, upper: Double) {
        let interval = ReviewAccuracy.interval(share: share, of: count)
        #expect(abs(interval.lower - lower) < 0.0005 && abs(interval.upper - upper) < 0.0005, "\(interval)")
    }

    @Test("weights count: one right reply that stands for nineteen outweighs one wrong one; and says less than twenty")
    func weights() throws {
        let accuracy = try #require(ReviewAccuracy([(true, 19), (false, 1)]))
        #expect(accuracy.share == 0.95 && accuracy.rated == 2 && accuracy.right == 1)
        let equal = try #require(ReviewAccuracy(Array(repeating: (true, 1), count: 19) + [(false, 1)]))
        #expect(equal.share == 0.95 && accuracy.lower < equal.lower)
        #expect(ReviewAccuracy([]) == nil)
    }

    @Test("the interval holds the truth about 19 times of 20")
    func coverage() throws {
        var generator = SystemRandomNumberGenerator()
        var held = 0
        for _ in 0..<2_000 {
            let ratings = (0..<40).map { _ in (isRight: Double.random(in: 0..<1, using: &generator) < 0.85, weight: 1.0)
            }
            let accuracy = try #require(ReviewAccuracy(ratings))
            if accuracy.lower <= 0.85, accuracy.upper >= 0.85 { held += 1 }
        }
        #expect(held > 1_840 && held < 1_960, "\(held) of 2,000")
    }

    @Test("the section review of desk.yaml, and slips of the pen in it")
    func configuration() throws {
        let folder = try ScratchFolder()
        func read(_ text: String) throws -> ReviewPolicy {
            try ReviewPolicy(ConfigurationReader.root(of: folder.write("\(UUID().uuidString).yaml", text)))
        }
        let policy = try read("share: 20%\neach: 3\nfloors: {default: off, track_order: 0.95}\nleast: 7\n")
        #expect(policy.share == 0.2 && policy.each == 3 && policy.least == 7)
        #expect(policy.floor(for: "track_order") == 0.95 && policy.floor(for: "get_refund") == nil)
        #expect(try ReviewPolicy(nil).floor(for: "anything") == 0.9)
        for text in ["share: 1.2", "floors: {track_order: 95}", "floor: 0.9", "least: 0", "each: -1"] {
            #expect(throws: DeskError.self, "\(text)") { _ = try read(text + "\n") }
        }
    }
}
