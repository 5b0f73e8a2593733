import Foundation
import Mail
import Transport

/// Bounds on what one run takes on.
public struct DeskLimits: Sendable {
    /// How much of a message is read.
    public var parsing = Message.Limits.default
    /// A larger message is not parsed; a ticket says so.
    public var messageBytes: Int {
        get { parsing.bytes }
        set { parsing.bytes = newValue }
    }
    /// Messages whose attempt is committed at once.
    public var batchMessages = 64
    /// Bytes of messages held at once.
    public var batchBytes = 32 << 20
    /// Messages handled side by side.
    public var concurrency = 8
    /// Attempts before a message that cannot be handled goes to a person.
    public var attempts = 5
    /// Automatic replies to one sender within 24 hours.
    public var repliesPerSender = 3
    /// Automatic replies within one conversation.
    public var repliesPerConversation = 4
    /// Anger above this goes to a person.
    public var anger = 0.6
    /// Out-of-scope probability above this goes to a person.
    public var outOfScope = 0.5

    /// The defaults.
    public init() { messageBytes = 30 << 20 }
}

/// One channel and how its mail is adopted.
public struct ChannelSetting: Sendable {
    /// Where messages come from.
    public let channel: any Channel
    /// Older mail is history; nil: the first run's instant.
    public let adoptFrom: Date?
}

/// `desk.yaml`, checked and with its secrets read.
public struct DeskConfiguration: Sendable {
    /// Where mail comes from, by kind.
    public enum Source: Sendable {
        /// A maildir.
        case maildir(String)
        /// A folder of an IMAP account.
        case imap(MailEndpoint, folder: String, after: IMAPChannel.After)
    }

    /// A channel as configured.
    public struct ChannelEntry: Sendable {
        /// Its name in the ledger.
        public let name: String
        /// Where mail comes from.
        public let source: Source
        /// Older mail is history; nil: the first run's instant.
        public let adoptFrom: Date?
    }

    /// Where mail goes.
    public enum Outlet: Sendable {
        /// A maildir.
        case maildir(String)
        /// A submission server.
        case smtp(MailEndpoint)
        /// A folder of an IMAP account, for drafts.
        case imap(MailEndpoint, folder: String)
    }

    /// Where tickets go.
    public enum Tickets: Sendable {
        /// A folder of folders.
        case folder(String)
        /// Request Tracker 5.
        case requestTracker(RequestTracker.Configuration)
    }

    /// Customers and orders.
    public struct Records: Sendable {
        /// JSON file.
        public let customers: String
        /// JSON file.
        public let orders: String
    }

    /// The shop.
    public var shop: Shop
    /// Where mail comes from.
    public var channels: [ChannelEntry]
    /// Where replies go.
    public var carrier: Outlet
    /// Where drafts go.
    public var drafts: Outlet?
    /// Where tickets go.
    public var tickets: Tickets
    /// Customers and orders; nil: every sender is a stranger.
    public var records: Records?
    /// The model; nil: the embedded responder alone.
    public var model: ChatCompletions.Configuration?
    /// The ledger and its key.
    public var state: String
    /// The shop's own templates; nil: those that came with the program.
    public var templates: String?
    /// A certificate authority for HTTPS besides the system's.
    public var caFile: String?
    /// Older mail goes to a person, seconds.
    public var maximumAge: TimeInterval
    /// Bounds.
    public var limits: DeskLimits
    /// Thresholds and modes.
    public var policy: DecisionPolicy

    /// Reads a file.
    /// - Throws: `DeskError` with code `configuration` that names file, line and key.
    public init(file: String) throws {
        let root = try ConfigurationReader.root(of: file)
        shop = try Shop(root.requiredReader("shop"))
        maximumAge = try root.seconds("max_age") ?? 3 * 86_400
        channels = try root.readers("channels").map(ChannelEntry.init)
        guard !channels.isEmpty else { throw root.error("channels", "must name at least one channel") }
        guard Set(channels.map(\.name)).count == channels.count else {
            throw root.error("channels", "has two channels of one name; give each a name")
        }
        carrier = try Outlet(root.requiredReader("carrier"), kinds: ["maildir", "smtp"])
        drafts = try root.reader("drafts").map { try Outlet($0, kinds: ["maildir", "imap"]) }
        tickets = try Tickets(root.requiredReader("tickets"))
        records = try root.reader("records").map(Records.init)
        model = try root.reader("model").map(ChatCompletions.Configuration.init)
        guard let state = try root.file("state") else { throw root.error("state", "is missing") }
        self.state = state
        templates = try root.file("templates")
        caFile = try root.file("ca_file")
        limits = try root.reader("limits").map(DeskLimits.init) ?? DeskLimits()
        policy = try DecisionPolicy(thresholds: root.reader("thresholds"), modes: root.reader("intents"))
        try root.finish()
        let drafting = policy.modes.values.contains(.draft) || policy.defaultMode == .draft
        if drafting, drafts == nil {
            throw root.error("drafts", "is missing: an intent is in mode draft, say where its drafts go")
        }
    }
}
