import Testing

@testable import Triage

@Suite struct TriageTests {
    private func triage(_ text: String, subject: String = "") throws -> TriageResult {
        try Fixtures.triage.get().triage(subject: subject, text: text)
    }

    @Test func storyAndGreetingsAreNoIntents() throws {
        let result = try triage(
            """
            Hi Neem & Clay team,
            my mother loves your shop and she has been collecting your bowls for years. Last week we celebrated her birthday
            at our home in Pune and everybody admired the blue one. I ordered two more on 2 March, order NC-104233, and paid
            by UPI. Could you let me know where my parcel is?

            Thank you for your help in advance.
            Best,
            Priya
            """)
        #expect(result.intents.map(\.intent) == ["track_order"])
        #expect(result.outOfScope < 0.3)
        #expect(result.references.map(\.value) == ["NC-104233"])
        #expect(!result.gratitudeOnly)
    }

    @Test func twoQuestionsGiveTwoIntents() throws {
        let result = try triage("Please send me the invoice for NC-118402. Also, do you deliver to Nepal?")
        #expect(Set(result.intents.map(\.intent)) == ["get_invoice", "delivery_options"])
        let joined = try triage("Can I pay with cash on delivery and how long does delivery take to Surat?")
        #expect(Set(joined.intents.map(\.intent)) == ["check_payment_methods", "delivery_period"])
    }

    @Test func aQuestionNobodyCoversMakesTheMailOutOfScope() throws {
        #expect(try triage("Where is my order NC-104233?").outOfScope < 0.2)
        #expect(try triage("Where is my order NC-104233? Also, do you hire potters?").outOfScope > 0.6)
    }

    @Test func whenAnOrderArrivesIsAskedOfThatOrder() throws {
        #expect(try triage("How long does delivery to Kochi take?").intents.first?.intent == "delivery_period")
        #expect(try triage("If I order today, when will my order arrive?").intents.first?.intent == "delivery_period")
        #expect(try triage("When will NC-104233 arrive?").intents.map(\.intent) == ["track_order"])
        #expect(try triage("Hi, when is my parcel going to be delivered?").intents.map(\.intent) == ["track_order"])
        #expect(try triage("मेरा पार्सल कब तक आएगा?").intents.map(\.intent) == ["track_order"])
    }

    @Test func sentencesThatLeanOnOthersAreNoSecondMatter() throws {
        let account = try triage("I would like to open an account for our restaurant. How does that work?")
        #expect(account.intents.map(\.intent) == ["create_account"])
        #expect(account.outOfScope < 0.3)
        let cancel = try triage(
            "Please cancel NC-104251. My wife has bought some elsewhere, so we don't need them any more.")
        #expect(cancel.intents.map(\.intent) == ["cancel_order"])
        #expect(cancel.outOfScope < 0.3)
    }

    @Test func sellersAndApplicantsAreNotTakenForCustomers() throws {
        for text in [
            "We are makers of cartons and offer you a better rate. May I show samples to your purchase manager?",
            "I study textile design and would love to work in your studio from June. My CV is attached.",
            "For my school project I have to write who invented block printing. Can you explain it to me?",
        ] {
            let result = try triage(text)
            #expect(result.outOfScope > 0.5 || (result.intents.first?.confidence ?? 0) < 0.6, "\(text)")
        }
    }

    @Test(arguments: ["One more question", "And also", "Also one more thing:", "aur ek baat", "और एक सवाल", "Dear"])
    func announcesAndStops(last: String) throws {
        for text in ["Where is NC-104233? \(last)", last, "\(last)\n"] {
            let result = try triage(text)
            #expect(!result.gratitudeOnly, "\(text)")
        }
        #expect(try triage("Where is NC-104233? \(last)").intents.first?.intent == "track_order")
    }

    @Test func subjectAloneSpeaks() throws {
        #expect(try triage("NC-104233", subject: "Refund").intents.first?.intent == "get_refund")
        #expect(try triage("", subject: "Re: Fwd: where is my parcel").intents.first?.intent == "track_order")
    }

    @Test(arguments: [
        "Thanks a lot, it arrived today!", "Thank you so much, problem solved.", "Dhanyavad, ho gaya",
        "बहुत बहुत धन्यवाद, मिल गया।", "Thank you for the quick reply.\n\nBest regards,\nAnna Becker\nBerlin", "Thanks!",
        "Great, many thanks. The bowls are lovely!",
    ])
    func pureThanks(text: String) throws {
        #expect(try triage(text, subject: "Re: Order NC-104233").gratitudeOnly)
    }

    @Test(arguments: [
        "Thanks, but where is the second parcel?", "Thanks. Please cancel NC-104233", "Thanks, cancel NC-104233",
        "Thank you, it arrived. The lid is broken.", "I would like to exchange the mug I got for a bigger one. Thanks",
        "Thanks for nothing, still not received", "Thank you. Wrong colour though", "Where is it",
        "Shukriya lekin abhi tak nahi aaya", "Thanks, the problem is not solved.", "धन्यवाद, पर प्लेट टूटी है",
        "Thanks. I need the invoice", "thanks for the bowl, my friend wants to order two of them, tell me how",
    ])
    func thanksThatAsk(text: String) throws {
        #expect(try !triage(text).gratitudeOnly)
    }

    @Test(arguments: [
        "I want to talk to a human", "please let me speak with your manager", "can someone call me back",
        "no bots please",
        "kisi insaan se baat karni hai", "mujhe call karo please", "manager se baat karwaiye",
        "मुझे किसी व्यक्ति से बात करनी है", "इंसान से बात करवाइए", "Why can I not talk to a real person?",
    ])
    func asksForAPerson(text: String) throws {
        #expect(try triage(text).wantsPerson)
    }

    @Test(arguments: [
        "Your delivery agent did not contact me at all. Where is my parcel?", "No need to call me back, all is fine.",
        "My mother is a nice person", "where is my order", "मेरा ऑर्डर कहाँ है",
    ])
    func doesNotAskForAPerson(text: String) throws {
        #expect(try !triage(text).wantsPerson)
    }

    @Test(arguments: [
        "My lawyer will contact you", "I will go to consumer court", "I will do a chargeback",
        "police complaint karunga",
        "main consumer forum jaunga", "मैं पुलिस में शिकायत करूंगा", "उपभोक्ता अदालत जाऊंगा", "legal action will follow",
    ])
    func legalThreats(text: String) throws {
        #expect(try triage(text).legalThreat)
        #expect(try triage(text).anger > 0.3)
    }

    @Test func noLegalThreat() throws {
        #expect(try !triage("We order for the tennis court and the law faculty").legalThreat)
    }

    @Test func moodsHaveTheRightSign() throws {
        #expect(try triage("The bowls are beautiful, I love them").sentiment > 0.4)
        #expect(try triage("बहुत सुंदर और शानदार कप हैं").sentiment > 0.3)
        #expect(try triage("The plates arrived broken, I am very disappointed").sentiment < -0.4)
        #expect(try triage("bahut kharab service hai").sentiment < -0.3)
        #expect(try triage("I am not happy with the bowl").sentiment < -0.2)
        #expect(try triage("accha nahi hai").sentiment < -0.2)
        #expect(try abs(triage("I ordered on 2 March").sentiment) < 0.05)
    }

    @Test func angerAndUrgency() throws {
        let angry = try triage("THIS IS THE THIRD TIME I WRITE!!! WHERE IS MY ORDER??? You are cheats")
        #expect(angry.anger > 0.7)
        #expect(angry.signals.contains { $0.words == "cheats" && $0.kind == .anger })
        #expect(try triage("Where is my order? Please tell me.").anger == 0)
        #expect(try triage("urgent, I need it immediately").urgency > 0.7)
        #expect(try triage("मुझे तुरंत चाहिए").urgency > 0.5)
        #expect(try triage("jaldi se jaldi bhejo").urgency > 0.5)
        #expect(try triage("no hurry, it is not urgent").urgency < 0.1)
    }

    @Test func emptyAndHugeMails() throws {
        let empty = try triage("")
        #expect(empty.intents.isEmpty)
        #expect(empty.outOfScope == 1)
        #expect(empty.language.tag == "und")
        #expect(!empty.gratitudeOnly)
        let huge =
            "Where is my order NC-104233? " + String(repeating: "x1 y/2-3 [A_1 \u{0}\r\n (no. 5) ", count: 400_000)
        let clock = ContinuousClock()
        var result = empty
        let time = try clock.measure { result = try triage(huge) }
        #expect(result.references.first?.value == "NC-104233")
        #expect(time < .seconds(20))
    }

    @Test func oneEndlessWordAndEndlessDigits() throws {
        let word = String(repeating: "a", count: 1_000_000)
        #expect(try triage(word).outOfScope > 0.5)
        #expect(try triage(String(repeating: "1", count: 1_000_000)).references.isEmpty)
        #expect(try triage(String(repeating: "1,", count: 500_000)).references.isEmpty)
        #expect(try triage(String(repeating: "[", count: 500_000)).intents.isEmpty)
    }
}
