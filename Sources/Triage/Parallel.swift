import Dispatch

/// Work spread over the cores; results in order.
enum Parallel {
    static func map<T: Sendable>(_ range: Range<Int>, _ body: (Int) -> T) -> [T] {
        let results = Results<T>(count: range.count)
        withoutActuallyEscaping(body) { body in
            let box = Unchecked(body: body)
            DispatchQueue.concurrentPerform(iterations: range.count) { index in
                results.set(index, box.body(range.lowerBound + index))
            }
        }
        return results.all
    }

    /// One result for each chunk of so many indices.
    static func chunks<T: Sendable>(_ count: Int, of size: Int, _ body: (Range<Int>) -> T) -> [T] {
        map(0..<(count + size - 1) / size) { body($0 * size..<min(($0 + 1) * size, count)) }
    }

    /// `concurrentPerform` wants a sendable body; ours reads values only, and has returned when `map` returns.
    private struct Unchecked<T>: @unchecked Sendable { let body: (Int) -> T }

    /// Each element is written once, by one thread. The lock guards `values`.
    private final class Results<T: Sendable>: @unchecked Sendable {
        private let lock = DispatchSemaphore(value: 1)
        private var values: [T?]

        init(count: Int) { values = Array(repeating: nil, count: count) }

        func set(_ index: Int, _ value: T) {
            lock.wait()
            values[index] = value
            lock.signal()
        }

        var all: [T] { values.compactMap(\.self) }
    }
}
