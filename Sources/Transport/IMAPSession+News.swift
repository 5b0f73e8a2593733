/// The header of a message in a mailbox.
public struct FetchedHeader: Sendable, Hashable {
    /// Its UID.
    public var uid: UInt32
    /// The header as it is, or the first 32 KiB of it.
    public var bytes: [UInt8]
}

/// What one question tells about the selected mailbox.
public struct MailboxNews: Sendable, Hashable {
    /// The headers of the messages from a UID on; the newest one also when its UID is lower.
    public var headers: [FetchedHeader] = []
    /// The flags now of the messages that were asked for, by UID; those that are gone are missing.
    public var flags: [UInt32: [String]] = [:]
    /// The UIDs of the messages that were searched for.
    public var found: [UInt32] = []
}

extension IMAPSession {
    /// More of a header is not fetched.
    private static let headerBytes = 32 << 10
    private static let headerItems = "UID BODY.PEEK[HEADER]<0.\(headerBytes)>"

    /// What came into the selected mailbox from a UID on, how some of its messages are flagged now, and which match: all in
    /// one round trip, and none of it older than the call.
    public func news(
        from uid: UInt32, flagsOf uids: [UInt32] = [], searching criteria: SearchCriteria? = nil
    ) async throws(TransportError) -> MailboxNews {
        let step = "UID FETCH"
        // NOOP: the server looks for itself before it answers the rest (RFC 3501 section 6.1.2).
        var commands = [command("NOOP"), command("UID FETCH \(max(1, uid)):* (\(Self.headerItems))")]
        commands += UIDSet.texts(uids).map { command("UID FETCH \($0) (UID FLAGS)") }
        if let criteria {
            var search = command("UID SEARCH")
            if capabilities.contains("ESEARCH") { search.append(" RETURN (ALL)") }
            guard criteria.write(to: &search) else {
                throw dialog.error(.invalidArgument, "a search key holds a control character", step)
            }
            commands.append(search)
        }
        return try await dialog.exclusively(step) { [commands] () async throws(TransportError) in
            var news = MailboxNews()
            try await dialog.run(commands, step) { (response) throws(TransportError) in
                if let items = FetchItems(response) {
                    guard let uid = items.uid else { return }
                    if let header = items.header {
                        news.headers.append(FetchedHeader(uid: uid, bytes: header))
                    } else {
                        news.flags[uid] = items.flags
                    }
                    return
                }
                guard let found = SearchCriteria.uids(in: response) else {
                    throw dialog.error(.protocolViolation, "the search result is malformed", step)
                }
                news.found += found
            }
            return news
        }
    }

    /// The headers of messages of the selected mailbox; UIDs that are gone are passed over.
    public func headers(of uids: [UInt32]) async throws(TransportError) -> [FetchedHeader] {
        let step = "UID FETCH"
        let commands = UIDSet.texts(uids).map { command("UID FETCH \($0) (\(Self.headerItems))") }
        return try await dialog.exclusively(step) { () async throws(TransportError) in
            var headers: [FetchedHeader] = []
            try await dialog.run(commands, step) { response in
                guard let items = FetchItems(response), let uid = items.uid, let header = items.header else { return }
                headers.append(FetchedHeader(uid: uid, bytes: header))
            }
            return headers
        }
    }
}
