import Redaction

/// Says in a line what a customer wants, by the model, where that helps an agent and the model may be asked. A ticket does not
/// wait for it longer than a few seconds, and is none the worse without it.
struct Gisting: Sendable {
    let model: any LanguageModel
    /// The agents' language, BCP 47.
    let language: String
    var deadline = Duration.seconds(8)

    /// What is so short, in a language that agents read, is its own summary. Unicode scalars.
    private static let shortest = 280
    private static let longest = 400

    /// The line; nil when there is none to be had in time, or it says what the mail does not.
    func gist(of dossier: Dossier) async -> String? {
        // Who was asked for an answer to this message is not asked again, and no model sees a mail that speaks to it.
        guard let redaction = dossier.redaction, dossier.draft == nil, !redaction.body.text.isBlank,
            dossier.suspicions.isEmpty,
            dossier.triage?.language.tag != language || redaction.body.text.unicodeScalars.count > Self.shortest
        else { return nil }
        let brief = GistBrief(redaction, language: language, message: dossier.raw.id)
        let text = await withTaskGroup(of: String?.self) { group in
            group.addTask { [model] in try? await model.gist(brief) }
            group.addTask { [deadline] in
                try? await Task.sleep(for: deadline)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        return text.flatMap { Self.checked($0, of: brief) }
    }

    /// A line of the model as it may stand in a note: no number and no placeholder that the mail does not have, nothing to
    /// click on.
    static func checked(_ text: String, of brief: GistBrief) -> String? {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let source = "\(brief.subject.text)\n\(brief.body.text)\n\(brief.quoted.text)"
        guard !line.isEmpty, line.unicodeScalars.count <= longest,
            !line.contains("{{"), ReviewCheck.addresses(in: line).isEmpty,
            !line.unicodeScalars.contains(where: ReviewCheck.isHidden),
            DraftText(line).placeholders.allSatisfy({ source.contains("\($0)") }),
            line.split(whereSeparator: { !$0.isNumber }).allSatisfy({ source.contains($0) })
        else { return nil }
        return line
    }
}
