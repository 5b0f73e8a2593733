import Foundation

/// A logged-in IMAP connection (RFC 3501). Calls from several tasks are carried out one after the other.
///
/// A refusal by the server (``TransportError/Code/refused``) leaves the session usable. After any other error, and after the
/// cancellation of a call under way, the connection is closed and every later call throws ``TransportError/Code/closed``. Letting
/// go of the session closes it, without `LOGOUT`.
public final class IMAPSession: Sendable {
    /// What the server said it can do after login, in upper case: `MOVE`, `UIDPLUS`, `LITERAL+`.
    public let capabilities: Set<String>
    let dialog: IMAPDialog

    init(dialog: IMAPDialog, capabilities: Set<String>) {
        self.dialog = dialog
        self.capabilities = capabilities
    }

    /// Opens a mailbox (`SELECT`, or `EXAMINE` for reading only) for the calls that take UIDs.
    public func select(
        _ mailbox: String, readOnly: Bool = false
    ) async throws(TransportError) -> SelectedMailbox {
        let step = readOnly ? "EXAMINE" : "SELECT"
        var command = try self.command(step, mailbox: mailbox)
        // RFC 7162 section 3.1: else the server need not say the highest modification sequence.
        if capabilities.contains("CONDSTORE") { command.append(" (CONDSTORE)") }
        return try await dialog.exclusively(step) { [command] () async throws(TransportError) in
            var found = SelectedMailbox.Collected()
            let end = try await dialog.run(command, step) { found.take($0) }
            dialog.hasNews = false
            guard let selected = found.mailbox(end) else {
                throw TransportError(
                    .unsupported, "the mailbox has no UIDVALIDITY", host: dialog.connection.label, step: step)
            }
            return selected
        }
    }

    /// The UIDs of the messages in the selected mailbox that match, ascending.
    public func search(_ criteria: SearchCriteria) async throws(TransportError) -> [UInt32] {
        let step = "UID SEARCH"
        var command = self.command(step)
        // RFC 4731: one short set instead of a line with every number.
        if capabilities.contains("ESEARCH") { command.append(" RETURN (ALL)") }
        if criteria.needsCharset { command.append(" CHARSET UTF-8") }
        guard criteria.write(to: &command) else {
            throw dialog.error(.invalidArgument, "a search key holds a control character", step)
        }
        let uids = try await dialog.exclusively(step) { [command] () async throws(TransportError) in
            var found: [UInt32] = []
            // What comes from here on may have come too late for the result.
            dialog.hasNews = false
            try await dialog.run(command, step) { (response) throws(TransportError) in
                let limit = SearchCriteria.maximumResults - found.count
                guard let uids = SearchCriteria.uids(in: response, limit: limit) else {
                    throw dialog.error(.protocolViolation, "the search result is malformed", step)
                }
                found.append(contentsOf: uids)
            }
            return found
        }
        let lowest = criteria.lowestUID
        return uids.filter { $0 >= lowest }.sorted()
    }

    /// Changes flags of messages in the selected mailbox (`UID STORE`). UIDs that are gone are passed over by the server.
    public func store(
        _ uids: [UInt32], _ change: FlagChange, flags: [String]
    ) async throws(TransportError) {
        let step = "UID STORE"
        guard flags.allSatisfy(IMAPQuoting.isFlag) else {
            throw dialog.error(.invalidArgument, "a flag is not an atom", step)
        }
        let list = "(\(flags.joined(separator: " ")))"
        try await dialog.exclusively(step) { () async throws(TransportError) in
            for set in UIDSet.texts(uids) {
                try await dialog.run(self.command("\(step) \(set) \(change.rawValue).SILENT \(list)"), step)
            }
        }
    }

    /// Moves messages of the selected mailbox to another one: `UID MOVE` (RFC 6851), else copy, mark as deleted and
    /// `UID EXPUNGE` (RFC 4315). A server with neither keeps them in the old mailbox, marked as deleted.
    public func move(_ uids: [UInt32], to mailbox: String) async throws(TransportError) {
        let name = try quoted(mailbox, step: "UID MOVE")
        try await dialog.exclusively("UID MOVE") { () async throws(TransportError) in
            for set in UIDSet.texts(uids) {
                if capabilities.contains("MOVE") {
                    try await dialog.run(self.command("UID MOVE \(set) \(name)"), "UID MOVE")
                    continue
                }
                try await dialog.run(self.command("UID COPY \(set) \(name)"), "UID COPY")
                try await dialog.run(self.command("UID STORE \(set) +FLAGS.SILENT (\\Deleted)"), "UID STORE")
                // A plain EXPUNGE would also remove what somebody else has marked.
                if capabilities.contains("UIDPLUS") {
                    try await dialog.run(self.command("UID EXPUNGE \(set)"), "UID EXPUNGE")
                }
            }
        }
    }

    /// Puts a message into a mailbox. Returns its UID there if the server tells (RFC 4315).
    ///
    /// - Parameter date: the internal date; `nil` lets the server take the present.
    public func append(
        to mailbox: String, bytes: [UInt8], flags: [String] = [], date: Date? = nil
    ) async throws(TransportError) -> UInt32? {
        let step = "APPEND"
        var command = try self.command(step, mailbox: mailbox)
        guard flags.allSatisfy(IMAPQuoting.isFlag) else {
            throw dialog.error(.invalidArgument, "a flag is not an atom", step)
        }
        if !flags.isEmpty { command.append(" (\(flags.joined(separator: " ")))") }
        if let date { command.append(" \"\(IMAPDate.dateTime(date))\"") }
        command.append(" ")
        command.append(literal: bytes)
        return try await dialog.exclusively(step) { [command] () async throws(TransportError) in
            let end = try await dialog.run(command, step)
            guard end.code == "APPENDUID", end.arguments.count == 2 else { return nil }
            return UInt32(end.arguments[1])
        }
    }

    /// Makes a mailbox. One that exists already is refused, often with `ALREADYEXISTS` as the response code.
    public func create(_ mailbox: String) async throws(TransportError) {
        let command = try self.command("CREATE", mailbox: mailbox)
        try await dialog.exclusively("CREATE") { () async throws(TransportError) in
            _ = try await dialog.run(command, "CREATE")
        }
    }

    /// All mailboxes of the account, with their special uses (RFC 6154) if the server tells them.
    public func list() async throws(TransportError) -> [ListedMailbox] {
        // Without this a server may keep the special uses to itself. Gmail, Outlook and others tell them anyway.
        let isExtended = capabilities.isSuperset(of: ["SPECIAL-USE", "LIST-EXTENDED"])
        let command = self.command("LIST \"\" \"*\"\(isExtended ? " RETURN (SPECIAL-USE)" : "")")
        return try await dialog.exclusively("LIST") { () async throws(TransportError) in
            var found: [ListedMailbox] = []
            try await dialog.run(command, "LIST") { response in
                if let mailbox = ListedMailbox(response) { found.append(mailbox) }
            }
            return found
        }
    }

    /// How a mailbox stands, without opening it. Meant for mailboxes other than the selected one (RFC 3501 section 6.3.10).
    public func status(of mailbox: String) async throws(TransportError) -> MailboxStatus {
        let step = "STATUS"
        let items = "MESSAGES UIDNEXT UIDVALIDITY\(capabilities.contains("CONDSTORE") ? " HIGHESTMODSEQ" : "")"
        var command = try self.command(step, mailbox: mailbox)
        command.append(" (\(items))")
        return try await dialog.exclusively(step) { [command] () async throws(TransportError) in
            var found: MailboxStatus?
            try await dialog.run(command, step) { response in found = MailboxStatus(response) ?? found }
            guard let found else { throw dialog.error(.protocolViolation, "the server did not tell the status", step) }
            return found
        }
    }

    /// Asks the server whether it is still there.
    public func noop() async throws(TransportError) {
        try await dialog.exclusively("NOOP") { () async throws(TransportError) in
            _ = try await dialog.run(self.command("NOOP"), "NOOP")
        }
    }

    /// Says goodbye and closes the connection. A server that does not answer changes nothing.
    public func logout() async {
        _ = try? await dialog.exclusively("LOGOUT") { () async throws(TransportError) in
            // BYE, which is an error anywhere else, is the answer here.
            try await dialog.run(self.command("LOGOUT"), "LOGOUT")
        }
        dialog.connection.close(dialog.error(.closed, "logged out", "LOGOUT"))
    }

    func command(_ text: String) -> IMAPCommand { IMAPCommand(text, capabilities: capabilities) }

    private func command(_ name: String, mailbox: String) throws(TransportError) -> IMAPCommand {
        command("\(name) \(try quoted(mailbox, step: name))")
    }

    private func quoted(_ mailbox: String, step: String) throws(TransportError) -> String {
        guard !mailbox.isEmpty, mailbox.utf8.count <= 1000,
            !mailbox.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else {
            throw dialog.error(
                .invalidArgument, "the mailbox's name is empty, too long, or has a control character", step)
        }
        return IMAPQuoting.quoted(ModifiedUTF7.encode(mailbox))
    }
}

extension TransferAgent {
    /// Connects, secures the connection, logs in, and asks what the server can do.
    ///
    /// Throws ``TransportError`` of code `authentication` when the credentials were not accepted (`isRetryable` tells whether the
    /// server said that this is temporary), `tls` when the way is not secure.
    public func openIMAP(_ endpoint: MailEndpoint) async throws(TransportError) -> IMAPSession {
        guard endpoint.service == .imap else {
            throw TransportError(
                .invalidArgument, "not an IMAP endpoint", host: endpoint.label, step: "configuration")
        }
        let connection = try await openConnection(authorizing: endpoint.rawOptions())
        let dialog = IMAPDialog(connection: connection)
        // The last line that libcurl heard is the login's OK. What it heard before may be less than what holds now.
        if let told = connection.greeting.last.flatMap(Self.capabilities) {
            return IMAPSession(dialog: dialog, capabilities: told)
        }
        let capabilities = try await dialog.exclusively("CAPABILITY") { () async throws(TransportError) in
            var found: Set<String> = []
            try await dialog.run(IMAPCommand("CAPABILITY", capabilities: []), "CAPABILITY") { response in
                guard case .data(nil, "CAPABILITY", let values) = response else { return }
                found.formUnion(values.compactMap(\.name))
            }
            return found
        }
        return IMAPSession(dialog: dialog, capabilities: capabilities)
    }
    /// `A002 OK [CAPABILITY IMAP4rev1 …] Logged in`, RFC 3501 section 7.1: saves a round trip.
    private static func capabilities(_ line: String) -> Set<String>? {
        var parser = IMAPResponseParser()
        parser.feed(Array("\(line)\r\n".utf8))
        guard case .tagged(_, let condition)? = try? parser.next(), condition.status == .ok,
            condition.code == "CAPABILITY"
        else { return nil }
        return Set(condition.arguments.map { $0.uppercased() })
    }
}
