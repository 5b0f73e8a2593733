/// What a desk hears and says: both are off unless the shop names an endpoint, because what is heard or said goes there.
public struct VoiceConfiguration: Sendable {
    /// Where voice messages are written down.
    public struct Listening: Sendable {
        /// The endpoint (`/audio/transcriptions`), and how patient the desk is with it.
        public var endpoint: ModelConfiguration
        /// What a minute of sound costs.
        public var pricePerMinute = 0.0
        /// A larger file is not sent there.
        public var bytes = 10 << 20
        /// A longer one is not either, seconds.
        public var seconds = 300.0
        /// A mail with more of them is not heard.
        public var files = 3
        /// Names and forms that the speaker may use, sent along.
        public var hint: String?
        /// Addresses of telephone systems that mail what callers said.
        public var telephones: Set<String> = []

        /// Listens at an endpoint with the usual limits.
        public init(_ endpoint: ModelConfiguration) { self.endpoint = endpoint }
    }

    /// Where replies are read aloud.
    public struct Speaking: Sendable {
        /// The endpoint (`/audio/speech`), and how patient the desk is with it.
        public var endpoint: ModelConfiguration
        /// The voice's name there.
        public var voice: String
        /// What comes back.
        public var format = Format.mp3
        /// What a million characters cost.
        public var pricePerMillion = 0.0
        /// A larger file is not sent to a customer.
        public var bytes = 5 << 20

        /// Speaks at an endpoint with the usual limits.
        public init(_ endpoint: ModelConfiguration, voice: String) {
            self.endpoint = endpoint
            self.voice = voice
        }
    }

    /// The kinds of sound that are asked for: those that mail programs play.
    public enum Format: String, Sendable, CaseIterable {
        /// MPEG audio.
        case mp3
        /// Opus in Ogg.
        case opus
        /// Advanced audio coding.
        case aac
        /// Without loss.
        case flac
        /// Not compressed.
        case wav

        /// What such a file is by its content.
        var content: AudioFile.Format {
            switch self {
            case .mp3: .mp3
            case .opus: .ogg
            case .aac: .aac
            case .flac: .flac
            case .wav: .wav
            }
        }
    }

    /// nil: a person hears voice messages.
    public var listen: Listening?
    /// nil: replies are read only.
    public var speak: Speaking?

    /// Neither.
    public init() {}
}
