import Foundation
import Mail
import Testing
import Triage

@testable import SupportDesk

/// "I want a person" in every language that the desk answers in; and every mail that it writes says how to get one.
@Suite("Asking for a person")
struct PersonWishTests {
    private static let wording: [String: [String]] = [
        "en": [
            "I want to talk to a person.", "Can somebody real please call me back?",
            "Please connect me to a human agent.",
            "No more robots, let me speak to your manager.",
        ],
        "hi": [
            "मुझे किसी इंसान से बात करनी है।", "कृपया मेरी बात किसी कर्मचारी से करवाइए।",
            "मैं आपकी टीम के किसी सदस्य से बात करना चाहता हूँ।", "मशीन से नहीं, किसी व्यक्ति से बात कराइए।",
        ],
        "hi-Latn": [
            "Mujhe kisi insaan se baat karni hai.", "Kripya meri baat kisi agent se karwaiye.",
            "Main aapki team ke kisi sadasya se baat karna chahta hoon.", "Robot nahi, kisi vyakti se baat karao.",
        ],
    ]

    /// By which words a mail of the desk says how to get a person.
    private static let ways = [
        "en": "ask for a person", "hi": "हमारी टीम के किसी सदस्य से बात करना चाहते हैं",
        "hi-Latn": "hamari team ke kisi sadasya se baat karna chahte hain",
    ]

    private static let triage = Task {
        try Triage(
            classifier: IntentClassifier(
                trainedOn: "\(PackageFolder.templates)/intents",
                cachedAt: FileManager.default.temporaryDirectory.path + "/auradesk-wish-\(getpid()).model"),
            orderPatterns: ["NC-\\d{6}"])
    }

    @Test("in each language that a shop has without saying so", arguments: ["en", "hi", "hi-Latn"])
    func wishes(_ language: String) async throws {
        let shop = try await ScratchShop()
        #expect(shop.configuration.shop.languages.contains(language))
        let triage = try await Self.triage.value
        for wish in Self.wording[language] ?? [] {
            #expect(triage.triage(subject: "", text: wish).wantsPerson, "\(wish)")
            // Also beside a question that the desk could answer.
            let both = triage.triage(subject: "NC-104233", text: "Where is my order NC-104233? \(wish)")
            #expect(both.wantsPerson, "\(wish)")
        }
        try shop.receive(TestMail(text: "\(Self.wording[language]?.first ?? "")\n"))
        #expect(try await shop.run().outcome == "escalated asks-for-person")
        #expect(shop.tickets().count == 1)
    }

    @Test(
        "in a language that the shop does not answer in, a person gets it as well",
        arguments: [
            "मला माणसाशी बोलायचे आहे. माझी ऑर्डर कुठे आहे ते कृपया सांगा.", "আমি একজন মানুষের সাথে কথা বলতে চাই, আমার অর্ডার কোথায়?",
            "எனக்கு ஒரு நபருடன் பேச வேண்டும். என் ஆர்டர் எங்கே?", "నేను ఒక వ్యక్తితో మాట్లాడాలి. నా ఆర్డర్ ఎక్కడ ఉంది?",
            "મારે કોઈ માણસ સાથે વાત કરવી છે. મારો ઓર્ડર ક્યાં છે?", "ਮੈਂ ਕਿਸੇ ਇਨਸਾਨ ਨਾਲ ਗੱਲ ਕਰਨੀ ਹੈ। ਮੇਰਾ ਆਰਡਰ ਕਿੱਥੇ ਹੈ?",
            "Mala mansashi bolayche aahe. Majhi order kuthe aahe te krupaya sanga.",
            "Ich möchte bitte mit einem Menschen sprechen. Wo ist meine Bestellung NC-104233?",
        ])
    func otherLanguages(_ wish: String) async throws {
        let shop = try await ScratchShop()
        try shop.receive(TestMail(subject: "NC-104233", text: "\(wish)\n"))
        let outcome = try await shop.run().outcome
        #expect(outcome.hasPrefix("escalated "), "\(outcome)")
        #expect(try shop.replies().isEmpty)
    }

    @Test("a shop's own words for it are understood when a customer repeats them", arguments: ["en", "hi", "hi-Latn"])
    func offered(_ language: String) async throws {
        let said = [
            "en": "I want to ask for a person.", "hi": "मैं आपकी टीम के किसी सदस्य से बात करना चाहती हूँ",
            "hi-Latn": "main aapki team ke kisi sadasya se baat karna chahti hoon",
        ]
        #expect(try await Self.triage.value.triage(subject: "Re: NC-104233", text: said[language] ?? "").wantsPerson)
    }

    @Test("every mail of every template says how to get one")
    func everyTemplate() async throws {
        let templates = try ReplyTemplates(folder: "\(PackageFolder.templates)/replies")
        #expect(Set(templates.languages) == Set(Self.ways.keys), "a language without its words here")
        for language in templates.languages {
            let way = try #require(Self.ways[language])
            for frame in ["_frame", "_on_file"] {
                let path = "\(PackageFolder.templates)/replies/\(language)/\(frame).mustache"
                let text = try String(contentsOfFile: path, encoding: .utf8)
                // Outside of every section, so that no value decides about it, but that a person sends it.
                #expect(Self.unconditional(text).contains(way), "\(path)")
            }
        }
    }

    /// What stands outside of all sections.
    private static func unconditional(_ text: String) -> String {
        var depth = 0
        return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if line == "{{^isDraft}}" || line == "{{/isDraft}}" { return false }
            if line.hasPrefix("{{#") || line.hasPrefix("{{^") { depth += 1 }
            defer { if line.hasPrefix("{{/") { depth -= 1 } }
            return depth == 0
        }.joined(separator: "\n")
    }

    @Test("and so does every mail of the demo, acknowledgements among them")
    func everyReply() async throws {
        let shop = try await ScratchShop {
            $0.acknowledges = true
            $0.limits.backstops.perSender = 100
        }
        for (index, mail) in try EndToEndDesk.mails().enumerated() {
            try shop.receive(mail.bytes, age: Double(1_000 - index), name: mail.name)
        }
        try await shop.run()
        let replies = try shop.replies()
        #expect(replies.count > 70)
        for reply in replies {
            #expect(
                Self.ways.values.contains { reply.text.replacing("\n", with: " ").contains($0) }, "\(reply.subject)")
        }
    }
}
