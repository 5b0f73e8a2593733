import CHyperscan
import Foundation

/// Scratch spaces of one Hyperscan database: a scan needs one to itself, so they are lent and given back.
///
/// `@unchecked Sendable`: `idle` is guarded by `lock`; `prototype` is only ever cloned from, under the same lock.
final class ScratchPool: @unchecked Sendable {
    private let lock = NSLock()
    private let prototype: OpaquePointer
    private var idle: [OpaquePointer] = []
    /// More than this many are freed when they come back.
    private let maximumIdle = 16

    init(for database: OpaquePointer) throws(RedactionError) {
        var scratch: OpaquePointer?
        let code = hs_alloc_scratch(database, &scratch)
        guard code == HS_SUCCESS, let scratch else { throw .engine("allocate scratch space", code) }
        prototype = scratch
    }

    deinit {
        for scratch in idle { hs_free_scratch(scratch) }
        hs_free_scratch(prototype)
    }

    /// A scratch space for one scan.
    func take() throws(RedactionError) -> OpaquePointer {
        lock.lock()
        defer { lock.unlock() }
        if let scratch = idle.popLast() { return scratch }
        var scratch: OpaquePointer?
        let code = hs_clone_scratch(prototype, &scratch)
        guard code == HS_SUCCESS, let scratch else { throw .engine("allocate scratch space", code) }
        return scratch
    }

    /// Gives a scratch space back after its scan.
    func giveBack(_ scratch: OpaquePointer) {
        lock.lock()
        let keep = idle.count < maximumIdle
        if keep { idle.append(scratch) }
        lock.unlock()
        if !keep { hs_free_scratch(scratch) }
    }
}
