import Glibc

/// Turns margins into probabilities in two steps: whether any intent covers the text, and which.
///
/// The first is a sigmoid of the score, one half at the threshold; the second a softmax over the intents' margins. All three
/// numbers are fitted to texts that the model of their fold had not seen.
struct Calibration: Sendable, Equatable {
    /// Steepness of the softmax over the intents.
    var steepness: Float = 4
    /// The score at which a text is as likely out of scope as not.
    var threshold: Float = -0.6
    /// Steepness of the sigmoid around the threshold.
    var slope: Float = 4
    /// The margin of the best intent below which a text is like nothing known, whatever the background says of it.
    var floor: Float = -1

    /// The share of texts that would be understood which may be rejected for the sake of those that no intent covers…
    static let toleratedLoss = 0.009
    /// …and how much more for each strange text among those of the training: who gives many expects many.
    static let toleratedLossPerStranger = 1.0 / 6
    /// Of a thousand texts that would be understood, four are like nothing known.
    static let shareBelowFloor = 0.004
    /// Taking a strange text for a known one is as bad as rejecting so many known ones.
    static let strangerPrice = 6.0
    /// The out-of-scope class speaks against a text from this margin on.
    static let lowestOutOfScope: Float = -1

    struct Probabilities {
        var intents: [Float]
        var outOfScope: Float
    }

    /// How much a text is like something known: the margin of the best intent, less that of the background.
    static func score(best: Float, outOfScope: Float?) -> Float {
        best - max(outOfScope ?? lowestOutOfScope, lowestOutOfScope) + lowestOutOfScope
    }

    /// - Parameter margins: One for each intent, then one for out-of-scope if the model has that class.
    func probabilities(_ margins: [Float], intentCount: Int) -> Probabilities {
        let best = margins[..<intentCount].max() ?? 0
        let score = Self.score(best: best, outOfScope: margins.count > intentCount ? margins[intentCount] : nil)
        let outOfScope = 1 / (1 + exp(slope * surplus(score: score, best: best)))
        var intents = margins[..<intentCount].map { exp(steepness * ($0 - best)) }
        let factor = (1 - outOfScope) / intents.reduce(0, +)
        for index in intents.indices { intents[index] *= factor }
        return Probabilities(intents: intents, outOfScope: outOfScope)
    }

    /// By how much a text is above what is rejected.
    private func surplus(score: Float, best: Float) -> Float { min(score - threshold, best - floor) }

    /// - Parameter standIns: The strange texts are those of intents kept from the models, for want of others: nobody knows
    ///   how many strange texts will come, and these are as hard as known ones, so neither kind is spared.
    static func fit(_ outcomes: [HeldOut.Outcome], standIns: Bool) -> Calibration {
        var calibration = Calibration()
        let known = outcomes.filter { !$0.isOutOfScope }
        let strange = outcomes.filter(\.isOutOfScope)
        guard !known.isEmpty else { return calibration }
        // A thousand texts are enough for one number.
        let sample = stride(from: 0, to: known.count, by: max(known.count / 1000, 1)).map { known[$0].margins }
        calibration.steepness = exp(
            minimum(of: { steepness(exp($0), loses: sample) }, from: log(0.5), to: log(60)))
        let bests = known.filter(\.isRight).map(\.best).sorted()
        // Without a background class the threshold is such a floor itself.
        let floor = standIns || bests.isEmpty ? -100 : bests[Int(Double(bests.count) * shareBelowFloor)]
        calibration.floor = floor
        calibration.threshold = threshold(
            known.filter { $0.best >= floor }, strange.filter { $0.best >= floor }, standIns: standIns)
        guard !strange.isEmpty else { return calibration }
        let right = known.filter(\.isRight).map { calibration.surplus(score: $0.score, best: $0.best) }
        let outside = strange.map { calibration.surplus(score: $0.score, best: $0.best) }
        calibration.slope = exp(
            minimum(
                of: { slope in
                    let steep = exp(slope)
                    let first = right.reduce(0) { $0 + log1p(exp(-steep * $1)) }
                    let second = outside.reduce(0) { $0 + log1p(exp(steep * $1)) }
                    return first + second
                }, from: log(1), to: log(30)))
        return calibration
    }

    private static func steepness(_ steepness: Float, loses sample: [[Float]]) -> Float {
        sample.reduce(0) { sum, margins in
            sum + log(margins.reduce(0) { $0 + exp(min(steepness * ($1 - margins[0]), 80)) })
        }
    }

    /// The score that loses least: a known text rejected costs one, a strange one accepted `strangerPrice`, and no more than
    /// `toleratedLoss` of the known ones may be lost. Stand-ins cost one, and for their sake a model may reject as many
    /// known texts as it takes for others: the better it knows what is known, the less it doubts.
    private static func threshold(_ known: [HeldOut.Outcome], _ strange: [HeldOut.Outcome], standIns: Bool) -> Float {
        let right = known.filter(\.isRight).map(\.score).sorted()
        let outside = strange.map(\.score).sorted()
        guard !right.isEmpty else { return Calibration().threshold }
        let wrong = Double(known.count - right.count) / Double(known.count)
        let strangers = Double(outside.count) / Double(known.count + outside.count)
        let tolerated =
            Double(right.count) * (standIns ? wrong : toleratedLoss + toleratedLossPerStranger * strangers)
        let limit = right[min(Int(tolerated), right.count - 1)]
        guard !outside.isEmpty else { return limit }
        let price = standIns ? 1 : strangerPrice
        var best = (loss: Double.infinity, threshold: limit)
        var rejected = 0
        var lost = 0
        for score in (outside + [limit]).sorted() where score <= limit {
            while lost < right.count, right[lost] <= score { lost += 1 }
            while rejected < outside.count, outside[rejected] <= score { rejected += 1 }
            let loss = Double(lost) + price * Double(outside.count - rejected)
            if loss < best.loss { best = (loss, score) }
        }
        return best.threshold
    }

    /// Where a function of one valley has its floor: golden section, 18 looks.
    private static func minimum(of function: (Float) -> Float, from: Float, to: Float) -> Float {
        let golden: Float = 0.618_034
        var (low, high) = (from, to)
        var (left, right) = (high - golden * (high - low), low + golden * (high - low))
        var (atLeft, atRight) = (function(left), function(right))
        for _ in 0..<16 {
            if atLeft < atRight {
                (high, right, atRight) = (right, left, atLeft)
                left = high - golden * (high - low)
                atLeft = function(left)
            } else {
                (low, left, atLeft) = (left, right, atRight)
                right = low + golden * (high - low)
                atRight = function(right)
            }
        }
        return (low + high) / 2
    }
}
