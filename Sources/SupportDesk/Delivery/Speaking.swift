import Foundation
import Logging
import Mail
import Transport

/// Reads a finished reply aloud for a customer whose record asks for it, by an OpenAI-compatible `audio/speech` endpoint.
///
/// It is the last thing that is done to a reply, and nothing depends on it: without it the reply goes as it is.
struct Speaking: Sendable {
    let configuration: VoiceConfiguration.Speaking
    let endpoint: VoiceEndpoint
    let words: VoiceWords

    /// The longest input that `CreateSpeechRequest` allows, in characters.
    private static let maximumCharacters = 4_096

    /// The reply as a file; nil where none is due, or none could be had.
    func attachment(for reply: Reply, of dossier: inout Dossier) async throws -> Attachment? {
        guard reply.isToProvedSender, let identity = dossier.identity, identity.tier == .verified,
            identity.customer?.wantsVoice == true
        else { return nil }
        let text = spoken(reply)
        guard !text.isBlank, text.count <= Self.maximumCharacters else {
            dossier.noteLine("the reply is too long to be read aloud")
            return nil
        }
        do {
            let bytes = try await sound(of: text, for: dossier.raw.id)
            await FaultPoint.spoke.reach()
            let format = configuration.format.content
            return Attachment(name: "reply.\(format.rawValue)", type: format.mediaType, bytes: bytes)
        } catch let error as ModelError {
            let level: Logger.Level = error.isKnown ? .debug : .warning
            endpoint.setting.logger.log(
                level: level, "the reply goes without its voice", metadata: ["error": "\(error)"])
            dossier.noteLine("the reply goes without its voice (\(error.message))")
            return nil
        }
    }

    /// What is read: the reply as a person would send it, its links by their name.
    func spoken(_ reply: Reply) -> String {
        let name = words.link(in: reply.language)
        let text = reply.personalText.isEmpty ? reply.text : reply.personalText
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: " ", omittingEmptySubsequences: false).map { word in
                word.hasPrefix("https://") || word.hasPrefix("mailto:") ? name : String(word)
            }.joined(separator: " ")
        }.joined(separator: "\n")
    }

    /// Has one word read aloud, once: for `doctor`.
    /// - Throws: `DeskError` with what to mend.
    func tryOut() async throws -> String {
        let response = try await endpoint.trial(try request("Yes."))
        guard AudioFile(response.body)?.format == configuration.format.content else {
            throw DeskError(
                .unavailable, "\(configuration.endpoint.url) answers, but not with \(configuration.format.rawValue)")
        }
        return "\(configuration.endpoint.url) reads aloud"
    }

    private func request(_ text: String) throws -> HTTPRequest {
        let model = configuration.endpoint.name
        let body: [String: Any] = [
            "model": model, "input": text, "voice": configuration.voice,
            "response_format": configuration.format.rawValue,
        ]
        var request = endpoint.request(
            "/audio/speech", type: "application/json",
            body: [UInt8](try JSONSerialization.data(withJSONObject: body, options: [.sortedKeys])))
        request.maximumResponseBytes = configuration.bytes
        return request
    }

    private func sound(of text: String, for message: Int64) async throws -> [UInt8] {
        let model = configuration.endpoint.name
        let request = try request(text)
        let format = configuration.format
        let cost = Double(text.count) * configuration.pricePerMillion
        let seal = endpoint.setting.ledger.seal
        return try await endpoint.ask(
            VoiceEndpoint.Inquiry(
                message: message, purpose: "speech",
                digest: seal.digest(
                    "\(message)\n\(model)\n\(configuration.voice)\n\(format.rawValue)\n\(text)", for: "said"),
                cost: Int64(min(cost, 1e15).rounded(.up)), request: request
            ) { response in
                // Whatever else came is not sent to a customer.
                guard AudioFile(response.body)?.format == format.content else {
                    throw ModelError(.malformed, "an answer that is no \(format.rawValue)")
                }
                return VoiceEndpoint.Answer(bytes: response.body)
            })
    }
}
