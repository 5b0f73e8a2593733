import CHyperscan
import Foundation

/// The serialised database in a file, so that a run does not compile it again.
///
/// The file begins with a line of ours: format, the hash of patterns, library version and processor, and the hash of
/// what follows. Anything unexpected, an owner or mode that lets others write included, means: compile again. Loading
/// trusts the bytes, so a file somebody else could have written is never loaded.
struct PatternCache {
    let path: String

    private static let magic = "AuraDesk patterns 1 "
    private static let headerLength = magic.utf8.count + 16 + 1 + 16 + 1
    private static let maximumBytes = 64 << 20

    /// What the database depends on.
    private static func fingerprint() -> UInt64 {
        var hash = Hash64()
        for byte in String(cString: hs_version()).utf8 { hash.add(byte) }
        for trigger in Trigger.allCases {
            hash.add(UInt8(truncatingIfNeeded: trigger.rawValue))
            for byte in trigger.expression.utf8 { hash.add(byte) }
        }
        var platform = hs_platform_info_t()
        if hs_populate_platform(&platform) == HS_SUCCESS {
            withUnsafeBytes(of: &platform.cpu_features) { for byte in $0 { hash.add(byte) } }
            withUnsafeBytes(of: &platform.tune) { for byte in $0 { hash.add(byte) } }
        }
        return hash.value
    }

    private static func header(of payload: some Sequence<UInt8>) -> String {
        magic + hex(fingerprint()) + " " + hex(Hash64.of(payload)) + "\n"
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The database from the file; nil when there is none that can be used.
    func load() -> OpaquePointer? {
        guard let bytes = read(), bytes.count > PatternCache.headerLength else { return nil }
        let payload = bytes[PatternCache.headerLength...]
        guard Array(PatternCache.header(of: payload).utf8)[...] == bytes[..<PatternCache.headerLength] else {
            return nil
        }
        var database: OpaquePointer?
        let code = payload.withUnsafeBytes {
            hs_deserialize_database($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, &database)
        }
        return code == HS_SUCCESS ? database : nil
    }

    private func read() -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o022 == 0,
            status.st_uid == geteuid() || status.st_uid == 0,
            (1...PatternCache.maximumBytes).contains(Int(status.st_size))
        else { return nil }
        let size = Int(status.st_size)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = 0
            while count < size {
                let got = Foundation.read(descriptor, buffer.baseAddress?.advanced(by: count), size - count)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                count += got
            }
        }
    }

    /// Writes the database beside the path and renames it into place. A cache that cannot be written is no error: the
    /// next run compiles again.
    func store(_ database: OpaquePointer) {
        var serialised: UnsafeMutablePointer<CChar>?
        var length = 0
        guard hs_serialize_database(database, &serialised, &length) == HS_SUCCESS, let serialised else { return }
        defer { free(serialised) }
        let payload = UnsafeRawBufferPointer(start: serialised, count: length)
        let bytes = Array(PatternCache.header(of: payload).utf8) + payload
        let temporary = path + ".\(getpid()).\(UInt32.random(in: 0 ... .max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        var written = 0
        bytes.withUnsafeBytes { raw in
            while written < raw.count {
                let put = write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
                if put < 0, errno == EINTR { continue }
                guard put > 0 else { break }
                written += put
            }
        }
        let complete = written == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        if !complete || rename(temporary, path) != 0 { unlink(temporary) }
    }
}
