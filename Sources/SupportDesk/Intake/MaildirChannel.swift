import Dispatch
import Foundation
import Mail

/// A maildir as a channel. Other programs may move its mail from `new` to `cur` at any time; a message is known by its
/// unique name, wherever it lies.
public actor MaildirChannel: Channel {
    /// What happens at the source after the outcome.
    public enum After: Sendable {
        /// Seen, and Replied or Flagged.
        case flag
        /// Nothing.
        case leave
    }

    /// The name in `desk.yaml` and in the ledger.
    public nonisolated let name: String
    private let maildir: Maildir
    private let after: After
    private let people: MaildirPeople?
    /// A file system may block for as long as it likes: then this channel waits, and no other one.
    private let queue: DispatchQueue
    /// At most this many messages are found by one look.
    private static let lookLimit = 10_000
    /// So many names that the kept roll lacks are asked of the ledger at each look: a roll of a hundred thousand is 800 KB, and
    /// is not written for every mail.
    private let unkept: Int
    static let unkept = 1_000
    /// The folders as the last look found them.
    private var seen: [Maildir.Edition] = []
    /// The roll as the ledger keeps it; nil when it is to be read.
    private var roll: MaildirRoll?

    /// Names the maildir; nothing is read yet.
    public init(name: String, path: String, after: After = .flag) {
        self.init(name: name, path: path, after: after, people: nil)
    }

    /// - Parameters:
    ///   - people: where people's answers are looked for; nil: nowhere.
    ///   - unkept: so many names the roll that the ledger keeps may lack.
    init(name: String, path: String, after: After, people: MaildirPeople?, unkept: Int = MaildirChannel.unkept) {
        self.name = name
        self.after = after
        self.people = people
        self.unkept = unkept
        maildir = Maildir(path: path)
        queue = DispatchQueue(label: "auradesk maildir \(name)")
    }

    /// Lists the folders that changed since the bookmark was made, and takes what is neither known nor history.
    public func discover(after cursor: String?, adoptedAt: Date, ledger: Ledger) async throws -> Discovery {
        let bookmark = cursor.flatMap(Bookmark.init)
        // Read before listing: a message that comes in meanwhile changes the folder again and is seen next time.
        seen = try await editions()
        let present = Bookmark(seen)
        let changed = present.foldersChanged(since: bookmark)
        if changed.isEmpty { return Discovery(items: [], cursor: nil) }
        let roll = try await keptRoll(ledger)
        let look = try await onQueue { maildir in
            try maildir.look(in: changed, besides: roll, since: adoptedAt, limit: Self.lookLimit)
        }
        // The roll saves work and proves nothing: the ledger has the last word on what is new.
        let known = try await ledger.known(look.new.map(\.uniqueName), in: name)
        let items = look.new.filter { !known.contains($0.uniqueName) }.map {
            SourceItem(source: $0.uniqueName, arrival: $0.arrival)
        }
        let isToBeKept = look.roll.count < roll.count || look.roll.count > roll.count + unkept
        // Read again: what counts is what will be on record.
        if isToBeKept { self.roll = nil }
        return Discovery(
            items: items, cursor: look.hasMore || present.text == cursor ? nil : present.text,
            memory: isToBeKept ? look.roll.bytes : nil, hasMore: look.hasMore)
    }

    private func keptRoll(_ ledger: Ledger) async throws -> MaildirRoll {
        if let roll { return roll }
        let kept = MaildirRoll(bytes: try await ledger.memory(of: name))
        roll = kept
        return kept
    }

    /// Finds all of them with one listing at most, and reads one file after the other.
    public func fetch(
        _ sources: [String], maximumBytes: Int, _ each: @escaping @Sendable (Fetched) async throws -> Void
    ) async throws {
        let entries = try await onQueue { maildir in try maildir.entries(named: sources) }
        for source in sources {
            guard let entry = entries[source] else {
                try await each(.vanished(source: source))
                continue
            }
            let fetched = try await onQueue { maildir in Self.read(entry, of: maildir, maximumBytes: maximumBytes) }
            try await each(fetched)
        }
    }

    private static func read(_ entry: Maildir.Entry, of maildir: Maildir, maximumBytes: Int) -> Fetched {
        let source = entry.uniqueName
        do {
            if entry.size > maximumBytes {
                return .message(
                    source: source, bytes: try beginning(of: entry, maximumBytes), fullSize: entry.size)
            }
            let bytes = try maildir.read(entry, maximumBytes: maximumBytes)
            return .message(source: source, bytes: bytes, fullSize: bytes.count)
        } catch {
            guard let error = error as? MailError else {
                return .unreadable(source: source, reason: "\(type(of: error))", mayBeMended: false)
            }
            if error.code == .vanished { return .vanished(source: source) }
            let mayBeMended = error.errno == EACCES || error.errno == EPERM
            let reason =
                mayBeMended
                ? "auradesk may not read the file \(source) in \(maildir.path)"
                : "\(error.message)\(error.errno.map { ": \(String(cString: strerror($0)))" } ?? "")"
            return .unreadable(source: source, reason: reason, mayBeMended: mayBeMended)
        }
    }

    /// The head of a message that is over the limit, for the ticket that says so.
    private static func beginning(of entry: Maildir.Entry, _ maximumBytes: Int) throws -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: entry.path) else { return [] }
        defer { try? handle.close() }
        return [UInt8](try handle.read(upToCount: min(64 << 10, maximumBytes)) ?? Data())
    }

    /// Seen for whatever is done with, Replied for what was answered; quarantined mail is also flagged for people.
    public func mark(_ items: [MarkItem]) async throws {
        if after == .leave { return }
        let flags = items.filter { $0.rule != "vanished" }.map { ($0.source, Self.flags(for: $0.status)) }
        // Somebody took a file away after it was handled: then nothing is left to mark.
        _ = try await onQueue { maildir in
            try maildir.mark(Dictionary(flags, uniquingKeysWith: { $0.union($1) }))
        }
    }

    private static func flags(for status: Status) -> Set<Character> {
        switch status {
        case .answered: ["S", "R"]
        case .quarantined: ["S", "F"]
        default: ["S"]
        }
    }

    /// Looks at two times once a second, until one of them differs from what the last look found, or has settled.
    public func waitForNews(upTo limit: Duration) async throws {
        let end = ContinuousClock.now + limit
        repeat {
            try await Task.sleep(for: .seconds(1))
        } while try await editions() == seen && ContinuousClock.now < end
    }

    /// Looks into what was sent and what came in.
    public nonisolated func person(in inquiry: Inquiry) async throws -> PersonSeen? {
        do {
            return try await people?.person(in: inquiry)
        } catch let error as MailError {
            throw DeskError(.unavailable, "channel \(name): \(error.message)", isRetryable: true)
        }
    }

    /// Nothing is open between two calls.
    public func close() async {}

    private func editions() async throws -> [Maildir.Edition] {
        try await onQueue { maildir in [try maildir.edition(of: .new), try maildir.edition(of: .cur)] }
    }

    /// Runs a body that blocks; what stands in its way is said with the maildir's path.
    private func onQueue<Value: Sendable>(
        _ body: @escaping @Sendable (Maildir) throws -> Value
    ) async throws -> Value {
        let maildir = maildir
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { try body(maildir) }) }
        }
        do {
            return try result.get()
        } catch let error as MailError {
            let problem =
                error.code == .vanished
                ? "there is no maildir \(maildir.path) (make one: mkdir -p \(maildir.path)/{new,cur,tmp})"
                : "the maildir \(maildir.path): \(error.message)"
                    + (error.errno.map { ": \(String(cString: strerror($0)))" } ?? "")
            throw DeskError(.unavailable, "channel \(name): \(problem)", isRetryable: true)
        }
    }

    /// The stamps of `new` and `cur`; `-` for one that had not settled.
    private struct Bookmark: Equatable {
        private let stamps: [String]

        init(_ editions: [Maildir.Edition]) { stamps = editions.map { $0.isSettled ? $0.stamp : "-" } }

        init?(_ text: String) {
            stamps = text.split(separator: " ").map(String.init)
            if stamps.count != 2 { return nil }
        }

        var text: String { stamps.joined(separator: " ") }

        func foldersChanged(since earlier: Bookmark?) -> [Maildir.Folder] {
            zip([Maildir.Folder.new, .cur], stamps.indices).compactMap { folder, index in
                stamps[index] == "-" || stamps[index] != earlier?.stamps[index] ? folder : nil
            }
        }
    }
}
