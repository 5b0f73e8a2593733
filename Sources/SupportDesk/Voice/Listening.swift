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
}

/// Tells voice messages from other mail, by what the shop has configured.
struct Voicemail: Sendable {
    let configuration: VoiceConfiguration.Listening
    let words: VoiceWords

    /// Whether all that a mail says is said aloud: it has sound, and no text but what programs write around that.
    func isSpoken(_ message: Message) -> Bool {
        !Self.files(of: message).isEmpty && (message.newText.isBlank || words.isFrame(message.newText))
    }

    /// Whether a telephone system wrote it, for somebody who called.
    func isFromTelephone(_ message: Message) -> Bool {
        guard message.from.count == 1, let sender = message.from.first else { return false }
        return configuration.telephones.contains(sender.address.lowercased()) && !Self.files(of: message).isEmpty
    }

    /// What claims to be sound, by its type or its name. What it is, its bytes say.
    static func files(of message: Message) -> [Attachment] {
        message.attachments.filter { file in
            file.type.hasPrefix("audio/") || file.type == "application/ogg"
                || (file.type == "application/octet-stream" || file.type == "video/mp4" || file.type == "video/webm")
                    && endings.contains(file.name.lowercased().split(separator: ".").last.map(String.init) ?? "")
        }
    }

    private static let endings: Set<String> = ["mp3", "m4a", "wav", "ogg", "oga", "opus", "flac", "weba", "mpga"]
}

/// Between screening and identity: what a mail says aloud becomes its text; where that cannot be had, a person hears it.
struct Listening: Sendable {
    /// nil: not configured.
    let listener: Listener?
    let voicemail: Voicemail?
    let ledger: Ledger

    func listen(_ screened: ScreenedMessage) async throws -> Step<ScreenedMessage> {
        guard let listener, let voicemail else { return .proceed(screened) }
        let message = screened.message
        let isFromTelephone = voicemail.isFromTelephone(message)
        guard isFromTelephone || voicemail.isSpoken(message) else { return .proceed(screened) }
        let files = Voicemail.files(of: message)
        var sounds: [(bytes: [UInt8], file: AudioFile)] = []
        for file in files {
            guard let sound = AudioFile(file.bytes), sound.format != .aac else {
                return .settle(.escalate(.unheard("a file is of a kind that cannot be written down")))
            }
            sounds.append((file.bytes, sound))
        }
        if let reason = obstacle(sounds) { return .settle(.escalate(.unheard(reason))) }
        var texts: [String] = []
        do {
            for sound in sounds {
                texts.append(
                    try await listener.text(
                        of: sound.bytes, sound.file, message: screened.associated.parsed.raw.id))
            }
        } catch let error as ModelError {
            return .settle(.escalate(.unheard(error.message)))
        }
        await FaultPoint.heard.reach()
        let text = texts.filter { !$0.isBlank }.joined(separator: "\n\n")
        guard !text.isBlank else { return .settle(.escalate(.unheard("nothing was said"))) }
        let heard = screened.hearing(
            Transcript(text: text, model: listener.configuration.endpoint.name, files: sounds.count), ledger)
        // The system has no ear for an answer, and the caller has no address.
        if isFromTelephone { return .settle(.escalate(.called), noting: heard) }
        return .proceed(heard)
    }

    private func obstacle(_ sounds: [(bytes: [UInt8], file: AudioFile)]) -> String? {
        guard let limits = listener?.configuration else { return nil }
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
