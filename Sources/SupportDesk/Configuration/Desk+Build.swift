import Foundation
import Logging
import Mail
import Redaction
import Transport
import Triage

/// What a desk is built with besides its configuration.
public struct DeskSurroundings: Sendable {
    /// The clock: the present, or a fixed instant for demonstrations and tests.
    public var now: @Sendable () -> Date = { Date() }
    /// The clock of the shop's records, where `now` is an instant of the past: they are read in the present, and told as they
    /// were then. Nil: there is one clock.
    public var present: (@Sendable () -> Date)?
    /// Where log lines go.
    public var logger: Logger
    /// What of the desk's work is done.
    public var role = Role.all
    /// How a message is tried that a dead run left behind.
    public var rehearsal: Rehearsal
    /// Take the place of the configured channels.
    public var channels: [ChannelSetting]?
    /// Takes the place of the configured model.
    public var model: (any LanguageModel)?
    /// Takes the place of the configured carrier.
    public var carrier: (any MailCarrier)?
    /// Takes the place of the configured ticket system.
    public var tickets: (any TicketSystem)?
    /// Takes the place of the redactor that the configuration asks for.
    public var redactor: Redactor?

    /// The present, a logger, and no trial.
    public init(logger: Logger, rehearsal: Rehearsal = Rehearsal { _ in true }) {
        self.logger = logger
        self.rehearsal = rehearsal
    }
}

extension Desk {
    /// Composes a desk from its configuration. Nothing is connected, loaded or trained before a message needs it.
    /// - Throws: `DeskError` when the state folder, its key or the ledger cannot be used, or the templates are not found.
    public static func build(_ configuration: DeskConfiguration, _ surroundings: DeskSurroundings) async throws -> Desk
    {
        try await build(configuration, surroundings, isRecovering: false)
    }

    static func build(
        _ configuration: DeskConfiguration, _ surroundings: DeskSurroundings, isRecovering: Bool
    ) async throws -> Desk {
        let shop = configuration.shop
        let now = surroundings.now
        let state = configuration.state
        try DurableFile.makeFolder(state)
        let ledger = try await Ledger(configuration.keys, isRecovering: isRecovering)
        let seal = ledger.seal
        let lease = Lease(ledger: ledger, duration: configuration.limits.lease, folder: state)
        let layout = try Layout(templates: configuration.templates)
        // A desk of maildirs and folders needs no network, and no thread for it.
        let network = Network(
            TransferAgent.Configuration(caFile: configuration.caFile, refreshTokens: ledger.refreshTokens))

        let templates = Once { try ReplyTemplates(folder: "\(layout.templates)/replies") }
        let prompts = Once {
            try PromptTemplates(folder: "\(layout.templates)/prompts", canary: ReviewLimits.canary(of: seal))
        }
        let knowledge = Once {
            try Knowledge(folder: "\(layout.templates)/knowledge", indexPath: "\(state)/knowledge.sqlite")
        }
        let logger = try RedactingLog.over(surroundings.logger, configuration)
        let meter = Meter(isWanted: configuration.metrics.isWanted, role: surroundings.role)
        let redactor = Once { try surroundings.redactor ?? makeRedactor(configuration) }
        let redacting = Redacting(
            redactor: { try await redactor.value() }, ledger: ledger, ownAddresses: shop.ownAddresses)
        let shelf = ClassifierShelf(ledger: ledger, intents: "\(layout.templates)/intents", state: state)
        let learned = LearnedTriage(
            shelf, orderPatterns: shop.orderPatterns, words: "\(layout.templates)/words", logger)

        let embedded = EmbeddedResponder(templates: { try await templates.value() })
        let model =
            surroundings.model
            ?? models(
                configuration, ledger: ledger, network, logger: logger, meter: meter,
                // What is paid is paid today, whatever day is replayed.
                now: surroundings.present ?? now, templates: { try await prompts.value() })
        let gisting =
            !configuration.ticketSummaries
            ? nil : model.map { Gisting(model: $0, language: configuration.ticketLanguage) }
        let packets = Once {
            PacketBuilder(
                templates: try NoteTemplates(
                    folder: "\(layout.templates)/tickets", language: configuration.ticketLanguage),
                ledger: ledger, redacting: redacting, policy: configuration.ticketData, routing: configuration.routing,
                gisting: gisting)
        }
        let responding = Responding(model: model, embedded: embedded, logger: logger)
        let limits = Once { ReviewLimits(seal: seal, prompts: "\(layout.templates)/prompts") }
        let voice = try Voice(
            configuration, layout, ledger, logger: logger, meter: meter, now: now, agent: { network.agent })
        let composer = ReplyComposer(
            shop: shop, seal: seal, templates: { try await templates.value() },
            isAddressProved: {
                guard let address = shop.feedback.address else { return false }
                return try await ledger.proof(of: address) != nil
            })
        let system = surroundings.tickets ?? ticketSystem(configuration.tickets) { network.agent }
        let channels =
            surroundings.channels ?? configuration.channels.map { channel($0, configuration, system, network) }
        let filing = Filing(
            system: system, reopening: configuration.reopening, leavesMails: configuration.ticketData == .minimal,
            turn: { try await ledger.turn(of: $0, $1) })
        let box = configuration.drafts.flatMap { draftBox($0, network) }
        let grounding = Grounding(
            shop: shop, knowledge: { try await knowledge.value() }, templates: { try await templates.value() },
            now: now, hasModel: model != nil, policy: configuration.policy, answersOnFile: configuration.answersOnFile)
        let reviewing = Reviewing(
            responding: responding, limits: { try await limits.value() },
            suggesting: configuration.suggestions.map { policy in
                ProductSuggesting(
                    policy: policy, catalogue: catalogue(policy, configuration, network),
                    templates: { try await templates.value() }, logger: logger)
            })
        let deciding = Deciding(
            policy: configuration.policy, guarded: Deciding.guarded(by: "\(layout.templates)/words"),
            composer: composer,
            onFile: OnFileAnswer(embedded: embedded, composer: composer), ledger: ledger,
            backstops: configuration.limits.backstops, now: now)
        return Desk(
            shop: shop, ledger: ledger,
            parsing: Parsing(
                limits: configuration.limits.parsing,
                inner: configuration.people.forwardedByColleague == .draftForInner ? shop : nil),
            conversations: Conversations(
                ledger: ledger, shop: shop, backstops: configuration.limits.backstops,
                repeats: configuration.people.repeats, words: { try await templates.value().feedbackWords }, now: now),
            screening: Screening(
                shop: shop, seal: seal, maximumAge: configuration.maximumAge, spam: configuration.spam,
                backstops: configuration.limits.backstops, people: configuration.people,
                voicemail: voice.listening.voicemail, now: now),
            listening: voice.listening,
            identification: Identification(
                records: records(configuration, surroundings, network, logger),
                shop: shop, numbers: try orderNumbers(shop), answersOnFile: configuration.answersOnFile),
            redacting: redacting,
            understanding: Understanding(
                triage: { try await learned.value() }, templates: { try await templates.value() },
                languages: shop.languages,
                maximumAnger: configuration.limits.anger, maximumOutOfScope: configuration.limits.outOfScope,
                shop: shop, now: now),
            grounding: grounding, responding: responding, reviewing: reviewing, deciding: deciding,
            trials: Trials(experiments: configuration.experiments, ledger: ledger),
            ways: Way(grounding: grounding, responding: responding, reviewing: reviewing, deciding: deciding)
                .ofArms(
                    in: configuration.experiments,
                    Way.Makings(templates: layout.templates, seal: seal)),
            composer: composer, speaking: voice.speaking,
            packets: { try await packets.value() },
            acknowledging: configuration.acknowledges
                ? Acknowledging(
                    composer: composer, policy: configuration.policy, limits: configuration.limits.backstops)
                : nil,
            delivery: Delivery(
                ledger: ledger, lease: lease,
                carrier: surroundings.carrier ?? carrier(configuration.carrier, network, logger),
                drafts: box,
                sent: configuration.sent.map {
                    IMAPFolder(endpoint: $0.endpoint, folder: $0.folder, use: .sent, agent: network.agent)
                },
                filing: filing,
                clearance: Clearance(
                    ledger: ledger,
                    channels: Dictionary(
                        channels.map { ($0.channel.name, $0.channel) }, uniquingKeysWith: { first, _ in first }),
                    filing: filing, policy: configuration.people),
                homes: Dictionary(
                    channels.compactMap { $0.channel as? TicketChannel }.map { ($0.name, $0) },
                    uniquingKeysWith: { first, _ in first }),
                packets: { try await packets.value() }, deadline: configuration.deadline,
                uncertain: configuration.uncertain, logger: logger, meter: meter, now: now),
            drafts: Drafts(
                ledger: ledger, box: box, channels: channels, packets: { try await packets.value() },
                policy: configuration.draftPolicy,
                asksForPeople: configuration.people.looks, logger: logger, now: now),
            shadows: Shadows(
                ledger: ledger, shop: shop, channels: channels, system: system,
                templates: { try await templates.value() }, asksForPeople: configuration.people.looks, now: now),
            channels: channels, role: surroundings.role, lease: lease,
            limits: configuration.limits, retention: configuration.retention, review: configuration.review,
            report: configuration.report,
            editions: Editions(
                configuration: configuration.digest, models: configuration.models.map(\.name),
                templates: layout.templates),
            learning: configuration.learning, shelf: shelf, learned: learned,
            rehearsal: surroundings.rehearsal, replays: ReplayKeys(state: state), logger: logger, meter: meter,
            metrics: configuration.metrics, network: network.started, now: now)
    }

    /// The configured models as one; nil when there are none.
    private static func models(
        _ configuration: DeskConfiguration, ledger: Ledger, _ network: Network, logger: Logger,
        meter: Meter, now: @escaping @Sendable () -> Date,
        templates: @escaping @Sendable () async throws -> PromptTemplates
    ) -> ModelChain? {
        guard !configuration.models.isEmpty else { return nil }
        let answers = configuration.answers
        let agent = network.agent
        let setting = HostedModel.Setting(
            shop: configuration.shop, tone: answers.tone, ledger: ledger, templates: templates,
            perform: { try await agent.perform($0) },
            budget: Budget(
                limit: answers.dailyBudget, zone: configuration.shop.timeZone, ledger: ledger, logger: logger, now: now),
            logger: logger, now: now, meter: meter)
        let models = configuration.models.map { model in
            var model = model
            model.concurrency = min(model.concurrency, configuration.limits.concurrency)
            return HostedModel(model, setting)
        }
        return ModelChain(
            models: models, batch: models.first.flatMap(BatchLane.init), opinions: answers.opinions,
            kept: answers.reuse.map {
                KeptAnswers(ledger: ledger, age: $0, tone: answers.tone, templates: templates, now: now)
            }, logger: logger)
    }

    private static func records(
        _ configuration: DeskConfiguration, _ surroundings: DeskSurroundings, _ network: Network, _ logger: Logger
    ) -> any RecordSource {
        guard let records = configuration.records else { return NoRecords() }
        let (shop, now) = (configuration.shop, surroundings.now)
        guard let present = surroundings.present else { return records.source(shop, network.agent, logger, now) }
        return PastRecords(
            records.source(shop, network.agent, logger, present), today: { LocalDate(now(), in: shop.timeZone) })
    }

    private static func catalogue(
        _ policy: SuggestionPolicy, _ configuration: DeskConfiguration, _ network: Network
    ) -> ProductCatalogue {
        let shop = configuration.shop
        switch (policy.place, configuration.records) {
        case (.file(let path), _): return ProductCatalogue(ProductFile(path: path), hosts: shop.domains, age: .zero)
        case (.records, let records?):
            return ProductCatalogue(
                records.products(shop, network.agent), hosts: shop.domains, age: .seconds(policy.age),
                patience: records.limits.deadline)
        case (.records, nil): return ProductCatalogue(NoProducts(), hosts: [], age: .zero)
        }
    }

    private static func channel(
        _ entry: DeskConfiguration.ChannelEntry, _ configuration: DeskConfiguration, _ system: any TicketSystem,
        _ network: Network
    ) -> ChannelSetting {
        let channel: any Channel =
            switch entry.source {
            case .maildir(let path, let after):
                MaildirChannel(
                    name: entry.name, path: path, after: after,
                    people: MaildirPeople(inbox: path, folders: entry.people, shop: configuration.shop))
            case .imap(let endpoint, let folder, let after):
                IMAPChannel(
                    name: entry.name, endpoint: endpoint, folder: folder, after: after, agent: network.agent,
                    people: IMAPPeople(
                        inbox: folder, folders: entry.people, endpoint: endpoint, shop: configuration.shop,
                        agent: network.agent))
            case .ticket(let tickets, let queues):
                TicketChannel(
                    name: entry.name, system: tickets.map { ticketSystem($0) { network.agent } } ?? system,
                    queues: queues.isEmpty ? (tickets ?? configuration.tickets).queues : queues,
                    mailbox: configuration.shop.mailbox, isDesks: tickets == nil)
            }
        return ChannelSetting(channel: channel, adoptFrom: entry.adoptFrom)
    }

    private static func carrier(
        _ outlet: DeskConfiguration.Outlet, _ network: Network, _ logger: Logger
    ) -> any MailCarrier {
        switch outlet {
        case .maildir(let path): MaildirCarrier(path: path)
        case .smtp(let endpoint, let connections):
            SMTPCarrier(endpoint: endpoint, connections: connections, agent: network.agent, logger: logger)
        case .command(let words, let timeLimit): SendmailCarrier(command: words, timeLimit: timeLimit)
        case .imap(let endpoint, let folder):
            IMAPDraftsCarrier(endpoint: endpoint, folder: folder, agent: network.agent)
        }
    }

    private static func draftBox(_ outlet: DeskConfiguration.Outlet, _ network: Network) -> (any DraftBox)? {
        switch outlet {
        case .maildir(let path): MaildirDrafts(path: path)
        case .imap(let endpoint, let folder):
            IMAPDraftsCarrier(endpoint: endpoint, folder: folder, agent: network.agent)
        case .smtp, .command: nil
        }
    }

    /// - Parameter agent: asked for the systems that need a network.
    static func ticketSystem(
        _ tickets: DeskConfiguration.Tickets, _ agent: () -> TransferAgent
    ) -> any TicketSystem {
        switch tickets {
        case .folder(let path): FileTickets(folder: path)
        case .requestTracker(let configuration): RequestTracker(configuration, agent: agent())
        case .zendesk(let configuration): Zendesk(configuration, agent: agent())
        }
    }

    static func makeRedactor(_ configuration: DeskConfiguration) throws -> Redactor {
        let shop = configuration.shop
        do {
            return try Redactor(
                configuration: Redactor.Configuration(
                    region: shop.region, keep: Array(shop.ownAddresses), orderPatterns: shop.orderPatterns,
                    databaseCache: "\(configuration.state)/patterns.hs"))
        } catch {
            throw DeskError(.configuration, "shop.order_numbers or the pattern cache: \(error)")
        }
    }

    private static func orderNumbers(_ shop: Shop) throws -> OrderNumbers {
        do {
            return try OrderNumbers(shop.orderPatterns)
        } catch {
            throw DeskError(.configuration, "shop.order_numbers: \(error)")
        }
    }
}

/// The one transfer agent of a desk, started by the first part that needs it while the desk is being built.
private final class Network {
    private let configuration: TransferAgent.Configuration

    private(set) lazy var agent: TransferAgent = {
        let agent = TransferAgent(configuration: configuration)
        started = agent
        return agent
    }()
    /// The agent, when a part needed it.
    private(set) var started: TransferAgent?

    init(_ configuration: TransferAgent.Configuration) { self.configuration = configuration }
}
