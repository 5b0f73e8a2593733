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
    /// Where log lines go.
    public var logger: Logger
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
        let redactor = Once { try surroundings.redactor ?? makeRedactor(configuration) }
        let redacting = Redacting(
            redactor: { try await redactor.value() }, ledger: ledger, ownAddresses: shop.ownAddresses)
        let packets = Once {
            PacketBuilder(
                templates: try NoteTemplates(
                    folder: "\(layout.templates)/tickets", language: configuration.ticketLanguage),
                ledger: ledger, redacting: redacting, policy: configuration.ticketData, routing: configuration.routing)
        }
        let triage = Once {
            try makeTriage(shop, intents: "\(layout.templates)/intents", cache: "\(state)/classifier.model")
        }

        let embedded = EmbeddedResponder(templates: { try await templates.value() })
        let model =
            surroundings.model
            ?? models(
                configuration, ledger: ledger, network, logger: logger, now: now,
                templates: { try await prompts.value() })
        let responding = Responding(model: model, embedded: embedded, logger: logger)
        let limits = Once { ReviewLimits(seal: seal, prompts: "\(layout.templates)/prompts") }
        let composer = ReplyComposer(shop: shop, seal: seal, templates: { try await templates.value() })
        return Desk(
            shop: shop, ledger: ledger, parsing: Parsing(limits: configuration.limits.parsing),
            conversations: Conversations(
                ledger: ledger, shop: shop, limits: configuration.limits.backstops, now: now),
            screening: Screening(
                shop: shop, seal: seal, maximumAge: configuration.maximumAge, spam: configuration.spam,
                backstops: configuration.limits.backstops, now: now),
            identification: Identification(
                records: configuration.records.map { $0.source(shop, network.agent, logger, now) } ?? NoRecords(),
                shop: shop, numbers: try orderNumbers(shop), answersOnFile: configuration.answersOnFile),
            redacting: redacting,
            understanding: Understanding(
                triage: { try await triage.value() }, templates: { try await templates.value() },
                languages: shop.languages,
                maximumAnger: configuration.limits.anger, maximumOutOfScope: configuration.limits.outOfScope,
                shop: shop, now: now),
            grounding: Grounding(
                shop: shop, knowledge: { try await knowledge.value() }, templates: { try await templates.value() },
                now: now,
                hasModel: model != nil, policy: configuration.policy, answersOnFile: configuration.answersOnFile),
            responding: responding, reviewing: Reviewing(responding: responding, limits: { try await limits.value() }),
            deciding: Deciding(
                policy: configuration.policy, composer: composer,
                onFile: OnFileAnswer(embedded: embedded, composer: composer), ledger: ledger,
                backstops: configuration.limits.backstops, now: now),
            composer: composer,
            packets: { try await packets.value() },
            acknowledging: configuration.acknowledges
                ? Acknowledging(
                    composer: composer, policy: configuration.policy, limits: configuration.limits.backstops)
                : nil,
            delivery: Delivery(
                ledger: ledger,
                carrier: surroundings.carrier ?? carrier(configuration.carrier, network, logger),
                drafts: configuration.drafts.map { carrier($0, network, logger, isDrafts: true) },
                sent: configuration.sent.map {
                    IMAPFolder(endpoint: $0.endpoint, folder: $0.folder, use: .sent, agent: network.agent)
                },
                filing: Filing(
                    system: surroundings.tickets ?? ticketSystem(configuration.tickets, network),
                    reopening: configuration.reopening, leavesMails: configuration.ticketData == .minimal,
                    turn: { try await ledger.turn(of: $0, $1) }),
                deadline: configuration.deadline, logger: logger, now: now),
            channels: surroundings.channels ?? configuration.channels.map { channel($0, network) },
            limits: configuration.limits,
            rehearsal: surroundings.rehearsal, logger: logger, now: now)
    }

    /// The configured models as one; nil when there are none.
    private static func models(
        _ configuration: DeskConfiguration, ledger: Ledger, _ network: Network, logger: Logger,
        now: @escaping @Sendable () -> Date, templates: @escaping @Sendable () async throws -> PromptTemplates
    ) -> ModelChain? {
        guard !configuration.models.isEmpty else { return nil }
        let answers = configuration.answers
        let agent = network.agent
        let setting = HostedModel.Setting(
            shop: configuration.shop, tone: answers.tone, ledger: ledger, templates: templates,
            perform: { try await agent.perform($0) },
            budget: Budget(
                limit: answers.dailyBudget, zone: configuration.shop.timeZone, ledger: ledger, logger: logger, now: now),
            logger: logger, now: now)
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

    private static func channel(_ entry: DeskConfiguration.ChannelEntry, _ network: Network) -> ChannelSetting {
        let channel: any Channel =
            switch entry.source {
            case .maildir(let path, let after): MaildirChannel(name: entry.name, path: path, after: after)
            case .imap(let endpoint, let folder, let after):
                IMAPChannel(name: entry.name, endpoint: endpoint, folder: folder, after: after, agent: network.agent)
            }
        return ChannelSetting(channel: channel, adoptFrom: entry.adoptFrom)
    }

    private static func carrier(
        _ outlet: DeskConfiguration.Outlet, _ network: Network, _ logger: Logger, isDrafts: Bool = false
    ) -> any MailCarrier {
        switch outlet {
        case .maildir(let path): MaildirCarrier(path: path, flags: isDrafts ? ["D"] : [])
        case .smtp(let endpoint, let connections):
            SMTPCarrier(endpoint: endpoint, connections: connections, agent: network.agent, logger: logger)
        case .command(let words, let timeLimit): SendmailCarrier(command: words, timeLimit: timeLimit)
        case .imap(let endpoint, let folder):
            IMAPDraftsCarrier(endpoint: endpoint, folder: folder, agent: network.agent)
        }
    }

    private static func ticketSystem(_ tickets: DeskConfiguration.Tickets, _ network: Network) -> any TicketSystem {
        switch tickets {
        case .folder(let path): FileTickets(folder: path)
        case .requestTracker(let configuration): RequestTracker(configuration, agent: network.agent)
        case .zendesk(let configuration): Zendesk(configuration, agent: network.agent)
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

    /// The trained classifier is kept beside the ledger and trained anew when an utterance changed.
    private static func makeTriage(_ shop: Shop, intents: String, cache: String) throws -> Triage {
        do {
            let classifier = try IntentClassifier(trainedOn: intents, cachedAt: cache)
            return try Triage(classifier: classifier, orderPatterns: shop.orderPatterns)
        } catch {
            throw DeskError(.configuration, "\(error)")
        }
    }
}

/// The one transfer agent of a desk, started by the first part that needs it while the desk is being built.
private final class Network {
    private let configuration: TransferAgent.Configuration

    private(set) lazy var agent = TransferAgent(configuration: configuration)

    init(_ configuration: TransferAgent.Configuration) { self.configuration = configuration }
}
