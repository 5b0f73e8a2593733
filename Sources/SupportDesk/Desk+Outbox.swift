import Foundation
import Logging

extension Desk {
    /// Where mail that can wait is asked of a model.
    var batches: BatchLane? { (responding.model as? ModelChain)?.batch }

    /// Looks after the batches, where there are any and unless another process does; what the end of the run breaks off goes on in
    /// the next one.
    func tendBatches(_ body: (BatchLane) async throws -> Void) async throws {
        guard var batches, !isStopping, try await ledger.pause() == nil, try await ledger.hasBatches() else { return }
        let number = try await lease.number()
        guard try await ledger.take(.batches, by: number) else { return }
        batches.shift = number
        batches.isCurrent = { [lease] in await lease.holds(number) }
        do {
            try await body(batches)
        } catch is CancellationError {
        } catch is LeaseLost {
        } catch  where !Self.endsRun(error) {
            // One that cannot be opened does not keep other mail: what waits for a batch is asked directly when it is due.
            logger.error("the batches cannot be looked after", metadata: ["reason": "\(Self.reason(error))"])
        }
    }

    /// Delivers what waits in the outbox and is due, also what a dead run left there.
    func deliverOutbox(_ shift: Shift) async throws {
        var last: Int64 = 0
        while !isStopping, let claimed = try await ledger.claimOutbox(after: last, now: now(), by: lease) {
            last = claimed.rows.last ?? .max
            for id in claimed.rows where !isStopping {
                // Broken off while it leaves, nobody would know whether it has.
                try await shielded { try await deliver(id, by: claimed.shift, shift) }
            }
        }
    }

    /// Delivers a row of the outbox that is in hand.
    func deliver(_ id: Int64, by number: Int64, _ shift: Shift) async throws {
        await shift.outbox.take(id)
        do {
            let attempt = try await delivery.deliver(id, by: number)
            await shift.report.note(attempt)
            if case .finished = attempt {} else { try await ledger.release(outbox: id, by: number) }
            await shift.outbox.drop(id)
        } catch is LeaseLost {
            logger.notice("somebody else delivers it", metadata: ["row": "\(id)"])
            return await shift.outbox.drop(id)
        } catch {
            await shift.outbox.drop(id)
            guard !Self.endsRun(error) else { throw error }
            // Only this one cannot be opened or written: it waits until somebody mends it, and does not keep the others.
            try await ledger.putOff(outbox: id, by: number, problem: Self.reason(error), now: now())
            await shift.report.unavailable(
                "outbox row \(id): \(Self.reason(error)); see auradesk ledger check --help")
            return
        }
        // The customer is told of a ticket as soon as there is one.
        if let next = try await ledger.acknowledgement(behind: id, by: number) {
            try await deliver(next, by: number, shift)
        }
    }
}
