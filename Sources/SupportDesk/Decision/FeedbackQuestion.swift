import Foundation
import Mail

/// The question at the end of an automatic reply, with the links by which its one recipient answers it.
struct FeedbackQuestion: Sendable {
    /// All links.
    var links: [String] { choices.map(\.link) + [page].compactMap(\.self) }

    private struct Choice: Sendable {
        let answer: FeedbackToken.Answer
        let label: String
        let link: String
    }

    private let choices: [Choice]
    private let page: String?

    /// - Parameter isAddressProved: whether a probe has arrived at the shop's address for answers; else tokens stand in subjects.
    init(
        of reply: ReplyToken, to recipient: String, _ shop: Shop, _ seal: Seal, words: FeedbackWords, language: String,
        isAddressProved: Bool
    ) {
        let recipient = seal.digest(recipient.lowercased(), for: "address")
        let policy = shop.feedback
        let scores = policy.hasScale ? (1...5).reversed().map(FeedbackToken.Answer.score) : [.vote(.yes)]
        choices = (scores + [.vote(.no)]).compactMap { answer in
            seal.feedbackToken(answer, to: reply, for: recipient).map { token in
                var label = words.subjects[answer.vote] ?? answer.vote.rawValue.capitalized
                var subject = label
                if let score = answer.score {
                    label = "\(score)" + (words.scores[score].map { " (\($0))" } ?? "")
                    subject = "\(score)/5"
                }
                let address = isAddressProved ? policy.address?.address(token.text) : nil
                return Choice(
                    answer: answer, label: label,
                    link: Self.link(
                        to: address ?? shop.address, subject: address == nil ? "\(subject) \(token.reference)" : subject
                    ))
            }
        }
        page = policy.page.flatMap { page in
            seal.feedbackToken(.page, to: reply, for: recipient).map { "\(page.url)?t=\($0.text)&l=\(language)" }
        }
    }

    /// Puts the question into the values of a frame.
    func fill(_ context: inout TemplateContext) {
        var values = TemplateContext()
        if let page { values["page"] = page }
        for choice in choices {
            if choice.answer == .vote(.yes) { values["yes"] = choice.link }
            if choice.answer == .vote(.no) { values["no"] = choice.link }
        }
        let scores = choices.filter { $0.answer.score != nil }
        guard !scores.isEmpty else {
            context["feedback"] = values
            return
        }
        values["scores"] = scores.map { TemplateContext(["score": $0.label, "link": $0.link]) }
        context["rating"] = values
    }

    /// RFC 6068 §2. The plus sign is encoded as well: programs on the web take it for a blank.
    private static func link(to address: String, subject: String) -> String {
        var allowed = CharacterSet.alphanumerics.intersection(.init(charactersIn: "\u{21}"..."\u{7E}"))
        allowed.insert(charactersIn: "-._~")
        var local = allowed
        local.insert(charactersIn: "@")
        func encoded(_ text: String, _ allowed: CharacterSet) -> String {
            text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
        }
        return "mailto:\(encoded(address, local))?subject=\(encoded(subject, allowed))"
    }
}
