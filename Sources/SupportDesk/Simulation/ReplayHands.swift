import Foundation
import Transport

/// What of the past is being looked at this very moment, on the disk: when the process dies of a message, the next one knows which
/// it may have been. What turns out to be one is left out from then on.
final class ReplayHands: Sendable {
    private struct State {
        var free: [Int] = []
        var places = 0
        var skipped: Set<String> = []
    }

    private let descriptor: Int32
    private let seal: Seal
    private let log: SealedLog
    private let state: LockedBox<State>
    /// How often a process has died with a message in hand, by its digest.
    private let deaths: [[UInt8]: Int]

    /// Bytes of a digest.
    private static let width = 16
    /// So many processes have died with it in hand: nobody tries it again.
    private static let mostDeaths = 8

    /// - Throws: `DeskError` naming the file that cannot be used.
    init(in folder: String, _ seal: Seal) throws {
        self.seal = seal
        var skipped: Set<String> = []
        log = try SealedLog("\(folder)/skipped", seal, purpose: "skipped mail") { _, name in
            skipped.insert(String(decoding: name, as: UTF8.self))
        }
        state = LockedBox(State(skipped: skipped))
        let (hands, dead) = ("\(folder)/hands", "\(folder)/deaths")
        func digests(_ path: String) -> [[UInt8]] {
            let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
            return stride(from: 0, to: bytes.count - bytes.count % Self.width, by: Self.width).map {
                Array(bytes[$0..<($0 + Self.width)])
            }.filter { $0.contains { $0 != 0 } }
        }
        let all = digests(dead) + digests(hands)
        if !all.isEmpty { try DurableFile.write(all.flatMap(\.self), to: dead) }
        deaths = Dictionary(all.map { ($0, 1) }, uniquingKeysWith: +)
        descriptor = open(hands, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DeskError(.unavailable, "cannot open \(hands): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// Whether a process may have died of it, and it is not known whether it did.
    func isSuspect(_ name: String) -> Bool { !deaths.isEmpty && deaths[digest(name)] != nil && !isSkipped(name) }

    /// Whether too many have, to try it once more.
    func isHopeless(_ name: String) -> Bool { deaths[digest(name), default: 0] >= Self.mostDeaths }

    /// Whether it is left out.
    func isSkipped(_ name: String) -> Bool { state.withLock { $0.skipped.contains(name) } }

    /// What is left out, by name.
    var skipped: [String] { state.withLock { $0.skipped.sorted() } }

    /// Leaves messages out from now on.
    func skip(_ names: some Collection<String>) throws {
        try log.add(names.map { Array($0.utf8) })
        state.withLock { $0.skipped.formUnion(names) }
    }

    /// Takes a message in hand.
    /// - Returns: where it is noted, for `layDown`.
    func take(_ name: String) -> Int {
        let place = state.withLock { state in
            if let free = state.free.popLast() { return free }
            state.places += 1
            return state.places - 1
        }
        write(digest(name), at: place)
        return place
    }

    /// It is done, whatever came of it.
    func layDown(_ place: Int) {
        write([UInt8](repeating: 0, count: Self.width), at: place)
        state.withLock { $0.free.append(place) }
    }

    /// Has it in hand for the length of a body.
    func hold<Value>(_ name: String, _ body: () throws -> Value) rethrows -> Value {
        let place = take(name)
        defer { layDown(place) }
        return try body()
    }

    /// A note that is lost costs a trial: nothing is brought to the disk before the work goes on.
    private func write(_ bytes: [UInt8], at place: Int) {
        _ = pwrite(descriptor, bytes, bytes.count, off_t(place * Self.width))
    }

    private func digest(_ name: String) -> [UInt8] { seal.digest(name, for: "replayed") }
}
