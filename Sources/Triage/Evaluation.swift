import Foundation

/// How well a classifier does on texts whose intents people told.
public struct Evaluation: Sendable, Encodable {
    /// Precision and recall of one intent, or of "out of scope" as `IntentClassifier.outOfScope`.
    public struct IntentFigures: Sendable, Hashable, Encodable {
        /// The intent.
        public let intent: String
        /// Texts that have it.
        public let count: Int
        /// Of the texts that were given the intent, the share that has it; 0 if none was.
        public let precision: Double
        /// Of the texts that have the intent, the share that was given it; 0 if none has it.
        public let recall: Double
        /// The harmonic mean of both.
        public var f1: Double { precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0 }
    }

    /// How often one intent was taken for another.
    public struct Confusion: Sendable, Hashable, Encodable {
        /// What the texts are.
        public let actual: String
        /// What they were taken for.
        public let predicted: String
        /// How many.
        public let count: Int
    }

    /// One point of the coverage-versus-error curve.
    public struct CurvePoint: Sendable, Hashable, Encodable {
        /// Texts are answered whose confidence is this or more.
        public let confidence: Double
        /// The share of all texts that is answered.
        public let coverage: Double
        /// The share of the answered texts whose answer is wrong; an out-of-scope text that is answered is.
        public let error: Double
    }

    /// Texts measured.
    public let n: Int
    /// Share of all texts decided rightly, "out of scope" being one of the decisions.
    public let accuracy: Double
    /// Share of the texts that have an intent for which it was decided; a rejected one counts as wrong.
    public let inScopeAccuracy: Double
    /// The same if nothing were rejected.
    public let inScopeAccuracyWithoutRejection: Double
    /// Share of the out-of-scope texts that were rejected, or nil where there is none.
    public let outOfScopeRecall: Double?
    /// Matthews' correlation coefficient over all classes, "out of scope" being one (Gorodkin 2004).
    public let mcc: Double
    /// The mean of F1 over the classes that the texts have.
    public let macroF1: Double
    /// Expected calibration error: how far confidence is from accuracy, over fifteen bins of confidence.
    public let ece: Double
    /// Wall time for one text on one core.
    public let microsecondsPerText: Double
    /// Each class that the texts have or were given, by name.
    public let perIntent: [IntentFigures]
    /// What was taken for what, most frequent first.
    public let confusions: [Confusion]
    /// From full coverage down.
    public let curve: [CurvePoint]

    /// Classifies texts and compares.
    /// - Parameter threshold: Texts whose probability of being out of scope is above it are rejected.
    /// - Throws: `notEnoughData` if there is no text.
    public init(
        of classifier: IntentClassifier, on examples: [TrainingExample], threshold: Double = 0.5
    ) throws(TriageError) {
        guard !examples.isEmpty else { throw TriageError(.notEnoughData, "there is no text to evaluate on") }
        let clock = ContinuousClock()
        let started = clock.now
        let scores = examples.map { classifier.classify($0.text, subject: $0.subject ?? "") }
        let took = clock.now - started
        self.init(scores, examples, threshold: threshold, took: took)
    }

    init(_ scores: [IntentScores], _ examples: [TrainingExample], threshold: Double, took: Duration) {
        var table = Table()
        var answers: [(confidence: Double, isRight: Bool)] = []
        var bins = [(count: Int, confidence: Double, right: Int)](repeating: (0, 0, 0), count: 15)
        var (inScope, bestRight) = (0, 0)
        for (score, example) in zip(scores, examples) {
            let isOutside = IntentClassifier.outOfScopeLabels.contains(example.intent)
            let actual = isOutside ? IntentClassifier.outOfScope : example.intent
            let decided = score.decided(threshold: threshold)
            let predicted = decided?.intent ?? IntentClassifier.outOfScope
            let confidence = decided?.confidence ?? score.outOfScope
            table.count(actual: actual, predicted: predicted)
            let bin = min(max(Int(confidence * 15), 0), 14)
            bins[bin].count += 1
            bins[bin].confidence += confidence
            bins[bin].right += actual == predicted ? 1 : 0
            let best = score.ranked.first
            if !isOutside {
                inScope += 1
                bestRight += best?.intent == actual ? 1 : 0
            }
            answers.append((best?.confidence ?? 0, !isOutside && best?.intent == actual))
        }
        n = examples.count
        let total = Double(n)
        accuracy = Double(table.right) / total
        let outside = table.actual[IntentClassifier.outOfScope, default: 0]
        let outsideRight = table.cells[.init(actual: IntentClassifier.outOfScope)] ?? 0
        inScopeAccuracy = inScope > 0 ? Double(table.right - outsideRight) / Double(inScope) : 0
        inScopeAccuracyWithoutRejection = inScope > 0 ? Double(bestRight) / Double(inScope) : 0
        outOfScopeRecall = outside > 0 ? Double(outsideRight) / Double(outside) : nil
        mcc = table.correlation
        perIntent = table.figures
        let present = perIntent.filter { $0.count > 0 }
        macroF1 = present.reduce(0) { $0 + $1.f1 } / Double(max(present.count, 1))
        ece = bins.reduce(0) { $0 + abs($1.confidence - Double($1.right)) } / total
        microsecondsPerText = took / .microseconds(1) / total
        confusions = table.confusions
        curve = Self.curve(answers)
    }

    private static func curve(_ answers: [(confidence: Double, isRight: Bool)]) -> [CurvePoint] {
        let sorted = answers.sorted { $0.confidence > $1.confidence }
        var wrong = 0
        var points: [CurvePoint] = []
        let step = max(sorted.count / 100, 1)
        for (index, answer) in sorted.enumerated() {
            wrong += answer.isRight ? 0 : 1
            let answered = index + 1
            guard answered % step == 0 || answered == sorted.count else { continue }
            points.append(
                CurvePoint(
                    confidence: answer.confidence, coverage: Double(answered) / Double(sorted.count),
                    error: Double(wrong) / Double(answered)))
        }
        return points.reversed()
    }

    /// How often what was taken for what.
    private struct Table {
        struct Cell: Hashable {
            var actual: String
            var predicted: String

            init(actual: String, predicted: String? = nil) {
                self.actual = actual
                self.predicted = predicted ?? actual
            }
        }

        var cells: [Cell: Int] = [:]
        var actual: [String: Int] = [:]
        var predicted: [String: Int] = [:]
        var right = 0

        mutating func count(actual: String, predicted: String) {
            cells[Cell(actual: actual, predicted: predicted), default: 0] += 1
            self.actual[actual, default: 0] += 1
            self.predicted[predicted, default: 0] += 1
            right += actual == predicted ? 1 : 0
        }

        var figures: [IntentFigures] {
            Set(actual.keys).union(predicted.keys).sorted().map { name in
                let hits = Double(cells[Cell(actual: name)] ?? 0)
                let (count, given) = (actual[name, default: 0], predicted[name, default: 0])
                return IntentFigures(
                    intent: name, count: count, precision: given > 0 ? hits / Double(given) : 0,
                    recall: count > 0 ? hits / Double(count) : 0)
            }
        }

        var confusions: [Confusion] {
            cells.filter { $0.key.actual != $0.key.predicted }
                .map { Confusion(actual: $0.key.actual, predicted: $0.key.predicted, count: $0.value) }
                .sorted { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
        }

        var correlation: Double {
            let total = Double(actual.values.reduce(0, +))
            var (together, ofActual, ofPredicted) = (0.0, 0.0, 0.0)
            for name in Set(actual.keys).union(predicted.keys) {
                let (first, second) = (Double(actual[name, default: 0]), Double(predicted[name, default: 0]))
                together += first * second
                ofActual += first * first
                ofPredicted += second * second
            }
            let spread = ((total * total - ofActual) * (total * total - ofPredicted)).squareRoot()
            return spread > 0 ? (Double(right) * total - together) / spread : 0
        }
    }
}
