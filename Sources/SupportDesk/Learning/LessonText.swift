import Foundation
import Mail
import Redaction
import Triage

/// The texts of a message as a lesson keeps them. Only what the redactor has gone over gets in here.
struct LessonText: Sendable {
    let subject: String
    let text: String
    let answer: String?

    /// The longest text that is kept, in Unicode scalars.
    private static let maximumText = 4_000

    fileprivate init(subject: RedactedText, text: RedactedText, answer: RedactedText?) {
        self.subject = subject.prefix(maximumScalars: 200).withoutNumbers
        self.text = text.prefix(maximumScalars: Self.maximumText).withoutNumbers
        self.answer = answer.map { $0.prefix(maximumScalars: Self.maximumText).withoutNumbers }
    }

    /// What a lesson has of it; nil when nothing in it can be learned.
    func content(_ triage: Triage) -> Lesson.Content? {
        let utterance = triage.utterance(subject: subject, text: text)
        guard TrainingSet.key(of: utterance) != nil else { return nil }
        return Lesson.Content(subject: subject, text: text, utterance: utterance, answer: answer)
    }
}

extension Redacting {
    /// The texts of a message that was settled, and of what a person answered, with placeholders that begin anew: nothing leads
    /// from a lesson back to its conversation.
    /// - Parameters:
    ///   - vault: the conversation's: whoever is named in it is masked wherever she is named.
    ///   - colleagues: who wrote the answer, as far as that is known.
    func lesson(
        of message: Message, answer: String?, vault: ConversationVault, colleagues: [KnownPerson]
    ) async throws -> LessonText {
        var mask = Mask(
            try await redactor(), of: [], known: people(of: message, nil) + vault.people + colleagues,
            vault: ConversationVault())
        _ = mask.redact(message.signature)
        let body = mask.redact(message.newText)
        return LessonText(
            subject: mask.redact(message.subject), text: body, answer: answer.map { mask.redact($0) })
    }
}

extension ConversationVault {
    /// Everybody and everything that stands behind a placeholder of the conversation, as somebody whom a redactor knows.
    var people: [KnownPerson] {
        entries.map { placeholder, value in
            switch Placeholder(placeholder)?.type {
            case "PERSON": KnownPerson(names: [value])
            case "EMAIL": KnownPerson(addresses: [value])
            case "PHONE": KnownPerson(phones: [value])
            case "ADDRESS": KnownPerson(postalAddresses: [[value]])
            default: KnownPerson()
            }
        }.filter { $0 != KnownPerson() }
    }
}
