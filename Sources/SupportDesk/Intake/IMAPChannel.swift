import Foundation
import Transport

/// A folder of an IMAP account as a channel. A message is known by `UIDVALIDITY.UID` (RFC 3501 §2.3.1.1); the bookmark is
/// the highest UID seen, so that the cost of a look grows with new mail and not with the folder.
public actor IMAPChannel: Channel {
    /// What happens at the source after the outcome.
    public enum After: Sendable, Hashable {
        /// Flagged in place: `\Seen`, and `\Answered` or `\Flagged`.
        case flag
        /// Flagged and moved to a folder by final status, which is made when it is missing; without one it stays.
        case move([Status: String])
        /// Nothing: the folder is opened for reading only.
        case leave
    }

    /// The name in `desk.yaml` and in the ledger.
    public nonisolated let name: String
    private let endpoint: MailEndpoint
    private let folder: String
    private let after: After
    private let agent: TransferAgent
    private let people: IMAPPeople?
    private var session: IMAPSession?
    private var mailbox: SelectedMailbox?
    /// Up to where the last look went.
    private var bookmark: Bookmark?

    /// At most this many messages are found by one look: what it holds in memory does not grow with the folder.
    private static let lookLimit = 10_000
    /// How often a server is asked that cannot tell by itself.
    private static let pollInterval = Duration.seconds(30)

    /// Names the folder; nothing is connected yet.
    public init(name: String, endpoint: MailEndpoint, folder: String, after: After, agent: TransferAgent) {
        self.init(name: name, endpoint: endpoint, folder: folder, after: after, agent: agent, people: nil)
    }

    /// - Parameter people: where people's answers are looked for; nil: nowhere.
    init(
        name: String, endpoint: MailEndpoint, folder: String, after: After, agent: TransferAgent, people: IMAPPeople?
    ) {
        self.name = name
        self.people = people
        self.endpoint = endpoint
        self.folder = folder
        self.after = after
        self.agent = agent
    }

    /// Searches for UIDs behind the bookmark; everything since the adoption point when the server numbers anew.
    public func discover(after cursor: String?, adoptedAt: Date, ledger: Ledger) async throws -> Discovery {
        let earlier = cursor.flatMap(Bookmark.init)
        bookmark = earlier
        // RFC 3501 §6.3.10: not for the mailbox that is selected.
        if mailbox == nil, let earlier, earlier.covers(try await status()) {
            return Discovery(items: [], cursor: nil)
        }
        let (session, mailbox) = try await selected()
        let validity = mailbox.uidValidity
        let known = earlier.flatMap { $0.uidValidity == validity ? $0.lastUID : nil }
        let found: [UInt32]
        if let known {
            // QUIRK: RFC 3501 §6.4.8: `n:*` holds the last message also when its UID is below n.
            found = try await session.search(.uids(from: known &+ 1)).filter { $0 > known }
        } else {
            // First sight, or the server numbers anew: everything since the adoption point is looked at again, and what
            // was handled before is recognised by its fingerprint. SINCE knows days only, in the server's zone.
            found = try await session.search(.since(adoptedAt.addingTimeInterval(-2 * 86_400)))
        }
        let uids = Array(found.prefix(Self.lookLimit))
        let hasMore = uids.count < found.count
        // What UIDNEXT promised is older than the search: the bookmark may pass it, also when nothing was found.
        let promised = hasMore ? 0 : max(mailbox.uidNext ?? 0, 1) - 1
        let moved = Bookmark(
            uidValidity: validity, lastUID: max(uids.last ?? 0, promised, known ?? 0),
            modSeq: hasMore ? nil : mailbox.highestModSeq)
        bookmark = moved
        let arrivals = uids.isEmpty ? [:] : try await session.arrivals(of: uids)
        let items = uids.compactMap { uid -> SourceItem? in
            // Without a date that can be read it counts as ours: to ask a person once too often loses nothing.
            let arrival = arrivals[uid] ?? adoptedAt
            return arrival >= adoptedAt ? SourceItem(source: "\(validity).\(uid)", arrival: arrival) : nil
        }
        return Discovery(items: items, cursor: moved.text == cursor ? nil : moved.text, hasMore: hasMore)
    }

    /// Fetches in pipelined batches; a UID that the server no longer has is told as vanished.
    public func fetch(
        _ sources: [String], maximumBytes: Int, _ each: @escaping @Sendable (Fetched) async throws -> Void
    ) async throws {
        let (session, mailbox) = try await selected()
        let validity = mailbox.uidValidity
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
        for uid in await brought.uids { wanted[uid] = nil }
        if wanted.isEmpty { return }
        // What did not come is gone, or the server keeps it to itself: then somebody has to look at the server.
        let present = try await session.arrivals(of: wanted.keys.sorted())
        for (uid, source) in wanted.sorted(by: { $0.key < $1.key }) {
            try await each(
                present[uid] == nil
                    ? .vanished(source: source)
                    : .unreadable(source: source, reason: "the server does not give its text", mayBeMended: true))
        }
    }

    /// Sets `\Seen` and, by status, `\Answered` or `\Flagged`; then moves where a folder is configured.
    public func mark(_ items: [MarkItem]) async throws {
        if after == .leave { return }
        let (session, mailbox) = try await selected()
        if mailbox.isReadOnly {
            throw DeskError(
                .unavailable,
                "channel \(name): \(endpoint.host):\(endpoint.port): the folder can only be read: write after: leave")
        }
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
                try await move(uids, to: target, session)
            }
        }
    }

    private func move(_ uids: [UInt32], to target: String, _ session: IMAPSession) async throws {
        do {
            try await session.move(uids, to: target)
        } catch {
            // TRYCREATE (RFC 3501 §7.1) or another word for it: a server that refuses for another reason refuses again.
            guard error.code == .refused else { throw error }
            try? await session.create(target)
            try await session.move(uids, to: target)
        }
    }

    /// Waits as the server allows: told by it, or asking it.
    public func waitForNews(upTo limit: Duration) async throws {
        let wasSelected = mailbox != nil
        let (session, mailbox) = try await selected()
        // What came in before the folder was opened is told by nobody.
        if !wasSelected, bookmark?.covers(mailbox) != true { return }
        _ = try await session.waitForChange(upTo: limit, pollingEvery: Self.pollInterval)
    }

    /// Looks into what was sent, what came in, and the message's own flags.
    public nonisolated func person(in inquiry: Inquiry) async throws -> PersonSeen? {
        do {
            return try await people?.person(in: inquiry)
        } catch let error as TransportError {
            throw DeskError(.unavailable, "channel \(name): \(error)", isRetryable: error.isRetryable)
        }
    }

    /// Logs out; the next call connects anew.
    public func close() async {
        await people?.close()
        await session?.logout()
        session = nil
        mailbox = nil
    }

    private func connected() async throws -> IMAPSession {
        if let session { return session }
        do {
            let opened = try await agent.openIMAP(endpoint)
            session = opened
            return opened
        } catch {
            throw unavailable(error)
        }
    }

    private func selected() async throws -> (IMAPSession, SelectedMailbox) {
        let session = try await connected()
        if let mailbox { return (session, mailbox) }
        do {
            let opened = try await session.select(folder, readOnly: after == .leave)
            mailbox = opened
            return (session, opened)
        } catch {
            throw unavailable(error)
        }
    }

    private func status() async throws -> MailboxStatus {
        let session = try await connected()
        do { return try await session.status(of: folder) } catch { throw unavailable(error) }
    }

    private func unavailable(_ error: TransportError) -> DeskError {
        DeskError(.unavailable, "channel \(name): \(error)", isRetryable: error.isRetryable)
    }

    private func uid(of source: String) -> UInt32? {
        let parts = source.split(separator: ".")
        guard parts.count == 2, UInt32(parts[0]) == mailbox?.uidValidity else { return nil }
        return UInt32(parts[1])
    }

    private struct Bookmark {
        let uidValidity: UInt32
        let lastUID: UInt32
        /// The mailbox's highest modification sequence then (RFC 7162): nothing at all has changed while it is the same.
        let modSeq: UInt64?

        init(uidValidity: UInt32, lastUID: UInt32, modSeq: UInt64?) {
            self.uidValidity = uidValidity
            self.lastUID = lastUID
            self.modSeq = modSeq
        }

        init?(_ text: String) {
            let parts = text.split(separator: " ")
            guard parts.count >= 2, let validity = UInt32(parts[0]), let uid = UInt32(parts[1]) else { return nil }
            self.init(uidValidity: validity, lastUID: uid, modSeq: parts.count > 2 ? UInt64(parts[2]) : nil)
        }

        var text: String { "\(uidValidity) \(lastUID)" + (modSeq.map { " \($0)" } ?? "") }

        func covers(_ status: MailboxStatus) -> Bool {
            covers(status.uidValidity, status.uidNext, status.highestModSeq)
        }

        func covers(_ mailbox: SelectedMailbox) -> Bool {
            covers(mailbox.uidValidity, mailbox.uidNext, mailbox.highestModSeq)
        }

        /// New mail raises UIDNEXT (RFC 3501 §2.3.1.1) and the modification sequence; our own flags raise the latter only.
        private func covers(_ validity: UInt32, _ next: UInt32?, _ highest: UInt64?) -> Bool {
            guard validity == uidValidity else { return false }
            if let next, next > 0 { return next - 1 <= lastUID }
            return highest != nil && highest == modSeq
        }
    }

    private actor Brought {
        private(set) var uids: Set<UInt32> = []
        func add(_ uid: UInt32) { uids.insert(uid) }
    }
}
