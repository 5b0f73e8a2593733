import Foundation
import Testing
import Triage

@testable import SupportDesk

/// What colleagues answered again and again becomes a page for a person to edit, and nothing that anybody reads before.
@Suite("Knowledge suggestions")
struct KnowledgeSuggestionTests {
    private func lesson(
        _ id: Int64, _ question: String, _ answer: String?, language: String = "en", label: String = "out_of_scope",
        state: Lesson.State = .candidate
    ) -> Lesson {
        Lesson(
            id: id, message: id, way: .escalated, state: state, language: language, seen: label, label: label,
            collected: ScratchShop.start, decided: nil,
            content: .init(subject: "", text: question, utterance: question, answer: answer))
    }

    private var lessons: [Lesson] {
        [
            lesson(1, "do you engrave names on the mugs", "Yes, up to ten letters, for two dollars more."),
            lesson(2, "can I have a mug with an engraved name", "We engrave mugs.\n# Prices\nTwo dollars."),
            lesson(3, "which glaze is free of lead?", "All of ours are free of lead."),
            lesson(4, "engraving on mugs: how many letters?", "Ten letters, [PERSON_1]."),
            lesson(5, "is the \"blue\" glaze lead free?", "Yes, it is.", label: "check_refund_policy"),
            lesson(6, "do you open on sundays", "No."),
            lesson(7, "do you engrave names on the mugs", "Never.", state: .rejected),
            lesson(8, "which glaze has lead", nil),
            lesson(9, "क्या मग पर नाम लिखते हैं", "हाँ।", language: "hi"),
        ]
    }

    @Test("questions of one kind are one page; single ones, rejected ones and those without an answer are none")
    func clusters() {
        let pages = QuestionClusters.suggestions(from: lessons, least: 2)
        #expect(pages.map(\.lessons) == [[1, 2, 4], [3, 5]], "\(pages.map(\.questions))")
        #expect(pages[0].intents.isEmpty && pages[1].intents == ["check_refund_policy"])
        #expect(pages[0].answers.count == 3 && pages[0].language == "en")
        let again = QuestionClusters.suggestions(from: lessons.reversed(), least: 2)
        #expect(again.map(\.markdown) == pages.map(\.markdown))
        #expect(QuestionClusters.suggestions(from: lessons, least: 1).contains { $0.language == "hi" })
    }

    @Test("thousands of questions that have nothing in common are compared in seconds")
    func many() {
        let words = (0..<4_000).map { number in
            String(decoding: [3, 2, 1, 0].map { UInt8(97 + (number >> ($0 * 3)) & 7) }, as: UTF8.self)
        }
        let lessons = words.enumerated().map { index, word in
            lesson(Int64(index), "zeb\(word)a quo\(word)x common", "Yes \(index).")
        }
        let start = ContinuousClock.now
        let pages = QuestionClusters.suggestions(from: lessons, least: 1)
        #expect(start.duration(to: .now) < .seconds(20))
        #expect(pages.map(\.lessons.count).reduce(0, +) == 4_000)
        #expect(Set(pages.map(\.name)).count == pages.count)
    }

    @Test("a page is an article that nobody reads until its audience is made public; what is there stays")
    func files() throws {
        let folder = try ScratchFolder()
        let pages = QuestionClusters.suggestions(from: lessons, least: 2)
        let written = try Desk.write(pages, into: folder.path)
        #expect(written.count == 2)
        for path in written {
            let article = try Article(file: path)
            #expect(!article.isPublic && article.audience == "draft" && article.language == "en")
            #expect(article.lead.hasPrefix("TODO") && !article.asked.isEmpty)
            // A heading in an answer makes no section.
            #expect(article.sections.allSatisfy { $0.heading.hasPrefix("What a colleague answered") })
        }
        try "edited".write(toFile: written[0], atomically: true, encoding: .utf8)
        #expect(try Desk.write(pages, into: folder.path).isEmpty)
        #expect(try String(contentsOfFile: written[0], encoding: .utf8) == "edited")
    }

    @Test("laid among the articles as it is, it answers nothing")
    func unused() async throws {
        let folder = try ScratchFolder()
        let knowledge = "\(folder.path)/knowledge"
        try FileManager.default.copyItem(atPath: "\(PackageFolder.templates)/knowledge", toPath: knowledge)
        let pages = QuestionClusters.suggestions(from: lessons, least: 2)
        _ = try Desk.write(pages, into: knowledge)
        let index = try Knowledge(folder: knowledge, indexPath: "\(folder.path)/index.sqlite")
        let day = try #require(LocalDate("2026-03-10"))
        let found = try await index.search("do you engrave names on the mugs", language: "en", on: day)
        #expect(!found.contains { $0.text.contains("letters") || $0.text.contains("TODO") })
    }
}
