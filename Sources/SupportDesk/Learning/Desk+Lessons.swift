import Foundation
import Logging
import Triage

/// What a person decides about a lesson.
public enum LessonVerdict: Sendable, Hashable {
    /// It is to be learned as it is labelled.
    case approve
    /// It is to be learned as something else.
    case relabel(String)
    /// It is not to be learned.
    case reject
}

extension Desk {
    /// At most this many lessons are listed.
    public static let listedLessons = 5_000

    /// Lessons in a state, in the order of their numbers; all of them when none is said.
    public static func lessons(
        _ configuration: DeskConfiguration, _ state: Lesson.State?, limit: Int = listedLessons
    ) async throws -> [Lesson] {
        let ledger = try await Ledger(configuration.keys)
        let lessons = try await ledger.lessons(state, limit: limit)
        try await ledger.close()
        return lessons
    }

    /// Lessons by their numbers.
    /// - Throws: `DeskError` with code `data` when one is not there.
    public static func lessons(_ configuration: DeskConfiguration, ids: [Int64]) async throws -> [Lesson] {
        let ledger = try await Ledger(configuration.keys)
        var lessons: [Lesson] = []
        for id in ids {
            guard let lesson = try await ledger.lesson(id) else { throw unknown([id]) }
            lessons.append(lesson)
        }
        try await ledger.close()
        return lessons
    }

    /// The lessons for which the guard refused the batch that was trained last, the least usual first; none when it passed.
    public static func refusedLessons(_ configuration: DeskConfiguration) async throws -> [Lesson] {
        let ledger = try await Ledger(configuration.keys)
        let newest = try await ledger.classifiers().last
        var lessons: [Lesson] = []
        if let newest, newest.state == .refused {
            for id in newest.comparison?.lessonGuard.refusedFor ?? [] {
                // One that was forgotten since is no trouble any more.
                if let lesson = try await ledger.lesson(id) { lessons.append(lesson) }
            }
        }
        try await ledger.close()
        return lessons
    }

    /// The intents that a lesson can be told to be, with `out_of_scope` last.
    public static func learnableIntents(_ configuration: DeskConfiguration) throws -> [String] {
        let layout = try Layout(templates: configuration.templates)
        let folder = "\(layout.templates)/intents"
        var names: Set<String> = []
        for language in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(language)")) ?? []
            names.formUnion(files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) })
        }
        names.remove(IntentClassifier.outOfScope)
        return names.sorted() + [IntentClassifier.outOfScope]
    }

    /// Puts a person's decision on record.
    /// - Returns: the lessons that it is about.
    /// - Throws: `DeskError` with code `data` for an intent or a lesson that there is not.
    @discardableResult
    public static func decide(
        _ ids: [Int64], _ verdict: LessonVerdict, _ configuration: DeskConfiguration, now: Date, _ logger: Logger
    ) async throws -> [Int64] {
        if case .relabel(let intent) = verdict, try !learnableIntents(configuration).contains(intent) {
            throw DeskError(.data, "there is no intent \(intent): the folder intents has none of that name")
        }
        let ledger = try await Ledger(configuration.keys)
        let decided = try await ledger.decide(ids, verdict, now: now)
        try await ledger.sealAudit(now: now)?.log(to: logger)
        try await ledger.close()
        let missing = Set(ids).subtracting(decided)
        if !missing.isEmpty { throw unknown(missing.sorted()) }
        return decided
    }

    private static func unknown(_ ids: [Int64]) -> DeskError {
        DeskError(.data, "there is no lesson \(ModelComparison.list(ids)) (auradesk learn list shows them)")
    }
}

extension Ledger {
    /// Puts a person's decision on record.
    func decide(_ ids: [Int64], _ verdict: LessonVerdict, now: Date) async throws -> [Int64] {
        switch verdict {
        case .approve: try await decide(ids, .approved, now: now)
        case .relabel(let intent): try await decide(ids, .approved, label: intent, now: now)
        case .reject: try await decide(ids, .rejected, now: now)
        }
    }
}
