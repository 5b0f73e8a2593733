import Foundation
import Mail

extension Screening {
    /// One rule of the gate: its name in the ledger and in `explain`, where it comes from, what becomes of the mail.
    struct GateRule: Sendable {
        enum Outcome: Sendable { case ignore, escalate }

        let outcome: Outcome
        let name: String
        let reference: String
        let reason: String
        let applies: @Sendable (Subject) -> Bool

        init(
            _ outcome: Outcome, _ name: String, _ reference: String, _ reason: String,
            _ applies: @escaping @Sendable (Subject) -> Bool
        ) {
            (self.outcome, self.name, self.reference, self.reason) = (outcome, name, reference, reason)
            self.applies = applies
        }

        /// A rule of the table of automatic mail keeps its own name and section.
        func disposition(_ subject: Subject) -> Disposition {
            let finding = name == Self.automatic ? subject.automatic : nil
            let rule = Rule(finding?.rule ?? name, "\(reason) (\(finding?.reference ?? reference)).")
            return outcome == .ignore ? .ignore(rule) : .escalate(rule)
        }

        /// The name under which the rules of `AutomaticMail` stand in the table.
        static let automatic = "automatic"
    }

    /// The names of all rules that can keep a mail from an answer, those of automatic mail included.
    static let ruleNames = rules.map(\.name).filter { $0 != GateRule.automatic } + AutomaticMail.ruleNames

    /// The table. What is no person's mail is ignored; what is, or may be, goes to a person. The backstops follow it.
    static let rules: [GateRule] = [
        .init(.ignore, "own-stamp", "RFC 3834 §2", "This desk wrote it, its stamp is genuine") { $0.hasOwnStamp },
        // Reports on our own replies, proved by their token.
        .init(.ignore, "on-file-bounced", "RFC 3464 §2.3.3", "A mail to the address on file did not arrive") {
            $0.returned == .failed && $0.association.returned?.isOnFile == true
        },
        .init(.escalate, "reply-bounced", "RFC 3464 §2.3.3", "The answer did not reach the customer") {
            $0.returned == .failed
        },
        .init(.ignore, "reply-delayed", "RFC 3464 §2.3.3", "The answer is still on its way") {
            $0.returned == .delayed
        },
        .init(.ignore, "reply-delivered", "RFC 3464 §2.3.3", "The answer was delivered") { $0.returned == .delivered },
        // The question at the end of a reply. What she wrote besides is a message like any other.
        .init(.ignore, "feedback-repeated", "the reply's own code", "The customer has said that of the reply before") {
            $0.association.feedback?.isRepeated == true && $0.isVoteOnly
        },
        .init(.ignore, "feedback-yes", "the reply's own code", "The customer says that the reply answered her question")
        {
            $0.association.feedback?.vote == .yes && $0.isVoteOnly
        },
        .init(.ignore, "feedback-score", "the reply's own code", "The customer gives the reply a number in the middle")
        {
            $0.association.feedback?.vote == .neither && $0.isVoteOnly
        },
        .init(.escalate, "feedback-no", "the reply's own code", "The customer says that the reply did not answer her") {
            $0.association.feedback?.vote == .no
        },
        .init(.ignore, "feedback-refused", "the reply's own code", "It votes by a code that is not its sender's") {
            $0.association.isFeedbackRefused && $0.isWithoutWords
        },
        // Robots. Where only words say so, a person looks.
        .init(.escalate, GateRule.automatic, "RFC 3834 §2", "It reads like a robot's") {
            $0.isAutomaticByWordsAlone && !$0.isFromTelephone
        },
        .init(.ignore, GateRule.automatic, "RFC 3834 §2", "Not written by a person") {
            $0.automatic != nil && !$0.isFromTelephone
        },
        // The shop's own people.
        .init(.ignore, "colleague-answered", "the conversation", "One of the shop's own people wrote to the customer") {
            $0.association.colleague?.writesToCustomer == true
        },
        .init(.escalate, "colleague-note", "the conversation", "One of the shop's own people wrote about it") {
            $0.association.colleague != nil
        },
        .init(.ignore, "own-mail", "RFC 3834 §2", "The shop's own address wrote it") { $0.isOwnMail },
        .init(.ignore, "empty", "RFC 5322 §3.5", "It has neither text nor attachments") { $0.isEmpty },
        .init(.ignore, "spam", "the receiving server's filter", "Marked as spam") {
            $0.isSpam && $0.gate.spam == .ignore
        },
        .init(.escalate, "spam", "the receiving server's filter", "Marked as spam") { $0.isSpam },
        .init(.ignore, "person-answered", "the conversation", "One of the shop's own people has answered it already") {
            $0.association.isAnsweredByPerson
        },
        // A person wrote it, but a person must answer it.
        .init(.escalate, "with-a-person", "the ledger", "A person already has this conversation") { $0.isWithPerson },
        .init(.escalate, "other-participant", "people.other_participant", "Another one writes than who began it") {
            $0.gate.people.otherParticipant == .escalate && $0.association.isOtherParticipant
        },
        .init(.escalate, "several-people", "people.several_recipients", "Other people are among its recipients") {
            $0.gate.people.severalRecipients == .escalate && $0.hasOtherRecipients
        },
        .init(.escalate, "encrypted", "RFC 8551 §3.3; RFC 3156 §4", "The text is encrypted") { $0.message.isEncrypted },
        .init(.escalate, "forwarded", "RFC 5322 §3.6.6", "It forwards somebody else's mail") {
            $0.message.forwarded != nil
        },
        .init(.escalate, "attachment-only", "RFC 2183 §2", "It has no text of its own to answer") {
            $0.message.newText.isBlank && $0.gate.voicemail?.isSpoken($0.message) != true
        },
        .init(.escalate, "silence-asked", "[MS-OXCMAIL] §2.2.3.2.14", "Its header asks for no automatic reply") {
            $0.message.autoResponseSuppress.contains { ["all", "autoreply"].contains($0) }
        },
        .init(.escalate, "office-sender", "RFC 2142 §4, §5", "An office wrote it, such as abuse or webmaster") {
            $0.isFromOffice
        },
        .init(.escalate, "not-addressed", "RFC 5230 §4.5", "No address of the shop is among its recipients") {
            !$0.gate.shop.isAddressed(by: $0.message)
        },
        .init(.escalate, "late", "max_age", "It waited longer than an automatic answer may take") { $0.isLate },
        .init(.escalate, "suppressed", "RFC 3464 §2.3.3", "An earlier answer to this address came back") {
            $0.association.isSuppressed
        },
    ]

    /// What the rules look at.
    struct Subject: Sendable {
        let message: Message
        let association: Association
        let gate: Screening
        let automatic: AutomaticMail?
        private let arrival: Date

        init(_ associated: AssociatedMessage, _ gate: Screening) {
            message = associated.message
            association = associated.association
            self.gate = gate
            automatic = gate.shop.automatic(associated.message)
            arrival = associated.parsed.raw.arrival
        }

        var returned: ReturnedReply.Fate? { association.returned?.fate }
        /// A robot's mail, and a caller's words: a person is to have them.
        var isFromTelephone: Bool { gate.voicemail?.isFromTelephone(message) == true }
        var isWithPerson: Bool { association.isWithPerson }
        var isLate: Bool { gate.now().timeIntervalSince(arrival) > gate.maximumAge }

        /// A stamp is a reply's own token: it holds wherever the mail went, also where a relay gave it another Message-ID.
        var hasOwnStamp: Bool {
            message.headers(named: ReplyToken.stampField).contains { gate.seal.token($0) != nil }
        }

        /// Nothing in the header says so, and a person could use the same words about a robot.
        var isAutomaticByWordsAlone: Bool {
            automatic?.rule == "acknowledgement" || automatic?.rule == "challenge-response"
        }

        /// An address of the shop in From, unless a form or a group of the shop passes on what somebody else wrote.
        var isOwnMail: Bool {
            association.correspondent == nil && message.from.contains { gate.shop.owns($0.address) }
                && !gate.shop.isContactForm(message) && !gate.shop.isFromAcceptedList(message)
        }

        var hasOtherRecipients: Bool {
            let author = association.correspondent?.mailbox.address.lowercased()
            return (message.to + message.cc).contains { mailbox in
                let address = mailbox.address.lowercased()
                return address != author && !gate.shop.owns(address) && !gate.shop.colleagues.holds(address)
            }
        }

        var isEmpty: Bool {
            message.newText.isBlank && message.attachments.isEmpty && message.forwarded == nil && message.quoted.isBlank
                && !message.isEncrypted
        }

        /// It says nothing but what it says of a reply.
        var isVoteOnly: Bool {
            switch association.feedback?.way {
            case .page?, .words?: true
            case .mail?: isWithoutWords
            case .anger?, nil: false
            }
        }

        var isWithoutWords: Bool {
            message.newText.isBlank && message.attachments.isEmpty && message.forwarded == nil && !message.isEncrypted
        }

        var isFromOffice: Bool {
            let name = association.correspondent?.mailbox.localPart.lowercased() ?? ""
            return ["abuse", "noc", "security", "hostmaster", "webmaster", "usenet", "uucp", "www", "ftp"].contains(
                name)
        }

        /// The marks of SpamAssassin, Rspamd, Exchange and others. A sender who forges them harms himself only.
        var isSpam: Bool {
            func value(_ name: String) -> String { (message.header(name) ?? "").lowercased() }
            let level = Int(value("X-MS-Exchange-Organization-SCL").drop { $0 == " " }) ?? 0
            // Exchange: a spam confidence level of 5 and above is spam ([MS-OXPROPS], PidTagContentFilterSpamConfidenceLevel).
            return value("X-Spam-Flag").hasPrefix("yes") || value("X-Spam-Status").hasPrefix("yes")
                || ["yes", "true", "spam"].contains(value("X-Spam")) || level >= 5
                || ["reject", "add header", "rewrite subject"].contains(value("X-Rspamd-Action"))
                || value("X-Spamd-Result").hasPrefix("default: true")
        }
    }
}
