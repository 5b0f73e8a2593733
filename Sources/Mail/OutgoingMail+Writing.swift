import Foundation

extension OutgoingMail {
    /// The mail as it goes over the wire: CRLF line ends, ASCII only, lines of at most 78 characters wherever words
    /// allow it (RFC 5322 §2.1.1).
    ///
    /// The same value always gives the same bytes: boundaries come from the Message-ID, nothing from a clock.
    ///
    /// - Throws: ``MailError/Code/invalidValue`` when a value holds a line break or another control character (a header
    ///   could be injected), when an address or the mail's own Message-ID has not the form of one, or when a header of the
    ///   caller is one that this type writes itself. A foreign Message-ID that cannot be written is left out.
    public func bytes() throws(MailError) -> [UInt8] {
        var output: [UInt8] = []
        try writeHeader(to: &output)
        let text = MailPart.text(text, subtype: "plain")
        let body = html.map { MailPart.alternative([text, MailPart.text($0, subtype: "html")]) } ?? text
        let files = try attachments.map { attachment throws(MailError) in try MailPart.attachment(attachment) }
        let whole = files.isEmpty ? body : MailPart.mixed([body] + files)
        output += "MIME-Version: 1.0\r\n".utf8
        whole.write(to: &output, seed: messageID, path: "1")
        return output
    }

    private func writeHeader(to output: inout [UInt8]) throws(MailError) {
        try HeaderWriter.write("Date", HeaderWriter.date(date), to: &output)
        try HeaderWriter.write("From", mailboxes: [from], to: &output)
        guard !to.isEmpty || !cc.isEmpty else { throw MailError(.invalidValue, "a mail needs a recipient") }
        if !to.isEmpty { try HeaderWriter.write("To", mailboxes: to, to: &output) }
        if !cc.isEmpty { try HeaderWriter.write("Cc", mailboxes: cc, to: &output) }
        try HeaderWriter.write("Subject", text: subject, to: &output)
        try HeaderWriter.write("Message-ID", identifiers: [messageID], to: &output)
        if let inReplyTo { try HeaderWriter.write("In-Reply-To", thread: [inReplyTo], to: &output) }
        try HeaderWriter.write("References", thread: references, to: &output)
        for header in headers {
            guard HeaderWriter.isName(header.name), !HeaderWriter.isOwn(header.name) else {
                throw MailError(.invalidValue, "a header field has a name that cannot be used")
            }
            try HeaderWriter.write(header.name, text: header.value, to: &output)
        }
    }
}
