import Foundation
import Transport

/// Writes down what a file says, by an OpenAI-compatible `audio/transcriptions` endpoint.
struct Listener: Sendable {
    let configuration: VoiceConfiguration.Listening
    let endpoint: VoiceEndpoint

    /// What a person says in as many seconds as may be heard is far less.
    private static let maximumText = 20_000
    private static let maximumAnswer = 512 << 10

    /// The text of a file.
    /// - Parameter message: that it came with; 0: none that is on record.
    /// - Throws: `ModelError`, or `CancellationError`.
    func text(of bytes: [UInt8], _ file: AudioFile, message: Int64) async throws -> String {
        let seal = endpoint.setting.ledger.seal
        let content = Seal.fingerprint(bytes)
        // Where a file does not say how long it is, its size does: no speech takes less than a byte in a millisecond.
        let seconds = file.seconds ?? min(Double(bytes.count) / 1_000, configuration.seconds)
        let price = configuration.pricePerMinute
        let inquiry = VoiceEndpoint.Inquiry(
            message: message, purpose: "transcription",
            digest: seal.digest("\(message)\n\(configuration.endpoint.name)\n\(content)", for: "heard"),
            cost: Self.cost(of: seconds, price), request: request(bytes, file.format, content)
        ) { response in
            try Self.read(response.body, price)
        }
        return String(decoding: try await endpoint.ask(inquiry), as: UTF8.self)
    }

    /// Has a second of silence written down, once: for `doctor`.
    /// - Throws: `DeskError` with what to mend.
    func tryOut() async throws -> String {
        func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let silence =
            Array("RIFF".utf8) + number(16_036) + Array("WAVEfmt ".utf8) + number(16) + [1, 0, 1, 0] + number(8_000)
            + number(16_000) + [2, 0, 16, 0] + Array("data".utf8) + number(16_000)
            + [UInt8](repeating: 0, count: 16_000)
        let response = try await endpoint.trial(request(silence, .wav, Seal.fingerprint(silence)))
        guard (try? Self.read(response.body, 0)) != nil else {
            throw DeskError(.unavailable, "\(configuration.endpoint.url) answers, but not as audio/transcriptions does")
        }
        return "\(configuration.endpoint.url) writes sound down"
    }

    private static func cost(of seconds: Double, _ pricePerMinute: Double) -> Int64 {
        Int64(min(seconds / 60 * pricePerMinute * 1_000_000, 1e15).rounded(.up))
    }

    /// `multipart/form-data` (RFC 7578). The customer's own name of the file is nobody's business there.
    private func request(_ bytes: [UInt8], _ format: AudioFile.Format, _ content: String) -> HTTPRequest {
        var fields = [("model", configuration.endpoint.name), ("response_format", "json")]
        if let hint = configuration.hint { fields.append(("prompt", hint)) }
        // Nobody can put it into a file that it is a digest of, or guess it in a line of desk.yaml (RFC 2046 §5.1.1: 70 at most).
        let boundary = "auradesk-\(content.prefix(40))"
        var body: [UInt8] = []
        body.reserveCapacity(bytes.count + 1_024)
        for (name, value) in fields {
            body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8
        }
        body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"voice.".utf8
        body += "\(format.rawValue)\"\r\nContent-Type: \(format.mediaType)\r\n\r\n".utf8
        body += bytes
        body += "\r\n--\(boundary)--\r\n".utf8
        var request = endpoint.request(
            "/audio/transcriptions", type: "multipart/form-data; boundary=\(boundary)", body: body)
        request.maximumResponseBytes = Self.maximumAnswer
        return request
    }

    /// The members of `CreateTranscriptionResponseJson` that matter here: `text`, and what it was charged by.
    static func read(_ body: [UInt8], _ pricePerMinute: Double) throws -> VoiceEndpoint.Answer {
        guard let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any],
            let said = object["text"] as? String
        else { throw ModelError(.malformed, "an answer without a text") }
        // Whatever it heard: letters and marks, and no more than a person says.
        let text = String(
            String.UnicodeScalarView(
                said.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }))
        guard text.count <= maximumText else { throw ModelError(.truncated, "a text that nobody can have said") }
        let usage = object.object("usage") ?? [:]
        let tokens = ModelTokens(input: usage.count("input_tokens"), output: usage.count("output_tokens"))
        let seconds = (usage["seconds"] as? NSNumber)?.doubleValue
        let charged = seconds.flatMap { $0.isFinite && $0 >= 0 ? cost(of: $0, pricePerMinute) : nil }
        return VoiceEndpoint.Answer(
            bytes: Array(text.trimmingCharacters(in: .whitespacesAndNewlines).utf8), tokens: tokens, cost: charged)
    }
}
