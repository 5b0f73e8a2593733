import Foundation
import TestServers
import Transport

/// The servers of the end-to-end tests, and desks that use them.
struct EndToEndServers {
    let dovecot: DovecotServer
    let postfix: PostfixServer
    let rt: RTServer

    /// Dovecot and Request Tracker are shared with other suites; Postfix is theirs alone, so that its deliveries can be
    /// counted.
    static func shared() async throws -> EndToEndServers {
        EndToEndServers(
            dovecot: try await DovecotServer.shared(), postfix: try await ownPostfix.value,
            rt: try await RTServer.shared())
    }

    private static let ownPostfix = Task { try await PostfixServer.start() }

    /// A desk that reads a user's INBOX over `imaps`, submits with STARTTLS and a login, and files into `Support`, or as
    /// another section says.
    func desk(user: String, tickets: String? = nil, _ change: (String) -> String = { $0 }) async throws -> EndToEndDesk
    {
        let desk = try await EndToEndDesk("")
        try desk.scratch.write(Array("\(dovecot.password)\n".utf8), to: "imap.secret")
        try desk.scratch.write(Array("\(postfix.password)\n".utf8), to: "smtp.secret")
        try desk.scratch.write(Array("\(rt.token)\n".utf8), to: "rt.secret")
        // A key of its own: tickets of several desks lie in one queue.
        try desk.scratch.write((0..<32).map { _ in UInt8.random(in: 0...255) }, to: "state/key")
        try desk.configure(change(sections(user: user, tickets: tickets)))
        return desk
    }

    func sections(user: String, tickets: String? = nil) -> String {
        """
        channels:
          - name: support
            imap: imaps://localhost:\(dovecot.imapsPort)
            user: \(user)
            password: {file: imap.secret}
            ca_file: \(dovecot.caFile)
            folder: INBOX
            adopt_from: 2026-03-01
        carrier:
          smtp: smtp://localhost:\(postfix.submissionPort)
          user: \(postfix.user)
          password: {file: smtp.secret}
          ca_file: \(postfix.caFile)
        \(tickets ?? "tickets:\n  rt: \(rt.baseURL)\n  queue: Support\n  token: {file: rt.secret}")
        """
    }

    /// Puts mails into a new user's INBOX, one by one shortly before the demo's instant.
    func newUser(with mails: [(name: String, bytes: [UInt8])]) throws -> String {
        let user = dovecot.newUser()
        for (index, mail) in mails.enumerated() {
            try dovecot.deliver(
                mail.bytes, to: user,
                received: EndToEndDesk.now.addingTimeInterval(Double(index - mails.count)))
        }
        return user
    }

    /// A user's INBOX as the server serves it.
    func inbox(of user: String) async throws -> [UInt32: FetchedMessage] {
        let agent = TransferAgent()
        let session = try await agent.openIMAP(
            MailEndpoint(
                url: "imaps://localhost:\(dovecot.imapsPort)",
                credentials: .password(user: user, password: dovecot.password), caFile: dovecot.caFile))
        _ = try await session.select("INBOX", readOnly: true)
        let found = Found()
        try await session.fetch(session.search(.all), maximumMessageBytes: 30 << 20) { await found.add($0) }
        await session.logout()
        await agent.shutdown()
        return await found.all
    }

    private actor Found {
        private(set) var all: [UInt32: FetchedMessage] = [:]
        func add(_ message: FetchedMessage) { all[message.uid] = message }
    }
}

/// Request Tracker as its own interface shows it.
struct EndToEndTickets {
    let rt: RTServer
    private let agent = TransferAgent()

    init(_ rt: RTServer) { self.rt = rt }

    /// The numbers of the tickets with an `External ID`; those that were withdrawn do not count.
    func tickets(externalID: String) async throws -> [String] {
        let query = "'CF.{External ID}'='\(externalID)'"
            .addingPercentEncoding(withAllowedCharacters: .alphanumerics)
        return try await items("tickets?per_page=100&query=\(query ?? "")").compactMap { item in
            item["id"].map { "\($0)" }
        }
    }

    /// How many tickets there are, those that were rejected included.
    func count() async throws -> Int {
        let answer = try await object("tickets?per_page=1&query=id%3E0") as? [String: Any]
        return (answer?["total"] as? Int) ?? -1
    }

    /// The files on a ticket, by name.
    func files(on ticket: String) async throws -> [String: [[UInt8]]] {
        var files: [String: [[UInt8]]] = [:]
        var page = 1
        while true {
            let items = try await items("ticket/\(ticket)/attachments?fields=Filename&per_page=100&page=\(page)")
            for item in items {
                guard let name = item["Filename"] as? String, !name.isEmpty, let id = item["id"] else { continue }
                guard let whole = try await object("attachment/\(id)") as? [String: Any],
                    let content = whole["Content"] as? String,
                    let data = Data(base64Encoded: content, options: .ignoreUnknownCharacters)
                else { throw TestServerError("attachment \(id) has no content") }
                files[name, default: []].append([UInt8](data))
            }
            if items.count < 100 { return files }
            page += 1
        }
    }

    /// How many entries the ticket's history has.
    func historyLength(of ticket: String) async throws -> Int {
        try await items("ticket/\(ticket)/history?per_page=100").count
    }

    private func items(_ path: String) async throws -> [[String: Any]] {
        let answer = try await object(path) as? [String: Any]
        return answer?["items"] as? [[String: Any]] ?? []
    }

    private func object(_ path: String) async throws -> Any {
        var request = HTTPRequest(url: "\(rt.baseURL)/REST/2.0/\(path)")
        request.headers = [("Authorization", "token \(rt.adminToken)"), ("Accept", "application/json")]
        let response = try await agent.perform(request)
        guard response.status == 200 else { throw TestServerError("RT: \(path): HTTP \(response.status)") }
        return try JSONSerialization.jsonObject(with: Data(response.body))
    }
}
