import Foundation

/// A message that a channel has and the ledger may not.
public struct SourceItem: Sendable {
    /// The channel's own name for it, stable as long as the source keeps it.
    public let source: String
    /// When it arrived at the source.
    public let arrival: Date

    /// Creates an item.
    public init(source: String, arrival: Date) {
        self.source = source
        self.arrival = arrival
    }
}

/// What a look at a channel found.
public struct Discovery: Sendable {
    /// New messages, oldest first.
    public let items: [SourceItem]
    /// The bookmark to keep, committed together with the items; nil to keep the old one.
    public let cursor: String?
    /// What else the channel wants to find again at its next look, committed with them; nil to keep the old one.
    public let memory: [UInt8]?
    /// Whether another look will find more at once.
    public let hasMore: Bool

    /// Creates a discovery.
    public init(items: [SourceItem], cursor: String?, memory: [UInt8]? = nil, hasMore: Bool = false) {
        self.items = items
        self.cursor = cursor
        self.memory = memory
        self.hasMore = hasMore
    }
}

/// What fetching one message gave.
public enum Fetched: Sendable {
    /// Its bytes, or the first of them when the message is over the limit (`fullSize` says how large it is).
    case message(source: String, bytes: [UInt8], fullSize: Int)
    /// The same, made of an entry of a ticket.
    case entry(source: String, bytes: [UInt8], fullSize: Int, of: TicketOrigin)
    /// It is no longer there: another program took it.
    case vanished(source: String)
    /// It is there and cannot be read; the reason holds no message text. Whether the operator may mend it: then it is
    /// tried again for a while.
    case unreadable(source: String, reason: String, mayBeMended: Bool)

    /// The channel's name for the message.
    var source: String {
        switch self {
        case .message(let source, _, _), .entry(let source, _, _, _), .vanished(let source),
            .unreadable(let source, _, _):
            source
        }
    }

    /// What it gave, when it gave something.
    var content: (bytes: [UInt8], fullSize: Int, origin: Origin)? {
        switch self {
        case .message(_, let bytes, let fullSize): (bytes, fullSize, .mail)
        case .entry(_, let bytes, let fullSize, let entry): (bytes, fullSize, .ticket(entry))
        case .vanished, .unreadable: nil
        }
    }
}

/// Where messages come from: a maildir, an IMAP folder, a ticket queue.
///
/// A channel never forgets by itself: `mark` is called only after the outcome is committed in the ledger, and may be
/// called again for the same message.
public protocol Channel: Sendable {
    /// The name in `desk.yaml` and in the ledger.
    var name: String { get }
    /// Looks for messages that arrived at or after the adoption point and lie behind the bookmark.
    func discover(after cursor: String?, adoptedAt: Date, ledger: Ledger) async throws -> Discovery
    /// Fetches messages, each at most `maximumBytes` long; what `each` throws ends it and is thrown on.
    func fetch(
        _ sources: [String], maximumBytes: Int, _ each: @escaping @Sendable (Fetched) async throws -> Void
    ) async throws
    /// Says at the source what became of a message.
    func mark(_ items: [MarkItem]) async throws
    /// Waits until a look may find something, at most for this long; returns at once when that is not known.
    func waitForNews(upTo limit: Duration) async throws
    /// Whether a person answered or took the matter over; asked before anything is sent. Nil: nobody did, as far as the source
    /// can tell.
    func person(in inquiry: Inquiry) async throws -> PersonSeen?
    /// Ends the connection, if there is one.
    func close() async
}

extension Channel {
    /// A source that knows nothing of people.
    public func person(in inquiry: Inquiry) async throws -> PersonSeen? { nil }
}

/// What a source is asked before something is sent.
public struct Inquiry: Sendable {
    /// The channel's name of the message that is to be answered.
    public var source: String
    /// When it arrived.
    public var arrival: Date
    /// When its author says that it was written.
    public var written: Date?
    /// The Message-IDs of the conversation: the customer's and the desk's, oldest first.
    public var messageIDs: [String]
    /// Those of them that the desk wrote.
    public var own: Set<String>
    /// The message's own Message-ID, by which an answer to it is told from one to another message of the conversation.
    public var messageID: String?
    /// The desk itself has answered the message, and marks it as answered: its flags prove nothing.
    public var isMarkedByDesk = false

    /// Nothing that a person wrote in the conversation is older. Who writes for the first time was answered by nobody before she
    /// wrote, give or take the clocks; an answer in a conversation may lie a month before the customer's next word.
    var earliest: Date {
        let reach = arrival.addingTimeInterval(-30 * 86_400)
        guard let messageID, messageIDs == [messageID], let written else { return reach }
        return max(reach, min(arrival, written).addingTimeInterval(-86_400))
    }
}

/// A person who was quicker than the desk.
public struct PersonSeen: Sendable {
    /// What she did, without personal data: `an answer lies in the Sent folder`.
    public var reason: String
    /// Her answer as the source has it, when it has it; an RFC 5322 message, or the text of a ticket entry.
    public var answer: [UInt8]?
    /// Whether this answers the message itself. Else a person only has the conversation, and the message goes to her.
    public var isAnswer = true
}
