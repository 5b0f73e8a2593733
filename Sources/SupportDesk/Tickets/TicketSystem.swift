import Foundation

/// Where hard cases go: Request Tracker, Zendesk, a folder. One method a verb that every such system has in some form; what is
/// hard about them (one ticket for a conversation, nothing twice, nothing half) is done once, in `Filing`.
///
/// All methods throw `TicketError`.
public protocol TicketSystem: Sendable {
    /// For the ledger and for messages to the operator.
    var name: String { get }
    /// What it takes at most.
    var limits: TicketLimits { get }

    /// The tickets of a conversation, oldest first; deleted ones do not count.
    func tickets(of externalID: String) async throws -> [TicketRecord]
    /// One ticket as it is now; of a merged one that which it went into; nil when there is none.
    func ticket(_ id: String) async throws -> TicketRecord?
    /// Opens a ticket.
    /// - Returns: the system's number of it.
    func create(_ ticket: NewTicket) async throws -> String
    /// Adds an internal note, or a reply to the customer.
    func add(_ entry: NewEntry, to ticket: String) async throws
    /// Changes what is given, and reads it back where the system answers 200 to a refusal.
    /// - Parameter record: the ticket as the change was decided on; `TicketError.Reason.conflict` when it moved since.
    /// - Returns: what was refused, in words for the operator.
    func change(_ ticket: String, _ change: TicketChange, from record: TicketRecord?) async throws -> [String]
    /// Takes a ticket away that this desk has just made once too often.
    func withdraw(_ ticket: String) async throws
    /// A placement as it would be there: in the steps of its priorities and the spelling of its words.
    func kept(_ placement: Placement) -> Placement
    /// The names of the files on a ticket, with the keys of the entries that `add` and `create` made.
    func names(on ticket: String) async throws -> Set<String>

    /// The thread, oldest first.
    func entries(of ticket: String) async throws -> [TicketEntry]
    /// A file's bytes.
    func content(of attachment: TicketAttachment) async throws -> [UInt8]
    /// What customers wrote since a cursor; some of it may come again.
    /// - Parameters:
    ///   - queues: by their names there; none: all of them.
    ///   - cursor: as it was returned before; nil: from the start.
    ///   - start: what was written before is history.
    func customerEntries(in queues: [String], after cursor: String?, since start: Date) async throws -> CustomerEntries
    /// Looks whether there are such queues.
    /// - Throws: `TicketError` with the reason `placement` that names the one that is missing.
    func verify(_ queues: [String]) async throws
    /// Whether an entry that `add` may have written is there.
    func holds(_ entry: NewEntry, on ticket: String) async throws -> Bool
    /// Whether an agent made a ticket somebody's since an entry of it: this desk and rules are none.
    func wasTaken(_ ticket: String, since entry: TicketEntry) async throws -> Bool
    /// How many open tickets each of these people has.
    func openTickets(of owners: [String]) async throws -> [String: Int]
}

extension TicketSystem {
    /// A system of one queue.
    public func verify(_ queues: [String]) async throws {}

    /// A system that does not tell.
    public func wasTaken(_ ticket: String, since entry: TicketEntry) async throws -> Bool { false }

    /// Found by the name that `add` gave it; an answer, which may have none that its customer does not see, by its text among
    /// what this desk wrote after the entry that it answers.
    public func holds(_ entry: NewEntry, on ticket: String) async throws -> Bool {
        if try await names(on: ticket).contains(entry.key) { return true }
        guard entry.isPublic, let since = entry.answers.flatMap(Int64.init) else { return false }
        func bare(_ text: String) -> [UInt8] { text.utf8.filter { $0 > 0x20 } }
        let wanted = bare(entry.text)
        return try await entries(of: ticket).contains {
            $0.author == .machine && $0.isPublic && Int64($0.id) ?? 0 > since && bare($0.text) == wanted
        }
    }
}

/// What a system takes at most.
public struct TicketLimits: Sendable, Hashable {
    /// Bytes of one file.
    public var fileBytes: Int
    /// Bytes of all files of one request.
    public var requestBytes: Int
    /// Characters of a subject.
    public var subjectCharacters = 200
    /// UTF-8 bytes of an entry's text.
    public var textBytes = 60_000
    /// How long a request may still be at work there whose sender died, where nothing tells that it is.
    public var settling = Duration.zero
}

/// Where a ticket stands.
public enum TicketState: String, Sendable, Codable, CaseIterable {
    /// `solved` can be opened again, `closed` cannot.
    case new, open, waiting, solved, closed, deleted

    /// Whether nobody works on it any more.
    public var isDone: Bool { self == .solved || self == .closed }
}

/// A ticket as it is at the system.
public struct TicketRecord: Sendable, Hashable {
    /// The system's number.
    public var id: String
    /// The conversation's public name, when the system kept it.
    public var externalID: String?
    /// What is different after every change.
    public var version: String?
    /// Where it stands.
    public var state: TicketState
    /// Whose it is; nil: nobody's.
    public var owner: String?
    /// The customer's addresses.
    public var requestors: [String] = []
    /// Further people who get a copy of every answer.
    public var others: [String] = []
    /// What it is called.
    public var subject = ""
    /// The values that a placement is compared with.
    public var placement = Placement()
}

/// Whose queue a ticket lies in and how urgent it is. What is nil is left to the system.
public struct Placement: Sendable, Hashable, Codable {
    /// Queue or group, by its name there.
    public var queue: String?
    /// 0…100.
    public var priority: Int?
    /// Words on the ticket; added to those that are there.
    public var tags: [String] = []
    /// The agent's name or address, as the system knows her.
    public var owner: String?
    /// Further fields by name.
    public var fields: [String: String] = [:]

    /// Leaves everything to the system.
    public init() {}
}

/// What is to be changed on a ticket.
public struct TicketChange: Sendable, Hashable {
    /// Nil: stays.
    public var state: TicketState?
    /// What is nil or empty stays.
    public var placement = Placement()
    /// The customer's address, for a ticket that names nobody.
    public var requestor: String?

    /// Changes nothing.
    public init() {}
}

/// A file for a ticket.
public struct TicketFile: Sendable, Hashable {
    /// By which a repetition finds that it is there.
    public let name: String
    /// As it was received or sent, byte for byte.
    public let bytes: [UInt8]
}

/// A ticket that is to be opened. The first entry is for agents only.
public struct NewTicket: Sendable {
    /// The conversation's public name.
    public var externalID: String
    /// 1; more when tickets of the conversation were closed for good or deleted before.
    public var generation = 1
    /// The closed ticket that it continues.
    public var follows: String?
    /// The conversation's last ticket as the desk knows it, which takes nothing any more.
    public var former: String?
    /// One line.
    public var subject: String
    /// The customer's address; nil when it is not proved enough to be written to.
    public var requestor: String?
    /// Where it is put.
    public var placement: Placement
    /// The first entry.
    public var entry: NewEntry
}

/// An entry that is to be added.
public struct NewEntry: Sendable {
    /// The name of the entry on its ticket: `note-17.txt`.
    public var key: String
    /// One line, for systems whose entries have one.
    public var subject: String
    /// Plain text.
    public var text: String
    /// Whether it goes to the customer.
    public var isPublic = false
    /// Attached to it.
    public var files: [TicketFile] = []
    /// The number of the entry that it answers.
    public var answers: String?
}

/// An entry of a thread.
public struct TicketEntry: Sendable, Hashable {
    /// Who wrote it, as far as the system says.
    public enum Author: Sendable, Hashable {
        /// The ticket's own customer.
        case customer(address: String?)
        /// An agent, by the system's name of her.
        case agent(String)
        /// A rule, a robot, or this desk.
        case machine
        /// Anybody else: a third party of a side conversation, somebody on Cc.
        case other
    }

    /// The system's number.
    public let id: String
    /// Of which ticket.
    public let ticket: String
    /// Who wrote it.
    public let author: Author
    /// Whether the customer sees it.
    public let isPublic: Bool
    /// Plain text.
    public let text: String
    /// ISO 8601, as the system has it.
    public let created: String
    /// Its files.
    public let attachments: [TicketAttachment]
    /// What its author is called.
    public var authorName: String?
    /// The header of the mail that it came by, as far as the system keeps that.
    public var fields: [Field] = []
    /// Whether the system let its author in by a login of her own, and what is answered goes to nobody besides her.
    public var isProved = false

    /// A header field of a mail.
    public struct Field: Sendable, Hashable {
        /// As it stands there.
        public let name: String
        /// On one line.
        public let value: String
    }

    /// The first value of a field.
    func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Whether the ticket's customer wrote it, for the shop to read.
    var isCustomers: Bool {
        if case .customer = author { return isPublic }
        return false
    }

    /// Whether an agent wrote it, for the customer to read.
    var isAnswer: Bool {
        if case .agent = author { return isPublic }
        return false
    }
}

/// A file on a ticket.
public struct TicketAttachment: Sendable, Hashable {
    /// By which the system finds it: a number, a path, an address.
    public let locator: String
    /// Its name.
    public let name: String
    /// The media type, as far as it is known.
    public var type = "application/octet-stream"
}

/// A page of what customers wrote.
public struct CustomerEntries: Sendable {
    /// Oldest first.
    public var entries: [TicketEntry]
    /// Where the next page begins; nil: where this one did.
    public var cursor: String?
    /// Whether there is more now.
    public var hasMore: Bool
}
