extension AutomaticMail {
    /// One rule of the table: its name, where it comes from, and what it asks.
    struct Rule: Sendable {
        let `class`: Class
        let name: String
        let reference: String
        let matches: @Sendable (borrowing Evidence) -> Bool

        init(
            _ class: Class, _ name: String, _ reference: String,
            _ matches: @escaping @Sendable (borrowing Evidence) -> Bool
        ) {
            self.class = `class`
            self.name = name
            self.reference = reference
            self.matches = matches
        }
    }

    /// The rules that match, as findings in the order of the table.
    static func find(_ evidence: borrowing Evidence) -> [AutomaticMail] {
        var findings: [AutomaticMail] = []
        for rule in rules where rule.matches(evidence) {
            findings.append(AutomaticMail(class: rule.class, rule: rule.name, reference: rule.reference))
        }
        return findings
    }

    /// The names of all rules, in the order in which they are tried.
    public static let ruleNames: [String] = rules.map(\.name)

    /// The table: what is certain and particular first, what is general last.
    static let rules: [Rule] = [
        // Reports say by their type what they are.
        Rule(.bounce, "delivery-status", "RFC 3464 §2") {
            $0.types.contains("message/delivery-status") || $0.types.contains("message/global-delivery-status")
                || $0.reportType == "delivery-status"
        },
        Rule(.report, "disposition-notification", "RFC 8098 §3") {
            $0.types.contains("message/disposition-notification") || $0.reportType == "disposition-notification"
        },
        Rule(.report, "feedback-report", "RFC 5965 §2") {
            $0.types.contains("message/feedback-report") || $0.reportType == "feedback-report"
        },
        Rule(.report, "complaint", "RFC 5965 §2; Microsoft JMRP, X-HmXmrOriginalRecipient") {
            $0.has("x-hmxmroriginalrecipient") || $0.subject.hasPrefix("email feedback report for")
                || $0.subject.hasPrefix("complaint about message from")
        },
        Rule(.report, "multipart-report", "RFC 6522 §3") { $0.contentType.hasPrefix("multipart/report") },
        Rule(.report, "dmarc-report", "RFC 7489 §7.2.1.1; RFC 8460 §5.3") {
            $0.subject.hasPrefix("report domain:") && $0.subject.contains("submitter:") || $0.has("tls-report-domain")
        },
        Rule(.report, "read-receipt", "RFC 8098 §3; Outlook's own form") { $0.isReceipt },
        // Bounces of servers that do not write RFC 3464.
        Rule(.bounce, "failed-recipients", "Exim, X-Failed-Recipients") { $0.has("x-failed-recipients") },
        Rule(.bounce, "daemon-sender", "RFC 5321 §6.1; RFC 3834 §2") { $0.isFromDaemon },
        Rule(.bounce, "postmaster-bounce", "RFC 5321 §6.1") {
            $0.isFromMailSystem && ($0.hasBounceSubject || $0.hasBounceWording || $0.hasStatusCode)
        },
        Rule(.bounce, "null-path-bounce", "RFC 5321 §4.5.5") {
            $0.isNullPath && ($0.hasBounceSubject || $0.hasBounceWording)
        },
        Rule(.bounce, "bounce-wording", "subject and text of qmail, Exim, Exchange and others") {
            $0.hasBounceSubject && ($0.hasMailBounceWording || $0.hasStatusCode)
        },
        Rule(.bounce, "bounce-opening", "notes of Postfix, qmail, Exim and others") {
            $0.opensLikeBounce && ($0.saysThatMailFailed || $0.hasStatusCode)
        },
        Rule(.bounce, "no-reply-bounce", "RFC 5321 §6.1") { $0.isFromNoReply && $0.hasBounceWording },
        // Invitations and their answers.
        Rule(.calendar, "calendar-method", "RFC 5546 §1.4") { $0.hasCalendarMethod },
        // Out-of-office answers.
        Rule(.vacation, "vacation-header", "X-Autoreply, X-Autorespond and the like") { $0.hasVacationHeader },
        Rule(.vacation, "vacation-subject", "Outlook, Gmail, Sieve (RFC 5230 §4.3)") {
            $0.hasVacationSubject && ($0.isAutoSubmitted || !$0.isLongText || $0.isAnswer)
        },
        Rule(.vacation, "vacation-wording-marked", "RFC 3834 §5") {
            ($0.isAutoSubmitted || $0.isNullPath) && ($0.vacationPhrases > 0 || $0.hasOpenVacationSubject)
        },
        Rule(.automatic, "auto-submitted", "RFC 3834 §5") { $0.isAutoSubmitted },
        Rule(.automatic, "machine-header", "headers of cron, trackers and forums") { $0.hasMachineHeader },
        Rule(.automatic, "ticket-system", "Request Tracker, OTRS and Zendesk, X-RT-Loop-Prevention and others") {
            $0.isFromTicketSystem
        },
        Rule(.automatic, "challenge-response", "TMDA, Boxbe, Spam Arrest and others") { $0.isChallenge },
        // Lists and bulk mail.
        Rule(.list, "list-post", "RFC 2369 §3.4") {
            $0.has("list-post") || $0.has("x-mailman-version") || $0.has("x-beenthere")
        },
        Rule(.list, "list-id", "RFC 2919 §3") { $0.has("list-id") && !$0.has("list-unsubscribe") },
        Rule(.bulk, "list-unsubscribe", "RFC 2369 §3.2; RFC 8058 §3") {
            $0.has("list-unsubscribe") || $0.has("list-unsubscribe-post")
        },
        Rule(.list, "list-field", "RFC 2369 §3") {
            $0.has("list-help") || $0.has("list-subscribe") || $0.has("list-owner") || $0.has("list-archive")
                || $0.has("mailing-list")
        },
        Rule(.list, "precedence-list", "RFC 3834 §2") { $0.precedence == "list" },
        Rule(.bulk, "precedence-bulk", "RFC 3834 §2; RFC 2076 §3.9") {
            $0.precedence == "bulk" || $0.precedence == "junk"
        },
        Rule(.vacation, "precedence-auto-reply", "Precedence: auto_reply") {
            $0.precedence == "auto_reply" || $0.precedence == "auto-reply"
        },
        Rule(.bulk, "campaign-header", "headers of newsletter senders") { $0.hasCampaignHeader },
        Rule(.list, "list-sender", "RFC 3834 §2") { $0.isFromList },
        // What is left of automatic mail.
        Rule(.automatic, "null-path", "RFC 3834 §2; RFC 5321 §4.5.5") { $0.isNullPath },
        Rule(.automatic, "postmaster-sender", "RFC 2142 §5") { $0.isFromPostmaster },
        Rule(.automatic, "no-reply-sender", "sender names that refuse answers") { $0.isFromNoReply },
        Rule(.vacation, "vacation-wording", "two phrases of an out-of-office text") {
            $0.vacationPhrases > 1 && !$0.isLongText
        },
        Rule(.automatic, "acknowledgement", "words of ticket systems without headers") { $0.isAcknowledgement },
        Rule(.empty, "empty", "no text, no file") { $0.isEmpty },
    ]
}
