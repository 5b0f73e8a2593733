import Foundation
import Triage

/// What a training is made of: the shop's utterances and approved lessons, with those kept apart that are only measured on.
///
/// Which text is kept apart follows from its words alone, so it is the same for every version: no version has ever been
/// trained on it.
struct LearningTexts: Sendable {
    /// What the model is trained on.
    let training: [TrainingExample]
    /// The part of it that the utterances are; the lessons stand behind them.
    let baseCount: Int
    /// The lessons that it is trained on, in the order of `training`.
    let trained: [ApprovedLesson]
    /// What the model is measured on.
    let heldOut: [TrainingExample]
    /// The lessons among what is measured on, in the order of `heldOut`, behind the utterances.
    let heldOutLessons: [ApprovedLesson]
    /// Two lessons of the same words that were told to be different things: the later one counts.
    let overruled: [ApprovedLesson]

    /// - Parameter lessons: in the order of their numbers.
    init(base: [TrainingExample], lessons: [ApprovedLesson]) {
        var newest: [UInt64: ApprovedLesson] = [:]
        var overruled: [ApprovedLesson] = []
        for lesson in lessons {
            guard let key = TrainingSet.key(of: lesson.utterance) else { continue }
            if let earlier = newest.updateValue(lesson, forKey: key) { overruled.append(earlier) }
        }
        // A lesson says the same as an utterance of other letters: its label is a person's of this shop, and counts.
        let told = Set(newest.keys)
        let utterances = base.filter { TrainingSet.key(of: $0.text).map { !told.contains($0) } ?? true }
        let kept = newest.values.sorted { $0.id < $1.id }
        let isHeldOut = { (lesson: ApprovedLesson) in TrainingSet.isHeldOut(lesson.utterance) }
        let baseTraining = utterances.filter { !TrainingSet.isHeldOut($0.text) }
        trained = kept.filter { !isHeldOut($0) }
        heldOutLessons = kept.filter(isHeldOut)
        baseCount = baseTraining.count
        training = baseTraining + trained.map(TrainingExample.init)
        heldOut = utterances.filter { TrainingSet.isHeldOut($0.text) } + heldOutLessons.map(TrainingExample.init)
        self.overruled = overruled
    }

    /// By what a model knows what it was trained on.
    var digest: String { TrainingSet.digest(training) }
}

extension TrainingExample {
    /// A lesson as an example. There is no other way from the ledger into a training.
    init(_ lesson: ApprovedLesson) {
        self.init(text: lesson.utterance, intent: lesson.label, language: lesson.language)
    }
}
