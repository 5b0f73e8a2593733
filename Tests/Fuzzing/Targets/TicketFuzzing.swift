import Foundation
import Mail
import SupportDesk

/// What a ticket system answers: Request Tracker's and Zendesk's pages, tickets, comments, refusals, and a folder's card.
enum TicketFuzzing {
    private static let probe = TicketProbe()

    static func check(_ bytes: [UInt8]) throws {
        let reading = probe.read(bytes)
        // They stand in paths of requests that bear our login.
        for number in reading.numbers + reading.records.map(\.id) + reading.entries.flatMap({ [$0.id, $0.ticket] }) {
            try demand(isNumber(number), "the number of a ticket or an entry is \(number.debugDescription)")
        }
        for page in reading.pages {
            try demand(
                page.hasPrefix("\(TicketProbe.origin)/") && page.unicodeScalars.allSatisfy { $0 > " " },
                "our login would go to \(page.debugDescription)")
        }
        for message in reading.messages {
            try demand(
                message.isOneLine && message.utf8.count < 1_000, "the operator reads \(message.debugDescription)")
        }
        for (place, entry) in reading.entries.enumerated() {
            let record = reading.records.last
            try check(entry, after: Array(reading.entries.prefix(place)), on: record)
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        return (1...20).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Every entry becomes a mail, from its author, to us and to those who are on the ticket.
    private static func check(_ entry: TicketEntry, after thread: [TicketEntry], on record: TicketRecord?) throws {
        let bytes: [UInt8]
        do {
            bytes = try probe.mail(of: entry, after: thread, on: record)
        } catch {
            throw Broken(description: "no mail can be made of an entry: \(error)")
        }
        let mail = try Message(parsing: bytes)
        try demand(mail.to.map(\.address) == [TicketProbe.mailbox.address], "an entry is to somebody else")
        let others = (record?.requestors ?? []) + (record?.others ?? [])
        let known = Set(others.map { Mailbox(address: $0).address.lowercased() })
        for reader in mail.cc {
            // One whose address cannot be written has another in its place, which is nobody's.
            let isKnown = known.contains(reader.address.lowercased()) || reader.address.hasSuffix(".ticket.invalid")
            try demand(isKnown, "an entry names a reader that the ticket has not")
        }
        try demand(mail.from.count == 1, "an entry has no author, or several")
        if case .customer(let address?) = entry.author, mail.from.first?.address.hasSuffix(".invalid") == false {
            try demand(mail.from.first?.address.lowercased() == address.lowercased(), "an entry of somebody else")
        }
        try demand(
            ["Bcc", "Authentication-Results", "Return-Path", "Reply-To", "Sender"].allSatisfy {
                mail.header($0) == nil
            },
            "a field of the mail that it came by says who wrote it")
        try demand(mail.attachments.count <= entry.attachments.count, "a file out of nothing")
    }
}
