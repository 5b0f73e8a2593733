import Transport

/// A folder of an IMAP account that mail is laid into: Drafts, or Sent.
struct IMAPFolder: Sendable {
    let endpoint: MailEndpoint
    /// Its name; nil is the one that the server marks for this use (RFC 6154).
    let folder: String?
    let use: SpecialUse
    let agent: TransferAgent

    /// How far laying a mail into the folder came.
    enum Outcome: Sendable {
        case stored(uid: UInt32?)
        /// The APPEND was never begun, so nothing was taken.
        case unreachable(String)
        /// The server said no; whether it may say yes later.
        case refused(String, isForNow: Bool)
        /// The connection broke during the APPEND.
        case uncertain(String)
    }

    /// Appends a mail over a connection of its own.
    func append(_ bytes: [UInt8], flags: [String]) async -> Outcome {
        let session: IMAPSession
        let name: String
        do {
            session = try await agent.openIMAP(endpoint)
            name = try await self.name(session)
        } catch {
            return .unreachable("\(error)")
        }
        do {
            let uid = try await session.append(to: name, bytes: bytes, flags: flags, date: nil)
            await session.logout()
            return .stored(uid: uid)
        } catch {
            if error.code == .refused || error.code == .unsupported || error.code == .invalidArgument {
                return .refused("\(error)", isForNow: error.isRetryable)
            }
            return .uncertain("\(error)")
        }
    }

    /// Searches the folder for a Message-ID.
    func presence(of messageID: String) async -> Presence {
        do {
            let session = try await agent.openIMAP(endpoint)
            _ = try await session.select(try await name(session), readOnly: true)
            let found = try await session.search(.header("Message-ID", messageID))
            await session.logout()
            return found.isEmpty ? .absent : .present
        } catch {
            return .unreachable(reason: "\(error)")
        }
    }

    /// Its name on this server.
    func name(_ session: IMAPSession) async throws(TransportError) -> String {
        if let folder { return folder }
        return try await session.specialUse(use) ?? (use == .sent ? "Sent" : "Drafts")
    }
}
