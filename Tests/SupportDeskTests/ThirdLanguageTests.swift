import Foundation
import Logging
import Mail
import TestServers
import Testing
import Triage

@testable import SupportDesk

/// A third language is a folder: German stands beside these tests, as a shop would add it to its copy of the templates, and no
/// line of Swift knows it.
@Suite("A third language", .serialized)
struct ThirdLanguageTests {
    private static let fixture =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/german"

    /// A shop's own copy of the templates with a language added, and the caches that learning it takes; made once.
    private struct Templates: Sendable {
        let folder: ScratchFolder
        var path: String { "\(folder.path)/Templates" }
        var state: String { "\(folder.path)/learned" }

        static let made = Task { () throws -> Templates in
            let templates = Templates(folder: try ScratchFolder())
            let files = FileManager.default
            try files.copyItem(atPath: PackageFolder.templates, toPath: templates.path)
            for kind in ["replies/de", "intents/de", "knowledge/de"] {
                try files.copyItem(atPath: "\(ThirdLanguageTests.fixture)/\(kind)", toPath: "\(templates.path)/\(kind)")
            }
            try files.createDirectory(atPath: "\(templates.path)/words", withIntermediateDirectories: true)
            for kind in ["words/de.yaml", "voice/de.yaml"] {
                try files.copyItem(atPath: "\(ThirdLanguageTests.fixture)/\(kind)", toPath: "\(templates.path)/\(kind)")
            }
            return templates
        }
    }

    /// What the classifier learned of it serves all tests.
    private func shop(
        _ change: (inout DeskConfiguration) -> Void = { _ in }
    ) async throws -> (ScratchShop, Templates) {
        let templates = try await Templates.made.value
        let shop = try await ScratchShop {
            $0.templates = templates.path
            $0.shop.languages = ["en", "hi", "hi-Latn", "de"]
            change(&$0)
        }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: templates.state)) ?? [] {
            let kept = FileManager.default.contents(atPath: "\(templates.state)/\(name)")
            try DurableFile.write([UInt8](kept ?? Data()), to: "\(shop.configuration.state)/\(name)")
        }
        return (shop, templates)
    }

    private func run(_ shop: ScratchShop, _ templates: Templates) async throws -> TestRun {
        let run = try await shop.run()
        try FileManager.default.createDirectory(atPath: templates.state, withIntermediateDirectories: true)
        for name in ["classifier.model", "knowledge.sqlite", "knowledge.sqlite.model"] {
            let from = "\(shop.configuration.state)/\(name)"
            guard let data = FileManager.default.contents(atPath: from) else { continue }
            try DurableFile.write([UInt8](data), to: "\(templates.state)/\(name)")
        }
        return run
    }

    private func mail(_ text: String, subject: String = "Frage") -> TestMail { TestMail(subject: subject, text: text) }

    @Test("a question about an order, end to end: language, intent, facts, months and states in its words")
    func order() async throws {
        let (shop, templates) = try await shop()
        try shop.receive(
            mail("Guten Tag,\nwo ist meine Bestellung NC-104233? Wann wird mein Paket zugestellt?\nVielen Dank\n"))
        let run = try await run(shop, templates)
        #expect(run.outcome == "answered answered")
        #expect(run.handled.first?.language == "de" && run.handled.first?.intent == "track_order")
        let reply = try #require(try shop.replies().first)
        for words in [
            "Guten Tag Priya Sharma", "Ihre Bestellung NC-104233: unterwegs.", "Bestellt am: 2 März 2026",
            "Voraussichtlich bei Ihnen am: 11 März 2026", "2 × Blue pottery bowl", "Mit freundlichen Grüßen",
        ] {
            #expect(reply.text.contains(words), "\(words) in \(reply.text)")
        }
        #expect(!reply.text.contains("Hello") && !reply.text.contains("March"))
    }

    @Test("a question that an article answers, from the article in its language")
    func article() async throws {
        let (shop, templates) = try await shop()
        try shop.receive(mail("Guten Tag, wie lange kann ich einen Artikel zurückgeben? Was sind Ihre Regeln?\n"))
        let run = try await run(shop, templates)
        #expect(run.outcome == "answered answered")
        let reply = try #require(try shop.replies().first)
        #expect(reply.text.contains("innerhalb von 30 Tagen nach der Zustellung"))
    }

    @Test(
        "its alarms are heard",
        arguments: [
            ("Wo ist meine Bestellung NC-104233? Ich möchte mit einem Mitarbeiter sprechen.", "asks-for-person"),
            ("Das ist Betrug, eine Unverschämtheit! Wo ist meine Bestellung NC-104233? Mir reicht es!", "angry"),
            ("Wo ist meine Bestellung NC-104233? Sonst gehe ich zu meinem Anwalt und zum Gericht.", "legal"),
            (
                "Die Schale aus meiner Bestellung NC-104233 war gesprungen, ich bin verletzt und war im Krankenhaus.",
                "safety"
            ),
        ])
    func alarms(text: String, rule: String) async throws {
        let (shop, templates) = try await shop()
        try shop.receive(mail(text + "\n"))
        #expect(try await run(shop, templates).outcome == "escalated \(rule)")
    }

    @Test("what it has no words for: a person sees each answer first; what it has no reply for, a person answers")
    func gaps() async throws {
        let (shop, templates) = try await shop()
        try shop.receive(
            mail("Guten Tag, ich möchte meine Bestellung NC-104233 bitte stornieren. Cancel my order please.\n"))
        #expect(try await run(shop, templates).handled.first?.disposition == .escalated)
        #expect(try shop.replies().isEmpty)

        let bare = try ScratchFolder()
        try FileManager.default.copyItem(atPath: templates.path, toPath: "\(bare.path)/Templates")
        try FileManager.default.removeItem(atPath: "\(bare.path)/Templates/words/de.yaml")
        let (unguarded, _) = try await self.shop { $0.templates = "\(bare.path)/Templates" }
        try unguarded.receive(
            mail("Guten Tag, wo ist meine Bestellung NC-104233? Wann wird mein Paket zugestellt?\n"))
        try unguarded.receive(.whereIsIt())
        let run = try await unguarded.run()
        #expect(run.handled.map(\.rule).sorted() == ["answered", "language-unguarded"])
        #expect(try unguarded.replies().count == 1)
    }

    @Test("without a folder its mail goes to a person, as before")
    func unknown() async throws {
        let shop = try await ScratchShop()
        try shop.receive(mail("Guten Tag, wo ist meine Bestellung NC-104233? Wann wird mein Paket zugestellt?\n"))
        #expect(try await shop.run().outcome == "escalated language")
    }

    @Test("it is heard too: a frame and a question in German")
    func spoken() async throws {
        let server = try SpeechServer(listening: [
            SpeechServer.text("Guten Tag, wo ist meine Bestellung NC-104233? Wann wird mein Paket zugestellt?")
        ])
        let (shop, templates) = try await shop {
            $0.voice.listen = VoiceConfiguration.Listening(VoiceScene.endpoint(server, "ears-1"))
        }
        try shop.receive(
            VoiceScene.mail(
                "Sie haben eine neue Sprachnachricht von Priya Sharma\nDauer: 0:08",
                files: [.init(bytes: VoiceScene.wave())]))
        #expect(try await run(shop, templates).outcome == "answered answered")
        #expect(try shop.replies().first?.text.contains("unterwegs") == true)
        await server.stop()
    }

    @Test("a folder that lacks an alarm, or a month, is an error that names file and key")
    func mistakes() throws {
        let folder = try ScratchFolder()
        try folder.write("xx.yaml", "anger: [argh]\nlegal: [lex]\n")
        #expect {
            _ = try LanguageWords.all(in: folder.path)
        } throws: { error in
            "\(error)".contains("xx.yaml") && "\(error)".contains("safety")
        }
        let path = try folder.write("_words.yaml", "months: [one]\nbusiness_day: x\nbusiness_days: y\nstates: {}\n")
        #expect {
            _ = try FactWords(file: path)
        } throws: { error in
            "\(error)".contains("months")
        }
        #expect(try FactWords(file: "\(folder.path)/none.yaml") == nil)
        #expect(try LanguageWords.all(in: "\(folder.path)/none").isEmpty)
    }
}
