import CHyperscan
import Foundation

/// Makes the pattern database at first use, once for all threads.
///
/// `@unchecked Sendable`: `database` is guarded by `lock`.
final class Engine: @unchecked Sendable {
    private let lock = NSLock()
    private let cache: PatternCache?
    private var database: PatternDatabase?

    init(cachePath: String?) {
        cache = cachePath.map { PatternCache(path: $0) }
    }

    /// The database; the first caller compiles or loads it while the others wait.
    func patterns() throws(RedactionError) -> PatternDatabase {
        lock.lock()
        defer { lock.unlock() }
        if let database { return database }
        let made = try make()
        database = made
        return made
    }

    private func make() throws(RedactionError) -> PatternDatabase {
        guard hs_valid_platform() == HS_SUCCESS else {
            throw RedactionError(
                code: .unsupportedPlatform, message: "this processor lacks SSE4.2", engineCode: HS_ARCH_ERROR)
        }
        if let loaded = cache?.load() { return try PatternDatabase(adopting: loaded) }
        let compiled = try PatternDatabase.compile()
        cache?.store(compiled)
        return try PatternDatabase(adopting: compiled)
    }
}
