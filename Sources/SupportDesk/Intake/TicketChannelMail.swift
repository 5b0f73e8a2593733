import Foundation
import Mail
import Transport

/// An entry of a ticket as a mail (RFC 5322), so that the way behind it is the one of mail: from the address that the system has of
/// the customer, answering the entries before it, which are quoted below her words as mail programs do.
///
/// The same entry gives the same Message-ID whenever it is read.
struct TicketChannelMail {
    let entry: TicketEntry
    /// What stands before it on the ticket, oldest first.
    let thread: ArraySlice<TicketEntry>
    let subject: String
    let mailbox: Mailbox
    /// Who else reads what is answered.
    let others: [String]
    let system: String
    let files: [Attachment]

    private static let maximumReferences = 20
    /// Of those that are looked at: a header field has room for thousands.
    private static let maximumIdentifiers = 200
    private static let maximumReaders = 20
    /// Of the thread so many entries are quoted, and of each of them so many Unicode scalars.
    private static let maximumQuotes = 8
    private static let maximumQuote = 4_000
    private static let maximumFields = 60

    /// The Message-ID of the mail that it was made of.
    var mailID: String? { identifiers(in: "Message-ID").first }

    /// - Throws: `MailError` when its values cannot stand in a header.
    func bytes() throws(MailError) -> [UInt8] {
        let earlier = thread.filter(\.isPublic)
        let known = identifiers(in: "References") + identifiers(in: "In-Reply-To") + identifiers(in: "Message-ID")
        let references = (known + earlier.map(messageID)).suffix(Self.maximumIdentifiers).reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        var mail = OutgoingMail(
            from: author, to: [mailbox], cc: readers, subject: Self.line(subject), messageID: messageID(entry),
            inReplyTo: earlier.last.map(messageID), references: references.suffix(Self.maximumReferences).map(\.self),
            date: entry.date ?? Date(timeIntervalSince1970: 0), text: text(after: earlier), headers: headers,
            attachments: files.map(Self.writable))
        do {
            return try mail.bytes()
        } catch {
            // Whatever somebody has put into the fields: without them it is a mail.
            mail.headers = []
            mail.references = earlier.map(messageID).suffix(Self.maximumReferences)
            return try mail.bytes()
        }
    }

    // MARK: - Who

    private var author: Mailbox {
        guard case .customer(let address?) = entry.author, Transport.Envelope.isAddress(address) else {
            return Mailbox(address: stranger)
        }
        let author = Mailbox(name: entry.authorName?.onOneLine, address: address)
        return author.isWritable ? author : Mailbox(address: stranger)
    }

    private var readers: [Mailbox] {
        let author = author.address.lowercased()
        return others.filter { Transport.Envelope.isAddress($0) && $0.lowercased() != author }
            .prefix(Self.maximumReaders).enumerated().map { place, address in
                // Whose address cannot be written is still there: she reads what is answered.
                let reader = Mailbox(address: address)
                return reader.isWritable ? reader : Mailbox(address: "reader.\(place + 1)@\(host)")
            }
    }

    /// Stands for a customer whose address the system does not tell.
    private var stranger: String { "customer.\(Self.word(entry.ticket))@\(host)" }

    // MARK: - The thread

    private func messageID(_ entry: TicketEntry) -> String {
        "\(Self.word(entry.ticket)).\(Self.word(entry.id))@\(host)"
    }

    /// Nobody's domain (RFC 2606 §2).
    private var host: String { "\(Self.word(system)).ticket.invalid" }

    private func identifiers(in field: String) -> [String] {
        (entry.field(field) ?? "").split(whereSeparator: { $0 == " " || $0 == ">" }).compactMap { part in
            guard let open = part.lastIndex(of: "<") else { return nil }
            let identifier = part[part.index(after: open)...]
            let isSafe = identifier.utf8.allSatisfy { $0 > 32 && $0 < 127 }
            return isSafe && identifier.contains("@") && identifier.utf8.count <= 250 ? String(identifier) : nil
        }
    }

    /// Her words, and below them what was said before, unless she quotes it herself.
    private func text(after earlier: [TicketEntry]) -> String {
        let own = entry.text
        if earlier.isEmpty || own.split(whereSeparator: \.isNewline).contains(where: { $0.hasPrefix(">") }) {
            return own
        }
        var quote: [String] = []
        for entry in earlier.suffix(Self.maximumQuotes) {
            // Each is quoted once more than the one after it.
            let lines = String(String.UnicodeScalarView(entry.text.unicodeScalars.prefix(Self.maximumQuote)))
                .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            quote =
                (["On \(entry.created.prefix(10)), \(name(of: entry)) wrote:"]
                    + (lines + [""] + quote).map { "> \($0)" })
        }
        return "\(own)\n\n\(quote.joined(separator: "\n"))\n"
    }

    private func name(of entry: TicketEntry) -> String {
        if case .customer(let address?) = entry.author { return address }
        return mailbox.name ?? mailbox.address
    }

    // MARK: - What its mail said of itself

    /// By which robots' mail is recognised; nothing of who is said to have written it, to whom and what was proved.
    private var headers: [OutgoingMail.Header] {
        entry.fields.prefix(Self.maximumFields).compactMap { field in
            let name = field.name.lowercased()
            guard !Self.dropped.contains(name), !Self.droppedPrefixes.contains(where: name.hasPrefix),
                name.utf8.count <= 70,
                name.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
            else { return nil }
            return OutgoingMail.Header(field.name, Self.line(String(field.value.prefix(400))))
        }
    }

    private static let dropped: Set<String> = [
        "from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references",
        "mime-version", "return-path", "delivered-to", "x-delivered-to", "x-original-to", "envelope-to",
        "x-envelope-to", "authentication-results",
    ]
    private static let droppedPrefixes = ["content-", "received", "resent-", "arc-", "dkim-", "rt-", "x-rt-i"]

    private static func line(_ text: String) -> String { text.onOneLine.trimmingCharacters(in: .whitespaces) }

    /// A file under a name and a type that a header can hold.
    private static func writable(_ file: Attachment) -> Attachment {
        let name = line(file.name)
        let type = line(String(file.type.prefix { $0 != ";" }))
        return Attachment(
            name: name.isEmpty ? "file" : name, type: Attachment.isWritable(type) ? type : "application/octet-stream",
            bytes: file.bytes)
    }

    /// Letters, digits, dots and hyphens.
    private static func word(_ text: String) -> String {
        let bytes = text.utf8.map { byte -> UInt8 in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: byte
            default: 0x2D
            }
        }
        return String(decoding: bytes.prefix(60), as: UTF8.self)
    }
}
