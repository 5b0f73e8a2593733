import Foundation
import Mail
import Transport

/// Reads bytes as each of the answers that ticket systems give, without one: for the fuzzer.
package struct TicketProbe: Sendable {
    /// What came of one answer.
    package struct Reading: Sendable {
        package var records: [TicketRecord] = []
        package var entries: [TicketEntry] = []
        /// What would stand in the path of a request to Request Tracker.
        package var numbers: [String] = []
        /// The pages that would be asked for next, with our login.
        package var pages: [String] = []
        /// What the operator would read.
        package var messages: [String] = []
    }

    /// Where Zendesk is thought to be.
    package static let origin = "https://shop.zendesk.example"
    package static let mailbox = Mailbox(name: "Neem & Clay", address: "support@shop.example")

    private let tracker: RequestTracker
    private let zendesk: Zendesk

    /// Nothing is ever connected.
    package init() {
        let agent = TransferAgent()
        var rt = RequestTracker.Configuration(url: "https://rt.shop.example", queue: "Support", token: "1-14-a")
        rt.fields = ["tags": "Tags", "intent": "Intent"]
        tracker = RequestTracker(rt, agent: agent)
        var account = Zendesk.Configuration(url: Self.origin, user: "desk@shop.example", token: "token")
        account.fields = ["intent": 1, "order": 2]
        zendesk = Zendesk(account, agent: agent)
    }

    /// Tries every form of an answer.
    package func read(_ bytes: [UInt8]) -> Reading {
        var reading = Reading()
        readTracker(bytes, &reading)
        readZendesk(bytes, &reading)
        _ = decoded(FileTickets.Card.self, bytes)
        return reading
    }

    /// An entry as the mail that goes the way of all mails.
    /// - Parameter thread: what stands before it on its ticket.
    /// - Throws: `MailError`.
    package func mail(of entry: TicketEntry, after thread: [TicketEntry], on record: TicketRecord?) throws -> [UInt8] {
        let files = entry.attachments.map { Attachment(name: $0.name, type: $0.type, bytes: [0x0A]) }
        return try TicketChannelMail(
            entry: entry, thread: thread[...], subject: record?.subject ?? "", mailbox: Self.mailbox,
            others: (record?.requestors ?? []) + (record?.others ?? []), system: "fuzzed", files: files
        ).bytes()
    }

    private func decoded<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
        try? JSONDecoder().decode(type, from: Data(bytes))
    }

    private func readTracker(_ bytes: [UInt8], _ reading: inout Reading) {
        typealias Answer = RequestTracker
        if let created = decoded(Answer.Number.self, bytes) { reading.numbers.append(created.id) }
        if let page = decoded(Answer.Page<Answer.Number>.self, bytes) { reading.numbers += page.items.map(\.id) }
        _ = decoded(Answer.Queue.self, bytes)
        _ = decoded(Answer.UserName.self, bytes)
        if let content = decoded(Answer.Content.self, bytes)?.content {
            _ = Data(base64Encoded: content, options: .ignoreUnknownCharacters)
        }
        let ticket = decoded(Answer.Ticket.self, bytes)
        let record = ticket.map { tracker.record($0, "1", version: nil) }
        if let record {
            reading.records.append(record)
            reading.numbers.append(record.id)
        }
        let parts = decoded(Answer.Page<Answer.AttachmentItem>.self, bytes)?.items ?? []
        reading.numbers += parts.map(\.id)
        for item in decoded(Answer.Page<Answer.TransactionItem>.self, bytes)?.items ?? [] {
            reading.numbers += [item.id, item.ticket]
            reading.entries.append(tracker.entry(item, of: item.ticket, record, "desk", parts, "Hello"))
        }
    }

    private func readZendesk(_ bytes: [UInt8], _ reading: inout Reading) {
        typealias Answer = Zendesk
        var tickets = decoded(Answer.Tickets.self, bytes)?.tickets ?? []
        tickets += [decoded(Answer.TicketAnswer.self, bytes)?.ticket].compactMap(\.self)
        tickets += decoded(Answer.Export.self, bytes)?.tickets ?? []
        reading.records += tickets.map(zendesk.record)
        var links = [decoded(Answer.Groups.self, bytes)?.next, decoded(Answer.Audits.self, bytes)?.links?.next]
        _ = decoded(Answer.Audits.self, bytes)?.audits.map { $0.events.map { $0.hasNewOwner(besides: 1) } }
        if let comments = decoded(Answer.Comments.self, bytes) {
            links.append(comments.links?.next)
            for comment in comments.comments {
                _ = comment.mergedInto
                guard let ticket = tickets.first else { continue }
                reading.entries.append(zendesk.entry(comment, of: String(ticket.id), ticket, comments.users, 1))
            }
        }
        reading.pages += links.compactMap(\.self).compactMap(zendesk.client.address)
        _ = decoded(Answer.CurrentUser.self, bytes)
        _ = decoded(Answer.Count.self, bytes)
        _ = decoded(Answer.Upload.self, bytes)
        _ = decoded(Answer.Suspended.self, bytes)
        if let refusal = decoded(Answer.Refusal.self, bytes) {
            reading.messages.append(TicketError(refusal.line, .placement).message)
        }
    }
}
