import Foundation
import Mail
import Redaction
import Triage

/// Replays one conversation after another, with the knowledge of its time, and compares what the desk would have written with
/// what a person wrote.
struct Replay: Sendable {
    let desk: Desk
    let spool: SealedLog
    let hands: ReplayHands
    let facts: FactsAtHand
    /// The models whose cost is estimated where they are not asked; none: nothing is.
    var estimated: ModelConfiguration?

    /// Of a text so many characters are kept.
    private static let longestText = 1_500
    /// Below this no article answers the question.
    private static let goodFit = 0.5

    /// Everything that is found out about a conversation.
    func outcome(of thread: PastThreads.Thread, key: String) async throws -> ThreadOutcome {
        var past = PastConversation()
        var outcomes: [PastOutcome] = []
        for (index, entry) in thread.entries.enumerated() where entry.writer == .customer {
            try Task.checkCancellation()
            let place = hands.take(entry.source)
            defer { hands.layDown(place) }
            outcomes.append(
                try await PastMoment.$instant.withValue(entry.arrival) {
                    try await outcome(of: entry, answer: thread.answer(to: index), &past)
                })
        }
        return ThreadOutcome(key: key, outcomes: outcomes)
    }

    private func outcome(
        of entry: PastEntry, answer: PastEntry?, _ past: inout PastConversation
    ) async throws -> PastOutcome {
        let mail: PastMail
        do {
            mail = try self.mail(entry)
        } catch is MailError {
            // It has gone since it was listed.
            return PastOutcome(arrival: entry.arrival.milliseconds, disposition: .ignored, rule: "vanished")
        }
        let raw = RawMessage(
            id: 0, channel: "past", source: entry.source, arrival: entry.arrival, bytes: mail.bytes,
            fullSize: mail.fullSize, origin: mail.origin.map { .ticket($0) } ?? .mail)
        let (disposition, dossier) = try await desk.dispose(of: raw, as: desk.parsing.parse(raw), in: past)
        past.note(disposition, dossier)
        var outcome = PastOutcome(
            arrival: entry.arrival.milliseconds, disposition: disposition.kind, rule: disposition.rule.name,
            intent: dossier.intent?.intent, language: dossier.triage?.language.tag)
        note(disposition, dossier, in: &outcome)
        let person = try answer.map { try self.person($0) } ?? nil
        if let answer, person != nil { outcome.wait = answer.arrival.milliseconds - entry.arrival.milliseconds }
        try await compare(entry, answer, person, dossier, in: &outcome, &past)
        return outcome
    }

    /// Certainty, limits and cost.
    private func note(_ disposition: Disposition, _ dossier: Dossier, in outcome: inout PastOutcome) {
        if let addressee = dossier.association?.addressee {
            outcome.sender = Data(addressee.address)
            outcome.domain = Data(addressee.domain)
            outcome.text = Data(addressee.text)
        }
        outcome.matter = dossier.matter.map { Data($0) }
        if let deliberation = dossier.deliberation, dossier.reply != nil {
            // The question that is furthest from its threshold decides about the mail.
            let weight = deliberation.weights.min { $0.certainty - $0.threshold < $1.certainty - $1.threshold }
            outcome.certainty = weight?.certainty
            outcome.threshold = weight?.threshold
            let isUnsure = disposition.rule.name == "low-confidence"
            outcome.isHeldBack = disposition.kind != .answered && !isUnsure || deliberation.restraint != nil
        }
        if let usage = dossier.draft?.usage {
            outcome.tokensIn = usage.tokens.read
            outcome.tokensOut = usage.tokens.output
            outcome.cost = usage.cost
        } else if let estimated, let evidence = dossier.evidence, !evidence.isFixed, let draft = dossier.draft {
            // About four bytes a token of what a prompt holds: the shop's rules, the passages, the facts' names, the mail.
            let passages = evidence.passages.map(\.text.utf8.count).reduce(0, +)
            let body = dossier.redaction.map { $0.body.text.utf8.count + $0.quoted.text.utf8.count } ?? 0
            let tokens = ModelTokens(
                input: 1_500 + (passages + body + 40 * evidence.facts.facts.count) / 4,
                output: 80 + draft.body.utf8.count / 3)
            outcome.tokensIn = tokens.input
            outcome.tokensOut = tokens.output
            outcome.cost = estimated.price.cost(of: tokens)
        }
    }

    // MARK: - The other side

    /// What a person wrote, and who she is.
    private struct Person {
        let text: String
        let author: Mailbox?
        let signature: String
    }

    /// Nil where nothing of it can be read.
    private func person(_ answer: PastEntry) throws -> Person? {
        guard let mail = try? self.mail(answer) else { return nil }
        if mail.isAgents {
            return Person(text: String(decoding: mail.bytes, as: UTF8.self), author: nil, signature: "")
        }
        guard let message = try? Message(parsing: mail.bytes, limits: desk.parsing.limits), !message.newText.isBlank
        else {
            return nil
        }
        return Person(text: message.newText, author: message.from.first, signature: message.signature)
    }

    private func mail(_ entry: PastEntry) throws -> PastMail {
        switch entry.place {
        case .spool(let place): return try PastMail(packed: spool.record(at: place))
        case .file(let path):
            let limit = desk.limits.messageBytes
            var status = stat()
            let size = stat(path, &status) == 0 ? Int(status.st_size) : 0
            let bytes = size > limit ? [] : try MailFiles.bytes(ofFile: path, maximum: limit)
            return PastMail(source: entry.source, arrival: nil, bytes: bytes, fullSize: max(size, bytes.count))
        }
    }

    private func compare(
        _ entry: PastEntry, _ answer: PastEntry?, _ person: Person?, _ dossier: Dossier, in outcome: inout PastOutcome,
        _ past: inout PastConversation
    ) async throws {
        guard let answer, let person, outcome.disposition != Disposition.Kind.ignored else {
            if outcome.rule == Rule.outOfScope.name { try await noteGap(dossier, in: &outcome) }
            return
        }
        let zone = desk.shop.timeZone
        let (asked, told) = (LocalDate(entry.arrival, in: zone), LocalDate(answer.arrival, in: zone))
        let language = dossier.reply?.language ?? dossier.triage?.language.tag ?? "en"
        let side = AnswerComparison.Side(person.text, in: language)
        // "Every Saturday" in both is one fact; a Saturday where the other names a date is the next one.
        func theirs(beside others: Set<String>) -> AnswerComparison.Side {
            let alike = side.facts.intersection(others)
            let dated = Comparison.dated(side.facts.subtracting(alike), on: told)
            return AnswerComparison.Side(facts: dated.union(alike), words: side.words)
        }
        let message = dossier.message.map { "\($0.subject)\n\n\($0.newText)" } ?? ""
        let known = facts.shops.union(AnswerComparison.facts(of: message, in: language))
            .union(Comparison.dated(AnswerComparison.facts(of: message, in: language), on: asked))
        let atHand = dossier.evidence.map { facts.facts(of: $0, in: language) }
        let acts = ActingWords.acts(person.text)
        let comparison: Comparison
        if let reply = dossier.reply, outcome.certainty != nil {
            let own = AnswerComparison.Side(reply.body, in: reply.language)
            let sides = AnswerComparison.Sides(
                own, theirs(beside: own.facts), known: known, intents: dossier.intents.map(\.intent),
                matters: try await facts.matters(in: reply.language, of: desk))
            comparison = Comparison(sides, acts: acts, atHand: atHand ?? [])
            outcome.likeness = comparison.likeness
        } else {
            let told = theirs(beside: atHand ?? []).facts.subtracting(known)
            comparison = Comparison(acts: acts, told: told, atHand: atHand)
        }
        outcome.isSameMatter = comparison.isSameMatter
        outcome.neededPerson = comparison.neededPerson
        outcome.differing = comparison.differing.map(\.rawValue)
        if outcome.rule == Rule.outOfScope.name { try await noteGap(dossier, in: &outcome) }
        let isDifferent =
            outcome.likeness.isRight == false || outcome.likeness == .same && outcome.disposition == .escalated
        guard isDifferent, outcome.certainty != nil else { return }
        try await keepTexts(person, dossier, in: &outcome, &past)
    }

    /// Question and answers with placeholders, by one vault.
    private func keepTexts(
        _ person: Person, _ dossier: Dossier, in outcome: inout PastOutcome, _ past: inout PastConversation
    ) async throws {
        let author = person.author.map { author in
            KnownPerson(
                names: [author.name].compactMap(\.self), addresses: [author.address], phones: [], postalAddresses: [])
        }
        var mask = try await desk.redacting.mask(for: dossier, besides: [author].compactMap(\.self))
        // A signature is not shown, and says who is meant by the bare name above it.
        _ = mask.redact(person.signature)
        outcome.persons = Self.clipped(mask.redact(person.text).text)
        outcome.desks = dossier.reply.map { Self.clipped(mask.redact($0.body).text) }
        outcome.question = dossier.redaction.map { Self.clipped($0.body.text) }
        past.vault = mask.vault
    }

    /// What nobody has written an article about.
    private func noteGap(_ dossier: Dossier, in outcome: inout PastOutcome) async throws {
        guard let redaction = dossier.redaction, let triage = dossier.triage else { return }
        let languages = desk.shop.languages
        let language = languages.contains(triage.language.tag) ? triage.language.tag : languages.first ?? "en"
        let day = LocalDate(Date(milliseconds: outcome.arrival), in: desk.shop.timeZone)
        let question = "\(redaction.subject.text)\n\(redaction.body.text)"
        let found = try await desk.grounding.knowledge().search(question, language: language, on: day, limit: 1)
        let fit = found.first?.fit ?? 0
        outcome.fit = fit
        if fit < Self.goodFit { outcome.gap = Self.clipped(redaction.body.text) }
    }

    private static func clipped(_ text: String) -> String {
        let plain = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return plain.count <= longestText ? plain : String(plain.prefix(longestText)) + "…"
    }
}
