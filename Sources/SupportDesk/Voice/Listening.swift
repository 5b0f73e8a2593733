import Foundation
import Mail

/// What was said in the voice messages of a mail. Made by `Listening` only.
public struct Transcript: Sendable {
    /// The words, as the endpoint heard them.
    public let text: String
    /// Who wrote them down.
    public let model: String
    /// How many files they come from.
    public let files: Int

    fileprivate init(text: String, model: String, files: Int) {
        (self.text, self.model, self.files) = (text, model, files)
    }

    /// As it stands among what was found out about the message.
    fileprivate var line: String { "a voice message was written down by \(model)" }
}

/// A message in words, whether she wrote them or said them. Made by `Listening` only.
public struct HeardMessage: Sendable, Documented {
    static let stage = "listen"
    /// The message and its place among the others; repetitions of it are counted by its words.
    public let associated: AssociatedMessage
    /// The one who is to be answered.
    public let correspondent: Correspondent
    /// The message as values; what was said aloud is its text.
    public let message: Message
    /// What it said aloud, where it did.
    public let transcript: Transcript?

    /// The mailbox of the one who is to be answered.
    public var author: Mailbox { correspondent.mailbox }

    fileprivate init(_ screened: ScreenedMessage) {
        (associated, correspondent) = (screened.associated, screened.correspondent)
        message = screened.message
        transcript = nil
    }

    fileprivate init(_ screened: ScreenedMessage, saying transcript: Transcript, _ ledger: Ledger) {
        self.transcript = transcript
        message = screened.message.saying(transcript.text)
        correspondent = screened.correspondent
        associated = screened.associated.hearing(ledger.addressee(correspondent.mailbox, message))
    }

    func note(in dossier: inout Dossier) {
        guard let transcript else { return }
        dossier.transcript = transcript
        dossier.message = message
        dossier.association = associated.association
        dossier.notes.append(transcript.line)
    }
}

/// Between screening and identity: what a mail says aloud becomes its text; where that cannot be had, a person hears it.
struct Listening: Sendable {
    /// nil: not configured.
    let listener: Listener?
    let voicemail: Voicemail?
    let ledger: Ledger

    /// Where a person has the matter for a reason that says nothing against its author: what she says aloud is for that person.
    private static let peoplesRules: Set<String> = [
        "with-a-person", "other-participant", "several-people", "late", "suppressed",
    ]

    /// Why there are no words.
    private struct Unheard: Error {
        let reason: String
    }

    func listen(_ screened: ScreenedMessage) async throws -> Step<HeardMessage> {
        guard let listener, let voicemail else { return .proceed(HeardMessage(screened)) }
        let message = screened.message
        let isFromTelephone = voicemail.isFromTelephone(message)
        guard isFromTelephone || voicemail.isSpoken(message) else { return .proceed(HeardMessage(screened)) }
        do {
            let transcript = try await transcript(of: message, screened.associated.parsed.raw.id, by: listener)
            let heard = HeardMessage(screened, saying: transcript, ledger)
            // The system has no ear for an answer, and the caller has no address.
            return isFromTelephone ? .settle(.escalate(.called), noting: heard) : .proceed(heard)
        } catch let unheard as Unheard {
            return .settle(.escalate(.unheard(unheard.reason)))
        }
    }

    /// Writes down what a person is to get who has the matter already; where that cannot be, she hears it herself.
    func listen(for rule: Rule, _ dossier: inout Dossier) async throws {
        guard let listener, let voicemail, Self.peoplesRules.contains(rule.name), dossier.transcript == nil,
            let message = dossier.message, voicemail.isSpoken(message)
        else { return }
        do {
            let transcript = try await transcript(of: message, dossier.raw.id, by: listener)
            dossier.transcript = transcript
            dossier.message = message.saying(transcript.text)
            dossier.noteLine(transcript.line)
        } catch let unheard as Unheard {
            dossier.noteLine("a voice message could not be written down (\(unheard.reason))")
        }
        dossier.lap(HeardMessage.stage)
    }

    /// - Parameter number: the ledger's number of the message.
    private func transcript(of message: Message, _ number: Int64, by listener: Listener) async throws -> Transcript {
        var sounds: [(bytes: [UInt8], file: AudioFile)] = []
        for file in Voicemail.files(of: message) {
            guard let sound = AudioFile(file.bytes) else {
                throw Unheard(reason: "a file is of a kind that cannot be written down")
            }
            sounds.append((file.bytes, sound))
        }
        if let reason = obstacle(sounds, listener.configuration) { throw Unheard(reason: reason) }
        var texts: [String] = []
        do {
            for sound in sounds {
                texts.append(try await listener.text(of: sound.bytes, sound.file, message: number))
            }
        } catch let error as ModelError {
            throw Unheard(reason: error.message)
        }
        await FaultPoint.heard.reach()
        let text = texts.filter { !$0.isBlank }.joined(separator: "\n\n")
        guard !text.isBlank else { throw Unheard(reason: "nothing was said") }
        return Transcript(text: text, model: listener.configuration.endpoint.name, files: sounds.count)
    }

    private func obstacle(
        _ sounds: [(bytes: [UInt8], file: AudioFile)], _ limits: VoiceConfiguration.Listening
    ) -> String? {
        if sounds.count > limits.files { return "there are more files than voice.listen.files allows" }
        if sounds.contains(where: { $0.bytes.count > limits.bytes }) {
            return "a file is larger than voice.listen.size"
        }
        if sounds.contains(where: { $0.file.seconds ?? 0 > limits.seconds }) {
            return "a file is longer than voice.listen.length"
        }
        return nil
    }
}

extension Rule {
    /// A voice message that nobody could write down.
    static func unheard(_ reason: String) -> Rule {
        Rule("voicemail-unheard", "Its voice message could not be written down (\(reason)); the sound is attached.")
    }

    /// A caller's message that a telephone system took.
    static let called = Rule(
        "voicemail", "A caller left a message; a telephone system mailed it, and cannot be answered.")
}
