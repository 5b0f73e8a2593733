import Transport

/// Lays a mail into an IMAP folder as a draft, so that an agent opens, edits and sends it from her own mail program.
public struct IMAPDraftsCarrier: MailCarrier {
    private let endpoint: MailEndpoint
    private let folder: String
    private let agent: TransferAgent

    /// Names the folder; nothing is connected yet.
    public init(endpoint: MailEndpoint, folder: String, agent: TransferAgent) {
        self.endpoint = endpoint
        self.folder = folder
        self.agent = agent
    }

    /// Server and folder.
    public var name: String { "imap \(endpoint.host):\(endpoint.port) \(folder)" }

    /// Appends the mail with the flag `\Draft` (RFC 3501 §2.3.2).
    public func carry(_ envelope: Envelope) async -> Carriage {
        let session: IMAPSession
        do { session = try await agent.openIMAP(endpoint) } catch { return .unreachable(reason: "\(error)") }
        do {
            let uid = try await session.append(to: folder, bytes: envelope.bytes, flags: ["\\Draft"], date: nil)
            await session.logout()
            return .accepted(remote: uid.map(String.init))
        } catch {
            // A draft may be looked for by Message-ID, so a broken APPEND is uncertain and not simply repeated.
            return error.step == "APPEND" && error.isRetryable
                ? .uncertain(reason: "\(error)")
                : error.isRetryable ? .deferred(reason: "\(error)") : .refused(reason: "\(error)")
        }
    }

    /// Searches the folder for the Message-ID.
    public func presence(of messageID: String) async -> Presence {
        do {
            let session = try await agent.openIMAP(endpoint)
            _ = try await session.select(folder, readOnly: true)
            let found = try await session.search(.header("Message-ID", messageID))
            await session.logout()
            return found.isEmpty ? .absent : .present
        } catch {
            return .unknown
        }
    }

    /// Each call has a connection of its own.
    public func close() async {}
}
