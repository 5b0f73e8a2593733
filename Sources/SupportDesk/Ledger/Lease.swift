import Foundation

/// Somebody else has taken over what this process was about to write of: it was stopped for longer than its lease lasts.
/// Nothing of the write is on record.
struct LeaseLost: Error {}

/// A process's right to what it has in hand: a number of the ledger's, higher than all given out before (the fencing
/// token), that holds for a while and is renewed as long as the process lives.
///
/// A shift that was not renewed in time is over and never begins again: what it had in hand goes to others, and what it
/// still writes is refused. The next thing that is claimed begins a new one. Nothing is written before something is claimed.
public actor Lease {
    /// How long a shift holds without being renewed: longer than any pause of a machine that is to be lived through, and as
    /// long as the work of a dead one lies.
    public static let usualDuration = Duration.seconds(60)

    private let ledger: Ledger
    private let duration: Duration
    private let folder: String
    private var shift: Shift?
    private var beginning: Task<Shift, any Error>?

    private struct Shift {
        let number: Int64
        let sign: LifeSign
        /// Counted from before the ledger was asked, by a clock that goes on while the process or the machine sleeps.
        var until: ContinuousClock.Instant
    }

    /// - Parameters:
    ///   - duration: how long a shift holds without being renewed.
    ///   - folder: of the state, where those of this machine are seen to live.
    init(ledger: Ledger, duration: Duration = Lease.usualDuration, folder: String) {
        self.ledger = ledger
        self.duration = duration
        self.folder = LifeSign.folder(of: folder)
    }

    /// The number under which work is claimed; begins a shift when there is none.
    func number() async throws -> Int64 {
        if let shift, ContinuousClock.now < shift.until { return shift.number }
        if let beginning { return try await beginning.value.number }
        let task = Task { [ledger, duration, folder] in
            let sign = try LifeSign(in: folder)
            let until = ContinuousClock.now + duration
            let number = try await ledger.beginShift(named: sign.name, for: duration)
            return Shift(number: number, sign: sign, until: until)
        }
        beginning = task
        defer { beginning = nil }
        let begun = try await task.value
        shift?.sign.remove()
        shift = begun
        return begun.number
    }

    /// The number of the shift that has begun; nil when nothing is in hand.
    var current: Int64? { shift?.number }

    /// Whether what was claimed under a number surely is still this process's, as far as it can tell by itself: asked right
    /// before something happens that cannot be taken back.
    func holds(_ number: Int64) -> Bool { shift.map { $0.number == number && ContinuousClock.now < $0.until } ?? false }

    /// Runs a body; meanwhile the shift is renewed, and afterwards it ends: what is still in hand is everybody's again.
    func whileKept<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await Ledger.relieve(ledger.database, seenIn: folder)
        let renewal = Task { await renew() }
        defer { renewal.cancel() }
        do {
            let value = try await body()
            await end()
            return value
        } catch {
            await end()
            throw error
        }
    }

    private func renew() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: duration / 3)
            if Task.isCancelled { return }
            // What could not be written is tried again before the lease has run out.
            try? await Ledger.relieve(ledger.database, seenIn: folder)
            guard let shift else { continue }
            let until = ContinuousClock.now + duration
            guard let isKept = try? await ledger.renewShift(shift.number, for: duration) else { continue }
            guard self.shift?.number == shift.number else { continue }
            // What was not on record in time did not hold: others may have taken over what they saw as free.
            if isKept, ContinuousClock.now < shift.until { self.shift?.until = until } else { leave(shift) }
        }
    }

    /// Also when the task is cancelled: it would only take others longer to see it.
    private func end() async {
        guard let shift else { return }
        self.shift = nil
        let isEnded = await Task { [ledger] in (try? await ledger.endShift(named: shift.sign.name)) != nil }.value
        // Where that could not be written, its file tells the others: nobody holds it any more.
        if isEnded { shift.sign.remove() }
    }

    private func leave(_ lost: Shift) {
        if shift?.number == lost.number { shift = nil }
        lost.sign.remove()
    }
}
