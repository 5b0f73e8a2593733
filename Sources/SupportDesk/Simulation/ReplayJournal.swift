import Foundation
import Transport

/// What was replayed, conversation by conversation. A record is the result and the mark that it is there in one: whatever moment
/// a replay dies at, what it has of a conversation is all or nothing.
final class ReplayJournal: Sendable {
    private struct State {
        var outcomes: [String: ThreadOutcome] = [:]
        var waiting: [ThreadOutcome] = []
        var problem: (any Error)?
    }

    private let log: SealedLog
    private let state: LockedBox<State>
    /// Conversations that are written at once: so many may be replayed again.
    private static let most = 16

    /// Opens it; what was found out under another signature does not count.
    init(_ path: String, _ seal: Seal, signature: [UInt8]) throws {
        var outcomes: [String: ThreadOutcome] = [:]
        var found: [UInt8]?
        log = try SealedLog(path, seal, purpose: "replay") { _, record in
            guard found != nil else {
                found = record
                return
            }
            guard found == signature else { return }
            let outcome = try JSONDecoder().decode(ThreadOutcome.self, from: Data(record))
            outcomes[outcome.key] = outcome
        }
        if found != signature {
            try log.clear()
            try log.add([signature])
        }
        state = LockedBox(State(outcomes: outcomes))
    }

    /// What is known of a conversation.
    func outcome(of key: String) -> ThreadOutcome? { state.withLock { $0.outcomes[key] } }

    /// Adds a conversation; with some others it is written.
    func add(_ outcome: ThreadOutcome) {
        let isFull = state.withLock { state in
            state.outcomes[outcome.key] = outcome
            state.waiting.append(outcome)
            return state.waiting.count >= Self.most
        }
        if isFull { flush() }
    }

    /// Writes what waits.
    func flush() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        do {
            let encoder = JSONEncoder()
            try log.add(waiting.map { [UInt8](try encoder.encode($0)) })
        } catch {
            state.withLock { $0.problem = error }
        }
    }

    /// - Throws: what kept it from being written.
    func check() throws {
        if let problem = state.withLock(\.problem) { throw problem }
    }
}

/// The replay's own copies of mail that cannot be read again at its place, by the source's name.
final class SpoolIndex: Sendable {
    private let known = LockedBox<[String: PastEntry.Reading]>([:])

    /// - Returns: how many there are.
    @discardableResult
    func add(_ mail: PastMail, at place: SealedLog.Place, _ desk: Desk) -> Int {
        let reading = PastEntry.reading(of: mail, at: .spool(place), shop: desk.shop, limits: desk.parsing.limits)
        return known.withLock { known in
            known[mail.source] = reading
            return known.count
        }
    }

    func holds(_ source: String) -> Bool { known.withLock { $0[source] != nil } }

    func reading(of source: String) -> PastEntry.Reading? { known.withLock { $0[source] } }

    /// All of them, by name.
    var readings: [PastEntry.Reading] { known.withLock { $0.sorted { $0.key < $1.key }.map(\.value) } }
}
