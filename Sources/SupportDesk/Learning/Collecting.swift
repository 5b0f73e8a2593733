import Foundation
import Mail
import Redaction
import Triage

/// What one look for lessons found.
public struct CollectedLessons: Sendable, Encodable {
    /// Lessons that are new.
    public internal(set) var new = 0
    /// Messages that were looked at.
    public internal(set) var looked = 0
    /// Messages of which there was nothing to learn, or nothing kept any more.
    public internal(set) var passedOver = 0
    /// Mails on tickets that nobody has answered yet, as far as the desk sees.
    public internal(set) var awaited = 0
    /// What could not be asked, a line each.
    public internal(set) var problems: [String] = []
}

extension Desk {
    /// Looks for what people and customers have shown since the last time, and puts it on record as lessons that wait for a
    /// person. Killed at any point and run again, the result is the same.
    /// - Parameter progress: told how many messages were looked at so far.
    public func collectLessons(progress: @Sendable (Int) -> Void = { _ in }) async throws -> CollectedLessons {
        var collected = CollectedLessons()
        for place in Ledger.LessonPlace.allCases {
            var (at, message) = (try await ledger.lessonMark(place), Int64.max)
            while case let page = try await ledger.lessonSources(place, after: at, message), let last = page.last {
                (at, message) = (last.at, last.message)
                let mark = LessonMark(place: place.rawValue, at: at)
                collected.looked += page.count
                await FaultPoint.collecting.reach()
                if place == .escalations {
                    try await ledger.await(page.filter { $0.intent != nil }, mark: mark, now: now())
                } else {
                    var lessons: [NewLesson] = []
                    for source in page {
                        let lesson = try await lesson(from: source, answer: source.end?.text)
                        if let lesson { lessons.append(lesson) } else { collected.passedOver += 1 }
                    }
                    collected.new += try await ledger.keep(lessons, mark: mark, now: now())
                }
                progress(collected.looked)
            }
        }
        try await collectAnswers(&collected, progress)
        if collected.new > 0 { try await sealAudit() }
        return collected
    }

    /// Looks for what people answered on tickets.
    private func collectAnswers(
        _ collected: inout CollectedLessons, _ progress: @Sendable (Int) -> Void
    ) async throws {
        while case let due = try await ledger.awaitedAnswers(now: now()), !due.isEmpty {
            var lessons: [NewLesson] = []
            var found: [Int64] = []
            var open: [AwaitedAnswer] = []
            for awaited in due {
                do {
                    guard let answer = try await answer(to: awaited) else {
                        open.append(awaited)
                        continue
                    }
                    found.append(awaited.source.message)
                    let lesson = try await lesson(
                        from: awaited.source, answer: answer.text, colleagues: answer.colleagues)
                    if let lesson { lessons.append(lesson) } else { collected.passedOver += 1 }
                } catch let error as TicketError {
                    open.append(awaited)
                    if !collected.problems.contains(error.message) { collected.problems.append(error.message) }
                }
            }
            await FaultPoint.collecting.reach()
            collected.looked += due.count
            collected.awaited += open.count
            collected.new += try await ledger.keep(lessons, settling: found, mark: nil, now: now())
            try await ledger.awaitAgain(open, now: now())
            progress(collected.looked)
        }
    }

    /// What a person wrote to the customer; nil when nobody is seen to have done so.
    private func answer(to awaited: AwaitedAnswer) async throws -> (text: String, colleagues: [KnownPerson])? {
        let message = awaited.source.message
        if let ticket = awaited.ticket, delivery.homes[awaited.channel] == nil {
            let entries = try await delivery.filing.system.entries(of: ticket)
            // Where the desk's own note on this message is found, what was answered before it answers something else.
            let note = entries.lastIndex { $0.author == .machine && $0.id.contains("-\(message).") }
            let later = entries[(note.map { $0 + 1 } ?? 0)...]
            if let entry = later.first(where: \.isAnswer) {
                return (entry.text, Self.colleagues(of: entry))
            }
        }
        guard drafts.asksForPeople || delivery.homes[awaited.channel] != nil,
            let channel = channels.first(where: { $0.channel.name == awaited.channel })?.channel,
            let inquiry = try await ledger.standing(ofMessage: message)?.inquiry,
            let seen = try await person(in: inquiry, of: channel), seen.isAnswer, let bytes = seen.answer
        else { return nil }
        let answer = PersonsAnswer(bytes)
        let author = answer.author.map {
            KnownPerson(names: [$0.name].compactMap(\.self), addresses: [$0.address])
        }
        return (answer.text, [author].compactMap(\.self))
    }

    /// What cannot be reached now is asked again later, as if nobody had answered.
    private func person(in inquiry: Inquiry, of channel: any Channel) async throws -> PersonSeen? {
        do {
            return try await channel.person(in: inquiry)
        } catch {
            guard let line = Self.line(error, of: channel) else { throw error }
            throw TicketError(line, .unreachable)
        }
    }

    private static func colleagues(of entry: TicketEntry) -> [KnownPerson] {
        guard case .agent(let name) = entry.author else { return [] }
        let isAddress = name.contains("@")
        return [
            KnownPerson(
                names: [entry.authorName, isAddress ? nil : name].compactMap(\.self), addresses: isAddress ? [name] : []
            )
        ]
    }

    /// A lesson from a message that was settled; nil when its mail is not kept any more, or there is nothing to learn.
    private func lesson(
        from source: LessonSource, answer: String?, colleagues: [KnownPerson] = []
    ) async throws -> NewLesson? {
        guard let intent = source.intent, source.rule != Rule.crash.name,
            let bytes = try await ledger.archived(source.message), let message = read(bytes, decidedBy: source.rule)
        else { return nil }
        let vault = try await ConversationVault(ledger.vault(of: source.conversation), of: ledger)
        let text = try await redacting.lesson(of: message, answer: answer, vault: vault, colleagues: colleagues)
        guard let content = text.content(try await understanding.triage()),
            let key = TrainingSet.key(of: content.utterance)
        else { return nil }
        return NewLesson(
            message: source.message, conversation: source.conversation, way: source.way, language: source.language,
            seen: intent, content: content, digest: ledger.seal.digest(String(key), for: "lesson"))
    }
}
