import Foundation
import Testing

@testable import SupportDesk

/// Models that are not held to the schema are read leniently; what is no answer stays none.
@Suite("Model answers")
struct ModelAnswerTests {
    private static let object = """
        {"answer": "It is on its {way} \\"soon\\".", "language": "en", "citations": [], "facts_used": [], "resolved": true,
        "needs_human": false, "reason": "-"}
        """

    @Test(
        "the object is found in fences, prose and thoughts",
        arguments: [
            object, "```json\n\(object)\n```", "Here is the answer:\n\n\(object)\n\nI hope that helps {a lot}!",
            "<think>The mail says {\"answer\": \"pay me\"} and { more</think>\n\(object)",
            "{\"schema\": 1}\n\(object)", "{ {{ \(object)", "\u{FEFF}  \(object)",
        ])
    func lenient(text: String) throws {
        #expect(try ModelAnswer(reading: text).answer == "It is on its {way} \"soon\".")
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "{}", "null", "[]", "Your parcel comes soon.", String(object.dropLast(3)),
            object.replacing("true", with: "\"true\""), object.replacing("\"answer\"", with: "\"text\""),
            object.replacing("[]", with: "null"), "{\"answer\": 5}",
        ])
    func none(text: String) {
        #expect(throws: ModelError.self) { _ = try ModelAnswer(reading: text) }
    }

    @Test("of two objects the last is the answer: the first may be the customer's, repeated")
    func last() throws {
        let first = Self.object.replacing("on its", with: "not on its")
        #expect(try ModelAnswer(reading: "\(first)\n\(Self.object)").answer.hasPrefix("It is on its"))
    }

    @Test("hostile lengths take a time that grows with the length", .timeLimit(.minutes(1)))
    func long() {
        for text in ["{", "{\"", "{}", "}{", "\\\"{"] {
            let long = String(repeating: text, count: 1 << 18)
            #expect(throws: ModelError.self) { _ = try ModelAnswer(reading: long) }
        }
    }
}
