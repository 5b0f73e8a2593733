import Foundation
import Testing
import Triage

@testable import SupportDesk

/// A person's answer beside the desk's, by the same comparison as answers in the shadow.
@Suite("Simulation's comparison")
struct SimulationComparisonTests {
    private static let day = LocalDate("2026-03-09") ?? LocalDate(dayNumber: 0)

    private func compare(
        _ own: String, _ theirs: String, known: Set<String> = [], atHand: Set<String> = [],
        intents: [String] = ["track_order"]
    ) throws -> (comparison: Comparison, verdict: AnswerComparison.Verdict) {
        let words = try ReplyTemplates(folder: "\(PackageFolder.templates)/replies").words(in: "en")
        let side = AnswerComparison.Side(theirs, in: "en")
        let sides = AnswerComparison.Sides(
            AnswerComparison.Side(own, in: "en"),
            AnswerComparison.Side(facts: Comparison.dated(side.facts, on: Self.day), words: side.words), known: known,
            intents: intents, matters: AnswerComparison.Matters(words))
        // Both uses of it come to one verdict, as long as no day has to be reckoned.
        let shadow = AnswerComparison(own, theirs, in: "en", known: known, intents: intents, templates: words)
        if !theirs.contains("omorrow") { #expect(shadow.verdict == sides.verdict) }
        return (Comparison(sides, acts: ActingWords.acts(theirs), atHand: atHand), sides.verdict)
    }

    private static let own = "Your order is on its way. It arrives by 11 March 2026. Tracking: 16895330163338."

    @Test("what would have done, and what would not")
    func likeness() throws {
        let same = try compare(Self.own, "Your order is on its way and arrives by 11 March 2026.").comparison
        #expect(same.likeness == .same && same.neededPerson == false && same.isSameMatter == true)
        let contrary = try compare(Self.own, "Your order is on its way and arrives by 19 March 2026.").comparison
        #expect(contrary.likeness == .contrary && contrary.differing == [.date])
        #expect(contrary.neededPerson == true, "nothing at hand says so")
        let less = try compare(Self.own, "Your order arrives by 11 March 2026. ₹321 go back to you.").comparison
        #expect(less.likeness == .less && less.differing == [.amount] && less.neededPerson == true)
        let known = try compare(
            Self.own, "Your order arrives by 11 March 2026. ₹321 go back to you.",
            atHand: ["INR 321", "date 3-11 2026"]
        ).comparison
        #expect(known.likeness == .less && known.neededPerson == false, "the desk had it at hand")
        let acted = try compare(Self.own, "It arrives by 11 March 2026. I have just refunded you.").comparison
        #expect(acted.likeness == .acted && acted.neededPerson == true)
        let other = try compare(
            Self.own, "We are sorry to see you go. Note that a deleted account cannot be restored."
        ).comparison
        #expect(other.likeness == .other && other.isSameMatter == false, "\(other)")
        let unclear = try compare(Self.own, "Sure.").comparison
        #expect(unclear.likeness == .unclear && unclear.isSameMatter == nil)
    }

    @Test(
        "one fact, however it is written",
        arguments: [
            "It arrives by Wednesday, 11 March 2026.", "Tomorrow: it arrives by 11 March (Wednesday).",
            "It arrives the day after, 11/03/2026.",
        ])
    func days(theirs: String) throws {
        let own =
            "It arrives by 11 March 2026. Ask until 10 March 2026. You have 30 days, see https://www.a.example/x/."
        #expect(try compare(own, theirs).comparison.likeness == .same, "\(theirs)")
        let short = "It arrives by 11 March, you have 30, see a.example/x"
        #expect(try compare(own, short).comparison.likeness == .same)
        #expect(try compare(own, "You have 31 days.").comparison.likeness == .contrary)
    }

    @Test("of an answer that the desk had none to: whether its facts were at hand")
    func alone() {
        #expect(Comparison(acts: true, told: [], atHand: nil).neededPerson == true)
        #expect(Comparison(acts: false, told: ["INR 5"], atHand: ["INR 5"]).neededPerson == false)
        #expect(Comparison(acts: false, told: ["date 3-11"], atHand: ["date 3-11 2026"]).neededPerson == false)
        #expect(Comparison(acts: false, told: ["INR 5"], atHand: []).neededPerson == true)
        #expect(Comparison(acts: false, told: ["INR 5"], atHand: nil).neededPerson == nil)
        #expect(Comparison(acts: false, told: [], atHand: []).neededPerson == nil)
    }

    @Test(
        "who says that she has done something",
        arguments: [
            ("I've cancelled it.", true), ("We have now refunded ₹5.", true), ("I have just sent out a new one.", true),
            ("We’ve re-sent it.", true), ("It has been dispatched.", false), ("You can cancel it.", false),
            ("I just wanted to say that it is here.", false), ("रद्द कर दिया है", true),
        ])
    func acts(text: String, does: Bool) { #expect(ActingWords.acts(text) == does) }

    @Test("words of ASCII are cut as all others are")
    func words() {
        for line in [
            "Hello,  where\tis my\u{0B}order?", " (NC-104233) ", "", "   ", "don't; we'll: \"it's\"",
            "a\u{0C}b\r\nc\rd",
        ] {
            // With a word of another script behind it, the line is cut by characters.
            let slow = Sentences.words(of: (line + " é")[...]).dropLast()
            #expect(Sentences.words(of: line[...]) == Array(slow), "\(line)")
        }
        let text = "One. Two\nthree!\n\n- Four (five)\n2) six Rs. 5 e.g. seven"
        let ends = text.replacing("\n", with: "\r\n")
        #expect(Sentences.of(text) == Sentences.of(ends))
        #expect(Sentences.of(text) == ["One.", "Two three!", "Four (five)", "six Rs. 5 e.g. seven"])
    }

    @Test(
        "facts begin with every word that they began with",
        arguments: [
            ("rs 500", "INR 500"), ("Rs. five", "INR 5"), ("rupees", nil), ("may 5", "date 5-5"),
            ("monday", "day monday"),
            ("kal", "day kal"), ("thirty days", "30 day"), ("तीस दिन", "30 day"), ("रु 500", "INR 500"),
            ("usd 5", "USD 5"),
            ("nc-104233", "nc-104233"), ("dates", nil), ("don't", nil), ("मार्च", nil), ("१२ मार्च", "date 3-12"),
        ])
    func beginnings(text: String, key: String?) {
        let words = SentenceWord.of(text, in: "en")
        #expect(TypedFacts(words, in: "en").fact(at: 0)?.key == key, "\(text)")
    }
}
