import Mail

/// A mail that one of the shop's people wrote, as far as its header tells.
struct PersonMail: Sendable {
    /// Where such a mail was found.
    enum Place: Sendable, Hashable {
        /// Among what was sent: only people with the account's password lay mail there.
        case sent
        /// Where everybody's mail comes in.
        case incoming
    }

    /// The source's name for it.
    let source: String
    let place: Place
    let messageID: String?
    /// What it answers and belongs to.
    let references: Set<String>
    /// The token of the desk's stamp that it carries.
    let stamp: String?
    /// Whether it goes to a customer, and its author is who it says; else it only shows that somebody has the matter.
    let isAnswer: Bool

    /// Reads a header; nil for what no person of the shop wrote.
    init?(header: [UInt8], source: String, place: Place, shop: Shop) {
        guard let message = try? Message(parsing: header) else { return nil }
        let stamp = message.header(ReplyToken.stampField)
        // A header alone is an empty mail.
        let isAutomatic = message.automaticFindings.contains { $0.class != .empty }
        // A draft of the desk that a person has sent still bears the desk's marks.
        guard stamp != nil || !isAutomatic else { return nil }
        switch place {
        case .sent: isAnswer = true
        case .incoming:
            guard let colleague = shop.colleague(in: message) else { return nil }
            isAnswer = colleague.isProved && colleague.writesToCustomer
        }
        self.source = source
        self.place = place
        self.stamp = stamp
        messageID = message.messageID
        references = Set(message.inReplyTo + message.references)
        if references.isEmpty, messageID == nil { return nil }
    }

    /// Whether the desk wrote it: its copies of what it has sent lie among the others.
    func isOwn(_ own: Set<String>) -> Bool {
        if let messageID, own.contains(messageID) { return true }
        // QUIRK: some servers give a mail another Message-ID than it had.
        return stamp.map { stamp in own.contains { $0.contains(stamp.lowercased()) } } ?? false
    }
}

/// What people wrote, found by the Message-IDs that it answers.
struct PeopleMail: Sendable {
    private var mails: [PersonMail] = []
    private var byIdentifier: [String: [Int]] = [:]

    mutating func insert(_ mail: PersonMail) {
        let index = mails.count
        mails.append(mail)
        for identifier in mail.references.union([mail.messageID].compactMap(\.self)) {
            byIdentifier[identifier, default: []].append(index)
        }
    }

    /// The mail that answers the message, else any of its conversation; nil when no person wrote in it.
    func mail(about inquiry: Inquiry) -> (mail: PersonMail, isAnswer: Bool)? {
        var other: PersonMail?
        for identifier in inquiry.messageIDs.reversed() + [inquiry.messageID].compactMap(\.self) {
            for index in byIdentifier[identifier] ?? [] where !mails[index].isOwn(inquiry.own) {
                let mail = mails[index]
                // The message itself, in a folder that has both.
                if mail.messageID == inquiry.messageID, mail.messageID != nil { continue }
                if mail.isAnswer, let own = inquiry.messageID, mail.references.contains(own) { return (mail, true) }
                other = mail
            }
        }
        return other.map { ($0, false) }
    }
}

/// One of the shop's own people as the author of a mail.
struct Colleague: Sendable, Hashable {
    /// Our receiving server vouches for her.
    let isProved: Bool
    /// Somebody besides the shop and its people is among the recipients.
    let writesToCustomer: Bool
}

extension Shop {
    /// The one of the shop's own people who wrote a mail; nil for anybody else, for its forms and groups, and for who only
    /// claims to be one.
    func colleague(in message: Message) -> Colleague? {
        guard message.from.count == 1, let author = message.from.first?.address else { return nil }
        let isOwn = owns(author)
        guard isOwn || colleagues.holds(author), !isContactForm(message), !(isOwn && isFromAcceptedList(message)) else {
            return nil
        }
        let verdict = message.authentication(trusting: authservID, ownHops: authservHops).verdict
        if verdict == .fail { return nil }
        return Colleague(
            isProved: verdict == .pass,
            writesToCustomer: (message.to + message.cc).contains { !owns($0.address) && !colleagues.holds($0.address) })
    }
}

/// Where people's answers lie besides the channel itself.
public struct PeopleFolders: Sendable, Hashable {
    /// The folder of what was sent: a name on the IMAP account, or the path of a maildir. Nil: what the IMAP server marks as
    /// such (RFC 6154); none beside a maildir.
    public var sent: String?
    /// Further folders of the account, or maildirs, in which colleagues' answers may lie.
    public var others: [String] = []

    /// What the server marks as such.
    public init() {}
}
