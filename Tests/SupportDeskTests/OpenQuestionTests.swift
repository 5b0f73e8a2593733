import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What no intent covers: a model reads it where there is one, with the passages that a search finds and nothing else.
@Suite("Open questions")
struct OpenQuestionTests {
    private static let question = TestMail(
        subject: "A question", text: "Hello,\ndo your bowls break when I put them into the dishwasher each day?\n")

    private func outcome(_ model: ScriptedModel?, of mail: TestMail = OpenQuestionTests.question) async throws -> (
        String, String?
    ) {
        let shop = try await ScratchShop()
        try shop.receive(mail)
        let run = try await shop.run { $0.model = model }
        return (run.outcome, try shop.replies().first?.text)
    }

    @Test("without a model a person answers; with one it answers from what it cites")
    func answered() async throws {
        #expect(try await outcome(nil).0 == "escalated out-of-scope")
        let model = ScriptedModel { brief in
            let passage = brief.passages.first
            return Draft(
                body: passage?.text ?? "There is no passage.", language: brief.language,
                citations: passage.map { [$0.article] } ?? [], author: .model("quoting"), asksForPerson: nil)
        }
        let (outcome, text) = try await outcome(model)
        #expect(outcome == "answered open-question" || outcome == "escalated low-confidence", "\(outcome)")
        if let text { #expect(!text.contains("There is no passage.")) }
    }

    @Test("it may refuse courteously, or ask for a person; what it makes up is not sent, and nobody else answers it")
    func refusal() async throws {
        let refusal = ScriptedModel("I am sorry, I can only help with questions about this shop and its orders.")
        let capital = TestMail(subject: "Hello", text: "Hello,\nwho is the prime minister of France this year?\n")
        let refused = try await outcome(refusal, of: capital).0
        #expect(refused == "answered open-question", "\(refused)")
        let person = ScriptedModel { brief in
            Draft(
                body: "A colleague will help.", language: brief.language, citations: [], author: .model("m"),
                asksForPerson: "a question for a potter")
        }
        #expect(try await outcome(person).0.hasPrefix("escalated review-"))
        let invented = try await outcome(ScriptedModel("They last for 20 years in any dishwasher."))
        #expect(invented.0.hasPrefix("escalated review-"), "\(invented.0)")
        #expect(invented.1 == nil)
    }

    @Test("it is given no fact of any record, and what needs a person's hand still goes to a person")
    func withoutFacts() async throws {
        let model = ScriptedModel { brief in
            let facts = brief.facts.map(\.name).filter { !$0.hasPrefix("links.") }
            #expect(facts == ["shop.name", "customer.name"])
            return Draft(
                body: "I am sorry, I can only help with questions about this shop.", language: brief.language,
                citations: [], author: .model("m"), asksForPerson: nil)
        }
        let answered = try await outcome(model).0
        #expect(answered == "answered open-question", "\(answered)")
        let refusal = ScriptedModel("I am sorry, I can only help with questions about this shop.")
        let complaint = TestMail(
            subject: "Complaint",
            text: "I want to make a complaint about your service. Who is the prime minister of France this year?\n")
        #expect(try await outcome(refusal, of: complaint).0.hasPrefix("escalated"))
    }
}
