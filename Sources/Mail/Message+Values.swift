import Foundation

extension Message {
    init(header: MessageHeader, reader: BodyReader, body: BodyText) {
        headers = header.headers
        from = header.from
        sender = header.sender
        replyTo = header.replyTo
        to = header.to
        cc = header.cc
        returnPath = header.returnPath
        messageID = header.messageID
        inReplyTo = header.inReplyTo
        references = header.references
        date = header.date
        subject = header.subject
        autoResponseSuppress = header.suppress.filter { !$0.isEmpty }
        let parts = NewText(body.utf8, subject: header.subject)
        text = String(decoding: body.utf8, as: UTF8.self)
        isFromHTML = body.isFromHTML
        newText = parts.newText
        quoted = parts.quoted
        signature = parts.signature
        attachments = reader.attachments
        let passedOn = reader.forwarded ?? parts.forwarded
        let hasContent =
            !text.isEmpty || !reader.attachments.isEmpty || reader.isEncrypted || body.isEncrypted || passedOn != nil
        automaticFindings = AutomaticMail.find(
            AutomaticMail.Evidence(
                header: header, reader: reader, newText: parts.newText, signature: parts.signature,
                hasContent: hasContent))
        // The message inside a bounce is our own, or was never anybody's wish.
        let finding = automaticFindings.first?.class
        forwarded = finding == .bounce || finding == .report ? nil : passedOn
        calendarMethod = reader.calendarMethod
        hasCalendar = reader.hasCalendar
        isEncrypted = reader.isEncrypted || body.isEncrypted
        isSigned = reader.isSigned || body.isSigned
        let returned = reader.returnedMessageID
        let status = reader.deliveryStatus.map { DeliveryReport($0, returnedMessageID: returned) }
        // Some reports name nobody in their fields, and somebody in their words.
        if status?.recipients.isEmpty ?? (finding == .bounce) {
            deliveryReport =
                DeliveryReport(
                    text: text, failedRecipients: header.value("x-failed-recipients"), returnedMessageID: returned)
                ?? status
        } else {
            deliveryReport = status
        }
        feedbackReport = reader.feedback.map { FeedbackReport($0, returnedMessageID: returned) }
        hidden = body.hidden
        problems = header.problems
    }

    /// Makes a message of what did not come as a mail, such as an entry of a ticket. Its text is split into new text,
    /// quotes and signature, and looked at by the same rules, as that of a mail.
    public init(
        from: Mailbox, to: [Mailbox] = [], subject: String, text: String, messageID: String? = nil,
        inReplyTo: [String] = [], references: [String] = [], date: Date? = nil, headers: [HeaderField] = [],
        attachments: [Attachment] = []
    ) {
        var header = MessageHeader(from: from, headers: headers)
        header.to = to
        header.subject = HeaderText.oneLine(subject)
        header.messageID = messageID
        header.inReplyTo = inReplyTo
        header.references = references
        header.date = date
        let empty = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        var reader = BodyReader(bytes: empty, limits: .default)
        reader.attachments = attachments
        let body = BodyText(pieces: [.init(utf8: Array(text.utf8), isHTML: false)], limits: .default)
        header.problems += body.problems
        self.init(header: header, reader: reader, body: body)
    }
}
