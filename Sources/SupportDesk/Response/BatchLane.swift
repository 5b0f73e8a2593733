import Foundation
import Logging
import Transport

/// The way of mail that can wait to a model: its requests are put on record, go to the provider together at the end of a
/// pass, and their answers are used by a later one as if the model had just given them.
struct BatchLane: Sendable {
    let model: HostedModel
    let policy: BatchPolicy
    let batches: any BatchInterface
    /// The shift that has the duty to look after them.
    var shift: Int64 = 0
    /// Whether it surely still has it; asked before anything is left at the provider.
    var isCurrent: @Sendable () async -> Bool = { true }

    /// nil where the model has no batches.
    init?(_ model: HostedModel) {
        guard let policy = model.configuration.batch else { return nil }
        self.model = model
        self.policy = policy
        let call: BatchCall = { request in
            let response = try await model.response(to: request, within: Self.patience)
            switch response.status {
            case 200..<300: return response.body
            // Of a batch, or a file, that says more than of a model.
            case 404, 410: throw ModelError(.refused, "HTTP \(response.status)")
            default: throw ModelError(response)
            }
        }
        batches =
            switch model.interface {
            case let messages as AnthropicMessages: MessageBatches(messages: messages, call: call)
            default: ChatBatches(chat: ChatCompletions(model: model.configuration), call: call)
            }
    }

    /// For one call that may carry thousands of requests or answers.
    private static let patience = Duration.seconds(120)

    var ledger: Ledger { model.setting.ledger }
    var now: Date { model.setting.now() }
    var logger: Logger { model.setting.logger }

    /// Puts a message's requests on record, one for each run that is to agree.
    /// - Throws: `AwaitingBatch` while an answer to one of them is to come; nothing, when the model may be asked.
    func wait(for brief: Brief, opinions: Int) async throws {
        guard brief.rejected == nil, let due = policy.due(brief) else { return }
        var requests: [BatchRequest] = []
        for opinion in 0..<opinions { requests.append(try await request(for: brief.asking(again: opinion))) }
        let isOpen = try await !ledger.refusesBatches(model.name, now: now)
        if try await ledger.wait(for: requests, of: brief.message, until: due, isOpen: isOpen, now: now) {
            throw AwaitingBatch(model: model.name, due: due)
        }
    }

    /// What a batch brought for a brief; nil: nothing, the model is to be asked.
    /// - Throws: `ModelError`, as the model itself would: an answer that is none is paid for all the same.
    func draft(_ brief: Brief) async throws -> Draft? {
        guard brief.rejected == nil, policy.due(brief) != nil,
            let answer = try await ledger.answer(to: request(for: brief))
        else { return nil }
        do {
            let reply = try model.interface.reply(answer.body)
            var usage = ModelUsage()
            usage.tokens = reply.tokens
            usage.cost = answer.cost
            usage.milliseconds = answer.milliseconds
            usage.requests = 1
            usage.isBatched = true
            return try ModelAnswer(reading: try reply.content.get()).draft(
                for: brief, by: model.name, promptVersion: answer.prompt, usage)
        } catch let error as ModelError {
            throw ModelError(error.code, "\(model.name): \(error.message)")
        }
    }

    /// The one request for a brief. The same brief makes the same bytes: by them it is known again in a later run.
    private func request(for brief: Brief) async throws -> BatchRequest {
        let setting = model.setting
        let code = ledger.seal.digest("\(brief.subject.text)\u{0}\(brief.body.text)", for: "fence").hexadecimal
        let prompt = try Prompt(
            brief, for: setting.shop, tone: setting.tone, templates: try await setting.templates(), code: code)
        let body = try model.interface.request(prompt).body ?? []
        let text = "\(model.name)\u{0}" + String(decoding: body, as: UTF8.self)
        let most = ModelTokens(input: prompt.tokens, output: model.configuration.outputTokens)
        return BatchRequest(
            message: brief.message, model: model.name, prompt: prompt.version,
            name: ledger.seal.digest("\(brief.message)\u{0}\(text)", for: "batch name").hexadecimal,
            digest: ledger.seal.digest(text, for: "batch"), body: body, cost: cost(of: most))
    }

    /// Millionths, at a batch's price.
    func cost(of tokens: ModelTokens) -> Int64 {
        Int64((Double(model.configuration.price.cost(of: tokens)) * policy.share).rounded(.up))
    }

    /// Whoever was stopped past his lease leaves nothing at the provider any more.
    func assureDuty() async throws {
        if await !isCurrent() { throw LeaseLost() }
    }

    /// Asks for nothing, to see whether there are batches: for `doctor`.
    /// - Throws: `DeskError` with what to mend.
    func tryOut() async throws -> String {
        do {
            try await batches.trial()
        } catch let error as ModelError {
            throw DeskError(
                .unavailable,
                "\(model.configuration.url): \(error.message); without batches there, take batch out of the model")
        }
        return "\(model.configuration.url) has batches"
    }
}
