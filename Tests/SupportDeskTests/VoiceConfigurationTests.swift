import Foundation
import Testing

@testable import SupportDesk

/// `voice` in desk.yaml.
@Suite("Voice configuration")
struct VoiceConfigurationTests {
    private func voice(_ section: String) throws -> VoiceConfiguration {
        let folder = try ScratchFolder()
        for name in ["customers.json", "orders.json"] {
            try FileManager.default.copyItem(atPath: "\(PackageFolder.demo)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        let demo = try String(contentsOfFile: "\(PackageFolder.demo)/desk.yaml", encoding: .utf8)
        let file = try folder.write("desk.yaml", demo + "\n" + section)
        return try DeskConfiguration(file: file).voice
    }

    @Test("off unless it is there, and with safe limits where it is short")
    func defaults() throws {
        let none = try voice("")
        #expect(none.listen == nil && none.speak == nil)
        let short = try voice(
            """
            voice:
              listen: {url: "http://127.0.0.1:9000/v1/", name: whisper}
              speak: {url: "http://127.0.0.1:9000/v1", name: tts, voice: nova}
            """)
        let listen = try #require(short.listen)
        #expect(listen.endpoint.url == "http://127.0.0.1:9000/v1" && listen.endpoint.timeout == .seconds(60))
        #expect(listen.bytes == 10 << 20 && listen.seconds == 300 && listen.files == 3 && listen.telephones.isEmpty)
        let speak = try #require(short.speak)
        #expect(speak.format == .mp3 && speak.bytes == 5 << 20 && speak.voice == "nova")
        #expect(speak.endpoint.retries == 1 && speak.endpoint.timeout == .seconds(20))
    }

    @Test(
        "what is wrong is said with its key",
        arguments: [
            ("voice: {hear: {}}", "hear"), ("voice: {listen: {name: a}}", "url"),
            ("voice: {listen: {url: 'ftp://a', name: a}}", "url"),
            ("voice: {listen: {url: 'https://a', name: a, length: long}}", "length"),
            ("voice: {listen: {url: 'https://a', name: a, price: {input: 1}}}", "minute"),
            ("voice: {listen: {url: 'https://a', name: a, telephones: [pbx]}}", "telephones"),
            ("voice: {listen: {url: 'https://a', name: a, voice: b}}", "voice"),
            ("voice: {speak: {url: 'https://a', name: a}}", "voice"),
            ("voice: {speak: {url: 'https://a', name: a, voice: b, format: midi}}", "format"),
        ])
    func mistakes(section: String, key: String) {
        #expect {
            _ = try voice(section)
        } throws: { error in
            guard let error = error as? DeskError else { return false }
            return error.code == .configuration && error.message.contains(key)
        }
    }

    @Test("the words of every language can be read; a folder without them has none")
    func words() throws {
        let words = try VoiceWords(folder: "\(PackageFolder.templates)/voice")
        for language in ["en", "hi", "hi-Latn"] { #expect(!words.link(in: language).isEmpty) }
        #expect(words.link(in: "fr").isEmpty)
        #expect(words.isFrame("Voicemail\n\nDuration: 0:12"))
        #expect(!words.isFrame("Voicemail\n\nwhere is it?"))
        let none = try VoiceWords(folder: "/nowhere")
        #expect(!none.isFrame("Voicemail") && none.isFrame(""))
    }
}
