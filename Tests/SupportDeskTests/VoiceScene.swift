import Foundation
import Mail
import TestServers

@testable import SupportDesk

/// Sound, and mails that hold it.
enum VoiceScene {
    /// A recording: 8 kHz, 16 bits, one tone; with a mark among its samples by which it is found again.
    static func wave(seconds: Double = 2, mark: String = "") -> [UInt8] {
        var samples: [UInt8] = []
        for index in 0..<Int(seconds * 8_000) {
            let value = Int16(8_000 * sin(Double(index) * 440 * 2 * .pi / 8_000))
            samples += [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
        }
        if !mark.isEmpty { samples.replaceSubrange(100..<(100 + mark.utf8.count), with: mark.utf8) }
        return Array("RIFF".utf8) + little(UInt32(36 + samples.count)) + Array("WAVEfmt ".utf8) + little(16)
            + [1, 0, 1, 0] + little(8_000) + little(16_000) + [2, 0, 16, 0] + Array("data".utf8)
            + little(UInt32(samples.count)) + samples
    }

    /// Frames of MPEG audio, Layer III, 128 kbit/s at 44.1 kHz, with a mark in the first.
    static func layer3(frames: Int = 40, mark: String = "") -> [UInt8] {
        let frame: [UInt8] = [0xFF, 0xFB, 0x90, 0x00] + [UInt8](repeating: 0x55, count: 413)
        var bytes = Array(repeatElement(frame, count: frames).joined())
        if !mark.isEmpty { bytes.replaceSubrange(60..<(60 + mark.utf8.count), with: mark.utf8) }
        return bytes
    }

    /// AMR at 12.2 kbit/s, as telephones keep what was said to them.
    static func adaptive(frames: Int = 50) -> [UInt8] {
        Array("#!AMR\n".utf8)
            + Array(repeatElement([0x3C] + [UInt8](repeating: 0x5A, count: 31), count: frames).joined())
    }

    /// AAC in ADTS, one channel at 16 kHz, frames of 64 bytes.
    static func transport(frames: Int = 20) -> [UInt8] {
        let head: [UInt8] = [0xFF, 0xF1, 0x60, 0x40, 0x08, 0x1F, 0xFC]
        return Array(repeatElement(head + [UInt8](repeating: 0x21, count: 57), count: frames).joined())
    }

    static func little(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }

    /// A file of a mail.
    struct File {
        var name = "recording.wav"
        var type = "audio/wav"
        var bytes: [UInt8]
    }

    /// A mail with sound in it, by default from the owner of NC-104233, authenticated.
    static func mail(
        _ text: String = "", subject: String = "Voice message", files: [File], from: String? = nil,
        verdict: TestMail.Verdict = .pass
    ) -> TestMail {
        let boundary = "voice-boundary"
        var body = "--\(boundary)\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\(text)\r\n"
        for file in files {
            body += "--\(boundary)\r\nContent-Type: \(file.type)\r\nContent-Transfer-Encoding: base64\r\n"
            body += "Content-Disposition: attachment; filename=\"\(file.name)\"\r\n\r\n"
            body += Data(file.bytes).base64EncodedString(options: .lineLength76Characters) + "\r\n"
        }
        var mail = TestMail(subject: subject, text: body + "--\(boundary)--\r\n")
        mail.contentType = "multipart/mixed; boundary=\"\(boundary)\""
        mail.verdict = verdict
        if let from { mail.from = from }
        return mail
    }

    /// A shop that hears and, if told so, speaks.
    static func shop(
        _ server: SpeechServer, speaks: Bool = false, voiceOf customer: String? = nil,
        _ change: (inout DeskConfiguration) -> Void = { _ in }
    ) async throws -> ScratchShop {
        let shop = try await ScratchShop { configuration in
            configuration.voice.listen = VoiceConfiguration.Listening(endpoint(server, "ears-1"))
            configuration.voice.listen?.pricePerMinute = 0.006
            if speaks {
                configuration.voice.speak = VoiceConfiguration.Speaking(endpoint(server, "mouth-1"), voice: "coral")
                configuration.voice.speak?.pricePerMillion = 15
            }
            change(&configuration)
        }
        if let customer { try ask(for: customer, in: shop) }
        return shop
    }

    static func endpoint(_ server: SpeechServer, _ name: String) -> ModelConfiguration {
        var endpoint = ModelConfiguration(url: server.baseURL, name: name, key: server.apiKey)
        endpoint.retries = 1
        endpoint.timeout = .seconds(5)
        endpoint.maximumWait = .milliseconds(50)
        return endpoint
    }

    /// Has a customer's record ask for replies that are read aloud.
    static func ask(for customer: String, in shop: ScratchShop) throws {
        let path = URL(fileURLWithPath: "\(shop.folder.path)/customers.json")
        let records = try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [[String: Any]] ?? []
        let changed = records.map { record in
            var record = record
            if record["id"] as? String == customer { record["voice"] = true }
            return record
        }
        try JSONSerialization.data(withJSONObject: changed).write(to: path)
    }

    /// What the ledger has of requests for sound.
    struct Call: Equatable {
        let model: String
        let purpose: String
        let outcome: String
        let cost: Int64
        let hasMessage: Bool
    }

    static func calls(_ shop: ScratchShop) async throws -> [Call] {
        let ledger = try await shop.ledger()
        let calls = try await ledger.database.read { transaction in
            try transaction.rows("SELECT model, prompt, outcome, cost, message FROM model_call ORDER BY id", []).map {
                Call(
                    model: $0.text("model") ?? "", purpose: $0.text("prompt") ?? "",
                    outcome: $0.text("outcome") ?? "", cost: $0.integer("cost") ?? -1,
                    hasMessage: $0.integer("message") != nil)
            }
        }
        try await ledger.close()
        return calls
    }

    /// How many answers of the endpoints are still kept.
    static func kept(_ shop: ScratchShop) async throws -> Int {
        let ledger = try await shop.ledger()
        let count = try await ledger.database.read { try $0.rows("SELECT digest FROM spoken", []).count }
        try await ledger.close()
        return count
    }
}
