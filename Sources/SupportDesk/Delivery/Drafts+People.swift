import Foundation
import Mail

extension Drafts {
    /// So many questions are under way at once at one source of mail, which looks once for all of them; and at a ticket system,
    /// which does not.
    private static let questions = (mail: 500, tickets: 4)

    /// Asks the sources of the customers' messages whether people have answered them.
    /// - Returns: who was seen, by the draft's number; and what could not be asked.
    func people(in drafts: [DraftRow], _ records: [Int64: DraftRecord]) async throws -> (
        seen: [Int64: PersonSeen], problems: [String]
    ) {
        guard asksForPeople else { return ([:], []) }
        var seen: [Int64: PersonSeen] = [:]
        var problems: [String] = []
        for setting in channels {
            let channel = setting.channel
            var inquiries: [(Int64, Inquiry)] = []
            for draft in drafts where draft.channel == channel.name {
                guard var inquiry = try await ledger.standing(ofMessage: draft.message)?.inquiry else { continue }
                // Whoever sends it under its own name is a person as well.
                inquiry.messageIDs += [records[draft.message]?.messageID].compactMap(\.self)
                inquiries.append((draft.message, inquiry))
            }
            do {
                for (message, person) in try await Self.ask(inquiries, of: channel) { seen[message] = person }
            } catch {
                guard let line = Desk.line(error, of: channel) else { throw error }
                problems.append(line)
            }
        }
        // Who only has the conversation has the draft before her.
        return (seen.filter(\.value.isAnswer), problems)
    }

    /// Asks one source about several messages.
    static func ask(
        _ inquiries: [(Int64, Inquiry)], of channel: any Channel
    ) async throws -> [(Int64, PersonSeen)] {
        let width = channel is TicketChannel ? questions.tickets : questions.mail
        return try await withThrowingTaskGroup(of: (Int64, PersonSeen?).self) { group in
            var seen: [(Int64, PersonSeen)] = []
            var running = 0
            func take() async throws {
                guard let (message, person) = try await group.next() else { return }
                running -= 1
                if let person { seen.append((message, person)) }
            }
            for (message, inquiry) in inquiries {
                if running >= width { try await take() }
                running += 1
                group.addTask { (message, try await channel.person(in: inquiry)) }
            }
            while running > 0 { try await take() }
            return seen
        }
    }

    /// Records that a person has sent a draft, or answered otherwise.
    func settle(_ draft: DraftRow, _ record: DraftRecord, _ seen: PersonSeen, as state: DraftState) async throws {
        let answer = seen.answer.map(PersonsAnswer.init)
        let end = answer.map { DraftEnd(text: $0.text, difference: TextDifference(from: $0.own(record), to: $0.text)) }
        try await ledger.personAnswered(draft, state, end, replyID: answer?.messageID, now: now())
        logger.notice(
            "a person answered", metadata: ["message": "\(draft.message)", "draft": "\(state.rawValue)"])
    }
}

/// What a person wrote to the customer, as her source has it: a mail, or the text of a ticket entry.
struct PersonsAnswer {
    let messageID: String?
    /// Who wrote it, where it is a mail.
    let author: Mailbox?
    let text: String
    private let isMail: Bool

    init(_ bytes: [UInt8]) {
        let message = try? Message(parsing: bytes)
        let isMail = message.map { !$0.from.isEmpty && ($0.messageID != nil || $0.date != nil) } ?? false
        self.isMail = isMail
        messageID = isMail ? message?.messageID : nil
        author = isMail ? message?.from.first : nil
        text = isMail ? message?.newText ?? "" : String(decoding: bytes, as: UTF8.self)
    }

    /// The draft's text, read in the same way: without what reading takes for a signature.
    func own(_ record: DraftRecord) -> String {
        guard isMail else { return record.personalText }
        let mail = OutgoingMail(
            from: Mailbox(address: record.recipient), to: [Mailbox(address: record.recipient)], subject: "-",
            messageID: record.messageID, date: Date(timeIntervalSince1970: 0), text: record.personalText)
        return (try? Message(parsing: mail.bytes()).newText) ?? record.personalText
    }
}
