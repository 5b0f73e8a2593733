import Foundation
import Transport

/// Keeps in mind what people wrote into one IMAP folder, over a connection of its own, because the channel's may be idling.
///
/// The first look reads the headers of what is as old as the question; each further one asks for what is new, in one round
/// trip. Only headers are read.
actor IMAPFolderWatch {
    /// What a look saw.
    struct Sight: Sendable {
        var mail = PeopleMail()
        /// The flags of those that were asked for, by the channel's names.
        var flags: [String: [String]] = [:]
    }

    /// Which folder it is.
    enum Folder: Sendable, Hashable {
        case named(String)
        /// The one that the server marks for what was sent; there may be none.
        case sent
    }

    private let endpoint: MailEndpoint
    private let folder: Folder
    private let place: PersonMail.Place
    private let shop: Shop
    private let agent: TransferAgent
    private var session: IMAPSession?
    private var isOpen = false
    private var uidValidity: UInt32 = 0
    /// The first UID that no look has seen.
    private var next: UInt32 = 1
    /// From when on all is known.
    private var horizon: Date?
    private var known: Set<UInt32> = []
    /// Message-IDs whose mail was searched for in the whole folder.
    private var searched: Set<String> = []
    private var sight = Sight()

    /// An answer may seem older than what it answers: clocks differ, and a search knows days only.
    private static let slack: TimeInterval = 86_400
    /// At most this many headers are read at the beginning, the newest.
    private static let firstLook = 5_000
    /// The Message-IDs of one conversation that are searched for: the newest.
    private static let maximumSearched = 10

    init(_ folder: Folder, place: PersonMail.Place, endpoint: MailEndpoint, shop: Shop, agent: TransferAgent) {
        (self.folder, self.place, self.endpoint, self.shop, self.agent) = (folder, place, endpoint, shop, agent)
    }

    /// Looks once for all who ask.
    func look(_ inquiries: [Inquiry]) async throws -> Sight {
        let isKept = session != nil
        do {
            return try await read(inquiries)
        } catch {
            await close()
            // Servers hang up on who has said nothing for a while.
            guard isKept, (error as? TransportError)?.code == .closed else { throw error }
            return try await read(inquiries)
        }
    }

    func close() async {
        await session?.logout()
        session = nil
        isOpen = false
    }

    /// A mail as it lies there.
    func bytes(of mail: PersonMail, limit: Int) async throws -> [UInt8]? {
        guard let session, let uid = UInt32(mail.source) else { return nil }
        let text = FetchedText()
        try await session.fetch([uid], maximumMessageBytes: limit) { await text.set($0.bytes) }
        return await text.bytes
    }

    private func read(_ inquiries: [Inquiry]) async throws -> Sight {
        guard let session = try await opened() else { return Sight() }
        let start = (inquiries.map(\.arrival).min() ?? Date()).addingTimeInterval(-Self.slack)
        if horizon.map({ start < $0 }) ?? true {
            // Of what comes in, only what colleagues wrote.
            let criteria = place == .sent ? SearchCriteria.since(start) : .and([.since(start), fromColleagues])
            let uids = try await session.search(criteria).filter { !known.contains($0) }
            take(try await session.headers(of: Array(uids.suffix(Self.firstLook))))
            horizon = start
        }
        let uids = inquiries.compactMap { inquiry in uid(of: inquiry.source).map { (source: inquiry.source, uid: $0) } }
        let identifiers = place == .sent ? older(inquiries) : []
        let news = try await session.news(
            from: next, flagsOf: uids.map(\.uid),
            searching: identifiers.isEmpty ? nil : .or(identifiers.flatMap(Self.mentions)))
        take(news.headers)
        if let last = news.headers.map(\.uid).max() { next = max(next, last &+ 1) }
        let found = news.found.filter { !known.contains($0) }
        if !found.isEmpty { take(try await session.headers(of: found)) }
        searched.formUnion(identifiers)
        // Yesterday's flags are nobody's business.
        if sight.flags.count > 10_000 { sight.flags = [:] }
        for (source, uid) in uids { sight.flags[source] = news.flags[uid] }
        return sight
    }

    /// What a conversation refers to besides the message itself may be older than all that is known.
    private func older(_ inquiries: [Inquiry]) -> [String] {
        let wanted = inquiries.flatMap { inquiry in
            inquiry.messageIDs.filter { $0 != inquiry.messageID && !inquiry.own.contains($0) && !searched.contains($0) }
                .suffix(Self.maximumSearched)
        }
        return Set(wanted).filter { $0.utf8.count <= 250 && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }.sorted()
    }

    private static func mentions(_ identifier: String) -> [SearchCriteria] {
        ["Message-ID", "In-Reply-To", "References"].map { .header($0, identifier) }
    }

    private var fromColleagues: SearchCriteria {
        .or((Array(shop.ownAddresses) + shop.colleagues).sorted().map { .header("From", $0) })
    }

    private func take(_ headers: [FetchedHeader]) {
        for header in headers where known.insert(header.uid).inserted {
            let mail = PersonMail(header: header.bytes, source: "\(header.uid)", place: place, shop: shop)
            if let mail { sight.mail.insert(mail) }
        }
    }

    /// The channel's name of a message is `UIDVALIDITY.UID`.
    private func uid(of source: String) -> UInt32? {
        let parts = source.split(separator: ".")
        return parts.count == 2 && UInt32(parts[0]) == uidValidity ? UInt32(parts[1]) : nil
    }

    private func connected() async throws -> IMAPSession {
        if let session { return session }
        let opened = try await agent.openIMAP(endpoint)
        session = opened
        return opened
    }

    /// The folder, opened for reading only; nil when the server has none of that kind.
    private func opened() async throws -> IMAPSession? {
        if isOpen, let session { return session }
        let session = try await connected()
        let name: String?
        switch folder {
        case .named(let given): name = given
        case .sent: name = try await session.specialUse(.sent)
        }
        // A mail program makes it with the first mail that is sent.
        guard let name else { return nil }
        let mailbox = try await session.select(name, readOnly: true)
        isOpen = true
        if mailbox.uidValidity != uidValidity {
            uidValidity = mailbox.uidValidity
            (next, horizon, known, searched, sight) = (1, nil, [], [], Sight())
        }
        // Once something is known, what came while the connection was away is new.
        if horizon == nil {
            if let uidNext = mailbox.uidNext {
                next = uidNext
            } else {
                next = (try await session.search(.all).last ?? 0) &+ 1
            }
        }
        return session
    }

    private actor FetchedText {
        private(set) var bytes: [UInt8]?
        func set(_ bytes: [UInt8]) { self.bytes = bytes }
    }
}
