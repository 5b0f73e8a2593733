import Foundation
import Logging
import Transport

/// What of a desk hears and speaks, put together from its configuration.
struct Voice {
    let listening: Listening
    /// nil: replies are read only.
    let speaking: Speaking?

    /// - Parameter agent: the connections to the network; asked for only where something is heard or said.
    init(
        _ configuration: DeskConfiguration, _ layout: Layout, _ ledger: Ledger, logger: Logger, meter: Meter,
        now: @escaping @Sendable () -> Date, agent: () -> TransferAgent
    ) throws {
        let voice = configuration.voice
        guard voice.listen != nil || voice.speak != nil else {
            listening = Listening(listener: nil, voicemail: nil, ledger: ledger)
            speaking = nil
            return
        }
        let network = agent()
        let setting = VoiceEndpoint.Setting(
            ledger: ledger, perform: { try await network.perform($0) },
            budget: Budget(
                limit: configuration.answers.dailyBudget, zone: configuration.shop.timeZone, ledger: ledger,
                logger: logger, now: now),
            logger: logger, now: now, meter: meter)
        let words = try VoiceWords(folder: "\(layout.templates)/voice")
        listening = Listening(
            listener: voice.listen.map {
                Listener(configuration: $0, endpoint: VoiceEndpoint($0.endpoint, setting))
            },
            voicemail: voice.listen.map { Voicemail(configuration: $0, words: words) }, ledger: ledger)
        speaking = voice.speak.map {
            Speaking(configuration: $0, endpoint: VoiceEndpoint($0.endpoint, setting), words: words)
        }
    }
}
