import ArgumentParser
import Foundation
import Logging
import SupportDesk
import TestServers

/// The requests that a desk makes of models, for `Tests/Benchmarks/model-contracts` to hold against the providers' own
/// descriptions of their interfaces.
struct ModelRequests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model-requests",
        abstract: "Print every request that a folder of mails leads to, as JSON lines, for each kind of interface.")

    @Argument(help: "A desk's folder, such as Mailboxes/demo, with its mail in mail/.") var folder: String

    func run() async throws {
        // The first draft of each mail has a number of its own, so that it is rejected and mended where the desk does that.
        let draft = """
            {"answer": "You get 500 back.", "language": "en", "citations": [], "facts_used": [], "resolved": true,
            "needs_human": false, "reason": "-"}
            """
        for (dialect, isBatched) in ChatModelServer.Dialect.allCases.flatMap({ [($0, false), ($0, true)] }) {
            let server = try ChatModelServer(dialect: dialect, behaviours: [.content(draft)])
            let scratch = NSTemporaryDirectory() + "auradesk-requests-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: scratch) }
            try FileManager.default.copyItem(atPath: folder, toPath: scratch)
            let mail = try FileManager.default.contentsOfDirectory(atPath: "\(scratch)/mail")
            for name in ["cur", "new", "tmp"] {
                try FileManager.default.createDirectory(
                    atPath: "\(scratch)/mail/\(name)", withIntermediateDirectories: true)
            }
            for name in mail where name.hasSuffix(".eml") {
                try FileManager.default.moveItem(
                    atPath: "\(scratch)/mail/\(name)", toPath: "\(scratch)/mail/new/1773133000.\(name)")
            }
            var configuration = try DeskConfiguration(file: "\(scratch)/desk.yaml")
            var model = ModelConfiguration(url: server.baseURL, name: "contract", key: server.apiKey)
            model.interface = dialect == .openai ? .openai : .anthropic
            model.temperature = 0
            if isBatched { model.batch = BatchPolicy() }
            configuration.models = [model]
            configuration.answers.opinions = 2
            var surroundings = DeskSurroundings(logger: Logger(label: "requests") { _ in SwiftLogNoOpLogHandler() })
            surroundings.now = { Date(timeIntervalSince1970: 1_773_133_200) }
            let report = try await Desk.build(configuration, surroundings).run()
            guard !server.requests.isEmpty, server.refusals.isEmpty else {
                throw ValidationError("no requests, or refused ones: \(report) \(server.refusals.prefix(3))")
            }
            func print(_ body: [UInt8], as name: String) {
                Swift.print("{\"interface\":\"\(name)\",\"body\":" + String(decoding: body, as: UTF8.self) + "}")
            }
            if isBatched {
                let batches = server.batches
                guard !batches.requested.isEmpty, batches.refusals.isEmpty else {
                    throw ValidationError("no batches, or refused ones: \(batches.refusals.prefix(3))")
                }
                for body in batches.created { print(body, as: "\(model.interface.rawValue)-batch") }
                for batch in batches.batches {
                    for (_, request) in batch.requests { print(request.body, as: model.interface.rawValue) }
                }
            } else {
                for request in server.requests { print(request.body, as: model.interface.rawValue) }
            }
            await server.stop()
        }
        try await printVoices()
    }

    /// One voice message whose answer is read aloud: a form, told as an object of its fields, and an object.
    private func printVoices() async throws {
        let sound = [UInt8]([0xFF, 0xFB, 0x90, 0]) + [UInt8](repeating: 0x55, count: 413)
        let server = try SpeechServer(
            listening: [SpeechServer.text("Where is my order NC-104233? When will it be delivered?")],
            speaking: [SpeechServer.sound(sound)])
        let scratch = NSTemporaryDirectory() + "auradesk-voices-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        for name in ["cur", "new", "tmp"] {
            try FileManager.default.createDirectory(
                atPath: "\(scratch)/mail/\(name)", withIntermediateDirectories: true)
        }
        for name in ["customers.json", "orders.json", "desk.yaml"] {
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            try text.replacing("\"id\": \"C1001\",", with: "\"id\": \"C1001\", \"voice\": true,")
                .write(toFile: "\(scratch)/\(name)", atomically: false, encoding: .utf8)
        }
        let mail = """
            Authentication-Results: mx.neemandclay.example; dkim=pass header.d=mail.example; dmarc=pass header.from=mail.example
            From: priya.sharma@mail.example
            To: support@neemandclay.example
            Subject: Voice message
            Message-ID: <voice@mail.example>
            MIME-Version: 1.0
            Content-Type: audio/mpeg; name="voice.mp3"
            Content-Disposition: attachment; filename="voice.mp3"
            Content-Transfer-Encoding: base64

            \(Data(sound).base64EncodedString(options: .lineLength76Characters))

            """
        try mail.write(toFile: "\(scratch)/mail/new/1773133000.voice", atomically: false, encoding: .utf8)
        var configuration = try DeskConfiguration(file: "\(scratch)/desk.yaml")
        func endpoint(_ name: String) -> ModelConfiguration {
            ModelConfiguration(url: server.baseURL, name: name, key: server.apiKey)
        }
        configuration.voice.listen = VoiceConfiguration.Listening(endpoint("gpt-4o-mini-transcribe"))
        configuration.voice.listen?.hint = "NC-104233"
        configuration.voice.speak = VoiceConfiguration.Speaking(endpoint("gpt-4o-mini-tts"), voice: "coral")
        var surroundings = DeskSurroundings(logger: Logger(label: "requests") { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { Date(timeIntervalSince1970: 1_773_133_200) }
        let report = try await Desk.build(configuration, surroundings).run()
        guard let heard = server.heard.first, let said = server.said.first, server.refusals.isEmpty else {
            throw ValidationError("no voices, or refused ones: \(report) \(server.refusals)")
        }
        var fields = heard.fields
        fields["file"] = heard.fileName
        let form = try JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys])
        Swift.print("{\"interface\":\"openai-transcription\",\"body\":" + String(decoding: form, as: UTF8.self) + "}")
        Swift.print("{\"interface\":\"openai-speech\",\"body\":" + String(decoding: said.body, as: UTF8.self) + "}")
        await server.stop()
    }
}
