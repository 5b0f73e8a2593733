import Testing

@testable import Triage

@Suite struct IntentClassifierTests {
    @Test func learnsWhatItWasTaught() throws {
        let model = try IntentClassifier.train(Fixtures.small)
        #expect(model.intents == ["cancel", "track"])
        #expect(model.classify("where is the parcel").decided?.intent == "track")
        #expect(model.classify("cancel please").decided?.intent == "cancel")
        let joke = model.classify("a joke about the weather")
        #expect(joke.outOfScope > 0.5)
        #expect(joke.decided == nil)
    }

    /// What no fold can judge must not make the model doubt what it was told.
    @Test func oneExampleOfEachIntentIsEnoughToKnowIt() throws {
        let texts = ["where is my parcel", "cancel it please", "a broken cup came", "change the address"]
        let model = try IntentClassifier.train(texts.map { TrainingExample(text: $0, intent: "about_" + $0.suffix(3)) })
        for text in texts {
            let decided = try #require(model.classify(text).decided)
            #expect(decided.intent == "about_" + text.suffix(3) && decided.confidence > 0.5)
        }
    }

    @Test func confidencesAndOutOfScopeSumToOne() throws {
        let model = try IntentClassifier.train(Fixtures.small)
        for text in ["where is my order", "zzz", "cancel the joke about my parcel"] {
            let scores = model.classify(text)
            let sum = scores.ranked.reduce(scores.outOfScope) { $0 + $1.confidence }
            #expect(abs(sum - 1) < 1e-5)
            #expect(zip(scores.ranked, scores.ranked.dropFirst()).allSatisfy { $0.confidence >= $1.confidence })
        }
    }

    @Test func sameDataAndSeedGiveTheSameBytesInAnyOrder() throws {
        let first = try IntentClassifier.train(Fixtures.small, seed: 7)
        let second = try IntentClassifier.train(Fixtures.small.reversed(), seed: 7)
        #expect(first.bytes == second.bytes)
        let other = try IntentClassifier.train(Fixtures.small, seed: 8)
        #expect(first.digest != other.digest)
    }

    @Test func storedModelGivesTheSameScores() throws {
        let model = try IntentClassifier.train(Fixtures.small)
        let again = try IntentClassifier(bytes: model.bytes)
        #expect(again.digest == model.digest)
        #expect(again.digest == TrainingSet.digest(Fixtures.small))
        for text in ["where is it", "cancel NC-104233", "joke"] {
            #expect(again.classify(text) == model.classify(text))
        }
    }

    @Test func damagedModelsAreRefused() throws {
        let bytes = try IntentClassifier.train(Fixtures.small).bytes
        var flipped = bytes
        flipped[bytes.count / 2] ^= 1
        var newer = bytes
        newer[4] = 99
        for bad in [[], [1, 2, 3], Array(bytes.dropLast()), Array(bytes.prefix(40)), flipped, newer] {
            #expect {
                _ = try IntentClassifier(bytes: bad)
            } throws: {
                ($0 as? TriageError)?.code == .badModel
            }
        }
    }

    @Test func noTruncationOrFlipCrashesTheReader() throws {
        let bytes = try IntentClassifier.train(Array(Fixtures.small.prefix(8))).bytes
        for length in stride(from: 0, to: bytes.count, by: 211) {
            #expect(throws: TriageError.self) { try IntentClassifier(bytes: Array(bytes.prefix(length))) }
        }
    }

    @Test func fewerThanTwoClassesAreAnError() {
        for examples in [[], Array(Fixtures.small.prefix(3)), Array(Fixtures.small.suffix(3))] {
            #expect {
                _ = try IntentClassifier.train(examples)
            } throws: {
                ($0 as? TriageError)?.code == .notEnoughData
            }
        }
    }

    @Test func anIntentWithOneExampleIsLearnt() throws {
        let model = try IntentClassifier.train(
            Fixtures.small + [TrainingExample(text: "I forgot my password", intent: "password")])
        #expect(model.intents.contains("password"))
        #expect(model.classify("I forgot my password").ranked.first?.intent == "password")
    }

    @Test func anExampleWithTwoLabelsCountsForBoth() throws {
        let doubled =
            Fixtures.small + [
                TrainingExample(text: "about NC-1 and other things", intent: "track"),
                TrainingExample(text: "about NC-1 and other things", intent: "cancel"),
            ]
        let ranked = try IntentClassifier.train(doubled).classify("about NC-1 and other things").ranked
        #expect(ranked.allSatisfy { $0.confidence < 0.8 })
    }

    @Test func anExampleGivenTwiceCountsOnce() throws {
        let once = try IntentClassifier.train(Fixtures.small)
        let twice = try IntentClassifier.train(Fixtures.small + Fixtures.small)
        #expect(once.classify("where is my order") == twice.classify("where is my order"))
    }

    @Test func textsWithoutWordsAreOutOfScope() throws {
        let model = try IntentClassifier.train(Fixtures.small)
        for text in ["", " \n\t", "[PERSON_1]", "?!…", "--"] {
            let scores = model.classify(text)
            #expect(scores.outOfScope == 1)
            #expect(scores.decided == nil)
        }
    }

    @Test func exampleWithoutWordsIsAnError() {
        #expect {
            _ = try IntentClassifier.train(Fixtures.small + [TrainingExample(text: " … ", intent: "track")])
        } throws: {
            ($0 as? TriageError)?.code == .badTrainingData
        }
    }

    @Test func placeholdersAndTheDigitsOfNumbersChangeNothing() throws {
        let model = try IntentClassifier.train(Fixtures.small)
        #expect(model.classify("where is order NC-104233") == model.classify("where is order NC-999999"))
        #expect(model.classify("where is [PERSON_1] my order [EMAIL_2]") == model.classify("where is my order"))
    }

    @Test func outOfScopeLabelsOfOtherSetsMeanTheSame() throws {
        let renamed = Fixtures.small.map {
            TrainingExample(text: $0.text, intent: $0.intent == "out_of_scope" ? "NO_NODES_DETECTED" : $0.intent)
        }
        let model = try IntentClassifier.train(renamed)
        #expect(model.intents == ["cancel", "track"])
        #expect(model.classify("do you like music").outOfScope > 0.5)
    }

    @Test func aThousandIntentsTrain() throws {
        let examples = (0..<1000).flatMap { number in
            ["alpha", "beta"].map { TrainingExample(text: "word\(number)x \($0)", intent: "intent_\(number)") }
        }
        let model = try IntentClassifier.train(Array(examples.prefix(600)))
        #expect(model.intents.count == 300)
        #expect(model.classify("word17x alpha").ranked.first?.intent == "intent_17")
    }

    @Test func aThousandIntentsOfOneExampleTrain() throws {
        // Digits say nothing, so each number becomes a word of letters.
        func word(_ number: Int) -> String {
            String(String(number * 7919).unicodeScalars.map { Character(Unicode.Scalar(UInt8($0.value) + 0x31)) })
        }
        let model = try IntentClassifier.train(
            (0..<1000).map { TrainingExample(text: word($0 + 1), intent: "intent_\($0)") })
        #expect(model.intents.count == 1000)
        #expect(model.classify(word(18)).ranked.first?.intent == "intent_17")
    }

    @Test func scriptsMayBeMixed() throws {
        let model = try IntentClassifier.train(
            Fixtures.small + [
                TrainingExample(text: "मेरा order कहाँ है", intent: "track"),
                TrainingExample(text: "заказ отменить", intent: "cancel"),
                TrainingExample(text: "注文をキャンセル", intent: "cancel"),
            ])
        #expect(model.classify("order कहाँ है please").ranked.first?.intent == "track")
        #expect(model.classify("отменить заказ пожалуйста").ranked.first?.intent == "cancel")
        #expect(model.classify("\u{0} \u{FFFF} 🦊🦊 \u{202E}abc").ranked.count == 2)
    }

    @Test func tenMegabytesAreRead() throws {
        let model = try IntentClassifier.train(Fixtures.small)
        let text = "cancel my order. " + String(repeating: "and so on and on ", count: 600_000)
        let scores = model.classify(text)
        #expect(scores.ranked.allSatisfy { $0.confidence.isFinite })
        #expect(scores.outOfScope.isFinite)
    }

    @Test func wordsOfASubjectHaveFeaturesOfTheirOwn() throws {
        // The same words, above in one matter and below in the other: nothing but their place tells.
        let examples = (0..<12).flatMap { number in
            [
                TrainingExample(text: "about pots \(number)", intent: "above", subject: "lamps"),
                TrainingExample(text: "about lamps \(number)", intent: "below", subject: "pots"),
            ]
        }
        let model = try IntentClassifier.train(examples)
        #expect(model.classify("about pots", subject: "lamps").ranked.first?.intent == "above")
        #expect(model.classify("about lamps", subject: "pots").ranked.first?.intent == "below")
        #expect(model.classify("about pots", subject: "Re: lamps") == model.classify("about pots", subject: "lamps"))
    }

    @Test func gibberishIsOutOfScope() throws {
        let model = try Fixtures.model.get()
        for text in ["asdfgh", "qwertz uiop", "lkjsdf sdf sdfpoi wer", "zzzz", "ктж вдл"] {
            #expect(model.classify(text).outOfScope > 0.5, "\(text)")
        }
    }

    @Test func probabilitiesSumToOne() throws {
        let model = try Fixtures.model.get()
        for text in ["where is my order", "x", "cancel it and refund me", "मेरा ऑर्डर कहाँ है"] {
            let scores = model.classify(text)
            let sum = scores.ranked.reduce(scores.outOfScope) { $0 + $1.confidence }
            #expect(abs(sum - 1) < 1e-4)
        }
    }
}
