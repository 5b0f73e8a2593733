import Foundation
import Logging
import Mail
import TestServers
import Testing

@testable import SupportDesk

/// Endpoints that fail, and sound that is not sent to them.
extension VoicemailTests {
    enum Fault: String, CaseIterable {
        case down, busy, refused, silent, cut, huge, noJSON, otherJSON, noText, nothingSaid, wordy
    }

    @Test("the endpoint fails in whatever way: a person gets the sound", arguments: Fault.allCases)
    func faults(fault: Fault) async throws {
        let answer: ScriptedReply =
            switch fault {
            case .down: .text("{\"error\":{\"type\":\"server_error\"}}", status: 500)
            case .busy: .text("{\"error\":{}}", status: 429, headers: [("Retry-After", "3600")])
            case .refused: .text("{\"error\":{\"type\":\"invalid_request_error\"}}", status: 400)
            case .silent: .hang
            case .cut:
                .cutOff(status: 200, body: Array("{\"text\":\"x\"}".utf8), after: 5)
            case .huge: SpeechServer.text(String(repeating: "x", count: 600_000))
            case .noJSON: .text("<html>It works!</html>")
            case .otherJSON: .text("[]")
            case .noText: .text("{\"text\": 5}")
            case .nothingSaid: SpeechServer.text(" \n")
            case .wordy: SpeechServer.text(String(repeating: "more and more ", count: 2_000))
            }
        let server = try server(answer)
        let shop = try await VoiceScene.shop(server) { $0.voice.listen?.endpoint.timeout = .milliseconds(400) }
        let sound = VoiceScene.wave()
        try shop.receive(VoiceScene.mail(files: [.init(bytes: sound)]))
        let run = try await shop.run()
        #expect(run.outcome == "escalated voicemail-unheard")
        #expect(run.report.unavailable.isEmpty)
        #expect(try isAttached(sound, shop))
        #expect(server.refusals.isEmpty)
        // What may pass is tried once more; what cannot is not.
        #expect(server.heard.count == ([.down, .cut].contains(fault) ? 2 : 1))
        let calls = try await VoiceScene.calls(shop)
        #expect(calls.count == server.heard.count && calls.allSatisfy { $0.outcome != "asked" })
        #expect(calls.allSatisfy { ($0.outcome == "answered") == (fault == .nothingSaid) })
        await server.stop()
    }

    @Test("a server that is not there")
    func nobody() async throws {
        let server = try server(SpeechServer.text(Self.question))
        let shop = try await VoiceScene.shop(server)
        await server.stop()
        try shop.receive(VoiceScene.mail(files: [.init(bytes: VoiceScene.wave())]))
        #expect(try await shop.run().outcome == "escalated voicemail-unheard")
    }

    @Test("too large, too long, too many, or no sound at all: nothing is sent to the endpoint")
    func limits() async throws {
        let wave = VoiceScene.wave(seconds: 2)
        let cases: [(files: [VoiceScene.File], rule: String)] = [
            ([.init(bytes: VoiceScene.wave(seconds: 11))], "voicemail-unheard"),
            ([.init(bytes: VoiceScene.wave(seconds: 5))], "voicemail-unheard"),
            (Array(repeating: .init(bytes: wave), count: 3), "voicemail-unheard"),
            ([.init(name: "a.mp3", type: "audio/mpeg", bytes: Array("<html><script>".utf8))], "voicemail-unheard"),
            ([.init(bytes: wave), .init(name: "b.wav", bytes: Array("%PDF-1.7".utf8))], "voicemail-unheard"),
            ([.init(name: "voice.png", type: "image/png", bytes: wave)], "attachment-only"),
        ]
        for (files, rule) in cases {
            let server = try server(SpeechServer.text(Self.question))
            let shop = try await VoiceScene.shop(server) {
                $0.voice.listen?.bytes = 100_000
                $0.voice.listen?.seconds = 4
                $0.voice.listen?.files = 2
            }
            try shop.receive(VoiceScene.mail(files: files))
            #expect(try await shop.run().outcome == "escalated \(rule)")
            #expect(server.heard.isEmpty)
            await server.stop()
        }
    }

    @Test("what was paid for is not paid for again: the next run has the words", .onEachEngine)
    func diedBehind() async throws {
        let server = try server(SpeechServer.text(Self.question, seconds: 2))
        let shop = try await VoiceScene.shop(server)
        try shop.receive(VoiceScene.mail(files: [.init(bytes: VoiceScene.wave())]))
        // It dies while a model writes the answer.
        _ = try? await shop.run { $0.model = DyingModel() }
        #expect(try shop.replies().isEmpty && shop.tickets().isEmpty)
        #expect(server.heard.count == 1)
        #expect(try await VoiceScene.kept(shop) == 1)
        shop.clock.advance(by: 3_600)
        #expect(try await shop.run().outcome == "answered answered")
        #expect(server.heard.count == 1)
        #expect(try await VoiceScene.kept(shop) == 0)
        #expect(try await VoiceScene.calls(shop).count == 1)
        await server.stop()
    }

    @Test("the same words twice are answered once, other words twice")
    func repeated() async throws {
        let server = try server(
            SpeechServer.text(Self.question), SpeechServer.text("What is your refund policy, please?"),
            SpeechServer.text(Self.question))
        let shop = try await VoiceScene.shop(server)
        for seconds in [1.0, 1.5, 2.0] {
            try shop.receive(VoiceScene.mail(subject: "", files: [.init(bytes: VoiceScene.wave(seconds: seconds))]))
            _ = try await shop.run()
            shop.clock.advance(by: 60)
        }
        #expect(try shop.replies().count == 2)
        #expect(server.heard.count == 3)
        await server.stop()
    }

    @Test("when the day's money is spent nothing is sent, and a person gets the sound")
    func budget() async throws {
        let server = try server(SpeechServer.text(Self.question))
        let shop = try await VoiceScene.shop(server) {
            $0.answers.dailyBudget = 100
            $0.voice.listen?.pricePerMinute = 1
        }
        try shop.receive(VoiceScene.mail(files: [.init(bytes: VoiceScene.wave())]))
        #expect(try await shop.run().outcome == "escalated voicemail-unheard")
        #expect(server.heard.isEmpty)
        await server.stop()
    }
}
