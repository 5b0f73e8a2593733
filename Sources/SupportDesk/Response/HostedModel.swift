import Foundation
import Logging
import Transport

/// A model at a provider, or on a server of the shop's own: asked with patience, within the day's money, and every request
/// on record.
struct HostedModel: LanguageModel {
    /// What all models of a desk share.
    struct Setting: Sendable {
        let shop: Shop
        var tone: Tone
        let ledger: Ledger
        var templates: @Sendable () async throws -> PromptTemplates
        /// Sends a request.
        let perform: @Sendable (HTTPRequest) async throws -> HTTPResponse
        let budget: Budget
        let logger: Logger
        let now: @Sendable () -> Date
        var time = Timepiece.real
        var meter = Meter()
    }

    let configuration: ModelConfiguration
    var setting: Setting
    let interface: any ModelInterface
    private let gate: ModelGate
    private let standing: Once<Void>

    init(_ configuration: ModelConfiguration, _ setting: Setting) {
        self.configuration = configuration
        self.setting = setting
        interface =
            configuration.interface == .anthropic
            ? AnthropicMessages(model: configuration) : ChatCompletions(model: configuration)
        let gate = ModelGate(configuration, time: setting.time)
        self.gate = gate
        let (name, now, ledger) = (configuration.name, setting.now, setting.ledger)
        standing = Once {
            if let rest = try await ledger.rest(of: name, now: now()) { await gate.begin(resting: rest) }
        }
    }

    /// The model's name.
    var name: String { configuration.name }

    /// Asks the model; the prompt holds placeholders instead of people.
    func draft(_ brief: Brief) async throws -> Draft {
        let templates = try await setting.templates()
        let prompt = try Prompt(brief, for: setting.shop, tone: setting.tone, templates: templates)
        try await standing.value()
        var usage = ModelUsage()
        let started = setting.time.now()
        while true {
            let reaction = try await request(prompt, for: brief.message, &usage)
            if let answer = reaction.answer {
                usage.milliseconds = (setting.time.now() - started).milliseconds
                return answer.draft(for: brief, by: name, promptVersion: prompt.version, usage)
            }
            let error = reaction.error ?? ModelError(.malformed, "\(name): no answer")
            guard error.isRetryable, usage.requests <= configuration.retries, await !gate.isResting else { throw error }
            // Where the server named no time, full jitter: whoever failed together does not come back together.
            if error.retryAfter == nil {
                let most = min(.milliseconds(500) * (1 << min(usage.requests, 6)), configuration.maximumWait)
                try await setting.time.sleep(most * Double.random(in: 0...1))
            }
        }
    }

    /// Asks the model once what a customer wants; without it the ticket is as good.
    func gist(_ brief: GistBrief) async throws -> String {
        let prompt = try Prompt(brief, for: setting.shop, templates: try await setting.templates())
        try await standing.value()
        var usage = ModelUsage()
        let reaction = try await request(prompt, for: brief.message, &usage)
        guard let answer = reaction.answer else {
            throw reaction.error ?? ModelError(.malformed, "\(name): no answer")
        }
        guard answer.language.lowercased().hasPrefix(brief.language.lowercased()) else {
            throw ModelError(.malformed, "\(name): a summary in another language")
        }
        return answer.answer
    }

    /// What came of one request.
    private struct Reaction {
        var answer: ModelAnswer?
        var error: ModelError?
        var tokens = ModelTokens()
        var allowance = RateAllowance()
        var isCancelled = false
    }

    /// One request that the gate and the budget allow, on record before it is made.
    /// - Throws: what keeps it from being made.
    private func request(_ prompt: Prompt, for message: Int64, _ usage: inout ModelUsage) async throws -> Reaction {
        let size = prompt.tokens
        let pass = try await gate.enter(tokens: size)
        let started = setting.time.now()
        let call: Int64
        let reaction: Reaction
        do {
            let request = try interface.request(prompt)
            let most = ModelTokens(input: size, output: configuration.outputTokens)
            call = try await setting.budget.reserve(
                ModelCall(
                    message: message, model: name, prompt: prompt.version, cost: configuration.price.cost(of: most)))
            reaction = await react(to: request, size: size)
        } catch {
            await gate.abandon(pass)
            throw error
        }
        let took = (setting.time.now() - started).milliseconds
        // The next one need not wait until this one is on record.
        if reaction.isCancelled {
            await gate.abandon(pass)
        } else if let rest = await gate.leave(pass, reaction.error, reaction.allowance) {
            setting.meter.set(.remote, ("remote", "model \(name)"), to: 0)
            setting.logger.warning(
                "model left alone for a while",
                metadata: ["seconds": "\(rest.inSeconds)", "error": "\(reaction.error?.message ?? "")"])
        }
        let cost = configuration.price.cost(of: reaction.tokens)
        usage.requests += 1
        usage.tokens = usage.tokens + reaction.tokens
        usage.cost += cost
        let outcome = reaction.isCancelled ? "cancelled" : reaction.error?.code.name ?? "answered"
        setting.meter.note(model: name, outcome: outcome, reaction.tokens, cost: cost, milliseconds: took)
        try await setting.ledger.finish(call, outcome: outcome, reaction.tokens, cost: cost, milliseconds: took)
        if reaction.isCancelled { throw CancellationError() }
        return reaction
    }

    private func react(to request: HTTPRequest, size: Int) async -> Reaction {
        var reaction = Reaction()
        do {
            let response = try await response(to: request)
            reaction.allowance = RateAllowance(response, now: setting.now())
            guard response.status == 200 else { throw ModelError(response) }
            let reply = try interface.reply(response.body)
            reaction.tokens = reply.tokens
            reaction.answer = try ModelAnswer(reading: try reply.content.get())
        } catch let error as ModelError {
            reaction.error = ModelError(error.code, "\(name): \(error.message)", retryAfter: error.retryAfter)
            // Nobody says what a request cost that was not answered in time: it was read, at least.
            if error.code == .timedOut { reaction.tokens.input = size }
        } catch {
            reaction.isCancelled = true
        }
        return reaction
    }

    /// The answer over HTTP, whatever its status.
    /// - Parameter timeout: in all; nil: the model's.
    /// - Throws: `ModelError`, or `CancellationError`.
    func response(to request: HTTPRequest, within timeout: Duration? = nil) async throws -> HTTPResponse {
        let timeout = timeout ?? configuration.timeout
        var request = request
        request.timeout = timeout
        request.idleTimeout = timeout
        request.connectTimeout = min(request.connectTimeout, timeout)
        do {
            return try await setting.perform(request)
        } catch let error as TransportError {
            if error.code == .cancelled { throw CancellationError() }
            let code: ModelError.Code =
                switch error.code {
                case .timeout: .timedOut
                case .tooLarge: .malformed
                default: .unreachable
                }
            throw ModelError(code, "\(error)")
        }
    }

    /// Asks for one word, once: for `doctor`.
    /// - Throws: `DeskError` with what to mend.
    func tryOut() async throws -> String {
        let started = setting.time.now()
        let response: HTTPResponse
        do {
            response = try await self.response(to: try interface.trial())
        } catch let error as ModelError {
            let remedy =
                switch error.code {
                case .timedOut: "; is the machine large enough for it, or timeout too short?"
                case .unreachable: "; is the url right, and the server there?"
                default: ""
                }
            throw DeskError(.unavailable, "\(error.message)\(remedy)")
        }
        guard response.status == 200 else {
            let error = ModelError(response)
            throw DeskError(.unavailable, "\(configuration.url): \(error.message)\(remedy(error, response.status))")
        }
        guard (try? interface.reply(response.body)) != nil else {
            throw DeskError(
                .unavailable,
                "\(configuration.url) answers, but not as this interface does: set interface to another one")
        }
        return "\(configuration.url) answers in \((setting.time.now() - started).milliseconds) ms"
    }

    func remedy(_ error: ModelError, _ status: Int) -> String {
        switch status {
        case _ where error.code == .misconfigured && status == 429: "; the account has no credit left"
        case 401, 403: "; check the key, and that it may use \(name)"
        case 402: "; the account has no credit left"
        case 404:
            configuration.interface == .azure
                ? "; check url, api_version, and that a deployment is named \(name)"
                : "; check that url ends as the provider says (often /v1), and that it has a model named \(name)"
        case 429: "; too many requests for this account now: lower concurrency, or wait"
        case 400, 422: "; this model may not take temperature or output_tokens as they are set"
        case 500...: "; the provider has a problem: try again later"
        default: ""
        }
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
