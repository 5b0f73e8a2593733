/// One message with its evidence, for which anything may be read as a model's answer, without a model: for the fuzzer.
package struct ModelAnswerProbe: Sendable {
    /// In what the bytes are wrapped.
    package enum Wrapping: Sendable {
        /// The body of an HTTP answer of chat completions, or of Anthropic's messages.
        case chat, messages
        /// What a model wrote.
        case text
        /// The answer's text alone, resting on every article that was offered.
        case body
    }

    private let grounded: GroundedMessage
    private let brief: Brief
    private let limits: ReviewLimits
    /// Everything that an answer to this message may say of the world: the record's values, the articles that were offered,
    /// and the shop's own answer.
    package let known: String

    /// Takes the message the way up to its evidence.
    package init(_ desk: Desk, _ raw: RawMessage) async throws {
        grounded = try await desk.evidence(for: raw)
        brief = Brief(grounded)
        limits = try await desk.reviewing.limits()
        let format = FactFormat(language: brief.language, words: grounded.evidence.words)
        var known = grounded.evidence.facts.facts.map { format.text($0.value) }
        known += grounded.evidence.passages.flatMap { [$0.title, $0.text] }
        let own = try await desk.responding.embedded.draft(brief)
        if case .success(let body) = Reviewing.check(own, for: grounded, within: limits) { known.append(body) }
        self.known = known.joined(separator: "\n")
    }

    /// What the customer would read: the answer as it passed the review, its slots filled; nil when it did not.
    /// - Throws: `ModelError`, when the bytes are no answer.
    package func body(of bytes: [UInt8], in wrapping: Wrapping) throws -> String? {
        let model = ModelConfiguration(url: "https://model.example/v1", name: "fuzzed")
        var usage = ModelUsage()
        let text: String
        switch wrapping {
        case .body:
            let draft = Draft(
                body: String(decoding: bytes, as: UTF8.self), language: brief.language,
                citations: Set(brief.passages.map(\.article)).sorted(), author: .model(model.name), asksForPerson: nil)
            return try? Reviewing.check(draft, for: grounded, within: limits).get()
        case .text: text = String(decoding: bytes, as: UTF8.self)
        case .chat, .messages:
            let reply =
                try wrapping == .chat
                ? ChatCompletions(model: model).reply(bytes) : AnthropicMessages(model: model).reply(bytes)
            usage.tokens = reply.tokens
            usage.cost = model.price.cost(of: reply.tokens)
            text = try reply.content.get()
        }
        let draft = try ModelAnswer(reading: text).draft(for: brief, by: model.name, promptVersion: "", usage)
        return try? Reviewing.check(draft, for: grounded, within: limits).get()
    }
}

extension Desk {
    /// The way of one message up to its evidence, outside of any experiment: for what looks at an answer alone.
    /// - Throws: `Settled`, when the way ends before.
    func evidence(for raw: RawMessage) async throws -> GroundedMessage {
        var dossier = Dossier(raw)
        let message = try parsing.parse(raw).next(noting: &dossier)
        let associated = try await conversations.associate(message).next(noting: &dossier)
        let screened = try screening.screen(associated).next(noting: &dossier)
        let heard = try await listening.listen(screened).next(noting: &dossier)
        let identified = try await identification.identify(heard).next(noting: &dossier)
        let redacted = try await redacting.redact(identified).next(noting: &dossier)
        let triaged = try await understanding.triage(redacted).next(noting: &dossier)
        return try await grounding.ground(triaged).next(noting: &dossier)
    }
}
