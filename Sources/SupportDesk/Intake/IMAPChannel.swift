import Foundation
import Transport

/// A folder of an IMAP account as a channel. A message is known by `UIDVALIDITY.UID` (RFC 3501 §2.3.1.1); the bookmark is
/// the highest UID seen, so that the cost of a look grows with new mail and not with the folder.
public actor IMAPChannel: Channel {
    /// What happens at the source after the outcome.
    public enum After: Sendable {
        /// Flagged in place: `\Seen`, and `\Answered` or `\Flagged`.
        case flag
        /// Flagged and moved to a folder by final status; without one it stays.
        case move([Status: String])
    }

    /// The name in `desk.yaml` and in the ledger.
    public nonisolated let name: String
    private let endpoint: MailEndpoint
    private let folder: String
    private let after: After
    private let agent: TransferAgent
    private var session: IMAPSession?
    private var uidValidity: UInt32 = 0
    private var uidNext: UInt32 = 0

    /// Names the folder; nothing is connected yet.
    public init(name: String, endpoint: MailEndpoint, folder: String, after: After, agent: TransferAgent) {
        self.name = name
        self.endpoint = endpoint
        self.folder = folder
        self.after = after
        self.agent = agent
    }

    /// Searches for UIDs behind the bookmark; everything since the adoption point when the server numbers anew.
    public func discover(after cursor: String?, adoptedAt: Date, ledger: Ledger) async throws -> Discovery {
        let session = try await selected()
        let bookmark = cursor.flatMap(Bookmark.init)
        let uids: [UInt32]
        let isSameMailbox = bookmark?.uidValidity == uidValidity
        if let bookmark, isSameMailbox {
            // QUIRK: RFC 3501 §6.4.8: `n:*` holds the last message also when its UID is below n.
            uids = try await session.search(.uids(from: bookmark.lastUID &+ 1)).filter { $0 > bookmark.lastUID }
        } else {
            // First sight, or the server numbers anew: everything since the adoption point is looked at again, and what
            // was handled before is recognised by its fingerprint. SINCE knows days only, in the server's zone.
            uids = try await session.search(.since(adoptedAt.addingTimeInterval(-2 * 86_400)))
        }
        // What UIDNEXT promised is older than the search: the bookmark may pass it, also when nothing was found.
        let last = max(uids.last ?? 0, uidNext > 0 ? uidNext - 1 : 0)
        let moved = Bookmark(uidValidity: uidValidity, lastUID: max(last, isSameMailbox ? bookmark?.lastUID ?? 0 : 0))
        guard !uids.isEmpty else {
            return Discovery(items: [], cursor: moved.text == cursor ? nil : moved.text)
        }
        let arrivals = try await session.arrivals(of: uids)
        let items = uids.compactMap { uid -> SourceItem? in
            guard let arrival = arrivals[uid], arrival >= adoptedAt else { return nil }
            return SourceItem(source: "\(uidValidity).\(uid)", arrival: arrival)
        }
        return Discovery(items: items, cursor: moved.text)
    }

    /// Fetches in pipelined batches; a UID that the server no longer has is told as vanished.
    public func fetch(
        _ sources: [String], maximumBytes: Int, _ each: @escaping @Sendable (Fetched) async throws -> Void
    ) async throws {
        let session = try await selected()
        let validity = uidValidity
        var wanted: [UInt32: String] = [:]
        for source in sources {
            if let uid = uid(of: source) { wanted[uid] = source } else { try await each(.vanished(source: source)) }
        }
        let brought = Brought()
        try await session.fetch(wanted.keys.sorted(), maximumMessageBytes: maximumBytes) { message in
            await brought.add(message.uid)
            try await each(
                .message(
                    source: "\(validity).\(message.uid)", bytes: message.bytes,
                    fullSize: max(message.size, message.bytes.count)))
        }
        for (uid, source) in wanted.sorted(by: { $0.key < $1.key }) {
            if await brought.has(uid) { continue }
            try await each(.vanished(source: source))
        }
    }

    /// Sets `\Seen` and, by status, `\Answered` or `\Flagged`; then moves where a folder is configured.
    public func mark(_ items: [MarkItem]) async throws {
        let session = try await selected()
        for (status, group) in Dictionary(grouping: items.filter { $0.rule != "vanished" }, by: \.status) {
            let uids = group.compactMap { uid(of: $0.source) }.sorted()
            if uids.isEmpty { continue }
            let flags =
                switch status {
                case .answered: ["\\Seen", "\\Answered"]
                case .quarantined: ["\\Seen", "\\Flagged"]
                default: ["\\Seen"]
                }
            try await session.store(uids, .add, flags: flags)
            if case .move(let folders) = after, let target = folders[status] {
                try await session.move(uids, to: target)
            }
        }
    }

    /// Logs out; the next call connects anew.
    public func close() async {
        await session?.logout()
        session = nil
    }

    private func selected() async throws -> IMAPSession {
        if let session { return session }
        let opened: IMAPSession
        let mailbox: SelectedMailbox
        do {
            opened = try await agent.openIMAP(endpoint)
            mailbox = try await opened.select(folder)
        } catch {
            throw DeskError(.unavailable, "channel \(name): \(error)", isRetryable: error.isRetryable)
        }
        uidValidity = mailbox.uidValidity
        uidNext = mailbox.uidNext ?? 0
        session = opened
        return opened
    }

    private func uid(of source: String) -> UInt32? {
        let parts = source.split(separator: ".")
        guard parts.count == 2, UInt32(parts[0]) == uidValidity else { return nil }
        return UInt32(parts[1])
    }

    private struct Bookmark {
        let uidValidity: UInt32
        let lastUID: UInt32

        init(uidValidity: UInt32, lastUID: UInt32) {
            self.uidValidity = uidValidity
            self.lastUID = lastUID
        }

        init?(_ text: String) {
            let parts = text.split(separator: " ").map { UInt32($0) }
            guard parts.count == 2, let validity = parts[0], let uid = parts[1] else { return nil }
            self.init(uidValidity: validity, lastUID: uid)
        }

        var text: String { "\(uidValidity) \(lastUID)" }
    }

    private actor Brought {
        private var uids: Set<UInt32> = []
        func add(_ uid: UInt32) { uids.insert(uid) }
        func has(_ uid: UInt32) -> Bool { uids.contains(uid) }
    }
}
