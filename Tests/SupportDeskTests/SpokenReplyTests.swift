import Foundation
import Logging
import Mail
import TestServers
import Testing

@testable import SupportDesk

/// Replies that are read aloud for customers whose records ask for it: last of all, and never in the way of the reply.
@Suite("Replies read aloud")
struct SpokenReplyTests {
    /// Priya Sharma, the owner of NC-104233.
    private static let customer = "C1001"

    private func shop(
        _ replies: ScriptedReply..., voiceOf customer: String? = Self.customer,
        _ change: (inout DeskConfiguration) -> Void = { _ in }
    ) async throws -> (ScratchShop, SpeechServer) {
        let server = try SpeechServer(speaking: replies)
        let shop = try await VoiceScene.shop(server, speaks: true, voiceOf: customer, change)
        return (shop, server)
    }

    @Test("the reply stands as it would without, and a file with the same words is beside it", .onEachEngine)
    func readAloud() async throws {
        let sound = VoiceScene.layer3(mark: "MARK-OF-THE-VOICE")
        let (shop, server) = try await shop(SpeechServer.sound(sound))
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "answered answered")
        let reply = try #require(try shop.replies().first)
        let file = try #require(reply.attachments.first)
        #expect(reply.attachments.count == 1)
        #expect(file.name == "reply.mp3" && file.type == "audio/mpeg")
        #expect((file.bytes == sound) as Bool)
        // The same letter as one without a voice.
        let (silent, other) = try await self.shop(voiceOf: nil)
        try silent.receive(.whereIsIt())
        _ = try await silent.run()
        let plain = try #require(try silent.replies().first)
        func lines(_ text: String) -> [Substring] {
            text.split(separator: "\n").filter { !$0.contains("mailto:") && !$0.contains("reference") }
        }
        #expect(lines(reply.text) == lines(plain.text) && plain.attachments.isEmpty)
        #expect(other.said.isEmpty)

        let said = try #require(server.said.first)
        #expect(server.refusals.isEmpty && server.said.count == 1)
        #expect(said.voice == "coral" && said.format == "mp3")
        #expect(said.input.contains("NC-104233") && said.input.contains("Priya Sharma"))
        #expect(!said.input.contains("://") && !said.input.contains("mailto:"))
        #expect(said.input.contains("the link that stands in this mail"))
        let calls = try await VoiceScene.calls(shop)
        #expect(calls.map(\.outcome) == ["answered"] && calls.first?.purpose == "speech")
        #expect(calls.first?.cost == Int64(said.input.count * 15))
        #expect(try await VoiceScene.kept(shop) == 0)
        await server.stop()
        await other.stop()
    }

    enum Fault: String, CaseIterable { case down, silent, cut, noSound, otherSound, huge, empty }

    @Test("it fails in whatever way: the reply goes at once, and once, without it", arguments: Fault.allCases)
    func faults(fault: Fault) async throws {
        let answer: ScriptedReply =
            switch fault {
            case .down: .text("{}", status: 503)
            case .silent: .hang
            case .cut: .cutOff(status: 200, body: VoiceScene.layer3(), after: 4_000)
            case .noSound: .text("<html>please log in</html>", type: "audio/mpeg")
            case .otherSound: SpeechServer.sound(VoiceScene.wave())
            case .huge: SpeechServer.sound(VoiceScene.layer3(frames: 400))
            case .empty: SpeechServer.sound([])
            }
        let (shop, server) = try await shop(answer) {
            $0.voice.speak?.endpoint.timeout = .milliseconds(400)
            $0.voice.speak?.bytes = 100_000
        }
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "answered answered")
        let replies = try shop.replies()
        #expect(replies.count == 1 && replies.allSatisfy { $0.attachments.isEmpty })
        let said = server.said.count
        #expect(said == ([.down, .cut].contains(fault) ? 2 : 1))
        // It is not made up for later.
        shop.clock.advance(by: 3_600)
        #expect(try await shop.run().handled.isEmpty)
        #expect(try shop.replies().count == 1 && server.said.count == said)
        await server.stop()
    }

    @Test("only for her who proved that she wrote, and only what leaves without a person")
    func onlyHers() async throws {
        for verdict in [TestMail.Verdict.none, .fail] {
            let (shop, server) = try await shop(SpeechServer.sound(VoiceScene.layer3()))
            var mail = TestMail(subject: "Refunds", text: "What is your refund policy?\n")
            mail.verdict = verdict
            try shop.receive(mail)
            _ = try await shop.run()
            #expect(server.said.isEmpty)
            await server.stop()
        }
        let (shop, server) = try await shop(SpeechServer.sound(VoiceScene.layer3())) {
            $0.policy.defaultMode = .draft
        }
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().handled.first?.disposition == .drafted)
        #expect(server.said.isEmpty)
        await server.stop()
    }

    @Test(
        "it lies in the outbox before anything leaves: what takes the mail later asks for nothing again", .onEachEngine)
    func inTheOutbox() async throws {
        let sound = VoiceScene.layer3(mark: "KEPT")
        let (shop, server) = try await shop(SpeechServer.sound(sound))
        try shop.receive(.whereIsIt())
        let carrier = ScriptedCarrier([.deferred(reason: "later"), .accepted(remote: nil)])
        _ = try await shop.run { $0.carrier = carrier }
        #expect(server.said.count == 1)
        await server.stop()
        shop.clock.advance(by: 3_600)
        _ = try await shop.run { $0.carrier = carrier }
        let carried = await carrier.carried
        #expect(carried.count == 2)
        #expect((Set(carried.map(\.bytes)).count == 1) as Bool)
        let reply = try Message(parsing: try #require(carried.last).bytes)
        #expect((reply.attachments.map(\.bytes) == [sound]) as Bool)
        #expect(server.said.count == 1)
    }

    #if DEBUG
        @Test(
            "the program is killed behind each of the two: it has the words, and the voice, and asks nobody again",
            arguments: ["heard", "spoke", "decided"])
        func killed(point: String) async throws {
            let sound = VoiceScene.layer3(mark: "KILLED")
            let server = try SpeechServer(
                listening: [SpeechServer.text("Where is my order NC-104233? When will it be delivered?")],
                speaking: [SpeechServer.sound(sound)])
            let mail = VoiceScene.mail(files: [.init(bytes: VoiceScene.wave())])
            let voice = """
                voice:
                  listen: {url: "\(server.baseURL)", name: ears-1, key: {file: key.txt}}
                  speak: {url: "\(server.baseURL)", name: mouth-1, voice: coral, key: {file: key.txt}}

                """
            let desk = try await EndToEndDesk.onFiles([(name: "voice.eml", bytes: mail.bytes)], limits: voice)
            try desk.scratch.write(Array(server.apiKey.utf8), to: "key.txt")
            let path = URL(fileURLWithPath: "\(desk.folder)/customers.json")
            let text = try String(contentsOf: path, encoding: .utf8)
            try text.replacing("\"id\": \"\(Self.customer)\",", with: "\"id\": \"\(Self.customer)\", \"voice\": true,")
                .write(to: path, atomically: false, encoding: .utf8)
            let first = try await desk.program(fault: point)
            #expect(first.signal == SIGKILL, "\(first.errors)")
            let later = EndToEndDesk.now.addingTimeInterval(3_600).ISO8601Format()
            let second = try await desk.program(now: later)
            #expect(second.code == 0, "\(second.errors)")
            #expect(server.heard.count == 1 && server.said.count == 1 && server.refusals.isEmpty)
            let replies = try desk.tree("outbox").filter { !$0.key.hasPrefix("tmp/") }.values.map {
                try Message(parsing: $0)
            }
            #expect(replies.count == 1)
            #expect((replies.first?.attachments.map(\.bytes) == [sound]) as Bool)
            await server.stop()
        }
    #endif

    @Test("neither sound nor words lie anywhere in the clear, nor in a log", .onEachEngine)
    func canaries() async throws {
        let said = "My passcode is pelican marigold tundra. Where is my order NC-104233? When will it be delivered?"
        let marks = ["SOUNDMARKIN0451", "SOUNDMARKOUT872", "pelican marigold", "marigold tundra"]
        let server = try SpeechServer(
            listening: [SpeechServer.text(said)], speaking: [SpeechServer.sound(VoiceScene.layer3(mark: marks[1]))])
        let shop = try await VoiceScene.shop(server, speaks: true, voiceOf: Self.customer)
        try shop.receive(VoiceScene.mail(files: [.init(bytes: VoiceScene.wave(mark: marks[0]))]))
        let lines = RecordedLines()
        let death = RecordedLines()
        // Once dying behind the transcript, once to the end.
        _ = try? await shop.run {
            $0.model = DyingModel()
            $0.logger = Logger(label: "voice") { _ in RecordingLog(lines: death) }
        }
        try search(shop, for: marks)
        shop.clock.advance(by: 3_600)
        let run = try await shop.run { $0.logger = Logger(label: "voice") { _ in RecordingLog(lines: lines) } }
        #expect(run.outcome == "answered answered")
        #expect(server.heard.count == 1 && server.said.count == 1)
        try search(shop, for: marks)
        for line in lines.all + death.all {
            for mark in marks { #expect(!line.contains(mark), "\(line)") }
        }
        await server.stop()
    }

    /// Searches the state folder; what lies in PostgreSQL is the same sealed rows.
    private func search(_ shop: ScratchShop, for marks: [String]) throws {
        let state = shop.configuration.state
        let encoded = marks.flatMap { [$0, Data($0.utf8).base64EncodedString()] }
        for name in FileManager.default.subpaths(atPath: state) ?? [] {
            guard let data = FileManager.default.contents(atPath: "\(state)/\(name)") else { continue }
            for mark in encoded { #expect(data.range(of: Data(mark.utf8)) == nil, "\(mark) in \(name)") }
        }
    }

    @Test("what a customer's record says of it, in files and tables")
    func records() {
        func wants(_ text: String?) -> Bool? {
            var raw = RawCustomer()
            raw.texts[.id] = "C1"
            raw.texts[.voice] = text
            return raw.customer(RecordDays(shop: .gmt))?.wantsVoice
        }
        for text in ["true", "t", "Yes", "1", "on"] { #expect(wants(text) == true, "\(text)") }
        for text in [nil, "", "false", "no", "0", "maybe"] { #expect(wants(text) == false) }
    }
}
