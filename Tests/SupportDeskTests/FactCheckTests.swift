import Foundation
import Seeded
import Testing
import Triage

@testable import SupportDesk

/// What is true passes, what is made up does not: the figures of the fact check.
@Suite("Fact check")
struct FactCheckTests {
    /// True sentences with slots about an order that is on its way, by language.
    private static let told: [String: [String]] = [
        "en": [
            "Thank you for your message. Your parcel is with {{fact:order1.carrier}} and should reach you by {{fact:order1.expectedOn}}.",
            "Your order {{fact:order1.number}} is on its way. It was dispatched on {{fact:order1.shippedOn}}.",
            "Good news: your order {{fact:order1.number}} has been dispatched.\nCarrier: {{fact:order1.carrier}}\nTracking number: {{fact:order1.trackingNumber}}",
            "Your order NC-104233 was placed on {{fact:order1.placedOn}}. The total is {{fact:order1.total}}.",
            "I am sorry for the wait. Your order is expected on {{fact:order1.expectedOn}}.",
            "Your parcel has not been delivered yet. Expected delivery: {{fact:order1.expectedOn}}",
        ],
        "hi": [
            "आपके सवाल के लिए धन्यवाद। आपका ऑर्डर {{fact:order1.number}} रास्ते में है।",
            "आपका ऑर्डर {{fact:order1.number}} रवाना हो चुका है। अनुमानित तारीख़: {{fact:order1.expectedOn}}",
            "कूरियर: {{fact:order1.carrier}}\nट्रैकिंग नंबर: {{fact:order1.trackingNumber}}\nआशा है, इससे आपके सवाल का जवाब मिल गया होगा।",
        ],
        "hi-Latn": [
            "Aapke sawaal ke liye dhanyavaad. Aapka order {{fact:order1.number}} raaste mein hai.",
            "Aapka order {{fact:order1.number}} dispatch ho chuka hai. Anumaanit tareekh: {{fact:order1.expectedOn}}",
            "Courier: {{fact:order1.carrier}}\nTracking number: {{fact:order1.trackingNumber}}",
        ],
    ]

    private static let openings = [
        "en": ["", "Thank you for your question. ", "I am happy to help with that.\n\n", "Thanks for reaching out! "],
        "hi": ["", "आपके सवाल के लिए धन्यवाद। ", "हमें आपकी मदद करके ख़ुशी होगी।\n\n"],
        "hi-Latn": ["", "Aapke sawaal ke liye dhanyavaad. ", "Humein aapki madad karke khushi hogi.\n\n"],
    ]

    /// Every article's lead and sections, quoted with an opening, in each language; facts of the record; paraphrases.
    private func trueDrafts() async throws -> [DraftFixture] {
        var drafts = try DraftFixture.load("true-drafts") + DraftFixture.load("true-paraphrases")
        for (language, texts) in Self.told {
            for opening in Self.openings[language] ?? [] {
                for text in texts where !opening.isEmpty || !text.isEmpty {
                    drafts.append(DraftFixture(answer: opening + text, language: language, citations: []))
                }
            }
        }
        let folder = "\(PackageFolder.templates)/knowledge/hi-Latn"
        for (index, file) in try FileManager.default.contentsOfDirectory(atPath: folder).sorted().enumerated()
        where file.hasSuffix(".md") {
            let article = String(file.dropLast(3))
            for language in ["hi-Latn", "en", "hi"] {
                let passages = try await ReviewScene.Shelf.shared.passages(of: article, language)
                let openings = Self.openings[language] ?? []
                for (place, passage) in passages.prefix(language == "hi-Latn" ? 3 : 1).enumerated() {
                    drafts.append(
                        DraftFixture(
                            answer: openings[(index + place) % openings.count] + passage.text, language: language,
                            citations: [article]))
                }
            }
        }
        return drafts
    }

    @Test("true drafts pass: at most one in a hundred raises an alarm")
    func truth() async throws {
        var scenes: [String: ReviewScene] = [:]
        for language in ["en", "hi", "hi-Latn"] { scenes[language] = try await ReviewScene(language) }
        let drafts = try await trueDrafts()
        var alarms: [String] = []
        for draft in drafts {
            let scene = try #require(scenes[draft.language])
            let grounded = try await scene.citing(draft.citations, draft.language)
            let found = ReviewScene.findings(draft.answer, draft.language, citing: draft.citations, for: grounded)
            if !found.isEmpty { alarms.append("\(draft.language): \(draft.answer)\n    \(found)") }
        }
        print("fact check: \(alarms.count) alarms on \(drafts.count) true drafts")
        #expect(drafts.count >= 500)
        #expect(alarms.count * 100 <= drafts.count, "\(alarms.joined(separator: "\n"))")
    }

    /// One false fact, in words of each language; `{}` is a number of the seed's.
    private static let lies: [String: [String]] = [
        "en": [
            "The amount is ₹{}.", "You get {} rupees back.", "That is Rs. {}.00 in all.", "You save {}%.",
            "It is {} percent cheaper.",
            "It arrives on 2{} December 2026.", "It arrives on 2026-12-0{}.", "Expect it on 0{}/12.",
            "It takes {} days.",
            "It takes thirty days.", "It takes 3 to {}0 business days.", "You have two weeks.",
            "Your order NC-10{}999 is here.",
            "The tracking number is DL{}00012345IN.", "The invoice is INV-2026-00{}12.",
            "See https://neemandclay.example/{}",
            "See www.offers{}.example for more.", "Write to help{}@neemandclay.example.", "Call +91 98{}00 12345.",
            "It is the Jaipur Blue Teapot {}.", "Your Sunset Planter is on its way.", "It arrives tomorrow.",
            "It arrives next Monday.",
            "It came yesterday.", "We open at {}:00.", "You ordered {} pieces.",
        ],
        "hi": [
            "रक़म ₹{} है।", "आपको {} रुपये मिलेंगे।", "{}% की बचत है।", "{} प्रतिशत कम।", "वह 2{} दिसंबर को पहुँचेगा।", "उसमें {} दिन लगते हैं।",
            "उसमें तीस दिन लगते हैं।", "उसमें ३{} दिन लगते हैं।", "आपका ऑर्डर NC-10{}999 रास्ते में है।", "देखें https://evil{}.example",
            "help{}@neemandclay.example पर लिखें।", "+91 98{}00 12345 पर फ़ोन करें।", "वह कल पहुँचेगा।", "वह सोमवार को पहुँचेगा।",
            "आपका नीला मटका रास्ते में है।",
        ],
        "hi-Latn": [
            "Rakam ₹{} hai.", "Aapko {} rupaye milenge.", "{}% ki bachat hai.", "Woh 2{} December ko pahunchega.",
            "Usmein {} din lagte hain.",
            "Usmein tees din lagte hain.", "Aapka order NC-10{}999 raaste mein hai.", "Dekhiye https://evil{}.example",
            "help{}@neemandclay.example par likhiye.", "+91 98{}00 12345 par phone kijiye.", "Woh kal pahunchega.",
            "Woh somvaar ko pahunchega.", "Aapka neela matka raaste mein hai.",
        ],
    ]

    @Test("one false fact among true sentences is always found, whatever its type and language")
    func lies() async throws {
        var random = SeededRandom(seed: 6)
        var missed: [String] = []
        var count = 0
        for language in ["en", "hi", "hi-Latn"] {
            let scene = try await ReviewScene(language)
            let articles = ["returns-policy", "delivery-times", "refund-times", "warranty"]
            let lies = Self.lies[language] ?? []
            for round in 0..<16 {
                let article = articles[round % articles.count]
                let grounded = try await scene.citing([article], language)
                let passage = try #require(grounded.evidence.passages.first)
                for lie in lies {
                    let false_ = lie.replacingOccurrences(of: "{}", with: String(Int.random(in: 1...8, using: &random)))
                    let body = round % 2 == 0 ? "\(passage.text) \(false_)" : "\(false_)\n\n\(passage.text)"
                    count += 1
                    if ReviewScene.findings(body, language, citing: [article], for: grounded).isEmpty {
                        missed.append(false_)
                    }
                }
            }
        }
        print("fact check: \(missed.count) of \(count) false facts missed")
        #expect(count >= 500)
        #expect(missed.isEmpty, "\(missed)")
    }

    @Test("a number of a quoted sentence that was changed is always found")
    func changedNumbers() async throws {
        var missed: [String] = []
        var count = 0
        for draft in try DraftFixture.load("true-drafts") {
            let scene = try await ReviewScene(draft.language)
            let grounded = try await scene.citing(draft.citations, draft.language)
            var scalars = Array(draft.answer)
            // Every third number is enough to make a count of all types.
            for place in scalars.indices where scalars[place].isNumber && place % 3 == 0 {
                let kept = scalars[place]
                scalars[place] = kept == "7" ? "8" : "7"
                count += 1
                if ReviewScene.findings(String(scalars), draft.language, citing: draft.citations, for: grounded).isEmpty
                {
                    missed.append(String(scalars))
                }
                scalars[place] = kept
            }
        }
        print("fact check: \(missed.count) of \(count) changed numbers missed")
        #expect(count > 100)
        #expect(missed.isEmpty, "\(missed)")
    }

    @Test("a fact of one order beside the name of another is always found")
    func swapped() async throws {
        let texts = [
            "en": "Where are my orders NC-103121 and NC-104251? When will they arrive?",
            "hi": "मेरे ऑर्डर NC-103121 और NC-104251 कहाँ हैं? वे कब तक पहुँचेंगे?",
            "hi-Latn": "Mere order NC-103121 aur NC-104251 kahan hain? Woh kab tak pahunchenge, kripya bataiye.",
        ]
        let shapes = [
            "en": [
                "Your order #: {}", "Order #\nTracking: {}", "About your order #.\n- {}", "For order # it is {}.",
                "Here are the details of #: {}.", "Order # is here.\n\nThe day is {}.",
            ],
            "hi": ["आपका ऑर्डर #: {}", "ऑर्डर # के बारे में।\n- {}", "ऑर्डर # की जानकारी: {}।"],
            "hi-Latn": ["Aapka order #: {}", "Order # ke baare mein.\n- {}", "Order # ki jaankari: {}."],
        ]
        var count = 0
        var missed: [String] = []
        for (language, text) in texts {
            let scene = try await ReviewScene(language, from: "arjun.mehta@inbox.example", text: text)
            #expect(scene.grounded.evidence.orders.count == 2, "\(language)")
            let fields = scene.grounded.evidence.facts.facts.map(\.name).filter {
                $0.hasPrefix("order") && !$0.hasSuffix(".number")
            }
            for field in fields {
                let other = field.hasPrefix("order1") ? "order2" : "order1"
                for shape in shapes[language] ?? [] {
                    let body = shape.replacingOccurrences(of: "#", with: "{{fact:\(other).number}}")
                        .replacingOccurrences(of: "{}", with: "{{fact:\(field)}}")
                    count += 1
                    let found = ReviewScene.findings(body, language, for: scene.grounded)
                    if !found.contains(where: { $0.hasPrefix("other-record") }) { missed.append("\(body) \(found)") }
                }
            }
        }
        print("fact check: \(missed.count) of \(count) swapped facts missed")
        #expect(count >= 200)
        #expect(missed.isEmpty, "\(missed.prefix(10))")
    }

    @Test("a fact of the right order under another fact's name is found")
    func roles() async throws {
        let scene = try await ReviewScene("en")
        for (right, wrong) in [
            ("It was dispatched on {{fact:order1.shippedOn}}.", "It was dispatched on {{fact:order1.expectedOn}}."),
            ("Expected delivery: {{fact:order1.expectedOn}}", "Expected delivery: {{fact:order1.placedOn}}"),
            ("The total is {{fact:order1.total}}.", "Tracking number: {{fact:order1.total}}"),
        ] {
            #expect(ReviewScene.findings(right, "en", for: scene.grounded) == [])
            #expect(
                ReviewScene.findings(wrong, "en", for: scene.grounded).contains { $0.hasPrefix("slot-role") },
                "\(wrong)")
        }
    }

    @Test("a policy turned round is found: what is missed is measured")
    func reversals() async throws {
        let drafts = try DraftFixture.load("policy-reversals")
        var scenes: [String: ReviewScene] = [:]
        for language in ["en", "hi"] { scenes[language] = try await ReviewScene(language) }
        var missed: [String] = []
        for draft in drafts {
            let grounded = try #require(try await scenes[draft.language]?.citing(draft.citations, draft.language))
            if ReviewScene.findings(draft.answer, draft.language, citing: draft.citations, for: grounded).isEmpty {
                missed.append(draft.answer)
            }
        }
        print("fact check: \(missed.count) of \(drafts.count) reversed policies missed")
        #expect(drafts.count >= 200)
        #expect(missed.count * 100 <= drafts.count, "\(missed)")
    }

    /// What turns a sentence round by one word, in each language.
    private static let turns: [String: [(String, String)]] = [
        "en": [
            (" not ", " "), (" cannot ", " can "), (" no ", " a "), (" never ", " always "), (" only ", " "),
            ("unused ", ""),
            (" before ", " after "), (" after ", " before "), (" until ", " after "), (" without ", " with "),
            (" free", " charged"),
            (" unless ", " if "), (" within ", " after "), (" up to ", " above "), (" over ", " under "),
            (" except ", " including "),
            ("We ", "You "), (" us ", " you "), (" is ", " is not "), (" can ", " cannot "), (" you ", " we "),
        ],
        "hi": [
            (" नहीं", ""), (" केवल ", " "), (" पहले", " बाद"), (" बाद", " पहले"), (" बिना ", " "), (" मुफ़्त", " सशुल्क"),
            (" तक ", " बाद "),
            (" है", " नहीं है"), (" हैं", " नहीं हैं"), ("हम ", "आप "), (" न ", " "), (" कभी ", " हमेशा "),
        ],
        "hi-Latn": [
            (" nahi", ""), (" keval ", " "), (" sirf ", " "), (" pehle", " baad"), (" baad", " pehle"), (" bina ", " "),
            (" muft", " paid"),
            (" tak ", " baad "), (" hai", " nahi hai"), (" hain", " nahi hain"), ("Hum ", "Aap "), (" na ", " "),
        ],
    ]

    @Test("one word that turns a quoted sentence round is found in every article")
    func turnedWords() async throws {
        var count = 0
        var missed: [String] = []
        for (language, turns) in Self.turns {
            let scene = try await ReviewScene(language)
            let folder = "\(PackageFolder.templates)/knowledge/\(language)"
            for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            where file.hasSuffix(".md") {
                let article = String(file.dropLast(3))
                let grounded = try await scene.citing([article], language)
                for sentence in Set(grounded.evidence.passages.flatMap { Sentences.of($0.text) }) {
                    for (from, to) in turns {
                        guard let range = sentence.range(of: from) else { continue }
                        let turned = sentence.replacingCharacters(in: range, with: to)
                        count += 1
                        if ReviewScene.findings(turned, language, citing: [article], for: grounded).isEmpty {
                            missed.append("\(language) \(from)->\(to): \(turned)")
                        }
                    }
                }
            }
        }
        print("fact check: \(missed.count) of \(count) turned words missed\n\(missed.sorted().joined(separator: "\n"))")
        #expect(count > 1_000)
        #expect(missed.count * 50 <= count, "\(missed.sorted().joined(separator: "\n"))")
    }
}
