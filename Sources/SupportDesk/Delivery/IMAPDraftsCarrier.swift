import Transport

/// Lays a mail into an IMAP folder as a draft, so that an agent opens, edits and sends it from her own mail program.
public struct IMAPDraftsCarrier: MailCarrier {
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
}
