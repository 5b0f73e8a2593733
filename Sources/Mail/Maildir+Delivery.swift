import Glibc
import Synchronization

extension Maildir {
    /// Puts a message into the folder so that it is there completely or not at all, and is on the disk when this
    /// returns: `tmp`, fsync, rename, fsync of the folder.
    ///
    /// With a `uniqueName` the delivery may be repeated after a crash: where a message of that name is in `new` or
    /// `cur`, it stays as it is and no second copy is made.
    ///
    /// - Parameters:
    ///   - uniqueName: a name of letters, digits and `._,+=@-`, at most 200 bytes; made up when `nil`.
    ///   - folder: where it goes; flags exist in `cur` only.
    ///   - flags: ASCII letters.
    /// - Returns: the unique name.
    /// - Throws: ``MailError/Code/invalidName``, ``MailError/Code/unwritable``.
    @discardableResult
    public func deliver(
        _ bytes: [UInt8], uniqueName: String? = nil, to folder: Folder = .new, flags: Set<Character> = []
    ) throws(MailError) -> String {
        let unique = uniqueName ?? Maildir.makeName()
        try Maildir.check(flags: flags)
        try Maildir.check(name: unique)
        if uniqueName != nil, try contains(uniqueName: unique) { return unique }
        let temporary = "\(path)/tmp/\(unique).\(getpid())"
        try Maildir.write(bytes, to: temporary)
        let name = folder == .cur ? "\(unique):2,\(String(flags.sorted()))" : unique
        let target = "\(path)/\(folder.rawValue)/\(name)"
        // A link fails where a rename would replace: two deliveries of one name leave one message.
        var failure: Int32 = 0
        if link(temporary, target) != 0 { failure = errno }
        if failure == EPERM || failure == EOPNOTSUPP || failure == ENOSYS || failure == EXDEV {
            // QUIRK: some network file systems have no links.
            failure = rename(temporary, target) == 0 ? 0 : errno
        } else {
            unlink(temporary)
        }
        if failure != 0, failure != EEXIST {
            throw MailError(.unwritable, "the message cannot be put into its folder", errno: failure)
        }
        try Maildir.sync(folder: "\(path)/\(folder.rawValue)")
        return unique
    }

    /// Removes a listed message, if it still lies where it was listed.
    ///
    /// - Throws: ``MailError/Code/unwritable``.
    public func remove(_ entry: Entry) throws(MailError) {
        guard unlink(entry.path) == 0 || errno == ENOENT else {
            throw MailError(.unwritable, "a message cannot be removed", errno: errno)
        }
        try Maildir.sync(folder: "\(path)/\(entry.isNew ? "new" : "cur")")
    }

    /// Adds flags to a message; one in `new` moves to `cur` (that is what flags mean in a maildir).
    ///
    /// - Throws: ``MailError/Code/vanished`` when it is in neither folder, ``MailError/Code/unwritable``.
    public func mark(_ uniqueName: String, adding flags: Set<Character>) throws(MailError) {
        guard try mark([uniqueName: flags]).isEmpty else {
            throw MailError(.vanished, "the message is no longer there")
        }
    }

    /// Adds flags to many messages and brings the folders to the disk once.
    ///
    /// Each file is found by its unique name, also when another program has moved it.
    ///
    /// - Parameter flags: what to add, by unique name.
    /// - Returns: the names that are in neither folder.
    /// - Throws: ``MailError/Code/unwritable``; what was marked before stays so, and marking again does no harm.
    @discardableResult
    public func mark(_ flags: [String: Set<Character>]) throws(MailError) -> Set<String> {
        for (name, letters) in flags {
            try Maildir.check(flags: letters)
            // Names of other programs are taken as they are, as long as they stay inside the folder.
            guard !name.hasPrefix("."), !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 }) else {
                throw MailError(.invalidName, "a unique name has no slash and no leading dot")
            }
        }
        var pending = Set(flags.keys)
        var gone: Set<String> = []
        var touched: Set<Folder> = []
        // Another program may rename a file between our look and our rename; it cannot do so for ever.
        for _ in 0..<5 where !pending.isEmpty {
            let places = try locate(Array(pending))
            gone.formUnion(pending.subtracting(places.keys))
            pending.formIntersection(places.keys)
            for (name, place) in places {
                let all = Maildir.split(place.name).flags.union(flags[name] ?? [])
                let target = "\(path)/cur/\(name):2,\(String(all.sorted()))"
                if place.path != target {
                    if rename(place.path, target) != 0 {
                        if errno == ENOENT { continue }
                        throw MailError(.unwritable, "the flags of a message cannot be set", errno: errno)
                    }
                    touched.formUnion([.cur, place.folder])
                }
                pending.remove(name)
            }
        }
        for folder in touched { try Maildir.sync(folder: "\(path)/\(folder.rawValue)") }
        return gone.union(pending)
    }

    /// Adds flags to a listed message.
    public func mark(_ entry: Entry, adding flags: Set<Character>) throws(MailError) {
        try mark(entry.uniqueName, adding: flags)
    }

    /// Counts deliveries of this process, for names that never repeat.
    private static let counter = Atomic<Int>(0)

    /// A name as the maildir convention has it: seconds, then what makes it unique on this host, then the host.
    private static func makeName() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var host = [CChar](repeating: 0, count: 65)
        gethostname(&host, 64)
        let name = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            .filter { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
        let count = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let random = String(UInt64.random(in: 0 ... .max), radix: 16)
        return "\(now.tv_sec).M\(now.tv_nsec / 1_000)P\(getpid())Q\(count)R\(random)."
            + (name.isEmpty ? "localhost" : String(decoding: name, as: UTF8.self))
    }

    private static func check(name: String) throws(MailError) {
        let isSafe = name.utf8.allSatisfy {
            ASCII.isLetter($0) || ASCII.isDigit($0) || "._,+=@-".utf8.contains($0)
        }
        guard isSafe, !name.isEmpty, name.utf8.count <= 200, !name.hasPrefix(".") else {
            throw MailError(.invalidName, "a unique name has letters, digits and ._,+=@- only, and no leading dot")
        }
    }

    private static func check(flags: Set<Character>) throws(MailError) {
        guard flags.allSatisfy({ $0.isASCII && $0.isLetter }) else {
            throw MailError(.invalidName, "a flag is an ASCII letter")
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(MailError) {
        // A file of this name is the rest of a delivery that died: names are never used for two messages. It may have died
        // between its link and its unlink: then it is the delivered message too, wherever that has gone, and must not be
        // written over.
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw MailError(.unwritable, "the message cannot be written to tmp", errno: errno)
        }
        var failure: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count, let base = buffer.baseAddress {
                let count = Glibc.write(file, base + written, buffer.count - written)
                if count >= 0 {
                    written += count
                } else if errno != EINTR {
                    failure = errno
                    return
                }
            }
            if fsync(file) != 0 { failure = errno }
        }
        if close(file) != 0, failure == 0 { failure = errno }
        if failure != 0 {
            unlink(path)
            throw MailError(.unwritable, "the message cannot be written to tmp", errno: failure)
        }
    }

    private static func sync(folder: String) throws(MailError) {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw MailError(.unwritable, "a folder cannot be opened", errno: errno) }
        defer { close(directory) }
        guard fsync(directory) == 0 else {
            throw MailError(.unwritable, "a folder cannot be brought to the disk", errno: errno)
        }
    }
}
