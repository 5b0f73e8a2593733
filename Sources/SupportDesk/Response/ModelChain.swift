import Foundation
import Logging

/// The desk's models in the order in which they are asked, as one: the first that answers is the author.
struct ModelChain: LanguageModel {
    let models: [any LanguageModel]
    /// Where mail that can wait is asked of the first model; nil: nowhere.
    let batch: BatchLane?
    /// How many runs must agree.
    let opinions: Int
    /// Answers that may be given again; nil: none are kept.
    let kept: KeptAnswers?
    let logger: Logger

    /// The first model's name.
    var name: String { models.first?.name ?? "none" }

    /// The answer of the first model that gives one; disputed, when further runs were asked for and did not agree.
    func draft(_ brief: Brief) async throws -> Draft {
        if let again = try await kept?.draft(for: brief, by: models.map(\.name)) { return again }
        try await batch?.wait(for: brief, opinions: opinions)
        var draft = try await agreed(brief)
        // A draft that was disputed is not made good by mending its words.
        if brief.rejected?.draft.isDisputed == true { draft.isDisputed = true }
        try await kept?.keep(draft, for: brief)
        return draft
    }

    /// The line of the first model that gives one.
    func gist(_ brief: GistBrief) async throws -> String {
        var last = ModelError(.refused, "no model is configured")
        for model in models {
            do {
                return try await model.gist(brief)
            } catch let error as ModelError {
                last = error
                if error.code == .declined { break }
            }
        }
        throw last
    }

    private func agreed(_ brief: Brief) async throws -> Draft {
        guard opinions > 1, brief.rejected == nil else { return try await first(brief) }
        return try await withThrowingTaskGroup(of: (Int, Draft?).self) { group in
            group.addTask { (0, try await first(brief)) }
            for opinion in 1..<opinions {
                group.addTask {
                    // Who cannot be asked has not agreed.
                    do {
                        return (opinion, try await first(brief.asking(again: opinion)))
                    } catch is ModelError {
                        return (opinion, nil)
                    }
                }
            }
            var drafts = [Draft?](repeating: nil, count: opinions)
            for try await (place, draft) in group { drafts[place] = draft }
            guard var draft = drafts[0] else { throw ModelError(.malformed, "\(name): no answer") }
            draft.isDisputed = !drafts.dropFirst().allSatisfy { $0.map(draft.agrees) ?? false }
            return draft
        }
    }

    private func first(_ brief: Brief) async throws -> Draft {
        var last = ModelError(.refused, "no model is configured")
        for (place, model) in order(for: brief).enumerated() {
            if place > 0, !last.isKnown {
                logger.warning("the next model is asked", metadata: ["error": "\(last)"])
            }
            do {
                if place == 0, let batched = try await batch?.draft(brief) { return batched }
                return try await model.draft(brief)
            } catch let error as ModelError {
                last = error
                // What one model declines is not handed on until one is found that does it.
                if error.code == .declined { throw error }
            }
        }
        throw last
    }

    /// Who mends a draft is who wrote it, where it can be asked.
    private func order(for brief: Brief) -> [any LanguageModel] {
        guard let author = brief.rejected?.draft.author.name,
            let place = models.firstIndex(where: { $0.name == author })
        else { return models }
        return Array(models[place...])
    }
}

extension Draft {
    /// Whether another run came to the same: the same facts, the same action, and no other article where both cite some.
    fileprivate func agrees(with other: Draft) -> Bool {
        let articles = (Set(citations), Set(other.citations))
        return (asksForPerson == nil) == (other.asksForPerson == nil) && Set(factsUsed) == Set(other.factsUsed)
            && (articles.0.isSubset(of: articles.1) || articles.1.isSubset(of: articles.0))
    }
}

/// Answers to questions that are nobody's own, for those who ask them again. Each passes the review again, as a new one does.
struct KeptAnswers: Sendable {
    let ledger: Ledger
    /// For how long, in seconds.
    let age: TimeInterval
    var tone: Tone
    var templates: @Sendable () async throws -> PromptTemplates
    let now: @Sendable () -> Date
    /// The arm of an experiment: what was answered in one is not given again in another.
    var arm: String?

    /// The kept answer of one of these models.
    func draft(for brief: Brief, by models: [String]) async throws -> Draft? {
        guard brief.rejected == nil, let key = try await key(for: brief) else { return nil }
        guard let answer = try await ledger.answer(key, since: now().addingTimeInterval(-age)),
            models.contains(answer.model)
        else { return nil }
        return Draft(
            body: answer.body, language: answer.language, citations: answer.citations, author: .model(answer.model),
            asksForPerson: nil, promptVersion: answer.promptVersion, usage: ModelUsage())
    }

    /// Keeps what anybody may be told: an answer that nobody doubts, without a word that stands for a person's.
    func keep(_ draft: Draft, for brief: Brief) async throws {
        guard draft.asksForPerson == nil, !draft.isDisputed, DraftText(draft.body).placeholders.isEmpty,
            case .model(let model) = draft.author, let key = try await key(for: brief)
        else { return }
        try await ledger.keep(
            KeptAnswer(
                body: draft.body, language: draft.language, citations: draft.citations, model: model,
                promptVersion: draft.promptVersion), as: key, now: now())
    }

    /// What makes two questions the same: words, intents, language and mood, and everything that the answer may rest on.
    /// nil, where anything of it is somebody's own.
    func key(for brief: Brief) async throws -> [UInt8]? {
        guard brief.tier == .generic, brief.profile == nil, brief.files.isEmpty, brief.quoted.isEmpty,
            brief.facts.allSatisfy({ $0.name.hasPrefix("links.") || $0.name.hasPrefix("shop.") })
        else { return nil }
        func words(_ text: String) -> String {
            text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
        }
        let parts =
            [
                words(brief.subject.text), words(brief.body.text),
                brief.questions.map(\.intent).sorted().joined(separator: " "),
                brief.language, "\(brief.isUpset)", tone.rawValue, try await templates().version,
                "\(brief.passages.map { [$0.article, $0.language, $0.text] })", "\(brief.facts.map(\.name))",
            ] + [arm].compactMap(\.self)
        return ledger.answerKey(parts.joined(separator: "\u{0}"))
    }
}
