import CHyperscan

/// The compiled patterns: one Hyperscan database, made at first use, and a pool of scratch spaces for concurrent scans.
///
/// `@unchecked Sendable`: the database is immutable once made; `pool` is guarded by `ScratchPool`'s lock.
final class PatternDatabase: @unchecked Sendable {
    /// One match: which trigger, and where it ended.
    struct Event {
        let trigger: Trigger
        let end: Int
    }

    /// Texts beyond this many bytes are not scanned: Hyperscan counts in 32 bits.
    static let maximumBytes = 1 << 30

    private let database: OpaquePointer
    private let pool: ScratchPool

    /// Takes ownership of `database`.
    init(adopting database: OpaquePointer) throws(RedactionError) {
        do throws(RedactionError) {
            pool = try ScratchPool(for: database)
        } catch {
            hs_free_database(database)
            throw error
        }
        self.database = database
    }

    deinit { hs_free_database(database) }

    /// Compiles every ``Trigger``.
    static func compile() throws(RedactionError) -> OpaquePointer {
        let expressions = Trigger.allCases.map { Array($0.expression.utf8CString) }
        let flags = [UInt32](
            repeating: UInt32(HS_FLAG_CASELESS | HS_FLAG_DOTALL), count: Trigger.allCases.count)
        let ids = Trigger.allCases.map(\.rawValue)
        var database: OpaquePointer?
        var failure: UnsafeMutablePointer<hs_compile_error_t>?
        let code = withPointers(expressions) { pointers in
            hs_compile_multi(
                pointers, flags, ids, UInt32(ids.count), UInt32(HS_MODE_BLOCK), nil, &database, &failure)
        }
        hs_free_compile_error(failure)
        guard code == HS_SUCCESS, let database else { throw .engine("compile its patterns", code) }
        return database
    }

    private static func withPointers<Result>(
        _ strings: [[CChar]], _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        // One buffer for all, so that every pointer stays valid for the length of the call.
        var offsets: [Int] = []
        var all: [CChar] = []
        for string in strings {
            offsets.append(all.count)
            all += string
        }
        return all.withUnsafeBufferPointer { buffer in
            body(offsets.map { buffer.baseAddress?.advanced(by: $0) })
        }
    }

    /// All matches, by trigger and then by end. One linear pass.
    func scan(_ bytes: [UInt8]) throws(RedactionError) -> [[Int]] {
        guard bytes.count <= PatternDatabase.maximumBytes else { throw .engine("scan a text of this size", HS_INVALID) }
        var events = Events()
        guard !bytes.isEmpty else { return events.ends }
        let scratch = try pool.take()
        defer { pool.giveBack(scratch) }
        let code = bytes.withUnsafeBytes { raw in
            withUnsafeMutablePointer(to: &events) { context in
                hs_scan(
                    database, raw.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(raw.count), 0, scratch,
                    { id, _, end, _, context in
                        context?.assumingMemoryBound(to: Events.self).pointee.add(Int(id), Int(end))
                        return 0
                    }, context)
            }
        }
        guard code == HS_SUCCESS else { throw .engine("scan", code) }
        return events.ends
    }

    /// The ends of the matches of each trigger.
    private struct Events {
        var ends: [[Int]] = Array(repeating: [], count: Trigger.allCases.count)

        mutating func add(_ id: Int, _ end: Int) {
            // A run of digits and separators reports at each of its digits; its last one is enough. Seven digits are
            // needed for the first report of the next run, so two runs are never nearer than this.
            if id == Int(Trigger.number.rawValue), let last = ends[id].last, end - last <= 5 {
                ends[id][ends[id].count - 1] = end
            } else if ends[id].last != end {
                ends[id].append(end)
            }
        }
    }
}
