import Foundation

/// A boolean that is set once, from any thread.
///
/// `@unchecked Sendable`: `value` is guarded by `lock`.
final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false

    var isSet: Bool {
        lock.lock()
        defer { lock.unlock() }
        return value
    }

    func set() {
        lock.lock()
        value = true
        lock.unlock()
    }
}
