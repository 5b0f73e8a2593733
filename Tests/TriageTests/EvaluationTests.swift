import Foundation
import Testing

@testable import Triage

@Suite struct EvaluationTests {
    /// Six texts whose figures can be told by hand: a, a, b, b and two that nothing covers.
    private static let texts = ["a", "a", "b", "b", "oos", "out_of_scope"].map {
        TrainingExample(text: "x", intent: $0)
    }

    private static func score(_ best: String, _ confidence: Double, outOfScope: Double) -> IntentScores {
        let other = best == "a" ? "b" : "a"
        return IntentScores(
            ranked: [
                IntentScore(intent: best, confidence: confidence),
                IntentScore(intent: other, confidence: 1 - confidence - outOfScope),
            ], outOfScope: outOfScope)
    }

    private static let scores = [
        score("a", 0.9, outOfScope: 0.05),  // right
        score("b", 0.6, outOfScope: 0.1),  // wrong
        score("b", 0.8, outOfScope: 0.1),  // right
        score("b", 0.2, outOfScope: 0.7),  // rejected
        score("a", 0.1, outOfScope: 0.9),  // rightly rejected
        score("a", 0.7, outOfScope: 0.2),  // wrongly accepted
    ]

    private static func evaluation(threshold: Double = 0.5) -> Evaluation {
        Evaluation(scores, texts, threshold: threshold, took: .microseconds(60))
    }

    @Test func figuresAreThoseOfTheTable() throws {
        let evaluation = Self.evaluation()
        #expect(evaluation.n == 6)
        #expect(abs(evaluation.accuracy - 0.5) < 1e-9)
        #expect(abs(evaluation.inScopeAccuracy - 0.5) < 1e-9)
        #expect(abs(evaluation.inScopeAccuracyWithoutRejection - 0.75) < 1e-9)
        #expect(evaluation.outOfScopeRecall == 0.5)
        #expect(abs(evaluation.microsecondsPerText - 10) < 1e-9)
        // a: 1 of 2 given, 1 of 2 found; b: 1 of 2, 1 of 2; outside: 1 of 2, 1 of 2.
        #expect(abs(evaluation.macroF1 - 0.5) < 1e-9)
        // (3·6 − 12) / √((36 − 12)(36 − 12))
        #expect(abs(evaluation.mcc - 0.25) < 1e-9)
        #expect(evaluation.perIntent.map(\.intent) == ["a", "b", "out_of_scope"])
        #expect(
            evaluation.confusions.map { "\($0.count) \($0.actual) \($0.predicted)" } == [
                "1 a b", "1 b out_of_scope", "1 out_of_scope a",
            ])
    }

    @Test func calibrationErrorIsConfidenceLessAccuracy() {
        // Bins: .9 and .9 right, .6 wrong, .8 right, .7 and .7 wrong.
        let gaps: [Double] = [0.2, 0.6, 0.2, 1.4]
        let expected = gaps.reduce(0, +) / 6
        #expect(abs(Self.evaluation().ece - expected) < 1e-9)
    }

    @Test func aThresholdOfOneRejectsNothing() {
        let evaluation = Self.evaluation(threshold: 1)
        #expect(evaluation.inScopeAccuracy == evaluation.inScopeAccuracyWithoutRejection)
        #expect(evaluation.outOfScopeRecall == 0)
    }

    @Test func theCurveFallsWithConfidence() throws {
        let curve = Self.evaluation().curve
        #expect(curve.count == 6)
        let (all, surest) = (try #require(curve.first), try #require(curve.last))
        #expect(all.coverage == 1)
        #expect(abs(all.error - 0.5) < 1e-9)
        #expect(surest.confidence == 0.9)
        #expect(surest.error == 0)
        #expect(
            zip(curve, curve.dropFirst()).allSatisfy { $0.coverage > $1.coverage && $0.confidence <= $1.confidence })
    }

    @Test func jsonHasTheContractsKeys() throws {
        let data = try JSONEncoder().encode(Self.evaluation())
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        for key in [
            "accuracy", "inScopeAccuracy", "outOfScopeRecall", "mcc", "macroF1", "ece", "microsecondsPerText", "n",
        ] { #expect(object[key] is NSNumber, "\(key)") }
    }

    @Test func reportAndPictureShowTheFigures() {
        let evaluation = Self.evaluation()
        #expect(evaluation.report.contains("accuracy                   50.0 %"))
        #expect(evaluation.report.contains("    1  a → b"))
        #expect(evaluation.svg.hasPrefix("<svg "))
        #expect(evaluation.svg.hasSuffix("</svg>\n"))
        #expect(evaluation.svg.components(separatedBy: "polyline").count == 2)
    }

    @Test func nothingToMeasureIsAnError() throws {
        let model = try IntentClassifier.train(Fixtures.small)
        #expect {
            _ = try Evaluation(of: model, on: [])
        } throws: {
            ($0 as? TriageError)?.code == .notEnoughData
        }
    }

    @Test func aTrainedModelDoesWellOnItsOwnTexts() throws {
        let model = try IntentClassifier.train(Fixtures.small)
        let evaluation = try Evaluation(of: model, on: Fixtures.small)
        #expect(evaluation.inScopeAccuracyWithoutRejection == 1)
        #expect(evaluation.microsecondsPerText > 0)
    }
}
