import Redaction

/// Reads the texts of one message by one redactor with one vault. Whom one text names is known in those that follow:
/// "Regards, Ravi" in the body masks the bare name in the subject.
struct Mask: Sendable {
    private let redactor: Redactor
    private let person: [UInt8]
    private var known: [KnownPerson] = []
    private var knownWords: Set<String> = []
    /// The conversation's placeholders.
    private(set) var vault: ConversationVault

    /// - Parameters:
    ///   - person: who brought the texts, as a digest of her address.
    ///   - vault: what was found so far.
    init(_ redactor: Redactor, of person: [UInt8], known: [KnownPerson], vault: ConversationVault) {
        self.redactor = redactor
        self.person = person
        self.vault = vault
        for person in known { add(person) }
    }

    /// The text with placeholders instead of people.
    mutating func redact(_ text: String) -> RedactedText {
        let redacted = vault.redact(text, of: person, known: known, by: redactor)
        for finding in redacted.findings where finding.type == .person {
            guard let placeholder = finding.placeholder.flatMap({ Placeholder($0) }),
                case .own(let name, _) = vault.sight(of: placeholder, for: [person])
            else { continue }
            // Part of a name that is known is that person, and nobody else of the same first name.
            if !knownWords.isSuperset(of: Self.words(name)) { add(KnownPerson(names: [name])) }
        }
        return redacted
    }

    private mutating func add(_ person: KnownPerson) {
        known.append(person)
        for name in person.names { knownWords.formUnion(Self.words(name)) }
    }

    private static func words(_ name: String) -> [String] {
        name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
