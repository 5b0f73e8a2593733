import Foundation

/// What a mail server says about a mail that it could not deliver, or did (RFC 3464).
public struct DeliveryReport: Sendable, Hashable {
    /// What became of the mail for one recipient.
    public struct Recipient: Sendable, Hashable {
        /// What the server did (RFC 3464 §2.3.3).
        public enum Action: String, Sendable, Hashable {
            case failed, delayed, delivered, relayed, expanded
        }

        /// The address as the server knows it in the end.
        public let finalRecipient: String?
        /// The address to which the mail was sent.
        public let originalRecipient: String?
        /// What became of it; `nil` where the report does not say.
        public let action: Action?
        /// The enhanced status code (RFC 3463), such as `5.1.1`.
        public let status: String?
        /// What the other server answered, such as `550 5.1.1 no such user`.
        public let diagnosticCode: String?
        /// The time of the last attempt.
        public let lastAttempt: Date?
    }

    /// The server that wrote the report.
    public let reportingMTA: String?
    /// The ENVID with which the mail was sent (RFC 3461 §4.4).
    public let originalEnvelopeID: String?
    /// The recipients.
    public let recipients: [Recipient]
    /// The Message-ID of the mail that came back, without angle brackets.
    public let returnedMessageID: String?
}

/// What a mailbox provider says about a mail that one of its users complained about (RFC 5965).
public struct FeedbackReport: Sendable, Hashable {
    /// The kind: `abuse`, `fraud`, `not-spam`, `virus`, `other` or a later one, in lower case.
    public let type: String
    /// The program that wrote it.
    public let userAgent: String?
    /// The envelope sender of the mail.
    public let originalMailFrom: String?
    /// The envelope recipients of the mail.
    public let originalRecipients: [String]
    /// The address of the host from which it came.
    public let sourceIP: String?
    /// The Message-ID of the mail, without angle brackets.
    public let returnedMessageID: String?
}

extension DeliveryReport {
    /// The values of a `message/delivery-status` part.
    init(_ fields: ReportFields, returnedMessageID: String?) {
        let message = fields.groups.first
        reportingMTA = message?.typed("reporting-mta")
        originalEnvelopeID = message?["original-envelope-id"]
        self.returnedMessageID = returnedMessageID
        // QUIRK: some servers leave the empty line out between what they say of the mail and of the first recipient.
        recipients = fields.groups.compactMap { group in
            let final = group.address("final-recipient")
            let original = group.address("original-recipient")
            guard final != nil || original != nil || group["action"] != nil else { return nil }
            return Recipient(
                finalRecipient: final, originalRecipient: original,
                action: group["action"].flatMap { Recipient.Action(rawValue: ReportFields.word($0)) },
                status: group["status"].map { ReportFields.word($0) }, diagnosticCode: group.typed("diagnostic-code"),
                lastAttempt: group["last-attempt-date"].flatMap { HeaderText.date(Array($0.utf8)) })
        }
    }

    /// The recipients that a bounce in no standard form names: `X-Failed-Recipients` (Exim), else an address that begins a
    /// line of the text (`<user@host>:` of qmail and Postfix, `user@host` of Exim, `'user@host' on …` of Exchange), else the
    /// first one in angle brackets that is not said to be the sender.
    init?(text: String, failedRecipients: String?, returnedMessageID: String?) {
        var found = failedRecipients.map { HeaderText.mailboxes(Array($0.utf8), limit: 100).map(\.address) } ?? []
        var bracketed: String?
        var status: String?
        var diagnostic: String?
        var returned = returnedMessageID
        for line in text.utf8.prefix(65_536).split(separator: ASCII.lf).prefix(1_000) {
            let line = ASCII.trimmed(Array(line)[...])
            if found.isEmpty, let address = DeliveryReport.opening(line) { found = [address] }
            if found.isEmpty, bracketed == nil, let open = line.firstIndex(of: UInt8(ascii: "<")),
                !ASCII.lowercased(line[..<open]).contains("from")
            {
                bracketed = DeliveryReport.opening(line[open...])
            }
            if status == nil, let code = DeliveryReport.status(in: line) {
                status = code
                diagnostic = String(decoding: line.prefix(500), as: UTF8.self)
            }
            if returned == nil, line.count > 11, ASCII.lowercased(line.prefix(11)) == "message-id:" {
                returned = HeaderText.identifiers(Array(line.dropFirst(11)), limit: 1).first
            }
        }
        if let bracketed, found.isEmpty { found = [bracketed] }
        guard !found.isEmpty else { return nil }
        reportingMTA = nil
        originalEnvelopeID = nil
        self.returnedMessageID = returned
        recipients = found.map {
            Recipient(
                finalRecipient: $0, originalRecipient: nil, action: nil, status: status, diagnosticCode: diagnostic,
                lastAttempt: nil)
        }
    }

    /// The address with which a line begins, bare or in brackets or quotes.
    private static func opening(_ line: ArraySlice<UInt8>) -> String? {
        let word = line.drop { "<'\"(".utf8.contains($0) }.prefix(256).prefix {
            !ASCII.isWhitespace($0) && !"<>'\"():;,".utf8.contains($0)
        }
        let parts = word.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].contains(UInt8(ascii: ".")) else { return nil }
        return Mailbox.normalized(String(decoding: word, as: UTF8.self))
    }

    /// An enhanced status code of a failure in a line (RFC 3463 §2): `5.1.1`, `4.2.2`.
    private static func status(in line: ArraySlice<UInt8>) -> String? {
        for word in line.split(whereSeparator: { !ASCII.isDigit($0) && $0 != UInt8(ascii: ".") }) {
            let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard parts.count == 3, let kind = parts[0].first, parts[0].count == 1, "45".utf8.contains(kind),
                parts.dropFirst().allSatisfy({ (1...3).contains($0.count) })
            else { continue }
            return String(decoding: word, as: UTF8.self)
        }
        return nil
    }
}

extension FeedbackReport {
    init(_ fields: ReportFields, returnedMessageID: String?) {
        let group = fields.groups.first
        type = group?["feedback-type"].map { ReportFields.word($0) } ?? "other"
        userAgent = group?["user-agent"]
        originalMailFrom = group?["original-mail-from"].map(ReportFields.Group.bare)
        originalRecipients = group?.all("original-rcpt-to").map(ReportFields.Group.bare) ?? []
        sourceIP = group?["source-ip"]
        self.returnedMessageID = returnedMessageID
    }
}
