import Foundation
import Testing

@testable import SupportDesk

/// A replay that was killed and never gone on with keeps nothing of anybody who is forgotten.
@Suite("Forgetting in replays") struct SimulationForgettingTests {
    private static let priya = PastScene.people[0].who.0

    /// A replay of which only a part is done, with its folder.
    private func stopped(_ scene: PastScene) async throws -> Simulation {
        try scene.putKnownTruth()
        let simulation = scene.simulation { $0.concurrency = 1 }
        let task = Task {
            try await simulation.run { progress in
                if progress.step == .replaying, progress.done > 2 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        #expect(try await task.value == nil)
        return simulation
    }

    private func files(_ folder: String) -> [String] { (FileManager.default.subpaths(atPath: folder) ?? []).sorted() }

    @Test(
        "forgetting destroys the keys of replays and removes them; a replay at work goes on, and nothing of it opens later"
    ) func forgotten() async throws {
        let scene = try await PastScene()
        let simulation = try await stopped(scene)
        let folder = simulation.folder
        #expect(files(folder).contains("results"))
        // Somebody has copied it, with all that lies in it.
        let copy = "\(scene.shop.folder.path)/copy"
        try FileManager.default.copyItem(atPath: folder, toPath: copy)
        let secret = try simulation.prepare()
        try await Ledger(secret).close()
        let replays = "\(scene.shop.configuration.state)/replays"
        #expect(files(replays).count == 1)
        let receipt = try await scene.shop.desk().forget([Self.priya])
        #expect(receipt.replays == 1)
        #expect(!FileManager.default.fileExists(atPath: folder) && files(replays).isEmpty)
        // Put back, it is of no use: there is no key, and the next replay begins anew.
        try FileManager.default.copyItem(atPath: copy, toPath: folder)
        let again = Collector<Int>()
        let report = try await scene.simulation().run { if $0.step == .replaying { await again.add($0.earlier) } }
        #expect(await again.all.first == 0)
        #expect(report?.basis.messages == 7)
        // Another desk's forgetting has no part in it.
        let other = try await PastScene()
        #expect(try await other.shop.desk().forget([Self.priya]).replays == 0)
        #expect(files(replays).count == 1)
    }

    @Test("a folder in use loses its key only; one that nobody goes on with expires") func expired() async throws {
        let scene = try await PastScene()
        let simulation = try await stopped(scene)
        let keys = ReplayKeys(state: scene.shop.configuration.state)
        #expect(keys.expire(before: Date(timeIntervalSinceNow: -60)) == 0)
        #expect(files(simulation.folder).contains("results"))
        let lock = try RunLock(state: simulation.folder)
        #expect(keys.expire(before: Date(timeIntervalSinceNow: 60)) == 1)
        #expect(files(simulation.folder).contains("results"), "somebody is at work on it")
        withExtendedLifetime(lock) {}
        #expect(try keys.secret(of: simulation.folder).isNew)
        // Only a replay's folder is removed.
        let other = "\(scene.shop.folder.path)/other"
        try DurableFile.makeFolder(other)
        _ = try keys.secret(of: other)
        #expect(keys.destroyAll() == 2)
        #expect(FileManager.default.fileExists(atPath: other))
    }
}
