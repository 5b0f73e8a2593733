import Foundation
import Mail

/// A maildir as a channel. Other programs may move its mail from `new` to `cur` at any time; a message is known by its
/// unique name, wherever it lies.
public struct MaildirChannel: Channel {
    /// The name in `desk.yaml` and in the ledger.
    public let name: String
    private let maildir: Maildir

    /// Names the maildir; nothing is read yet.
    public init(name: String, path: String) {
        self.name = name
        maildir = Maildir(path: path)
    }

    /// Lists both folders, unless neither changed since the bookmark was made.
    public func discover(after cursor: String?, adoptedAt: Date, ledger: Ledger) async throws -> Discovery {
        // Read before listing: a message that comes in meanwhile changes the folder again and is seen next time.
        let edition = try edition()
        if edition == cursor { return Discovery(items: [], cursor: nil) }
        do {
            let entries = try maildir.entries().filter { $0.arrival >= adoptedAt }
            let known = try await ledger.known(entries.map(\.uniqueName), in: name)
            let items = entries.filter { !known.contains($0.uniqueName) }.map {
                SourceItem(source: $0.uniqueName, arrival: $0.arrival)
            }
            return Discovery(items: items, cursor: edition)
        } catch let error as MailError {
            throw DeskError(.unavailable, "channel \(name): \(error)", isRetryable: true)
        }
    }

    /// Reads one file after the other, each at most `maximumBytes` long.
    public func fetch(
        _ sources: [String], maximumBytes: Int, _ each: @escaping @Sendable (Fetched) async throws -> Void
    ) async throws {
        for source in sources { try await each(read(source, maximumBytes: maximumBytes)) }
    }

    private func read(_ source: String, maximumBytes: Int) -> Fetched {
        do {
            guard let entry = try maildir.entry(uniqueName: source) else { return .vanished(source: source) }
            if entry.size > maximumBytes {
                return .message(
                    source: source, bytes: try beginning(of: entry, maximumBytes), fullSize: entry.size)
            }
            let bytes = try maildir.read(entry, maximumBytes: maximumBytes)
            return .message(source: source, bytes: bytes, fullSize: bytes.count)
        } catch {
            switch (error as? MailError)?.code {
            case .vanished?: return .vanished(source: source)
            default: return .unreadable(source: source, reason: "\(error)")
            }
        }
    }

    /// The head of a message that is over the limit, for the ticket that says so.
    private func beginning(of entry: Maildir.Entry, _ maximumBytes: Int) throws -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: entry.path) else { return [] }
        defer { try? handle.close() }
        return [UInt8](try handle.read(upToCount: min(64 << 10, maximumBytes)) ?? Data())
    }

    /// Seen for whatever is done with, Replied for what was answered; quarantined mail is also flagged for people.
    public func mark(_ items: [MarkItem]) async throws {
        for item in items where item.rule != "vanished" {
            do {
                try maildir.mark(item.source, adding: Self.flags(for: item.status))
            } catch {
                // Somebody took it away after it was handled: then nothing is left to mark.
                if error.code != .vanished {
                    throw DeskError(.unavailable, "channel \(name): \(error)", isRetryable: true)
                }
            }
        }
    }

    private static func flags(for status: Status) -> Set<Character> {
        switch status {
        case .answered: ["S", "R"]
        case .quarantined: ["S", "F"]
        default: ["S"]
        }
    }

    /// Nothing is open between two calls.
    public func close() async {}

    /// Modification times of `new` and `cur`: they change whenever a message comes, goes or moves.
    private func edition() throws -> String {
        try ["new", "cur"].map { folder in
            var status = stat()
            guard stat("\(maildir.path)/\(folder)", &status) == 0 else {
                let problem =
                    errno == ENOENT
                    ? "there is no maildir \(maildir.path) (make one: mkdir -p \(maildir.path)/{new,cur,tmp})"
                    : "cannot open the maildir \(maildir.path): \(String(cString: strerror(errno)))"
                throw DeskError(.unavailable, "channel \(name): \(problem)", isRetryable: true)
            }
            return "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        }.joined(separator: " ")
    }
}
