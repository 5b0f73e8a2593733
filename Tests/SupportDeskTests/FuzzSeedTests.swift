import FuzzTargets
import SupportDesk
import Testing

/// What `Tests/Fuzzing/run` does for as long as one likes, for a moment: every seed and some mutations of it, the same ones each
/// time, through the same functions.
@Suite("Fuzz seeds")
struct FuzzSeedTests {
    /// Mutations of all seeds together, by what one costs: all targets take some three seconds.
    private static let mutations = [
        "Configuration": 300, "IMAP": 1_000, "Message": 300, "ModelAnswer": 120, "Redaction": 60, "Templates": 300,
        "TicketJSON": 300,
    ]

    @Test("what must be true of any input is true of the seeds and of mutations of them", arguments: FuzzTarget.names)
    func holds(name: String) async throws {
        // Other suites use it too, and to make one takes seconds.
        let desk = name == "ModelAnswer" ? try await ReviewScene.Shelf.shared.desk() : nil
        let target = try #require(try await FuzzTarget.named(name, desk: desk))
        let seeds = try target.seeds()
        #expect(seeds.count >= 12)
        for seed in seeds { try hold(target, seed.bytes, "the seed \(seed.name)") }
        var mutation = Mutation(seed: 0x5EED)
        for number in 0..<(Self.mutations[name] ?? 0) {
            let seed = seeds[number % seeds.count]
            let other = seeds[Int(mutation.next() % UInt64(seeds.count))]
            try hold(target, mutation.change(seed.bytes, with: other.bytes), "mutation \(number) of \(seed.name)")
            await _Concurrency.Task.yield()
        }
    }

    private func hold(_ target: FuzzTarget, _ bytes: [UInt8], _ origin: String) throws {
        do {
            try target.check(bytes)
        } catch {
            Issue.record(
                "\(target), \(origin): \(error); the input is \(String(decoding: bytes, as: UTF8.self).debugDescription)"
            )
        }
    }

    @Test("a target of every name has seeds, and nothing else has")
    func folders() throws { #expect(try FuzzTarget.folders() == FuzzTarget.names) }
}
