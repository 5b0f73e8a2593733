import Mail
import Transport

/// Lays a mail into an IMAP folder as a draft, so that an agent opens, edits and sends it from her own mail program.
///
/// A message in an IMAP folder never changes (RFC 3501 section 2.3.1.1): who edits a draft puts another one in its place. So one
/// that still has its UID is untouched.
public struct IMAPDraftsCarrier: DraftBox {
    private let drafts: IMAPFolder

    /// Names the folder; nothing is connected yet.
    /// - Parameter folder: nil is the one that the server marks as `\Drafts` (RFC 6154).
    public init(endpoint: MailEndpoint, folder: String?, agent: TransferAgent) {
        drafts = IMAPFolder(endpoint: endpoint, folder: folder, use: .drafts, agent: agent)
    }

    /// Server and folder.
    public var name: String { "imap \(drafts.endpoint.label) \(drafts.folder ?? "\\Drafts")" }

    /// Appends the mail with the flag `\Draft` (RFC 3501 §2.3.2).
    public func carry(_ envelope: Envelope) async -> Carriage {
        switch await drafts.append(envelope.bytes, flags: ["\\Draft"]) {
        case .stored(let uid): .accepted(remote: uid.map(String.init))
        case .unreachable(let reason): .unreachable(reason: reason)
        case .refused(let reason, let isForNow): isForNow ? .deferred(reason: reason) : .refused(reason: reason)
        // A draft may be looked for by Message-ID, so a broken APPEND is not simply repeated.
        case .uncertain(let reason): .uncertain(reason: reason)
        }
    }

    /// Searches the folder for the Message-ID.
    public func presence(of messageID: String) async -> Presence { await drafts.presence(of: messageID) }

    /// Each call has a connection of its own.
    public func close() async {}

    /// One round trip for all of them, from the oldest one on; another one for those whose UID nobody has told.
    func look(for copies: [DraftCopy]) async throws -> [Int64: DraftSight] {
        try await session { session, mailbox in
            let validity = mailbox.uidValidity
            let known = copies.map { Self.uid($0, validity) }
            let lowest = known.contains(nil) ? 1 : known.compactMap(\.self).min() ?? 1
            if mailbox.exists == 0 { return Dictionary(uniqueKeysWithValues: copies.map { ($0.message, .gone) }) }
            let heads = try await session.heads(from: lowest, fields: ["Message-ID", "In-Reply-To"])
                .filter { head in !head.flags.contains { $0.lowercased() == "\\deleted" } }
                .map { (uid: $0.uid, message: try? Message(parsing: $0.header)) }
            var sights: [Int64: DraftSight] = [:]
            var doubtful: [UInt32: DraftCopy] = [:]
            for (copy, uid) in zip(copies, known) {
                if let uid, let head = heads.first(where: { $0.uid == uid }),
                    Self.isBound(copy, validity) || head.message?.messageID == copy.messageID
                {
                    sights[copy.message] = .untouched(place: "\(validity).\(uid)")
                } else if uid == nil, let head = heads.first(where: { $0.message?.messageID == copy.messageID }) {
                    doubtful[head.uid] = copy
                } else {
                    let isReplaced = heads.contains { head in
                        head.message.map { ReplacedDraft($0).replaces(copy, among: copies) } ?? false
                    }
                    sights[copy.message] = isReplaced ? .edited : .gone
                }
            }
            if !doubtful.isEmpty {
                let found = Found()
                try await session.fetch(doubtful.keys.sorted(), maximumMessageBytes: 1 << 20) { await found.add($0) }
                let bytes = await found.bytes
                for (uid, copy) in doubtful {
                    let isOurs = bytes[uid].map(copy.isOurs) ?? false
                    sights[copy.message] = isOurs ? .untouched(place: "\(validity).\(uid)") : .edited
                }
            }
            return sights
        }
    }

    func remove(_ copies: [DraftCopy]) async throws {
        try await session { session, mailbox in
            // A number of another validity is somebody else's mail by now.
            let uids = copies.filter { Self.isBound($0, mailbox.uidValidity) }
                .compactMap { Self.uid($0, mailbox.uidValidity) }
            if !uids.isEmpty { try await session.remove(uids) }
        }
    }

    /// The UID of a draft; nil when it is not known, or the server has numbered anew since.
    private static func uid(_ copy: DraftCopy, _ validity: UInt32) -> UInt32? {
        let parts = copy.place?.split(separator: ".").map { UInt32($0) } ?? []
        return parts.count == 2 ? (parts[0] == validity ? parts[1] : nil) : parts.first.flatMap(\.self)
    }

    /// Whether the number that is known of it is surely one of this validity: what APPEND tells is only the number.
    private static func isBound(_ copy: DraftCopy, _ validity: UInt32) -> Bool {
        copy.place?.hasPrefix("\(validity).") ?? false
    }

    private func session<Value: Sendable>(
        _ body: @Sendable (IMAPSession, SelectedMailbox) async throws -> Value
    ) async throws -> Value {
        do {
            let session = try await drafts.agent.openIMAP(drafts.endpoint)
            let mailbox = try await session.select(try await drafts.name(session))
            let value = try await body(session, mailbox)
            await session.logout()
            return value
        } catch {
            guard error is TransportError else { throw error }
            throw DeskError(.unavailable, "drafts: \(error)", isRetryable: true)
        }
    }

    private actor Found {
        private(set) var bytes: [UInt32: [UInt8]] = [:]
        func add(_ message: FetchedMessage) { bytes[message.uid] = message.bytes }
    }
}
