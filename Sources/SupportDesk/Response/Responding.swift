import Logging

/// A draft and the message that it answers. Made by `Responding` only.
public struct DraftedMessage: Sendable, Documented {
    static let stage = "respond"
    /// The message with its evidence.
    public let grounded: GroundedMessage
    /// The proposed answer.
    public let draft: Draft

    /// What in the message speaks to a machine; no model saw it then.
    public let injections: [Injection]

    fileprivate init(grounded: GroundedMessage, draft: Draft, injections: [Injection] = []) {
        self.grounded = grounded
        self.draft = draft
        self.injections = injections
    }

    func note(in dossier: inout Dossier) {
        dossier.draft = draft
        dossier.injections = injections
    }
}

/// Stage eight: a draft, from the model where there is one and it may write, else from the embedded responder.
struct Responding: Sendable {
    /// The configured models, as one; nil: none.
    var model: (any LanguageModel)?
    var embedded: EmbeddedResponder
    let logger: Logger

    func respond(_ grounded: GroundedMessage) async throws -> Step<DraftedMessage> {
        // No model sees a mail that speaks to it.
        let injections = Injection.all(in: grounded.redaction)
        if let model, !grounded.evidence.isFixed, injections.isEmpty {
            do {
                return .proceed(DraftedMessage(grounded: grounded, draft: try await model.draft(Brief(grounded))))
            } catch let error as ModelError {
                let level: Logger.Level = error.isKnown ? .debug : .warning
                logger.log(level: level, "the embedded responder answers", metadata: ["error": "\(error)"])
            }
        }
        do {
            let draft = try await embedded.draft(Brief(grounded))
            return .proceed(DraftedMessage(grounded: grounded, draft: draft, injections: injections))
        } catch let error as ModelError {
            let rule =
                grounded.evidence.isOpen
                ? Rule.outOfScope : Rule("no-draft", "No answer could be written: \(error.message).")
            return .settle(.escalate(rule))
        }
    }

    /// The model's second try at a draft that did not pass review; nil when it gives none.
    func mend(_ rejected: RejectedDraft, of grounded: GroundedMessage) async throws -> Draft? {
        do {
            return try await model?.draft(Brief(grounded).mending(rejected))
        } catch let error as ModelError {
            let level: Logger.Level = error.isKnown ? .debug : .warning
            logger.log(level: level, "no draft was mended", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
