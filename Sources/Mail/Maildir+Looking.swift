import Foundation
import Glibc

extension Maildir {
    /// What a look found that earlier looks had not.
    public struct Look: Sendable {
        /// The messages that are not on the roll, oldest first.
        public let new: [Sighting]
        /// The roll of the next look.
        public let roll: MaildirRoll
        /// Whether there are more than the limit: another look with the new roll finds them.
        public let hasMore: Bool
    }

    /// A message of which only the name was read.
    public struct Sighting: Sendable, Hashable {
        /// The file name without its flags.
        public let uniqueName: String
        /// The seconds at the start of the name, else the time of the file.
        public let arrival: Date
    }

    /// Lists folders and returns what is not on the roll. Costs a read of the folders' names; no file is opened, and only the
    /// files of new names that do not begin with a time are asked for theirs.
    ///
    /// - Parameters:
    ///   - start: what arrived before goes on the roll and is not told.
    ///   - limit: how many of the oldest are told; the memory that the look takes does not grow with the folder.
    /// - Throws: ``MailError/Code/unreadable`` when a folder cannot be listed, ``MailError/Code/vanished`` when there is
    ///   no such maildir.
    public func look(
        in folders: [Folder], besides roll: MaildirRoll, since start: Date = .distantPast, limit: Int = .max / 2
    ) throws(MailError) -> Look {
        var count = 0
        var history: [UInt64] = []
        var new: [UInt64: Sighting] = [:]
        var latest = Date.distantFuture
        var hasMore = false
        func keepOldest() {
            let oldest = new.sorted {
                ($0.value.arrival, $0.value.uniqueName) < ($1.value.arrival, $1.value.uniqueName)
            }
            hasMore = hasMore || oldest.count > limit
            new = Dictionary(uniqueKeysWithValues: oldest.prefix(limit).map { ($0.key, $0.value) })
            if hasMore, let last = oldest.prefix(limit).last { latest = last.value.arrival }
        }
        var marks: [UInt64] = []
        // `new` first: a message that moves meanwhile is met again in `cur`, and never missed.
        for folder in [Folder.new, .cur] where folders.contains(folder) {
            try forEachName(in: folder) { name in
                count += 1
                let unique = UnsafeRawBufferPointer(rebasing: name[..<Maildir.uniqueLength(of: name)])
                let mark = MaildirRoll.mark(of: unique)
                marks.append(mark)
                guard !roll.contains(mark: mark), new[mark] == nil else { return }
                guard let arrival = arrival(unique) ?? modified(String(decoding: name, as: UTF8.self), in: folder)
                else { return }
                if arrival < start { return history.append(mark) }
                if arrival > latest { return }
                new[mark] = Sighting(uniqueName: String(decoding: unique, as: UTF8.self), arrival: arrival)
                if new.count >= 2 * limit { keepOldest() }
            }
        }
        keepOldest()
        let isWhole = folders.contains(.new) && folders.contains(.cur)
        // Names that are gone stay on the roll until there are too many of them: it need not be written anew for each.
        let kept =
            isWhole && roll.count > 2 * count + 1_000 ? MaildirRoll(marks: marks.filter(roll.contains(mark:))) : roll
        return Look(
            new: new.values.sorted { ($0.arrival, $0.uniqueName) < ($1.arrival, $1.uniqueName) },
            roll: new.isEmpty && history.isEmpty ? kept : kept.union(Set(new.keys).union(history)), hasMore: hasMore)
    }

    /// The same of names that somebody told, with no look at the folders.
    /// - Throws: ``MailError`` when a name does not begin with a time, and its file is looked for in vain.
    public func sightings(
        of uniqueNames: some Sequence<String>, besides roll: MaildirRoll, since start: Date = .distantPast
    ) throws(MailError) -> Look {
        var new: [Sighting] = []
        var marks: Set<UInt64> = []
        for name in uniqueNames {
            let (mark, named) = Array(name.utf8).withUnsafeBytes { (MaildirRoll.mark(of: $0), arrival($0)) }
            if roll.contains(mark: mark) { continue }
            guard let arrival = if let named { named } else { try entry(uniqueName: name)?.arrival } else { continue }
            marks.insert(mark)
            if arrival >= start { new.append(Sighting(uniqueName: name, arrival: arrival)) }
        }
        return Look(
            new: new.sorted { ($0.arrival, $0.uniqueName) < ($1.arrival, $1.uniqueName) },
            roll: marks.isEmpty ? roll : roll.union(marks), hasMore: false)
    }

    /// A folder's modification time, which changes whenever a message comes, goes or moves.
    public struct Edition: Sendable, Hashable {
        /// The time, as text.
        public let stamp: String
        /// Whether a further change will have another stamp. Kernels take file times from a clock that ticks every 1 to
        /// 10 ms, and some file systems keep whole or even seconds: a folder that changed just now must be listed again.
        public let isSettled: Bool
    }

    /// The present edition of a folder.
    ///
    /// - Throws: ``MailError/Code/vanished`` when there is no such maildir, ``MailError/Code/unreadable``.
    public func edition(of folder: Folder) throws(MailError) -> Edition {
        var status = stat()
        var present = timespec()
        clock_gettime(CLOCK_REALTIME, &present)
        guard stat("\(path)/\(folder.rawValue)", &status) == 0 else {
            let failure = errno
            throw MailError(
                failure == ENOENT ? .vanished : .unreadable, "a folder of the maildir cannot be looked at",
                errno: failure)
        }
        return Edition(
            stamp: "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)",
            isSettled: present.tv_sec - status.st_mtim.tv_sec > 2)
    }

    /// Gives every name of a folder to `body`.
    func forEachName(in folder: Folder, _ body: (UnsafeRawBufferPointer) -> Void) throws(MailError) {
        guard let directory = opendir("\(path)/\(folder.rawValue)") else {
            let failure = errno
            if failure == ENOENT { throw MailError(.vanished, "there is no such maildir", errno: failure) }
            throw MailError(.unreadable, "a folder of the maildir cannot be listed", errno: failure)
        }
        defer { closedir(directory) }
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 19
        while let item = readdir(directory) {
            let start = UnsafeRawPointer(item) + offset
            let name = UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self)))
            if name.first != UInt8(ascii: ".") { body(name) }
        }
    }

    /// How much of a file name is the unique name.
    static func uniqueLength(of name: UnsafeRawBufferPointer) -> Int {
        name.firstIndex(of: UInt8(ascii: ":")) ?? name.count
    }

    /// The time at the start of a unique name: seconds, and behind `.M`, where it is there, microseconds. They have no
    /// leading zeros everywhere, so that the names of one second do not sort by time themselves.
    func arrival(_ uniqueName: UnsafeRawBufferPointer) -> Date? {
        func number(_ digits: Slice<UnsafeRawBufferPointer>) -> TimeInterval {
            TimeInterval(digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
        }
        let seconds = uniqueName.prefix { ASCII.isDigit($0) }
        guard (9...11).contains(seconds.count) else { return nil }
        let rest = uniqueName[seconds.endIndex...]
        let micros = rest.starts(with: ".M".utf8) ? rest.dropFirst(2).prefix { ASCII.isDigit($0) } : rest.prefix(0)
        return Date(
            timeIntervalSince1970: number(seconds) + ((1...6).contains(micros.count) ? number(micros) / 1_000_000 : 0))
    }

    private func modified(_ name: String, in folder: Folder) -> Date? {
        let file = "\(path)/\(folder.rawValue)/\(name)"
        var status = stat()
        // A link that leads nowhere is listed, so that somebody hears of it; reading it says what it is.
        guard stat(file, &status) == 0 || lstat(file, &status) == 0 else { return nil }
        return Date(timeIntervalSince1970: TimeInterval(status.st_mtim.tv_sec))
    }
}
