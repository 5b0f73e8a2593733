import Foundation
import Testing

@testable import SupportDesk

/// How far automation has reached among the customers, intent by intent.
@Suite("Roll-out")
struct RolloutTests {
    private func policy(_ lines: String) throws -> DecisionPolicy {
        let folder = try ScratchFolder()
        let least = """
            shop: {name: S, address: s@s.example}
            channels: [{maildir: m}]
            carrier: {maildir: o}
            tickets: {folder: t}
            state: st

            """
        return try DeskConfiguration(file: folder.write("desk.yaml", least + lines + "\n")).policy
    }

    /// Which of many customers are answered, by the share.
    private func answered(_ desk: Desk, _ mail: TestMail, _ count: Int = 20) async throws -> Set<Int> {
        var answered: Set<Int> = []
        for number in 0..<count {
            var mail = mail
            mail.from = "person\(number)@mail.example"
            let raw = RawMessage(
                id: 0, channel: "c", source: "\(number)", arrival: ScratchShop.start, bytes: mail.bytes)
            let disposition = try await desk.dispose(of: raw).0
            #expect(disposition.kind == .answered || disposition.rule.name == "rollout", "\(disposition.rule)")
            if disposition.kind == .answered { answered.insert(number) }
        }
        return answered
    }

    private static let question = TestMail(subject: "Returns", text: "Hello, what is your refund policy?\n")

    @Test("desk.yaml: one share for all, or one for each intent, with the steps on the way by their names")
    func configured() throws {
        let plain = try policy("rollout: 10%")
        #expect(plain.rollout == 0.1 && plain.rollouts.isEmpty)
        let each = try policy("rollout: {default: 10%, track_order: 50%, check_refund_policy: all, get_refund: pilot}")
        #expect(each.rollout == 0.1)
        #expect(each.rollouts == ["track_order": 0.5, "check_refund_policy": 1, "get_refund": 0])
        #expect(each.share(for: ["track_order"]) == 0.5)
        #expect(each.share(for: ["newsletter"]) == 0.1)
        #expect(each.share(for: []) == 0.1)
        // Who asks two things at once is answered where both may be.
        #expect(each.share(for: ["track_order", "check_refund_policy"]) == 0.5)
        #expect(each.share(for: ["track_order", "get_refund"]) == 0)
        #expect(try policy("rollout: {track_order: 50%}").share(for: ["newsletter"]) == nil)
        #expect(try policy("pilot: [a@b.example]").share(for: ["newsletter"]) == nil)
    }

    @Test(
        "what is no step is named with its intent",
        arguments: [
            ("rollout: {track_order: 50}", "rollout.track_order must be a share"),
            ("rollout: {default: most}", "rollout.default must be a share"),
            ("rollout: {track_order: [50%]}", "rollout.track_order must be a text"),
        ])
    func strict(lines: String, problem: String) {
        do {
            _ = try policy(lines)
            Issue.record("\(lines) was read")
        } catch {
            #expect("\(error)".contains(problem), "\(error)")
        }
    }

    @Test("shares are nested: who is in stays in when the share grows, and is in for the intents of larger ones")
    func nested() async throws {
        let shop = try await ScratchShop()
        var sets: [Set<Int>] = []
        for share in [0.2, 0.5, 0.8, 1] {
            // The same ledger, and with it the same key.
            var configuration = shop.configuration
            configuration.policy.rollout = 0
            configuration.policy.rollouts = ["track_order": share, "check_refund_policy": share / 2]
            let desk = try await Desk.build(configuration, shop.surroundings())
            let tracking = try await answered(desk, .whereIsIt())
            let refunds = try await answered(desk, Self.question)
            #expect(refunds.isSubset(of: tracking), "half the share is within the whole")
            if let last = sets.last { #expect(last.isSubset(of: tracking), "\(share)") }
            sets.append(tracking)
        }
        #expect(sets[0].count < sets[2].count && sets[3].count == 20)
        #expect(Set(sets).count > 2)
    }

    @Test("a pilot's customers are answered on an intent that is at its first step; others are on one that is for all")
    func pilot() async throws {
        for (stage, address, expected) in [
            (0, "priya.sharma@mail.example", "answered answered"), (0, "somebody@else.example", "escalated rollout"),
            (1, "somebody@else.example", "answered answered"),
        ] {
            let shop = try await ScratchShop {
                $0.policy.rollouts = ["track_order": Double(stage)]
                $0.policy.pilot = [address]
            }
            try shop.receive(.whereIsIt())
            #expect(try await shop.run().outcome == expected, "\(stage) \(address)")
        }
        // An intent that is not named has only the pilot.
        let shop = try await ScratchShop {
            $0.policy.rollouts = ["track_order": 1]
            $0.policy.pilot = ["somebody@else.example"]
        }
        try shop.receive(Self.question)
        #expect(try await shop.run().outcome == "escalated rollout")
    }
}
