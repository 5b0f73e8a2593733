/// The figures of one run.
public struct RetailReport: Sendable {
    /// One for each mail, in order.
    public let verdicts: [Verdict]

    /// Answered automatically, of all.
    public var answered: Double { Self.share(verdicts.count { $0.isAnswered }, of: verdicts.count) }
    /// Fully right, of those answered.
    public var right: Double {
        Self.share(verdicts.count { $0.isAnswered && $0.isRight }, of: verdicts.count { $0.isAnswered })
    }
    /// Replies that held what their recipient may not see.
    public var wrongDisclosures: Int { verdicts.count { !$0.leaks.isEmpty } }
    /// Given to a person although the records and articles hold the answer.
    public var missed: [Verdict] {
        verdicts.filter { $0.mail.expected.outcomes == [.answered] && !$0.isAnswered }
    }
    /// Answered, and not right.
    public var wrong: [Verdict] { verdicts.filter { $0.isAnswered && !$0.isRight } }

    private static func share(_ part: Int, of whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

    /// The figures, and a line for each topic and language, as text.
    public var table: String {
        func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }
        func line(_ name: String, _ chosen: [Verdict]) -> String {
            let answered = chosen.count { $0.isAnswered }
            let right = chosen.count { $0.isAnswered && $0.isRight }
            let person = chosen.count { $0.mail.expected.outcomes == [.escalated] }
            let missed = chosen.count { $0.mail.expected.outcomes == [.answered] && !$0.isAnswered }
            let columns = [chosen.count, answered, right, person, missed].map { Self.padded("\($0)", 8) }
            return Self.padded(name, -22) + columns.joined()
        }
        var lines = [
            "\(verdicts.count) mails: \(percent(answered)) answered, \(percent(right)) of those fully right,"
                + " \(wrongDisclosures) wrong disclosures",
            Self.padded("", -22)
                + ["mails", "answered", "right", "person's", "missed"].map { Self.padded($0, 8) }.joined(separator: ""),
        ]
        for language in ["en", "hi", "hi-Latn"] {
            lines.append(line(language, verdicts.filter { $0.mail.language == language }))
        }
        for topic in Topic.allCases {
            lines.append(line(topic.rawValue, verdicts.filter { $0.mail.topics.first == topic }))
        }
        lines.append(line("two questions", verdicts.filter { $0.mail.topics.count > 1 }))
        lines.append(line("unproved sender", verdicts.filter { $0.mail.proof != .pass }))
        for naming in [RetailMail.Naming.unnamed, .unknown, .foreign] {
            lines.append(line("order \(naming.rawValue)", verdicts.filter { $0.mail.naming == naming }))
        }
        return lines.joined(separator: "\n")
    }

    /// What went wrong, mail by mail.
    public var differences: String {
        (wrong + missed).map { verdict in
            let mail = verdict.mail
            return """
                --- \(mail.place) \(mail.language) \(mail.topics.map(\.rawValue).joined(separator: "+")) \(mail.naming.rawValue) \
                \(mail.proof): \(verdict.outcome) [\(verdict.intent)]
                \(verdict.problems.joined(separator: "; "))
                \(mail.subject) | \(mail.text.split(separator: "\n").joined(separator: " / "))
                """
        }.joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        let space = String(repeating: " ", count: max(abs(width) - text.count, 1))
        return width < 0 ? text + space : space + text
    }
}
