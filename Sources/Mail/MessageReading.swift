import Foundation

/// What can be said about one message without a desk: its values, whether a person wrote it, whom the receiving server
/// believes it to be from. It is what `auradesk parse` prints.
public struct MessageReading: Sendable {
    /// Whom to trust and who we are.
    public struct Perspective: Sendable {
        /// The authserv-id (RFC 8601 §2.5) whose results count; `nil` trusts none.
        public var authservID: String?
        /// The shop's own addresses: what they send is never answered. Case does not count.
        public var ownAddresses: Set<String>

        /// Makes a perspective.
        public init(authservID: String? = nil, ownAddresses: some Sequence<String> = []) {
            self.authservID = authservID
            self.ownAddresses = Set(ownAddresses.map { ASCII.lowercased($0.utf8) })
        }
    }

    /// Where the message came from.
    public let file: String
    /// Its values, or why there are none.
    public let message: Result<Message, MailError>
    /// `person`, a class of automatic mail, `own` for the shop's own mail, `unreadable`.
    public let `class`: String
    /// The rule that says so; `nil` for a person's mail.
    public let rule: String?
    /// Whether it may be answered automatically, as far as the mail itself tells.
    public let isAnswerable: Bool
    /// The verdict about its sender.
    public let authentication: Authentication.Verdict

    /// Reads the bytes of one message; what cannot be read is a reading too.
    public init(
        of bytes: () throws(MailError) -> [UInt8], file: String, perspective: Perspective = .init(),
        limits: Message.Limits = .default
    ) {
        self.file = file
        let parsed: Result<Message, MailError>
        do throws(MailError) {
            parsed = .success(try Message(parsing: bytes(), limits: limits))
        } catch {
            parsed = .failure(error)
        }
        message = parsed
        guard case .success(let message) = parsed else {
            self.class = "unreadable"
            rule = "unreadable"
            isAnswerable = false
            authentication = .unknown
            return
        }
        let isOwn = message.from.contains { perspective.ownAddresses.contains(ASCII.lowercased($0.address.utf8)) }
        self.class = message.automatic?.class.rawValue ?? (isOwn ? "own" : "person")
        rule = message.automatic?.rule ?? (isOwn ? "own-mail" : nil)
        isAnswerable = message.automatic == nil && !isOwn
        authentication = message.authentication(trusting: perspective.authservID).verdict
    }

    /// The reading as one JSON object on one line, without a line end.
    public var json: [UInt8] {
        var object = JSONObject()
        object.set("file", file)
        switch message {
        case .success(let message): object.set(message, self)
        case .failure(let error): object.set(nil, self, problems: [error.message])
        }
        return object.finish()
    }
}

extension JSONObject {
    fileprivate mutating func set(_ message: Message?, _ reading: MessageReading, problems: [String] = []) {
        set("messageID", message?.messageID)
        set("inReplyTo", message?.inReplyTo.first)
        set("references", message?.references ?? [])
        set("from", message?.from.first.map(JSONObject.init))
        set("to", message?.to.map(JSONObject.init) ?? [])
        set("cc", message?.cc.map(JSONObject.init) ?? [])
        set("replyTo", message?.replyTo.map(JSONObject.init) ?? [])
        set("subject", message?.subject)
        set("date", message?.date.flatMap(JSONObject.instant))
        set("text", message?.text)
        set("newText", message?.newText)
        set("quoted", message?.quoted)
        set("signature", message?.signature)
        set("attachments", message?.attachments.map(JSONObject.init) ?? [])
        set("forwarded", message?.forwarded.map(JSONObject.init))
        set("answerable", reading.isAnswerable)
        set("rule", reading.rule)
        set("class", reading.class)
        set("authentication", reading.authentication.rawValue)
        set("problems", message?.problems ?? problems)
        guard let message else { return }
        // What follows stands there only where there is something to say.
        if message.from.count > 1 { set("allFrom", message.from.map(JSONObject.init)) }
        if message.isEncrypted { set("encrypted", true) }
        if message.isSigned { set("signed", true) }
        if message.hasCalendar {
            var calendar = JSONObject()
            calendar.set("method", message.calendarMethod)
            set("calendar", calendar)
        }
        if !message.hidden.isEmpty { set("hidden", message.hidden.map(JSONObject.init)) }
        if let report = message.deliveryReport { set("deliveryReport", JSONObject(report)) }
        if let report = message.feedbackReport { set("feedbackReport", JSONObject(report)) }
    }

    fileprivate init(_ hidden: HiddenText) {
        self.init()
        set("reason", hidden.reason.rawValue)
        set("text", hidden.text)
    }

    fileprivate init(_ report: DeliveryReport) {
        self.init()
        set("reportingMTA", report.reportingMTA)
        set("originalEnvelopeID", report.originalEnvelopeID)
        set("returnedMessageID", report.returnedMessageID)
        set(
            "recipients",
            report.recipients.map { recipient in
                var object = JSONObject()
                object.set("finalRecipient", recipient.finalRecipient)
                object.set("originalRecipient", recipient.originalRecipient)
                object.set("action", recipient.action?.rawValue)
                object.set("status", recipient.status)
                object.set("diagnosticCode", recipient.diagnosticCode)
                object.set("lastAttempt", recipient.lastAttempt.flatMap(JSONObject.instant))
                return object
            })
    }

    fileprivate init(_ report: FeedbackReport) {
        self.init()
        set("type", report.type)
        set("userAgent", report.userAgent)
        set("originalMailFrom", report.originalMailFrom)
        set("originalRecipients", report.originalRecipients)
        set("sourceIP", report.sourceIP)
        set("returnedMessageID", report.returnedMessageID)
    }

    fileprivate init(_ mailbox: Mailbox) {
        self.init()
        set("name", mailbox.name)
        set("address", mailbox.address)
    }

    fileprivate init(_ attachment: Attachment) {
        self.init()
        set("name", attachment.name)
        set("type", attachment.type)
        set("size", attachment.size)
    }

    fileprivate init(_ forwarded: Forwarded) {
        self.init()
        set("from", forwarded.from.map(JSONObject.init))
        set("subject", forwarded.subject)
        set("date", forwarded.date)
        set("text", forwarded.text)
    }

    /// ISO 8601 in UTC, whole seconds: `2026-03-10T09:00:00Z`; `nil` outside of the years 0 to 9999.
    static func instant(_ date: Date) -> String? {
        guard abs(date.timeIntervalSince1970) < 1e12 else { return nil }
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let day = Int((Double(seconds) / 86_400).rounded(.down))
        let time = seconds - day * 86_400
        // Days to a date of the Gregorian calendar, in years that begin in March: leap days come last.
        let shifted = day + 719_468
        let era = Int((Double(shifted) / 146_097).rounded(.down))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        guard (0...9_999).contains(year) else { return nil }
        func digits(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(width - text.utf8.count, 0)) + text
        }
        return "\(digits(year, 4))-\(digits(month < 10 ? month + 3 : month - 9, 2))-"
            + "\(digits(dayOfYear - (153 * month + 2) / 5 + 1, 2))T"
            + "\(digits(time / 3_600, 2)):\(digits(time / 60 % 60, 2)):\(digits(time % 60, 2))Z"
    }
}
