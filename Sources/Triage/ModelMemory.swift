import Glibc

/// The bytes of a model where they lie: in a mapped file, or in memory of their own after training.
///
/// Whoever holds pointers into it holds it too. Nobody writes once a model is made, which makes it safe to share.
final class ModelMemory: @unchecked Sendable {
    /// Aligned to 64 bytes at least, as pages and our own allocation are.
    let base: UnsafeMutableRawPointer
    let count: Int
    private let isMapped: Bool

    /// Zeroed memory.
    init(count: Int) {
        self.count = count
        base = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 64)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        isMapped = false
    }

    convenience init(copying bytes: [UInt8]) {
        self.init(count: bytes.count)
        bytes.withUnsafeBytes { if let start = $0.baseAddress { base.copyMemory(from: start, byteCount: $0.count) } }
    }

    /// Maps a file without reading it.
    /// - Throws: `unreadable` when there is no such file, or it is empty or larger than `limit` bytes.
    init(mapping path: String, limit: Int) throws(TriageError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TriageError(.unreadable, "this model cannot be opened", file: path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0, status.st_size <= limit,
            let address = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED
        else { throw TriageError(.unreadable, "this model cannot be mapped into memory", file: path) }
        base = address
        count = Int(status.st_size)
        isMapped = true
    }

    deinit {
        if isMapped { munmap(base, count) } else { base.deallocate() }
    }

    var bytes: [UInt8] { [UInt8](UnsafeRawBufferPointer(start: base, count: count)) }
}
