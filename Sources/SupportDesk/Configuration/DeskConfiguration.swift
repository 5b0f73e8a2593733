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
    public var batchMessages: Int { max(64, places) }
    /// Messages that are asked of a source at once.
    public var pageMessages = 256
    /// Bytes of messages fetched at once, with one message more; those in hand may be of the fetch before.
    public var batchBytes = 8 << 20
    /// How long one step of a channel may take: a look, the fetch of a page, its flags.
    public var channelTime = Duration.seconds(300)
    /// Messages handled side by side, and requests to a model at once.
    public var concurrency = 8
    /// Messages in hand: some wait for a model or a disk, others are read before their turn.
    var places: Int { min(3 * concurrency - 2, concurrency + 16) }
    /// How long what a process has in hand is its own without a sign of life.
    public var lease = Lease.usualDuration
    /// Attempts before a message that cannot be handled goes to a person.
    public var attempts = 5
    /// While so many effects wait for their delivery, no further message is begun.
    public var outbox = 1_000
    /// Automatic replies at most.
    public var backstops = Backstops()
    /// Mails to addresses on file at most.
    public var onFile = OnFileLimits()
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
        case maildir(String, after: MaildirChannel.After)
        /// A folder of an IMAP account.
        case imap(MailEndpoint, folder: String, after: IMAPChannel.After)
        /// Queues of a ticket system; nil: of the one in which the desk opens its own tickets.
        case ticket(Tickets?, queues: [String])
    }

    /// A channel as configured.
    public struct ChannelEntry: Sendable {
        /// Its name in the ledger.
        public let name: String
        /// Where mail comes from.
        public let source: Source
        /// Older mail is history; nil: the first run's instant.
        public let adoptFrom: Date?
        /// Where people's answers lie.
        public var people = PeopleFolders()
    }

    /// Where mail goes.
    public enum Outlet: Sendable {
        /// A maildir.
        case maildir(String)
        /// A submission server, or a local delivery agent.
        case smtp(MailEndpoint, connections: Int)
        /// A command such as `sendmail`, and how long it may take for one mail.
        case command([String], timeLimit: Duration)
        /// A folder of an IMAP account, for drafts; without a name the one that the server marks as such.
        case imap(MailEndpoint, folder: String?)
    }

    /// The folder that gets copies of what was sent; without a name the one that the server marks as such.
    public struct SentFolder: Sendable {
        /// The account.
        public let endpoint: MailEndpoint
        /// Its folder.
        public let folder: String?
    }

    /// Where tickets go.
    public enum Tickets: Sendable {
        /// A folder of folders.
        case folder(String)
        /// Request Tracker 5.
        case requestTracker(RequestTracker.Configuration)
        /// Zendesk Support.
        case zendesk(Zendesk.Configuration)
    }

    /// The shop.
    public var shop: Shop
    /// Where mail comes from.
    public var channels: [ChannelEntry]
    /// Where replies go.
    public var carrier: Outlet
    /// Where copies of replies go; nil: nowhere.
    public var sent: SentFolder?
    /// How long a mail may wait to be taken before a person gets the matter, seconds.
    public var deadline: TimeInterval
    /// What becomes of a mail that may have been taken, when nobody can tell.
    public var uncertain: UncertainPolicy
    /// Where drafts go besides the ledger; nil: nowhere.
    public var drafts: Outlet?
    /// What becomes of drafts that nobody sends.
    public var draftPolicy: DraftPolicy
    /// Where tickets go.
    public var tickets: Tickets
    /// How much of people the ticket's own text shows.
    public var ticketData: PersonalDataPolicy
    /// The language of the notes' own words.
    public var ticketLanguage: String
    /// Whether a model, where there is one, says in a ticket what the customer wants.
    public var ticketSummaries: Bool
    /// What becomes of a finished ticket when its customer writes again.
    var reopening: Filing.Reopening
    /// Whether a customer is told that a person has her matter.
    public var acknowledges: Bool
    /// Which tickets go where.
    public var routing: Routing
    /// Customers and orders; nil: every sender is a stranger.
    public var records: Records?
    /// The models in the order in which they are asked; none: the embedded responder alone.
    public var models: [ModelConfiguration]
    /// How they are used.
    public var answers: AnswerPolicy
    /// Which products are named in replies; nil: none.
    public var suggestions: SuggestionPolicy?
    /// What is heard and said aloud.
    public var voice: VoiceConfiguration
    /// Where the ledger and its key are.
    public var keys: KeySource
    /// The folder of the ledger.
    public var state: String { keys.state }
    /// The shop's own templates; nil: those that came with the program.
    public var templates: String?
    /// A certificate authority for HTTPS besides the system's.
    public var caFile: String?
    /// Older mail goes to a person, seconds.
    public var maximumAge: TimeInterval
    /// What becomes of mail that the receiving server marked as spam.
    public var spam: SpamPolicy
    /// Bounds.
    public var limits: DeskLimits
    /// SHA-256 of the file, in hexadecimal.
    public let digest: String
    /// Who may do what.
    public var roles: Roles
    /// How long what is held of people is kept.
    public var retention: RetentionPolicy
    /// How people look after the quality of replies.
    public var review: ReviewPolicy
    /// What a newly trained classifier must not be worse on.
    public var learning: LearningPolicy
    /// Thresholds and modes.
    public var policy: DecisionPolicy
    /// Ways to answer that are tried side by side.
    public var experiments: [Experiment]
    /// Where the desk's figures can be read.
    public var metrics: MetricsSetting
    /// What the shop wants to reach, and what its report counts with.
    public var report: ReportPolicy
    /// How the desk stands back for people.
    public var people: PeoplePolicy
    /// Whether a question about an order that is not the sender's is answered to the address on file. Off unless the shop says
    /// otherwise: it makes the desk write to people who did not write to it.
    public var answersOnFile: Bool

    /// Reads a file.
    /// - Throws: `DeskError` with code `configuration` that names file, line and key.
    public init(file: String) throws {
        try self.init(
            ConfigurationReader.root(of: file),
            digest: Seal.fingerprint([UInt8](FileManager.default.contents(atPath: file) ?? Data())))
    }

    /// - Parameter digest: of the whole file.
    init(_ root: ConfigurationReader, digest: String) throws {
        shop = try Shop(root.requiredReader("shop"))
        shop.bounces = try TokenAddress(root, of: shop)
        shop.feedback = try FeedbackPolicy(root.reader("feedback"), of: shop)
        shop.policy = try ShopPolicy(root)
        people = PeoplePolicy()
        if let reader = try root.reader("people") { people = try PeoplePolicy(reader, shop: &shop) }
        maximumAge = try root.seconds("max_age") ?? 3 * 86_400
        spam = try root.word("spam") ?? .escalate
        channels = try root.readers("channels").map(ChannelEntry.init)
        guard !channels.isEmpty else { throw root.error("channels", "must name at least one channel") }
        guard Set(channels.map(\.name)).count == channels.count else {
            throw root.error("channels", "has two channels of one name; give each a name")
        }
        let outlet = try root.requiredReader("carrier")
        deadline = try outlet.seconds("deadline") ?? 4 * 3_600
        uncertain = try outlet.word("uncertain") ?? .person
        sent = try outlet.reader("sent").map { [channels] in try SentFolder($0, channels: channels) }
        carrier = try Outlet(outlet, kinds: ["lmtp", "maildir", "sendmail", "smtp"])
        (drafts, draftPolicy) = try DraftPolicy.read(root.reader("drafts"))
        let ticketReader = try root.requiredReader("tickets")
        ticketData = try ticketReader.word("personal_data") ?? .full
        ticketLanguage = try ticketReader.text("language") ?? "en"
        ticketSummaries = try ticketReader.flag("summaries") ?? true
        reopening = try ticketReader.word("closed") ?? .reopen
        acknowledges = try ticketReader.flag("acknowledge") ?? true
        tickets = try Tickets(ticketReader)
        records = try root.reader("records").map { try Records($0, templates: root.file("templates")) }
        models = try ModelConfiguration.all(root)
        answers = try root.reader("answers").map { [models] in try AnswerPolicy($0, models) } ?? AnswerPolicy()
        let orders = records
        suggestions = try root.reader("suggestions").map { try SuggestionPolicy($0, orders) }
        voice = try root.reader("voice").map { try VoiceConfiguration($0) } ?? VoiceConfiguration()
        guard let state = try root.file("state") else { throw root.error("state", "is missing") }
        keys = KeySource(state: state, secret: try root.key("key"), former: try root.key("old_key"))
        keys.store = try root.reader("ledger").map { try LedgerStore($0) } ?? .file
        templates = try root.file("templates")
        caFile = try root.file("ca_file")
        limits = try root.reader("limits").map(DeskLimits.init) ?? DeskLimits()
        roles = try root.reader("roles").map(Roles.init) ?? Roles()
        if case .file = keys.store, roles.areServers {
            throw root.error("roles", "names roles of PostgreSQL, and the ledger is a file")
        }
        self.digest = digest
        retention = try root.reader("retention").map(RetentionPolicy.init) ?? RetentionPolicy()
        review = try ReviewPolicy(root.reader("review"))
        learning = try root.reader("learning").map(LearningPolicy.init) ?? LearningPolicy()
        // A draft for a ticket is a note on it.
        policy = try DecisionPolicy(
            root, shop: shop, hasDrafts: root.has("drafts") || channels.allSatisfy { $0.source.isTickets })
        experiments = try Experiment.all(root, models: models)
        routing = try root.reader("routing").map { [policy] in try Routing($0, hours: policy.hours) } ?? Routing()
        metrics = try root.reader("metrics").map(MetricsSetting.init) ?? MetricsSetting()
        report = try root.reader("report").map(ReportPolicy.init) ?? ReportPolicy()
        for index in experiments.indices { experiments[index].plan.silence = report.resolvedAfter }
        answersOnFile = try root.word("on_file") == OnOff.on
        try root.finish()
    }
}

extension DeskConfiguration {
    /// The servers that it names.
    var hosts: Set<String> {
        var hosts: Set<String> = []
        for channel in channels {
            if case .imap(let endpoint, _, _) = channel.source { hosts.insert(endpoint.host) }
            if case .ticket(let tickets?, _) = channel.source { hosts.formUnion(tickets.hosts) }
        }
        for outlet in [carrier, drafts].compactMap(\.self) {
            switch outlet {
            case .smtp(let endpoint, _), .imap(let endpoint, _): hosts.insert(endpoint.host)
            case .maildir, .command: break
            }
        }
        if let sent { hosts.insert(sent.endpoint.host) }
        hosts.formUnion(tickets.hosts)
        hosts.formUnion(records?.hosts ?? [])
        if case .postgres(let server, _, _) = keys.store { hosts.formUnion(server.hosts) }
        let voices = [voice.listen?.endpoint, voice.speak?.endpoint].compactMap(\.self)
        hosts.formUnion((models + voices).compactMap { URL(string: $0.url)?.host })
        return hosts
    }
}

extension DeskConfiguration.Tickets {
    /// The queue of its new tickets.
    var queues: [String] {
        switch self {
        case .requestTracker(let tracker): [tracker.queue]
        case .zendesk(let zendesk): [zendesk.group].compactMap(\.self)
        case .folder: []
        }
    }

    /// The servers that it names.
    fileprivate var hosts: [String] {
        switch self {
        case .requestTracker(let tracker): [URL(string: tracker.url)?.host].compactMap(\.self)
        case .zendesk(let zendesk): [URL(string: zendesk.url)?.host].compactMap(\.self)
        case .folder: []
        }
    }
}

extension DeskConfiguration.Source {
    /// Whether messages come from a ticket system.
    var isTickets: Bool {
        if case .ticket = self { return true }
        return false
    }
}
