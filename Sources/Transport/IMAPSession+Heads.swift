/// A message of which only some header fields were asked for.
public struct FetchedHead: Sendable, Hashable {
    /// Its UID in the selected mailbox.
    public var uid: UInt32
    /// `\Draft`, `\Deleted`, keywords; as they were when it was fetched.
    public var flags: [String]
    /// The fields, as they stand in the message, and an empty line.
    public var header: [UInt8]
}

extension IMAPSession {
    /// More messages than this are not looked at.
    private static let maximumHeads = 20_000

    /// Some header fields of every message of the selected mailbox with this UID or a higher one, in the server's order and with
    /// one round trip. `\Seen` is not set.
    /// - Parameter fields: names of fields, such as `Message-ID`.
    public func heads(from uid: UInt32, fields: [String]) async throws(TransportError) -> [FetchedHead] {
        let step = "UID FETCH"
        guard fields.allSatisfy({ $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"()[]{}\"\\*%:".utf8.contains($0) } })
        else { throw dialog.error(.invalidArgument, "the name of a field is none", step) }
        let command = self.command(
            "UID FETCH \(max(1, uid)):* (UID FLAGS BODY.PEEK[HEADER.FIELDS (\(fields.joined(separator: " ")))])")
        return try await dialog.exclusively(step) { () async throws(TransportError) in
            var heads: [FetchedHead] = []
            try await self.dialog.run(command, step) { response in
                // QUIRK: RFC 3501 section 6.4.8: `n:*` holds the last message also when its UID is below n.
                guard heads.count < Self.maximumHeads, let items = FetchItems(response), let found = items.uid,
                    found >= uid, let header = items.header
                else { return }
                heads.append(FetchedHead(uid: found, flags: items.flags, header: header))
            }
            return heads
        }
    }

    /// Removes messages of the selected mailbox for good: `\Deleted`, then `UID EXPUNGE` (RFC 4315). A server without that keeps
    /// them, marked as deleted: a plain `EXPUNGE` would also remove what somebody else has marked.
    public func remove(_ uids: [UInt32]) async throws(TransportError) {
        try await store(uids, .add, flags: ["\\Deleted"])
        guard capabilities.contains("UIDPLUS") else { return }
        try await dialog.exclusively("UID EXPUNGE") { () async throws(TransportError) in
            for set in UIDSet.texts(uids) { try await dialog.run(self.command("UID EXPUNGE \(set)"), "UID EXPUNGE") }
        }
    }
}
