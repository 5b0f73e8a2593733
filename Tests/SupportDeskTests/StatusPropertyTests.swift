import Foundation
import Seeded
import Testing

@testable import SupportDesk

/// Whatever is done to a ledger in whatever order, by processes that end and go on with what they had in hand, a status never
/// moves backwards.
@Suite("Status in random orders", .onEachEngine)
struct StatusPropertyTests {
    private let now = ScratchShop.start

    /// What one may still hold, whether or not it is still hers.
    private struct Hands {
        var items: [WorkItem] = []
        var rows: [OutboxItem] = []
    }

    /// How far a message has come. Only a lost key takes back a decision (`auradesk ledger abandon-key`).
    private static func rank(_ status: Status) -> Int { status.isClaimable ? 0 : status == .decided ? 1 : 2 }

    @Test("a status never moves backwards, and what is final stays", arguments: [1, 2, 3] as [UInt64])
    func neverBackwards(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let ledger = try await Ledger.test()
        _ = try await ledger.adopt(channel: "c", from: now)
        let sources = (0..<6).map { SourceItem(source: "s\($0)", arrival: now) }
        var hands = Hands()
        var known: [Int64: Status] = [:]
        var trace: [String] = []
        for process in 0..<6 {
            let lease = try ledger.lease()
            try await lease.whileKept {
                _ = try await ledger.record(Discovery(items: sources, cursor: nil), of: "c", by: lease, now: now)
                for _ in 0..<25 {
                    let step = try await step(&hands, ledger, lease, &random)
                    trace.append("\(process): \(step)")
                    let statuses = try await statuses(in: ledger)
                    for (message, status) in statuses {
                        let former = known[message] ?? .arrived
                        let isFinal = former.isFinal && former != .drafted
                        #expect(
                            Self.rank(status) >= Self.rank(former) && (!isFinal || status == former),
                            "seed \(seed): \(message) went from \(former) to \(status): \(trace.suffix(6))")
                    }
                    #expect(statuses.count >= known.count, "seed \(seed): a message is gone")
                    known = statuses
                }
            }
        }
        // The orders reach the ends, or they would prove nothing.
        #expect(known.count == 6)
        #expect(known.values.contains { $0.isFinal }, "seed \(seed): nothing was finished: \(trace)")
        try await ledger.close()
    }

    private func statuses(in ledger: Ledger) async throws -> [Int64: Status] {
        try await ledger.database.read { transaction in
            try transaction.rows("SELECT id, status FROM message", []).reduce(into: [:]) { statuses, row in
                guard let id = row.integer("id"), let status = row.text("status").flatMap(Status.init) else { return }
                statuses[id] = status
            }
        }
    }

    /// One thing that a process may do, with whatever it holds or once held. That it is refused is as good as that it is done.
    private func step(
        _ hands: inout Hands, _ ledger: Ledger, _ lease: Lease, _ random: inout SeededRandom
    ) async throws -> String {
        // Mostly what is new in hand, which may still be hers.
        let isNew = Int.random(in: 0..<4, using: &random) > 0
        let item = hands.items.suffix(isNew ? 3 : 100).randomElement(using: &random)
        let row = hands.rows.suffix(isNew ? 3 : 100).randomElement(using: &random)
        let kind = Int.random(in: 0..<14, using: &random)
        do {
            switch (kind, item, row) {
            case (0, _, _), (1, _, _):
                hands.items += try await ledger.claim(in: "c", now: now, limit: 3, by: lease)
                return "claim"
            case (2, _, _), (3, _, _):
                guard let claimed = try await ledger.claimOutbox(now: now, limit: 2, by: lease) else { return "-" }
                for row in claimed.rows {
                    if let item = try await ledger.outboxItem(row, by: claimed.shift) { hands.rows.append(item) }
                }
                return "claim outbox"
            case (4, let item?, _), (5, let item?, _):
                try await ledger.begin([item])
                return "begin \(item.id)"
            case (6, let item?, _), (7, let item?, _):
                let end = try await settle(item, in: ledger, &random)
                for row in end.rows {
                    if let item = try await ledger.outboxItem(row, by: item.shift) { hands.rows.append(item) }
                }
                return "settle \(item.id) as \(end.kind)"
            case (8, let item?, _):
                try await ledger.postpone(item, until: now)
                return "postpone \(item.id)"
            case (9, let item?, _):
                try await ledger.giveBack(item)
                return "give back \(item.id)"
            case (10, _, let row?):
                try await ledger.beginSending(row)
                return "sending \(row.id)"
            case (11, _, let row?):
                try await ledger.requeue(row, until: now, problem: "busy")
                return "requeue \(row.id)"
            case (12, _, let row?):
                try await ledger.finish(row, as: .failed("refused"), instead: packet(row.message), now: now)
                return "fail \(row.id)"
            case (_, _, let row?):
                try await ledger.finish(row, as: .sent(remote: "r\(row.id)"), now: now)
                return "finish \(row.id)"
            default: return "-"
            }
        } catch is LeaseLost {
            return "refused \(kind)"
        } catch let error as DeskError {
            #expect(error.code == .ledger)
            return "refused \(kind): \(error)"
        }
    }

    private func packet(_ message: Int64) -> Packet {
        Packet(
            externalID: "AD-\(message)", message: message, subject: "s", requestor: nil, note: "n", rule: "trial",
            priority: 50)
    }

    private func settle(
        _ item: WorkItem, in ledger: Ledger, _ random: inout SeededRandom
    ) async throws -> (rows: [Int64], kind: Disposition.Kind) {
        var mail = TestMail.whereIsIt()
        mail.id = "m\(item.id)@mail.example"
        let raw = RawMessage(id: item.id, channel: "c", source: item.source, arrival: now, bytes: mail.bytes)
        guard case .proceed(let parsed) = Parsing(limits: .default).parse(raw) else {
            throw DeskError(.data, "not parsed")
        }
        let association = try await ledger.association(of: parsed, shop: .test, now: now)
        let kinds: [Disposition.Kind] = [.answered, .answered, .escalated, .quarantined, .ignored]
        let kind = kinds.randomElement(using: &random) ?? .ignored
        let effect: Effect? =
            switch kind {
            case .answered:
                .reply(
                    SupportDesk.Envelope(
                        recipient: mail.from, messageID: "r\(item.id)@shop.example", bytes: [1, 2, 3]),
                    recipient: association.addressee?.address)
            case .escalated, .quarantined: .ticket(packet(item.id))
            default: nil
            }
        let rows = try await ledger.settle(
            Outcome(
                message: item.id, shift: item.shift, kind: kind, rule: Rule("trial", "."), association: association,
                raw: raw, intent: nil, language: "en", confidence: nil, detail: "{}", effect: effect,
                replyDigest: nil, backstops: .wide), now: now)
        return (rows, kind)
    }
}
