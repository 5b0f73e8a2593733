extension AutomaticMail {
    /// What the rules look at, read once per message.
    struct Evidence {
        let header: MessageHeader
        /// The media types of the leaf parts.
        let types: [String]
        /// The subject in lower case and without "Re:".
        let subject: String
        /// Whether the subject had "Re:" or the message names one that it answers.
        let isAnswer: Bool
        let contentType: String
        let reportType: String?
        let isNullPath: Bool
        let isAutoSubmitted: Bool
        let precedence: String
        let hasCalendarMethod: Bool
        let isEmpty: Bool
        let isLongText: Bool
        private let senders: [String]
        private let displayNames: [String]
        private let opening: [UInt8]
        private let signature: [UInt8]

        init(header: MessageHeader, reader: BodyReader, newText: String, signature: String, hasContent: Bool) {
            self.header = header
            types = reader.types
            let (bare, hadPrefix) = Evidence.withoutReplyPrefix(header.subject.lowercased())
            subject = bare
            isAnswer = hadPrefix || !header.inReplyTo.isEmpty || !header.references.isEmpty
            contentType = ASCII.lowercased((header.value("content-type") ?? "").utf8)
            reportType = Evidence.parameter("report-type", in: contentType)
            isNullPath = header.returnPath == .null
            isAutoSubmitted = header.value("auto-submitted").map(Evidence.isAutomatic) ?? false
            precedence = ASCII.trimmed(
                ASCII.lowercased((header.value("precedence") ?? header.value("x-precedence") ?? "").utf8))
            let methods: Set<String> = ["REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"]
            hasCalendarMethod = reader.calendarMethod.map(methods.contains) ?? false
            isEmpty = !hasContent
            opening = Evidence.oneLine(newText.utf8.prefix(4_096))
            self.signature = Evidence.oneLine(signature.utf8.prefix(1_024))
            isLongText = newText.utf8.count > 1_500
            // QUIRK: "From: MAILER-DAEMON <>" has no address; its name is what there is.
            var names = header.from.map { ASCII.lowercased($0.localPart.utf8) }
            if let sender = header.sender { names.append(ASCII.lowercased(sender.localPart.utf8)) }
            if header.from.isEmpty, let raw = header.value("from") {
                names.append(
                    ASCII.lowercased(
                        raw.utf8.filter { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") && $0 != ASCII.space }))
            }
            senders = names
            displayNames = (header.from + [header.sender].compactMap(\.self)).compactMap { $0.name?.lowercased() }
        }

        private static func oneLine(_ text: Substring.UTF8View) -> [UInt8] {
            Array(text)[...].folded().map { $0 == ASCII.lf ? ASCII.space : $0 }
        }

        func has(_ name: String) -> Bool { header.index[name] != nil }

        /// RFC 3834 §5: a keyword, then parameters, with comments anywhere. `no` is a person; any other keyword is not.
        static func isAutomatic(_ value: String) -> Bool {
            let text = withoutComments(value.utf8)
            let keyword = text.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
            let token = ASCII.lowercased(ASCII.trimmed(Array(keyword)[...]))
            return !token.isEmpty && token != "no"
        }

        /// The text without comments in parentheses (RFC 5322 §3.2.2).
        static func withoutComments(_ text: some Sequence<UInt8>) -> [UInt8] {
            var result: [UInt8] = []
            var depth = 0
            var isQuoted = false
            var isEscaped = false
            for byte in text {
                if isEscaped {
                    isEscaped = false
                    if depth == 0 { result.append(byte) }
                    continue
                }
                switch byte {
                case UInt8(ascii: "\\"):
                    isEscaped = true
                    if depth == 0 { result.append(byte) }
                case UInt8(ascii: "\"") where depth == 0:
                    isQuoted.toggle()
                    result.append(byte)
                case UInt8(ascii: "(") where !isQuoted: depth += 1
                case UInt8(ascii: ")") where !isQuoted && depth > 0:
                    depth -= 1
                    if depth == 0 { result.append(ASCII.space) }
                default: if depth == 0 { result.append(byte) }
                }
            }
            return result
        }

        var isFromDaemon: Bool {
            senders.contains { name in
                name.hasPrefix("mailer-daemon") || name.hasPrefix("mailerdaemon") || name.hasPrefix("mail-daemon")
                    || name.hasPrefix("mailer.daemon") || name.hasPrefix("double-bounce")
                    || name == "mail-delivery-subsystem" || name == "mail.delivery.system" || name == "maildaemon"
            } || displayNames.contains(where: ReturnedWords.senders.contains)
        }

        var isFromPostmaster: Bool {
            senders.contains {
                ["postmaster", "post_master", "post-master", "poostmaster", "postmast", "mailadmin"].contains($0)
                    || $0.hasPrefix("microsoftexchange")
            }
        }

        /// Senders that return mail, among other things that they do.
        var isFromMailSystem: Bool {
            isFromPostmaster || displayNames.contains(where: ReturnedWords.mixedSenders.contains)
                || senders.contains {
                    $0.hasPrefix("bounce") || $0.hasPrefix("system") || $0.hasPrefix("administrator")
                        || $0.hasPrefix("mdaemon") || $0 == "mmdf" || $0 == "smtp" || $0 == "uucp" || $0 == "nobody"
                }
        }

        /// Sender names that say that nobody reads the answer.
        var isFromNoReply: Bool {
            senders.contains { name in
                let letters = name.utf8.filter { ASCII.isLetter($0) }
                let word = String(decoding: letters, as: UTF8.self)
                return AutomaticWords.noReply.contains { word.hasPrefix($0) || word.hasSuffix($0) }
                    || AutomaticWords.robots.contains(name)
            }
        }

        /// RFC 3834 §2: `owner-*` and `*-request`; the bounce addresses of list programs.
        var isFromList: Bool {
            senders.contains {
                $0.hasPrefix("owner-") || $0.hasSuffix("-request") || $0.hasSuffix("-owner") || $0.hasSuffix("-bounces")
                    || $0 == "listserv" || $0 == "majordomo"
            }
        }

        var hasVacationHeader: Bool {
            for name in [
                "x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply", "x-mail-autoreply", "x-autoresponder",
                "x-vacation", "x-autoreply-from", "x-ms-exchange-generated-message-source",
            ] {
                if let value = header.value(name).map({ ASCII.lowercased($0.utf8) }) {
                    if name == "x-ms-exchange-generated-message-source" { return value.contains("mailbox rules agent") }
                    return ASCII.trimmed(value) != "no"
                }
            }
            if let value = header.value("delivered-to"), ASCII.lowercased(value.utf8).contains("autoresponder") {
                return true
            }
            if let value = header.value("x-post-messageclass"), ASCII.lowercased(value.utf8).contains("autoresponder") {
                return true
            }
            return header.value("x-autogenerated").map { ASCII.lowercased($0.utf8) == "reply" } ?? false
        }

        /// Fields that only programs write which write to everybody by themselves.
        var hasMachineHeader: Bool {
            [
                "x-fc-machinegenerated", "x-cron-env", "x-github-reason", "x-jira-fingerprint", "x-bugzilla-type",
                "x-discourse-auto-generated", "x-autogenerated", "x-amz-sns-message-type",
            ].contains(where: has)
        }

        /// Fields by which a ticket system tells the mail that it sends from a person's: its confirmations, its notices, and what
        /// its agents and customers wrote there. Who answers such a mail does not send them back.
        var isFromTicketSystem: Bool {
            [
                "x-rt-loop-prevention", "x-rt-ticket", "rt-ticket", "x-rt-originator", "rt-originator", "x-otrs-loop",
                "x-zendesk-from-account-id",
            ].contains(where: has)
                || ["x-managed-by", "managed-by"].contains {
                    header.value($0).map { ASCII.lowercased($0.utf8).hasPrefix("rt ") } ?? false
                }
        }

        var hasCampaignHeader: Bool {
            [
                "x-campaign", "x-campaignid", "x-campaign-id", "x-mailchimp-campaign", "x-mc-user", "x-csa-complaints",
                "x-mailgun-tag", "x-sg-campaign",
            ].contains(where: has)
        }

        var hasVacationSubject: Bool {
            subjectBegins(AutomaticWords.vacationSubjects)
                || AutomaticWords.bareVacationSubjects.contains {
                    guard subject.utf8.starts(with: $0.utf8) else { return false }
                    let next = subject.dropFirst($0.count).drop { $0 == " " }.first
                    return next.map { !$0.isLetter && !$0.isNumber } ?? true
                }
        }

        /// Byte for byte: `hasPrefix` would normalise both sides for each of many words.
        private func subjectBegins(_ words: [String]) -> Bool {
            words.contains { subject.utf8.starts(with: $0.utf8) }
        }

        /// A subject that is an out-of-office answer's when something else says so.
        var hasOpenVacationSubject: Bool {
            subjectBegins(AutomaticWords.openVacationSubjects)
        }

        var hasBounceSubject: Bool {
            // Gateways put "[EXTERNAL]", stars and the like in front.
            var rest = subject.utf8[...]
            while let first = rest.first, first < 0x80, !ASCII.isLetter(first), !ASCII.isDigit(first) {
                if first == UInt8(ascii: "["), let end = rest.prefix(40).firstIndex(of: UInt8(ascii: "]")) {
                    rest = rest[end...]
                }
                rest = rest.dropFirst()
            }
            return ReturnedWords.subjects.contains { rest.starts(with: $0) }
        }

        var hasBounceWording: Bool {
            ReturnedWords.phrases.isFound(in: opening)
        }

        /// Whether the opening says of a mail, and not of a parcel, that it could not be delivered.
        var hasMailBounceWording: Bool {
            saysThatMailFailed || opensLikeBounce
        }

        var saysThatMailFailed: Bool { ReturnedWords.phrases.isFound(group: 0, in: opening) }

        /// Whether the text begins like the notes of well-known programs. A person who quotes one says something first.
        var opensLikeBounce: Bool {
            ReturnedWords.phrases.isFound(group: 2, in: Array(opening.prefix(200)))
        }

        /// Whether a text without a report's form tells that a mail was read.
        var isReceipt: Bool {
            subjectBegins(RobotWords.receiptSubjects) && !isLongText
                && RobotWords.receiptPhrases.isFound(in: opening)
        }

        /// Whether it wants the sender to prove to be a person.
        var isChallenge: Bool {
            has("x-tmda-confirm-did") || has("x-boxbe-verification")
                || RobotWords.challenge.groupsFound(in: opening) > 1
        }

        /// Whether a robot says that it took a mail in; that it is one often stands below its name.
        var isAcknowledgement: Bool { RobotWords.acknowledgement.groupsFound(in: opening + signature) > 1 }

        /// How many different phrases of an out-of-office text stand in the opening.
        var vacationPhrases: Int {
            AutomaticWords.vacationPhrases.groupsFound(in: opening)
        }

        /// An SMTP failure with its enhanced code, such as `550 5.1.1`, `550-5.7.1` or `#5.1.1` (RFC 3463 §2). The number
        /// alone could be a price, the code alone a date.
        var hasStatusCode: Bool {
            var index = 4
            while index + 4 < opening.count {
                defer { index += 1 }
                let first = opening[index]
                guard first == UInt8(ascii: "5") || first == UInt8(ascii: "4"), opening[index + 1] == UInt8(ascii: "."),
                    ASCII.isDigit(opening[index + 2])
                else { continue }
                let dot = opening[index + 3] == UInt8(ascii: ".") ? index + 3 : index + 4
                guard opening[dot] == UInt8(ascii: "."), dot + 1 < opening.count, ASCII.isDigit(opening[dot + 1]) else {
                    continue
                }
                if opening[index - 1] == UInt8(ascii: "#") { return true }
                if opening[index - 4] == first, ASCII.isDigit(opening[index - 3]), ASCII.isDigit(opening[index - 2]),
                    opening[index - 1] == ASCII.space || opening[index - 1] == UInt8(ascii: "-")
                {
                    return true
                }
            }
            return false
        }

        private static let replyPrefixes = ["re:", "aw:", "sv:", "antw:", "ref:", "res:", "rv:", "vs:"].map { $0.utf8 }

        private static func withoutReplyPrefix(_ subject: String) -> (String, Bool) {
            var rest = subject.utf8[...]
            var found = false
            while let prefix = replyPrefixes.first(where: { rest.starts(with: $0) }) {
                rest = rest.dropFirst(prefix.count).drop { $0 == ASCII.space }
                found = true
            }
            return (String(decoding: Array(rest), as: UTF8.self), found)
        }

        private static func parameter(_ name: String, in value: String) -> String? {
            guard let range = Array(value.utf8).firstRange(of: Array("\(name)=".utf8)) else { return nil }
            let rest = value.utf8.dropFirst(range.upperBound).drop { $0 == UInt8(ascii: "\"") }
            return String(decoding: Array(rest.prefix { ASCII.isLetter($0) || $0 == UInt8(ascii: "-") }), as: UTF8.self)
        }

        /// Whether a word stands in a text; both in lower case. Linear for the fixed words of the tables.
        static func contains(_ text: [UInt8], _ word: [UInt8]) -> Bool {
            text.withUnsafeBufferPointer { text in
                word.withUnsafeBufferPointer { word in
                    guard let first = word.first, text.count >= word.count else { return false }
                    var index = 0
                    let end = text.count - word.count
                    while index <= end {
                        if text[index] == first {
                            var offset = 1
                            while offset < word.count, text[index + offset] == word[offset] { offset += 1 }
                            if offset == word.count { return true }
                        }
                        index += 1
                    }
                    return false
                }
            }
        }
    }
}
