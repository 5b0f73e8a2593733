import CMalloc

/// Gives memory that was freed back to the system while a desk is at work: the C library keeps it in a pool for each thread, and
/// a desk that uses 45 MB has 100 after a day.
struct LeanMemory {
    private let upkeep: Task<Void, Never>

    /// How often; it takes some milliseconds.
    private static let interval = Duration.seconds(10)

    /// Begins with it.
    init() {
        upkeep = Task {
            while (try? await Task.sleep(for: Self.interval)) != nil { malloc_trim(0) }
        }
    }

    /// No more of it.
    func end() { upkeep.cancel() }
}
