import Foundation
import Mail
import Transport
import Triage

/// What `auradesk doctor` looks at: every part that the configuration names, each tried as a run would use it.
public struct Checkup: Sendable {
    /// One thing that was tried.
    public struct Finding: Sendable, Codable {
        /// How it stands.
        public enum State: String, Sendable, Codable { case fine, advice, broken }

        /// What was tried, such as `channel support`.
        public let name: String
        /// How it stands.
        public let state: State
        /// One line without personal data; what to mend, where something is to be mended.
        public let detail: String
    }

    let configuration: DeskConfiguration
    let surroundings: DeskSurroundings
    let report: @Sendable (Finding) async -> Void

    /// - Parameter report: told of each finding as soon as it stands.
    public init(
        _ configuration: DeskConfiguration, _ surroundings: DeskSurroundings,
        report: @escaping @Sendable (Finding) async -> Void
    ) {
        self.configuration = configuration
        self.surroundings = surroundings
        self.report = report
    }

    /// Tries everything that can be tried without sending a mail.
    /// - Returns: whether a run would work.
    public func run() async -> Bool {
        let hasState = await check("state") {
            try DurableFile.makeFolder(configuration.state)
            let ledger = try await Ledger(configuration.keys)
            let key = try await ledger.keyDescription(configuration.keys)
            try await ledger.close()
            return "\(configuration.state): folder and ledger can be used; \(key)"
        }
        let agent = TransferAgent(configuration: TransferAgent.Configuration(caFile: configuration.caFile))
        var isWell = await tryMachine(agent, hasState: hasState)
        isWell = await check("templates", tryTemplates) && isWell
        // Nothing else can be tried without it, and all would say the same.
        guard hasState else {
            await agent.shutdown()
            return false
        }
        isWell = await check("ledger", tryLedger) && isWell
        await advise()
        if let records = configuration.records {
            isWell =
                await check("records") {
                    try await records.tryOut(configuration.shop, agent)
                } && isWell
        }
        var built: Desk?
        let isBuilt = await check("desk") {
            built = try await Desk.build(configuration, surroundings)
            return "it can be put together"
        }
        guard isBuilt, let desk = built else { return false }
        for setting in desk.channels {
            isWell =
                await check("channel \(setting.channel.name)") {
                    _ = try await setting.channel.discover(
                        after: nil, adoptedAt: surroundings.now(), ledger: desk.ledger)
                    if configuration.people.looks {
                        // About nothing, but in all places where people's answers lie.
                        _ = try await setting.channel.person(
                            in: Inquiry(source: "", arrival: surroundings.now(), messageIDs: [], own: []))
                    }
                    await setting.channel.close()
                    guard let tickets = setting.channel as? TicketChannel else { return "it can be listed" }
                    let queues = tickets.queues.isEmpty ? "all queues" : tickets.queues.joined(separator: ", ")
                    return "\(tickets.system.name): the tickets of \(queues) can be read"
                } && isWell
        }
        isWell = await check("carrier") { try await tryOutlet(configuration.carrier, agent) } && isWell
        if let drafts = configuration.drafts {
            isWell = await check("drafts") { try await tryOutlet(drafts, agent) } && isWell
        }
        if let sent = configuration.sent {
            let folder = IMAPFolder(endpoint: sent.endpoint, folder: sent.folder, use: .sent, agent: agent)
            isWell = await check("sent") { try await tryFolder(folder) } && isWell
        }
        isWell = await check("tickets") { try await tryTickets(agent) } && isWell
        for case let model as HostedModel in (desk.responding.model as? ModelChain)?.models ?? [] {
            isWell = await check("model \(model.name)", model.tryOut) && isWell
        }
        if let listener = desk.listening.listener {
            isWell = await check("voice \(listener.endpoint.model.name)", listener.tryOut) && isWell
        }
        if let speaking = desk.speaking {
            isWell = await check("voice \(speaking.endpoint.model.name)", speaking.tryOut) && isWell
        }
        if let lane = desk.batches {
            isWell = await check("batches \(lane.model.name)", lane.tryOut) && isWell
        }
        await agent.shutdown()
        try? await desk.ledger.close()
        return isWell
    }

    /// Runs one check and reports it; an error's own words say what to mend.
    func check(_ name: String, _ body: () async throws -> String) async -> Bool {
        do {
            await report(Finding(name: name, state: .fine, detail: try await body()))
            return true
        } catch let error as DeskError {
            // A channel's errors begin with its name, as they must where no other word tells.
            let detail =
                error.message.hasPrefix("\(name): ") ? error.message.dropFirst(name.count + 2) : error.message[...]
            await report(Finding(name: name, state: .broken, detail: String(detail)))
        } catch let error as TransportError {
            await report(Finding(name: name, state: .broken, detail: "\(error)\(Self.remedy(for: error.code))"))
        } catch let error as TicketError {
            let remedy = error.reason == .unreachable ? "; is the address right, and the server there?" : ""
            await report(Finding(name: name, state: .broken, detail: error.message + remedy))
        } catch {
            await report(Finding(name: name, state: .broken, detail: "\(type(of: error))"))
        }
        return false
    }

    private static func remedy(for code: TransportError.Code) -> String {
        switch code {
        case .resolve: "; is the name spelt right, and does this machine resolve names?"
        case .connect: "; are host and port right, is the server there, and does no firewall stand between?"
        case .timeout: "; nobody answers: does a firewall drop it, or is the port that of another service?"
        case .tls: "; is its certificate for this name and still valid? Of an authority of your own: set ca_file"
        case .authentication: "; check user and password, and whether the provider wants oauth or a password for apps"
        case .refused: "; the server does not allow it: check the name of the folder and the account's rights"
        case .closed, .protocolViolation: "; is the port that of another service, or imaps:// where it speaks imap://?"
        default: ""
        }
    }

    /// What works, and could be better.
    private func advise() async {
        let shop = configuration.shop
        if shop.authservID == nil {
            await report(
                Finding(
                    name: "authserv_id", state: .advice,
                    detail: """
                        not set: every sender is a stranger; auradesk init --sample MAIL --config FOLDER/desk.yaml \
                        proposes it in a new folder
                        """))
        }
        if shop.bounces == nil {
            await report(
                Finding(
                    name: "bounces", state: .advice,
                    detail: "off: nobody is told when an answer does not arrive; set an address with {token}"))
        }
        if let ledger = try? await Ledger(configuration.keys) {
            if let pause = try? await ledger.pause() {
                await report(Finding(name: "pause", state: .advice, detail: "the desk is paused \(pause.words)"))
            }
            try? await ledger.close()
        }
    }

    private func tryTemplates() async throws -> String {
        let folder = try Layout(templates: configuration.templates).templates
        _ = try ReplyTemplates(folder: "\(folder)/replies")
        _ = try PromptTemplates(folder: "\(folder)/prompts")
        _ = try NoteTemplates(folder: "\(folder)/tickets", language: configuration.ticketLanguage)
        _ = try Knowledge(folder: "\(folder)/knowledge", indexPath: nil)
        do {
            _ = try TrainingSet.load(directory: "\(folder)/intents")
        } catch {
            throw DeskError(.configuration, "\(error)")
        }
        _ = try LanguageWords.all(in: "\(folder)/words")
        return "\(folder): replies, prompts, tickets, articles, intents and words can be read"
    }

    private func tryOutlet(_ outlet: DeskConfiguration.Outlet, _ agent: TransferAgent) async throws -> String {
        switch outlet {
        case .maildir(let path):
            do {
                try Maildir(path: path).create()
            } catch {
                throw DeskError(
                    .unavailable, "\(path): \(error); is the folder above it there, and may you write to it?")
            }
            return "the maildir \(path) takes mail"
        case .smtp(let endpoint, _):
            try await agent.openSMTP(endpoint).quit()
            return "\(endpoint.label) lets us in"
        case .command(let words, _):
            let program = words.first ?? ""
            guard access(program, X_OK) == 0 else {
                throw DeskError(.unavailable, "\(program) is not there, or may not be run")
            }
            return "\(program) can be run"
        case .imap(let endpoint, let folder):
            return try await tryFolder(IMAPFolder(endpoint: endpoint, folder: folder, use: .drafts, agent: agent))
        }
    }

    private func tryFolder(_ folder: IMAPFolder) async throws -> String {
        let session = try await folder.agent.openIMAP(folder.endpoint)
        let name = try await folder.name(session)
        _ = try await session.select(name, readOnly: true)
        await session.logout()
        return "\(folder.endpoint.host):\(folder.endpoint.port) lets us in, and has the folder \(name)"
    }

    private func tryTickets(_ agent: TransferAgent) async throws -> String {
        switch configuration.tickets {
        case .folder(let path):
            try DurableFile.makeFolder(path)
            guard access(path, W_OK) == 0 else {
                throw DeskError(.unavailable, "the folder \(path) cannot be written to")
            }
            return "the folder \(path) can be written to"
        case .requestTracker(let rt):
            var request = HTTPRequest(url: "\(rt.url)/REST/2.0/rt")
            request.headers = [("Authorization", "token \(rt.token)"), ("Accept", "application/json")]
            let response = try await agent.perform(request)
            guard response.status == 200 else {
                throw DeskError(
                    .unavailable, "\(rt.url) answers \(response.status): is the token that of a privileged user?")
            }
            try await RequestTracker(rt, agent: agent).verify()
            return "\(rt.url) knows the token, and its queue \(rt.queue) has the fields"
        case .zendesk(let configuration):
            let zendesk = Zendesk(configuration, agent: agent)
            try await zendesk.verify()
            let suspended = try await zendesk.suspendedTickets()
            return "\(configuration.url) knows the token"
                + (suspended == 0
                    ? "" : "; it holds back \(suspended) messages that are in no ticket: look at them there")
        }
    }
}
