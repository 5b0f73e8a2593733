import Mail

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

    private static let endings: Set<String> = [
        "mp3", "m4a", "wav", "ogg", "oga", "opus", "flac", "weba", "mpga", "amr", "awb", "aac",
    ]
}
