import Foundation
import Triage

@testable import SupportDesk

/// A message that is ready for its answer, with evidence of a test's own choice: drafts are held against it.
struct ReviewScene {
    let desk: Desk
    let grounded: GroundedMessage

    /// What every scene shares: the desk, and all passages of all articles.
    actor Shelf {
        static let shared = Shelf()
        // A task and not its value: many scenes begin at once, and one shop is enough for all.
        private var built: Task<(ScratchShop, Desk), any Error>?
        private var passages: [String: [Passage]] = [:]

        func desk() async throws -> Desk {
            let task =
                built
                ?? Task {
                    let shop = try await ScratchShop()
                    return (shop, try await shop.desk())
                }
            built = task
            return try await task.value.1
        }

        /// All passages of an article.
        func passages(of article: String, _ language: String) async throws -> [Passage] {
            if let known = passages["\(language)/\(article)"] { return known }
            let day = LocalDate(ScratchShop.start, in: .gmt)
            let all = try await desk().grounding.knowledge().passages(of: article, language: language, on: day)
            passages["\(language)/\(article)"] = all
            return all
        }
    }

    /// The questions by which the scenes begin, in each language.
    static let questions = [
        "en": "Hello,\nwhere is my order NC-104233? When will it be delivered?\nThank you\n",
        "hi": "नमस्ते,\nमेरा ऑर्डर NC-104233 कहाँ है? वह कब तक पहुँचेगा?\nधन्यवाद\n",
        "hi-Latn": "Namaste,\nmera order NC-104233 kahan hai? Woh kab tak pahunchega, kripya bataiye.\nDhanyavaad\n",
    ]

    /// The stages up to the evidence.
    static func ground(_ mail: TestMail, on desk: Desk) async throws -> GroundedMessage {
        let raw = RawMessage(id: 0, channel: "support", source: "scene", arrival: ScratchShop.start, bytes: mail.bytes)
        return try await desk.evidence(for: raw)
    }

    init(_ language: String = "en", from address: String = "priya.sharma@mail.example", text: String? = nil)
        async throws
    {
        desk = try await Shelf.shared.desk()
        var mail = TestMail(subject: "NC-104233", text: text ?? Self.questions[language] ?? "")
        mail.from = address
        mail.name = nil
        grounded = try await Self.ground(mail, on: desk)
    }

    /// The same message with all passages of some articles as its evidence.
    func citing(_ articles: [String], _ language: String) async throws -> GroundedMessage {
        var copy = grounded
        copy.evidence.passages = []
        for article in articles { copy.evidence.passages += try await Shelf.shared.passages(of: article, language) }
        return copy
    }

    /// The names of the checks that a draft fails; empty: it passes.
    static func findings(
        _ body: String, _ language: String, citing articles: [String] = [], for grounded: GroundedMessage,
        author: Draft.Author = .model("test")
    ) -> [String] {
        let draft = Draft(
            body: body, language: language, citations: articles, author: author, asksForPerson: nil)
        switch Reviewing.check(draft, for: grounded) {
        case .success: return []
        case .failure(let rejected):
            return rejected.findings.isEmpty ? ["unfilled"] : rejected.findings.map(\.description)
        }
    }
}

/// Drafts as the fixtures hold them.
struct DraftFixture: Decodable {
    let answer: String
    let language: String
    let citations: [String]

    static func load(_ name: String) throws -> [DraftFixture] {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/\(name).json")
        return try JSONDecoder().decode([DraftFixture].self, from: Data(contentsOf: url))
    }
}
