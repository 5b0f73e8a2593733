import Redaction

/// Reads the texts of one message by one redactor with one vault. Whom one text names is known in those that follow:
/// "Regards, Ravi" in the body masks the bare name in the subject.
struct Mask: Sendable {
    private let redactor: Redactor
    private var known: [KnownPerson]
    private var learned: Set<String> = []
    /// Maps the placeholders back.
    private(set) var vault: Vault

    /// - Parameter vault: what was found so far; whom it names is known as well.
    init(_ redactor: Redactor, known: [KnownPerson], vault: Vault = Vault()) {
        self.redactor = redactor
        self.known = known
        self.vault = vault
        for (placeholder, name) in vault.entries where Placeholder(placeholder)?.type == PIIType.person.rawValue {
            learn(name)
        }
    }

    /// The text with placeholders instead of people.
    mutating func redact(_ text: String) -> RedactedText {
        let redacted = redactor.redact(text, known: known, vault: &vault)
        for finding in redacted.findings where finding.type == .person {
            if let name = finding.placeholder.flatMap(vault.value(of:)) { learn(name) }
        }
        return redacted
    }

    private mutating func learn(_ name: String) {
        if learned.insert(name).inserted { known.append(KnownPerson(names: [name])) }
    }
}
