import Foundation
import Glibc

/// A mail folder of the maildir kind: one file per message in `new` and `cur`, made in `tmp` and renamed.
///
/// Other programs may move and remove files at any time. A file that is listed and gone is an expected error,
/// ``MailError/Code/vanished``; a file is known by its *unique name*, the part of its name before `:`, wherever it is.
public struct Maildir: Sendable, Hashable {
    /// One message of a maildir.
    public struct Entry: Sendable, Hashable {
        /// The file name without its flags: stays the same when the file moves.
        public let uniqueName: String
        /// The flags behind `:2,`, such as `S` (seen), `R` (replied), `F` (flagged), `T` (trashed).
        public let flags: Set<Character>
        /// Whether it lies in `new`: no program has shown it to anybody yet.
        public let isNew: Bool
        /// When it was delivered: the seconds at the start of the file name, else the time of the file.
        public let arrival: Date
        /// Where the file was when it was listed.
        public let path: String
        /// The size of the file in bytes.
        public let size: Int
    }

    /// Where a delivered message goes.
    public enum Folder: String, Sendable, Hashable {
        /// Not seen by any mail program.
        case new
        /// Seen, with flags.
        case cur
    }

    /// The folder that holds `tmp`, `new` and `cur`.
    public let path: String

    /// Names a maildir; nothing is touched.
    public init(path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// Makes the folders that are missing, readable by the owner only.
    ///
    /// - Throws: ``MailError/Code/unwritable``.
    public func create() throws(MailError) {
        for folder in [path, path + "/tmp", path + "/new", path + "/cur"] {
            if Glibc.mkdir(folder, 0o700) != 0, errno != EEXIST {
                throw MailError(.unwritable, "a folder of the maildir cannot be made", errno: errno)
            }
        }
    }

    /// The messages in `new` and `cur`, oldest first.
    ///
    /// A message that another program moves from `new` to `cur` during the listing appears once. A file that vanishes
    /// is left out.
    ///
    /// - Parameter limit: how many of the oldest to return; all by default.
    /// - Throws: ``MailError/Code/unreadable`` when a folder cannot be listed, ``MailError/Code/vanished`` when there
    ///   is no such maildir.
    public func entries(limit: Int? = nil) throws(MailError) -> [Entry] {
        var found: [String: Entry] = [:]
        // `new` first: a message that moves meanwhile is met again in `cur`, and never missed.
        for folder in [Folder.new, .cur] {
            try forEachName(in: folder) { bytes in
                guard let entry = entry(String(decoding: bytes, as: UTF8.self), in: folder) else { return }
                found[entry.uniqueName] = entry
            }
        }
        let sorted = found.values.sorted { ($0.arrival, $0.uniqueName) < ($1.arrival, $1.uniqueName) }
        return limit.map { Array(sorted.prefix(max($0, 0))) } ?? sorted
    }

    /// The bytes of a message, wherever it has been moved since it was listed.
    ///
    /// - Throws: ``MailError/Code/vanished``, ``MailError/Code/unreadable``, ``MailError/Code/tooLarge``.
    public func read(_ entry: Entry, maximumBytes: Int = 100 << 20) throws(MailError) -> [UInt8] {
        do {
            return try Maildir.read(path: entry.path, maximumBytes: maximumBytes)
        } catch {
            guard error.code == .vanished, let moved = try locate([entry.uniqueName]).values.first else { throw error }
            return try Maildir.read(path: moved.path, maximumBytes: maximumBytes)
        }
    }

    /// Whether a message of that name lies in `new` or `cur`.
    public func contains(uniqueName: String) throws(MailError) -> Bool {
        // In `new` a file has no flags: there the name itself is looked for.
        try !locate([uniqueName], listing: [.cur]).isEmpty
    }

    /// The message of that unique name where it lies now.
    public func entry(uniqueName: String) throws(MailError) -> Entry? {
        try entries(named: [uniqueName])[uniqueName]
    }

    /// The messages of these unique names where they lie now, by unique name; those that are gone are left out.
    public func entries(named uniqueNames: [String]) throws(MailError) -> [String: Entry] {
        try locate(uniqueNames).compactMapValues { entry($0.name, in: $0.folder) }
    }

    /// Where a file was found.
    struct Place {
        let path: String
        let name: String
        let folder: Folder
    }

    /// Finds files by their unique names, all of them with one listing of the folders, which may be left out where the names
    /// are usual ones. The names are tried again afterwards: a move between the two folders can hide a file from one look.
    func locate(_ uniqueNames: [String], listing folders: [Folder] = [.new, .cur]) throws(MailError) -> [String: Place]
    {
        var places: [String: Place] = [:]
        var missing = Set(uniqueNames)
        func tryUsualNames() {
            for unique in missing {
                for (folder, suffix) in [(Folder.new, ""), (.cur, ":2,"), (.cur, ":2,S")] {
                    let file = "\(path)/\(folder.rawValue)/\(unique)\(suffix)"
                    guard access(file, F_OK) == 0 else { continue }
                    places[unique] = Place(path: file, name: unique + suffix, folder: folder)
                    break
                }
            }
            missing.subtract(places.keys)
        }
        // These need no listing of a folder with a hundred thousand files.
        tryUsualNames()
        for folder in folders where !missing.isEmpty {
            try forEachName(in: folder) { bytes in
                let unique = String(decoding: bytes[..<Maildir.uniqueLength(of: bytes)], as: UTF8.self)
                guard missing.remove(unique) != nil else { return }
                let name = String(decoding: bytes, as: UTF8.self)
                places[unique] = Place(path: "\(path)/\(folder.rawValue)/\(name)", name: name, folder: folder)
            }
        }
        tryUsualNames()
        return places
    }

    private func entry(_ name: String, in folder: Folder) -> Entry? {
        let file = "\(path)/\(folder.rawValue)/\(name)"
        var status = stat()
        // A link that leads nowhere is listed, so that somebody hears of it; reading it says what it is.
        guard stat(file, &status) == 0 || lstat(file, &status) == 0 else { return nil }
        let (unique, flags) = Maildir.split(name)
        let named = Array(unique.utf8).withUnsafeBytes { arrival($0) }
        return Entry(
            uniqueName: unique, flags: flags, isNew: folder == .new,
            arrival: named ?? Date(timeIntervalSince1970: TimeInterval(status.st_mtim.tv_sec)), path: file,
            size: Int(status.st_size))
    }

    /// The unique name and the flags of a file name.
    static func split(_ name: String) -> (unique: String, flags: Set<Character>) {
        guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return (name, []) }
        let info = name[name.index(after: colon)...]
        return (String(name[..<colon]), info.hasPrefix("2,") ? Set(info.dropFirst(2)) : [])
    }

    static func read(path: String, maximumBytes: Int) throws(MailError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            let failure = errno
            var status = stat()
            if failure == ENOENT, lstat(path, &status) != 0 {
                throw MailError(.vanished, "the message is no longer there", errno: failure)
            }
            throw MailError(.unreadable, "the message cannot be opened", errno: failure)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw MailError(.unreadable, "the message is no plain file")
        }
        guard Int(status.st_size) <= maximumBytes else {
            throw MailError(.tooLarge, "the message has more than \(maximumBytes) bytes")
        }
        var failure: Int32 = 0
        let size = Int(status.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size, let base = buffer.baseAddress {
                let got = Glibc.read(file, base + count, size - count)
                if got > 0 { count += got }
                if got == 0 { break }
                if got < 0, errno != EINTR {
                    failure = errno
                    break
                }
            }
        }
        if failure != 0 { throw MailError(.unreadable, "the message cannot be read", errno: failure) }
        return bytes
    }
}
