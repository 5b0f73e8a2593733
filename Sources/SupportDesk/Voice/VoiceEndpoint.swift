import Foundation
import Logging
import Transport

/// One of the two speech endpoints: asked with patience, within the day's money, every request on record, and what was paid
/// for kept sealed until its message is settled.
struct VoiceEndpoint: Sendable {
    /// What both share.
    struct Setting: Sendable {
        let ledger: Ledger
        /// Sends a request.
        let perform: @Sendable (HTTPRequest) async throws -> HTTPResponse
        let budget: Budget
        let logger: Logger
        let now: @Sendable () -> Date
        var time = Timepiece.real
        var meter = Meter()
    }

    /// What is asked, and what may be kept of it.
    struct Inquiry: Sendable {
        /// The message that it is for; 0: none that is on record.
        let message: Int64
        /// What the ledger says that was asked: `transcription` or `speech`.
        let purpose: String
        /// By which it is known again.
        let digest: [UInt8]
        /// The most that it may cost, in millionths.
        let cost: Int64
        let request: HTTPRequest
        /// What of an answer is worth keeping, and what it cost.
        let read: @Sendable (HTTPResponse) throws -> Answer
    }

    struct Answer: Sendable {
        let bytes: [UInt8]
        var tokens = ModelTokens()
        /// nil: what was reserved.
        var cost: Int64?
    }

    let model: ModelConfiguration
    let setting: Setting
    private let gate: ModelGate
    private let standing: Once<Void>

    init(_ model: ModelConfiguration, _ setting: Setting) {
        self.model = model
        self.setting = setting
        let gate = ModelGate(model, time: setting.time)
        self.gate = gate
        let (name, now, ledger) = (model.name, setting.now, setting.ledger)
        standing = Once {
            if let rest = try await ledger.rest(of: name, now: now()) { await gate.begin(resting: rest) }
        }
    }

    /// A POST to one of its paths.
    func request(_ path: String, type: String, body: [UInt8]) -> HTTPRequest {
        let key = model.key.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
        var request = HTTPRequest(
            method: "POST", url: model.url + path, headers: [(name: "Content-Type", value: type)] + key, body: body)
        request.timeout = model.timeout
        request.idleTimeout = model.timeout
        request.connectTimeout = min(request.connectTimeout, model.timeout)
        return request
    }

    /// The answer: the one that was paid for before, where there is one.
    /// - Throws: `ModelError`, or `CancellationError`.
    func ask(_ inquiry: Inquiry) async throws -> [UInt8] {
        if let kept = try await setting.ledger.spoken(inquiry.digest) { return kept }
        try await standing.value()
        var requests = 0
        while true {
            do {
                return try await attempt(inquiry)
            } catch {
                guard let failure = error as? ModelError else { throw error }
                requests += 1
                guard failure.isRetryable, requests <= model.retries, await !gate.isResting else { throw failure }
                if failure.retryAfter == nil {
                    let most = min(.milliseconds(500) * (1 << min(requests, 6)), model.maximumWait)
                    try await setting.time.sleep(most * Double.random(in: 0...1))
                }
            }
        }
    }

    private func attempt(_ inquiry: Inquiry) async throws -> [UInt8] {
        let pass = try await gate.enter(tokens: 1)
        let started = setting.time.now()
        let call: Int64
        do {
            call = try await setting.budget.reserve(
                ModelCall(
                    message: inquiry.message, model: model.name, prompt: inquiry.purpose, cost: inquiry.cost))
        } catch {
            await gate.abandon(pass)
            throw error
        }
        let result = await response(to: inquiry)
        let took = (setting.time.now() - started).milliseconds
        var failure: ModelError?
        if case .failure(let error) = result {
            guard let error = error as? ModelError else {
                await gate.abandon(pass)
                try await setting.ledger.finish(
                    call, outcome: "cancelled", ModelTokens(), cost: inquiry.cost, milliseconds: took)
                throw error
            }
            failure = error
        }
        if let rest = await gate.leave(pass, failure, RateAllowance()) {
            setting.logger.warning(
                "model left alone for a while",
                metadata: ["seconds": "\(rest.inSeconds)", "error": "\(failure?.message ?? "")"])
        }
        let answer = try? result.get()
        // Nobody says what a request cost that was not answered in time.
        let cost = answer.map { $0.cost ?? inquiry.cost } ?? (failure?.code == .timedOut ? inquiry.cost : 0)
        let outcome = failure?.code.name ?? "answered"
        let tokens = answer?.tokens ?? ModelTokens()
        setting.meter.note(model: model.name, outcome: outcome, tokens, cost: cost, milliseconds: took)
        // In one step with what it was paid for: whoever dies behind it need not pay again.
        try await setting.ledger.finish(
            call, outcome: outcome, tokens, cost: cost, milliseconds: took,
            keeping: answer?.bytes, as: inquiry.digest, for: inquiry.message, now: setting.now())
        if let failure { throw failure }
        return answer?.bytes ?? []
    }

    /// Sends a request that is none of a message's.
    /// - Throws: `DeskError` with what to mend.
    func trial(_ request: HTTPRequest) async throws -> HTTPResponse {
        let response: HTTPResponse
        do {
            response = try await setting.perform(request)
        } catch let error as TransportError {
            throw DeskError(.unavailable, "\(error); is the url right, and the server there?")
        }
        guard response.status == 200 else {
            let remedy =
                switch response.status {
                case 401, 403: "; check the key, and that it may use \(model.name)"
                case 404: "; check that url ends as the provider says (often /v1), and that it has \(model.name)"
                case 429: "; too many requests for this account now, or no credit left"
                default: ""
                }
            throw DeskError(.unavailable, "\(model.url): \(ModelError(response).message)\(remedy)")
        }
        return response
    }

    private func response(to inquiry: Inquiry) async -> Result<Answer, any Error> {
        do {
            let response = try await setting.perform(inquiry.request)
            guard response.status == 200 else { throw ModelError(response) }
            return .success(try inquiry.read(response))
        } catch let error as ModelError {
            return .failure(ModelError(error.code, "\(model.name): \(error.message)", retryAfter: error.retryAfter))
        } catch let error as TransportError {
            if error.code == .cancelled { return .failure(CancellationError()) }
            let code: ModelError.Code =
                switch error.code {
                case .timeout: .timedOut
                case .tooLarge: .malformed
                default: .unreachable
                }
            return .failure(ModelError(code, "\(model.name): \(error)"))
        } catch {
            return .failure(error)
        }
    }
}
