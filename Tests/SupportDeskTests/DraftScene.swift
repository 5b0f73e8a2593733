import Foundation
import Mail
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// Where a test's drafts lie.
enum DraftFolderKind: String, CaseIterable, Sendable {
    case maildir, dovecot
}

/// A drafts folder as an agent's mail program sees it: a maildir, or one of a real IMAP server.
final class DraftFolder: Sendable {
    let outlet: DeskConfiguration.Outlet
    private let maildir: Maildir?
    private let endpoint: MailEndpoint?

    init(_ kind: DraftFolderKind, in scratch: ScratchFolder) async throws {
        switch kind {
        case .maildir:
            let folder = Maildir(path: "\(scratch.path)/drafts")
            try folder.create()
            (maildir, endpoint, outlet) = (folder, nil, .maildir(folder.path))
        case .dovecot:
            let server = try await DovecotServer.shared()
            let place = try MailEndpoint(
                url: "imaps://localhost:\(server.imapsPort)",
                credentials: .password(user: server.newUser(), password: server.password), caFile: server.caFile)
            (maildir, endpoint, outlet) = (nil, place, .imap(place, folder: nil))
        }
    }

    /// What lies there.
    func drafts() async throws -> [(bytes: [UInt8], isDraft: Bool)] {
        if let maildir {
            return try maildir.entries().map { (try maildir.read($0), $0.flags.contains("D")) }
        }
        return try await session { session in
            let found = Found()
            try await session.fetch(session.search(.all), maximumMessageBytes: 1 << 20) { await found.add($0) }
            return await found.all.map { ($0.bytes, $0.flags.contains("\\Draft")) }
        }
    }

    func messages() async throws -> [Message] { try await drafts().map { try Message(parsing: $0.bytes) } }

    /// Puts a draft there, as a mail program does.
    func put(_ bytes: [UInt8]) async throws {
        if let maildir {
            try maildir.deliver(bytes, to: .cur, flags: ["D", "S"])
        } else {
            try await session { session in
                _ = try await session.append(to: "Drafts", bytes: bytes, flags: ["\\Draft", "\\Seen"])
            }
        }
    }

    func clear() async throws {
        if let maildir {
            for entry in try maildir.entries() { try maildir.remove(entry) }
        } else {
            try await session { session in
                let uids = try await session.search(.all)
                if !uids.isEmpty { try await session.remove(uids) }
            }
        }
    }

    /// An agent opens the one draft, changes its text and saves it: another message takes its place.
    @discardableResult
    func edit(messageID: String? = nil, _ change: (String) -> String) async throws -> [UInt8] {
        let old = try #require(try await messages().first)
        let edited = try Self.mail(from: old, messageID: messageID ?? old.messageID ?? "", text: change(old.text))
        try await clear()
        try await put(edited)
        return edited
    }

    /// The same mail with another text, as another program writes it.
    static func mail(from old: Message, messageID: String, text: String) throws -> [UInt8] {
        try OutgoingMail(
            from: try #require(old.from.first), to: old.to, subject: old.subject, messageID: messageID,
            inReplyTo: old.inReplyTo.first, references: old.references, date: ScratchShop.start, text: text,
            headers: [.init("User-Agent", "Mail of somebody")]
        ).bytes()
    }

    private func session<Value: Sendable>(
        _ body: @Sendable (IMAPSession) async throws -> Value
    ) async throws -> Value {
        let agent = TransferAgent()
        let session = try await agent.openIMAP(try #require(endpoint))
        _ = try await session.select("Drafts")
        let value = try await body(session)
        await session.logout()
        await agent.shutdown()
        return value
    }

    private actor Found {
        private(set) var all: [FetchedMessage] = []
        func add(_ message: FetchedMessage) { all.append(message) }
    }
}

/// A source that tells of a person when the test says so.
struct PeopleChannel: Channel {
    let inner: MaildirChannel
    let people: People

    actor People {
        private(set) var asked: [Inquiry] = []
        private var answer: [UInt8]?
        private var isThere = false

        func answers(_ bytes: [UInt8]) { (answer, isThere) = (bytes, true) }
        func seen(_ inquiry: Inquiry) -> PersonSeen? {
            asked.append(inquiry)
            return isThere ? PersonSeen(reason: "an answer lies in the Sent folder", answer: answer) : nil
        }
    }

    var name: String { inner.name }
    func discover(after cursor: String?, adoptedAt: Date, ledger: Ledger) async throws -> Discovery {
        try await inner.discover(after: cursor, adoptedAt: adoptedAt, ledger: ledger)
    }
    func fetch(
        _ sources: [String], maximumBytes: Int, _ each: @escaping @Sendable (Fetched) async throws -> Void
    ) async throws {
        try await inner.fetch(sources, maximumBytes: maximumBytes, each)
    }
    func mark(_ items: [MarkItem]) async throws { try await inner.mark(items) }
    func waitForNews(upTo limit: Duration) async throws { try await inner.waitForNews(upTo: limit) }
    func person(in inquiry: Inquiry) async throws -> PersonSeen? { await people.seen(inquiry) }
    func close() async { await inner.close() }
}

/// A shop whose answers about orders wait for a person.
struct DraftScene {
    let shop: ScratchShop
    let folder: DraftFolder?
    let people = PeopleChannel.People()

    init(_ kind: DraftFolderKind?, _ change: (inout DeskConfiguration) -> Void = { _ in }) async throws {
        let scratch = try ScratchFolder()
        var folder: DraftFolder?
        if let kind { folder = try await DraftFolder(kind, in: scratch) }
        self.folder = folder
        let outlet = folder?.outlet
        shop = try await ScratchShop {
            $0.policy.modes["track_order"] = .draft
            $0.drafts = outlet
            change(&$0)
        }
        self.scratch = scratch
    }

    private let scratch: ScratchFolder

    func box() throws -> DraftFolder { try #require(folder) }

    func desk() async throws -> Desk {
        let channel = PeopleChannel(
            inner: MaildirChannel(name: "support", path: shop.maildir.path), people: people)
        return try await shop.desk {
            $0.channels = [ChannelSetting(channel: channel, adoptFrom: ScratchShop.start.addingTimeInterval(-86_400))]
        }
    }

    @discardableResult
    func run() async throws -> TestRun { try await shop.run(desk()) }

    /// A customer's question, and the draft that answers it.
    @discardableResult
    func ask(_ mail: TestMail = .whereIsIt(), expecting outcome: String = "drafted mode-draft") async throws -> Int64 {
        try shop.receive(mail)
        let run = try await run()
        #expect(run.outcome == outcome)
        return try #require(run.handled.last).id
    }

    /// Approves as the command does.
    func approve(_ id: Int64, edited: String? = nil) async throws -> Desk.Approval {
        let desk = try await desk()
        let row = try await desk.approve(id, edited: edited)
        return try await desk.send(row, of: id)
    }

    func draft(_ id: Int64) async throws -> DraftRow { try #require(try await shop.ledger().draft(id)) }

    func state(_ id: Int64) async throws -> String {
        let draft = try await draft(id)
        return draft.reason.map { "\(draft.state.rawValue) \($0)" } ?? draft.state.rawValue
    }

    /// `status rule` of a message.
    func message(_ id: Int64) async throws -> String {
        let row = try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT status, rule FROM message WHERE id = $1", [.integer(id)]).first
        }
        return "\(row?.text("status") ?? "") \(row?.text("rule") ?? "")"
    }

    func end(_ id: Int64) async throws -> DraftEnd? { try await shop.ledger().end(ofDraft: id) }
}

extension Desk.Approval {
    var isSent: Bool {
        if case .sent = self { return true }
        return false
    }
}
