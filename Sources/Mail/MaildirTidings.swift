import Glibc

/// Which names have come into a maildir since it was last asked for them: inotify(7) tells, so that nobody reads a folder of a
/// hundred thousand names to find one.
///
/// What is told is complete for the changes of this machine's processes: the kernel puts an event into the queue before the
/// call that made the change returns. A file system that other machines write to does not tell of theirs, so there is
/// none for it.
public final class MaildirTidings: Sendable {
    private let descriptor: Int32

    /// Begins to listen to `new` and `cur`.
    /// - Returns: nil where the file system is not known to be this machine's alone, or the kernel listens to no more.
    public init?(_ maildir: Maildir) {
        let folders = [Maildir.Folder.new, .cur].map { "\(maildir.path)/\($0.rawValue)" }
        guard folders.allSatisfy(Self.isOfThisMachine) else { return nil }
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        let events = UInt32(IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
        for folder in folders where inotify_add_watch(descriptor, folder, events) < 0 {
            // `deinit` closes it.
            return nil
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The names that have come since the last time, without their flags; one may be told twice.
    /// - Returns: nil when some were not told: too many came at once, or a folder is another one now. Then both folders are to
    ///   be read, after a new beginning.
    public func names() -> Set<String>? {
        var names: Set<String> = []
        var isWhole = true
        while withUnsafeTemporaryAllocation(
            byteCount: Self.bufferBytes, alignment: MemoryLayout<inotify_event>.alignment,
            { read(into: $0, &names, &isWhole) })
        {}
        return isWhole ? names : nil
    }

    /// - Returns: whether there may be more.
    private func read(
        into buffer: UnsafeMutableRawBufferPointer, _ names: inout Set<String>, _ isWhole: inout Bool
    ) -> Bool {
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        guard count > 0 else {
            if count < 0, errno == EINTR { return true }
            if count == 0 || errno != EAGAIN { isWhole = false }
            return false
        }
        let head = MemoryLayout<inotify_event>.size
        var offset = 0
        while offset + head <= count {
            let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let name = buffer[min(offset + head, count)..<min(offset + head + Int(event.len), count)].prefix { $0 != 0 }
            offset += head + Int(event.len)
            if event.mask & UInt32(IN_CREATE | IN_MOVED_TO) == 0 {
                isWhole = false
            } else if !name.isEmpty, name.first != UInt8(ascii: ".") {
                let unique = Maildir.uniqueLength(of: UnsafeRawBufferPointer(rebasing: name))
                names.insert(String(decoding: name.prefix(unique), as: UTF8.self))
            }
        }
        return true
    }

    private static let bufferBytes = 64 << 10

    /// Kinds of file systems whose changes all pass through this kernel; of others, as of network file systems and of those
    /// that a program makes, nobody knows.
    private static let local: Set<Substring> = ["ext2", "ext3", "ext4", "xfs", "f2fs", "tmpfs"]

    /// Looks the file system up by its device (proc(5), `/proc/pid/mountinfo`: the third field, and the first behind the dash).
    private static func isOfThisMachine(_ folder: String) -> Bool {
        var status = stat()
        guard stat(folder, &status) == 0, let table = mounts() else { return false }
        let device = UInt64(status.st_dev)
        // As gnu_dev_major() and gnu_dev_minor() of glibc take it apart.
        let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
        let minor = device & 0xFF | (device >> 12) & ~0xFF
        return table.split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            guard fields.count > 2, fields[2] == "\(major):\(minor)", let dash = fields.lastIndex(of: "-"),
                dash + 1 < fields.count
            else { return false }
            return local.contains(fields[dash + 1])
        }
    }

    private static func mounts() -> String? {
        let file = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: bufferBytes)
        // Of a machine with more mounts than that, the rest is not known.
        while bytes.count < 4 << 20, case let count = Glibc.read(file, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
