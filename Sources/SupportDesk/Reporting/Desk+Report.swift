import Foundation
import Mail
import Redaction
import Triage

extension Desk {
    /// So many questions without a good passage are looked at.
    private static let mostGapQuestions = 300

    /// The report on some days.
    /// - Parameters:
    ///   - days: by their numbers from 1970-01-01, in the shop's time zone.
    ///   - examples: whether questions without a good passage are brought together by their words.
    /// - Throws: `DeskError` when there is no ledger yet, or it cannot be read.
    public static func report(
        on days: ClosedRange<Int>, _ configuration: DeskConfiguration, now: Date, examples: Bool = true
    ) async throws -> Report {
        guard configuration.keys.store.mayExist(in: configuration.state) else {
            throw DeskError(.configuration, "no ledger in \(configuration.state): the desk has not run yet")
        }
        let ledger = try await Ledger(configuration.keys)
        do {
            let report = try await report(on: days, configuration, ledger, now: now, examples: examples)
            try await ledger.close()
            return report
        } catch {
            try? await ledger.close()
            throw error
        }
    }

    static func report(
        on days: ClosedRange<Int>, _ configuration: DeskConfiguration, _ ledger: Ledger, now: Date,
        examples: Bool, anew: Bool = false
    ) async throws -> Report {
        let zone = configuration.shop.timeZone
        let figures = try await ledger.figures(
            of: days, configuration.report, in: zone, now: now, memory: configuration.retention.metrics, anew: anew)
        var looked: [GapQuestion] = []
        if examples {
            let rows = try await ledger.gaps(figures.values.flatMap(\.gapSample), limit: mostGapQuestions)
            if !rows.isEmpty {
                looked = try await questions(rows, configuration, ledger, by: makeRedactor(configuration))
            }
        }
        let table = DayTable(days, in: zone)
        return Report(
            figures,
            ReportBasis(
                shop: configuration.shop.name, zone: zone, policy: configuration.report, now: now, days: days,
                queues: try await ledger.queues(), gaps: looked,
                experiments: try await ledger.experimentResults(now: now).filter { experiment in
                    guard let started = experiment.started?.milliseconds else { return false }
                    return started < table.end
                        && experiment.ended.map { $0.milliseconds >= table.start(of: days.lowerBound) } ?? true
                }))
    }

    /// What was asked, with placeholders; of mail that is not kept any more nothing.
    private static func questions(
        _ rows: [GapRow], _ configuration: DeskConfiguration, _ ledger: Ledger, by redactor: Redactor
    ) async throws -> [GapQuestion] {
        var questions: [GapQuestion] = []
        for row in rows {
            guard let bytes = try? await ledger.archived(row.message),
                let message = try? Message(parsing: bytes, limits: configuration.limits.parsing)
            else { continue }
            let people = (message.from + message.to + message.cc + message.replyTo).map {
                KnownPerson(
                    names: [$0.name].compactMap(\.self), addresses: [$0.address], phones: [], postalAddresses: [])
            }
            let author = ledger.digest(address: message.from.first?.address ?? "")
            let vault = try await ConversationVault(ledger.vault(of: row.conversation), of: ledger)
            var mask = Mask(redactor, of: author, known: people, vault: vault)
            // Whoever signs is known in what stands above.
            for text in [message.signature, message.newText] { _ = mask.redact(text) }
            let text = mask.redact(message.newText).text
            let opening = GapQuestion.opening(of: text.isBlank ? mask.redact(message.subject).text : text)
            guard !opening.isEmpty else { continue }
            questions.append(GapQuestion(text: opening, language: row.language ?? "en", intent: row.intent))
        }
        return questions
    }
}

extension GapQuestion {
    /// The longest that is shown, in Unicode scalars.
    private static let longest = 180

    /// What a mail asks, in a line: from its first question on where it has one, else from where it begins to say something.
    static func opening(of text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var sentences: [Substring] = []
        var start = line.startIndex
        for index in line.indices where ".?!।".contains(line[index]) {
            let end = line.index(after: index)
            guard end == line.endIndex || line[end] == " " else { continue }
            sentences.append(line[start..<end])
            start = end
        }
        if start < line.endIndex { sentences.append(line[start...]) }
        let asking = sentences.firstIndex { $0.hasSuffix("?") } ?? 0
        let words = sentences.suffix(from: min(asking, sentences.count)).joined().trimmingCharacters(in: .whitespaces)
        guard words.unicodeScalars.count > longest else { return words }
        return String(words.unicodeScalars.prefix(longest)).trimmingCharacters(in: .whitespaces) + "…"
    }
}

/// A message that no passage answers well.
struct GapRow: Sendable {
    let message: Int64
    let conversation: Int64?
    let intent: String?
    let language: String?
}

extension Ledger {
    /// So many are asked for at once.
    private static let gapsAtOnce = 512

    /// Of questions that were drawn those whose mail is still kept, in the order of their lots.
    /// - Parameter drawn: the numbers of their messages; some of each day.
    func gaps(_ drawn: [Int64], limit: Int) async throws -> [GapRow] {
        let drawn = drawn.sorted { DayFigures.lot($0) < DayFigures.lot($1) }
        var found: [GapRow] = []
        for start in stride(from: 0, to: drawn.count, by: Self.gapsAtOnce) where found.count < limit {
            let part = Array(drawn[start..<min(drawn.count, start + Self.gapsAtOnce)])
            let list = SQLList(part, from: 1)
            let rows = try await database.read { transaction in
                try transaction.rows(
                    """
                    SELECT m.id, m.conversation, m.intent, m.language FROM message m
                    WHERE m.id IN \(list.places) AND EXISTS (SELECT 1 FROM archive a WHERE a.message = m.id)
                    """, list.values
                ).compactMap { row in
                    row.integer("id").map {
                        GapRow(
                            message: $0, conversation: row.integer("conversation"), intent: row.text("intent"),
                            language: row.text("language"))
                    }
                }
            }
            found += rows.sorted { DayFigures.lot($0.message) < DayFigures.lot($1.message) }
        }
        return Array(found.prefix(limit))
    }
}
