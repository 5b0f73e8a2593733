import Foundation

/// A value behind an `NSLock`. (Not `Synchronization.Mutex`: the thread sanitizer does not see its lock on Linux in
/// Swift 6.3 and reports races that do not exist.)
///
/// `@unchecked`: the value is touched under `lock` only.
final class LockedBox<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
