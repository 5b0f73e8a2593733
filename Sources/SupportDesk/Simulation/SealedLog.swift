import Foundation
import Transport

/// A file to which sealed records are added, and of which they are read at any place. It lives as long as one replay: nothing of it
/// is brought to the disk before the program goes on, and a record that was cut when a process died is cut off.
final class SealedLog: Sendable {
    /// Where a record lies.
    struct Place: Sendable, Hashable {
        let offset: Int
        let length: Int
    }

    private let descriptor: Int32
    private let path: String
    private let seal: Seal
    private let purpose: String
    private let writing: Writing

    /// A longer record is none: the file is damaged there.
    private static let longest = 256 << 20

    /// Opens it, and makes it when it is not there.
    /// - Parameter each: told of every whole record.
    /// - Throws: `DeskError` naming the file.
    init(_ path: String, _ seal: Seal, purpose: String, each: (Place, [UInt8]) throws -> Void) throws {
        (self.path, self.seal, self.purpose) = (path, seal, purpose)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        writing = Writing(path)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure("look at", path) }
        let size = Int(status.st_size)
        var end = 0
        while let header = Self.read(descriptor, at: end, count: 4, within: size),
            let length = UInt32(bigEndianBytes: header).map(Int.init), length <= Self.longest,
            let sealed = Self.read(descriptor, at: end + 4, count: length, within: size),
            let opened = try? seal.open(sealed, as: purpose)
        {
            try each(Place(offset: end + 4, length: length), opened)
            end += 4 + length
        }
        guard ftruncate(descriptor, off_t(end)) == 0 else { throw Self.failure("cut", path) }
        writing.begin(at: end)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Adds records; what the file lacks when the process dies is done again.
    /// - Returns: where they lie.
    @discardableResult
    func add(_ records: [[UInt8]]) throws -> [Place] {
        let sealed = try records.map { try seal.seal($0, as: purpose) }
        return try writing.add(sealed, to: descriptor)
    }

    /// A record.
    func record(at place: Place) throws -> [UInt8] {
        guard let sealed = Self.read(descriptor, at: place.offset, count: place.length, within: .max) else {
            throw Self.failure("read", path)
        }
        return try seal.open(sealed, as: purpose)
    }

    /// Begins anew.
    func clear() throws {
        guard ftruncate(descriptor, 0) == 0 else { throw Self.failure("cut", path) }
        writing.begin(at: 0)
    }

    /// The end of the file: one writes at a time.
    private final class Writing: Sendable {
        private let path: String
        private let end = LockedBox(0)

        init(_ path: String) { self.path = path }

        func begin(at place: Int) { end.withLock { $0 = place } }

        func add(_ records: [[UInt8]], to descriptor: Int32) throws -> [Place] {
            try end.withLock { end in
                var bytes: [UInt8] = []
                var places: [Place] = []
                for record in records {
                    bytes += UInt32(record.count).bigEndianBytes
                    places.append(Place(offset: end + bytes.count, length: record.count))
                    bytes += record
                }
                var written = 0
                while written < bytes.count {
                    let count = bytes.withUnsafeBytes { buffer in
                        pwrite(
                            descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written,
                            off_t(end + written))
                    }
                    if count < 0 {
                        if errno == EINTR { continue }
                        throw SealedLog.failure("write", path)
                    }
                    written += count
                }
                end += bytes.count
                return places
            }
        }
    }

    private static func read(_ descriptor: Int32, at offset: Int, count: Int, within size: Int) -> [UInt8]? {
        guard count <= size, offset <= size - count else { return nil }
        var done = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while done < count {
                let read = pread(
                    descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { break }
                done += read
            }
            initialized = done
        }
        return done == count ? bytes : nil
    }

    private static func failure(_ step: String, _ path: String) -> DeskError {
        DeskError(.unavailable, "cannot \(step) \(path): \(String(cString: strerror(errno)))")
    }
}
