import Logging

/// A draft and the message that it answers. Made by `Responding` only.
public struct DraftedMessage: Sendable, Documented {
    /// The message with its evidence.
    public let grounded: GroundedMessage
    /// The proposed answer.
    public let draft: Draft

    fileprivate init(grounded: GroundedMessage, draft: Draft) {
        self.grounded = grounded
        self.draft = draft
    }

    func note(in dossier: inout Dossier) { dossier.draft = draft }
}

/// Stage eight: a draft, from the model where there is one and it may write, else from the embedded responder.
struct Responding: Sendable {
    /// The configured models, as one; nil: none.
    let model: (any LanguageModel)?
    let embedded: EmbeddedResponder
    let logger: Logger

    func respond(_ grounded: GroundedMessage) async throws -> Step<DraftedMessage> {
        if let model, !grounded.evidence.isFixed {
            do {
                return .proceed(DraftedMessage(grounded: grounded, draft: try await model.draft(Brief(grounded))))
            } catch let error as ModelError {
                let level: Logger.Level = error.isKnown ? .debug : .warning
                logger.log(level: level, "the embedded responder answers", metadata: ["error": "\(error)"])
            }
        }
        do {
            return .proceed(DraftedMessage(grounded: grounded, draft: try await embedded.draft(Brief(grounded))))
        } catch let error as ModelError {
            let rule =
                grounded.evidence.isOpen
                ? Rule.outOfScope : Rule("no-draft", "No answer could be written: \(error.message).")
            return .settle(.escalate(rule))
        }
    }
}
