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
}
