import Foundation

/// A value behind an `NSLock`. (Not `Synchronization.Mutex`: the thread sanitizer does not see its lock on Linux in
/// Swift 6.3 and reports races that do not exist.)
///
/// `@unchecked`: the value is touched under `lock` only.
package final class LockedBox<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    /// A box of a value.
    package init(_ value: Value) { self.value = value }

    /// The value, for as long as the body takes.
    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
