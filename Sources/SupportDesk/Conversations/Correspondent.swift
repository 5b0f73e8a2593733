import Mail

/// A form on the shop's site that sends what a customer typed as a mail: from an address of the shop, with the customer
/// in `Reply-To`.
public struct ContactForm: Sendable, Hashable {
    /// The address in `From`, in lower case.
    public let from: String
    /// How the subject begins; nil: any.
    public let subjectPrefix: String?

    /// Describes a form.
    public init(from: String, subjectPrefix: String? = nil) {
        self.from = from.lowercased()
        self.subjectPrefix = subjectPrefix
    }
}

/// Whom the desk deals with in a message: the one who wrote it and would get the answer.
public struct Correspondent: Sendable, Hashable {
    /// How it is known.
    public enum Source: Sendable { case author, contactForm, list }
    /// The one mailbox that an answer goes to.
    public let mailbox: Mailbox
    /// Whether the header's author is meant, or somebody whom a form or a list names.
    public let source: Source
}

extension Shop {
    /// Whether an address is the shop's own: listed, with a tag behind a plus sign (RFC 5233 §4), or one with a token.
    func owns(_ address: String) -> Bool {
        let mailbox = Mailbox(address: address.lowercased())
        if ownAddresses.contains(mailbox.address) || bounces?.candidate(in: mailbox.address) != nil
            || feedback.address?.candidate(in: mailbox.address) != nil
        {
            return true
        }
        guard let plus = mailbox.localPart.firstIndex(of: "+"), let domain = mailbox.domain else { return false }
        return ownAddresses.contains("\(mailbox.localPart[..<plus])@\(domain)")
    }

    /// Who is to be dealt with; nil without exactly one author (RFC 5322 §3.6.2), and where it is the shop itself.
    func correspondent(of message: Message) -> Correspondent? {
        guard message.from.count == 1, let author = message.from.first else { return nil }
        let passedOn = message.replyTo.count == 1 ? message.replyTo.first.flatMap { owns($0.address) ? nil : $0 } : nil
        if isContactForm(message) {
            return passedOn.map { Correspondent(mailbox: $0, source: .contactForm) }
        }
        guard owns(author.address) else { return Correspondent(mailbox: author, source: .author) }
        // QUIRK: a group rewrites From to its own address where the author's DMARC policy wants it, and names the author
        // in Reply-To (RFC 7960 §4.1.3.1).
        return isFromAcceptedList(message) ? passedOn.map { Correspondent(mailbox: $0, source: .list) } : nil
    }

    func isContactForm(_ message: Message) -> Bool {
        guard message.from.count == 1, let from = message.from.first?.address.lowercased() else { return false }
        return contactForms.contains { form in
            form.from == from && form.subjectPrefix.map { message.subject.hasPrefix($0) } ?? true
        }
    }

    /// Whether the message came by a group that is the shop's own inbox: one of `lists`, or one whose List-Id is an
    /// address of the shop with a dot for the `@`, as groups form it (RFC 2919 §3).
    func isFromAcceptedList(_ message: Message) -> Bool {
        let identifiers = message.headers(named: "List-Id")
        guard !identifiers.isEmpty else { return false }
        let accepted = Set(lists + ownAddresses.map { $0.replacing("@", with: ".") })
        return identifiers.allSatisfy { value in
            let inner = value.split(separator: "<").last?.prefix { $0 != ">" } ?? ""
            return accepted.contains(inner.lowercased())
        }
    }

    /// Why this is a machine's mail, apart from what a form of the shop or its own group adds to a person's; nil when it
    /// is none.
    func automatic(_ message: Message) -> AutomaticMail? { automaticFindings(of: message).first }

    /// Everything by which this is a machine's mail, apart from what a form of the shop or its own group adds.
    func automaticFindings(of message: Message) -> [AutomaticMail] {
        if isContactForm(message) {
            let counts: Set<AutomaticMail.Class> = [.bounce, .report, .vacation, .calendar, .empty]
            return message.automaticFindings.filter { counts.contains($0.class) }
        }
        guard isFromAcceptedList(message) else { return message.automaticFindings }
        // One field of that name is the group's own; a newsletter that it passes on brings a second one.
        let isNewsletter = message.headers(named: "List-Unsubscribe").count > 1
        return message.automaticFindings.filter {
            $0.class != .list && ($0.rule != "list-unsubscribe" || isNewsletter)
        }
    }

    /// Whether the message names an address of the shop as a recipient, or came by a form or group of its own.
    func isAddressed(by message: Message) -> Bool {
        if isContactForm(message) || isFromAcceptedList(message) { return true }
        return (message.to + message.cc).contains { owns($0.address) }
            || ["Resent-To", "Resent-Cc"].flatMap(message.mailboxes(named:)).contains { owns($0.address) }
    }
}
