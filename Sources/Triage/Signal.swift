/// Words of a mail that decided about mood, urgency or a flag, for people who ask why.
public struct Signal: Sendable, Hashable {
    /// What the words speak for.
    public enum Kind: String, Sendable, Hashable {
        /// Praise and content.
        case positive
        /// Complaint and discontent.
        case negative
        /// Anger and frustration.
        case anger
        /// Haste: deadlines, second requests.
        case urgency
        /// A lawyer, a court, the police, a consumer forum or a chargeback.
        case legal
        /// Newspapers, television, posts that are to harm.
        case press
        /// Somebody was hurt, or could be.
        case safety
        /// The writer may harm herself.
        case selfHarm
        /// The wish to deal with a human being.
        case person
        /// A parcel that did not come.
        case loss
        /// A parcel that did not come although it is said to have been delivered.
        case denial
        /// Goods that came broken, incomplete or were other ones.
        case damage

        /// In words, for people.
        public var label: String {
            switch self {
            case .selfHarm: "self-harm"
            case .person: "asks for a person"
            case .denial: "delivered and not there"
            default: rawValue
            }
        }
    }

    /// What the words speak for.
    public let kind: Kind
    /// The words as the mail has them.
    public let words: String
    /// Where they stand.
    public let span: TextSpan
    /// How much they count, from 0.3 (mild) to 3 (by itself decisive); negative where a "not" turns them round.
    public let weight: Double
}

/// A place in a mail.
public struct TextSpan: Sendable, Hashable {
    /// It stands in the subject; otherwise in the text.
    public let isInSubject: Bool
    /// Unicode scalars from the start of the subject or the text.
    public let scalars: Range<Int>

    /// A place in the text, or in the subject.
    public init(scalars: Range<Int>, isInSubject: Bool = false) {
        self.scalars = scalars
        self.isInSubject = isInSubject
    }
}

/// The subject without its prefixes and the text, read as one; knows where its scalars came from.
struct JoinedText {
    let text: String
    /// Scalars of the subject that are in `text`.
    let subjectScalars: Int
    /// Scalars of `Re:` and the like that are not.
    let prefixScalars: Int

    init(subject: String, text: String) {
        let title = SubjectLine.withoutPrefixes(subject)
        subjectScalars = title.unicodeScalars.count
        prefixScalars = min(subject.unicodeScalars.count, SubjectLine.maximumScalars) - subjectScalars
        self.text = title.isEmpty ? text : title + "\n\n" + text
    }

    func span(_ from: Int, _ to: Int) -> TextSpan {
        if subjectScalars == 0 { return TextSpan(scalars: from..<to) }
        if from < subjectScalars {
            return TextSpan(scalars: (from + prefixScalars)..<(to + prefixScalars), isInSubject: true)
        }
        return TextSpan(scalars: (from - subjectScalars - 2)..<(to - subjectScalars - 2))
    }
}
