import RetailMail
import Testing

@testable import SupportDesk

/// A generated inbox over records of the project's own: every reply is judged by exact facts, by an oracle that knows the
/// records and not the desk. `benchmarks retail` does the same over public records.
@Suite("Generated inbox")
struct RetailTests {
    private func report(
        seed: UInt64, phrases: String = "Phrases", model: (any LanguageModel)? = nil
    ) async throws -> RetailReport {
        let folder = try ScratchFolder()
        let shop = RetailShop(customers: 60, seed: seed)
        var generator = try MailGenerator(shop: shop, seed: seed, phrases: phrases)
        let run = try RetailRun(shop: shop, mails: generator.mails(120), in: "\(folder.path)/desk")
        try DurableFile.makeFolder("\(folder.path)/desk/state")
        try await PreparedCaches.copy(into: "\(folder.path)/desk/state")
        return try await run.judge(model: model, templates: PackageFolder.templates)
    }

    @Test(
        "without a model two thirds are answered, nearly all of them right to the fact, none tells what it may not",
        arguments: ["Phrases", "HeldOut"])
    func embedded(phrases: String) async throws {
        let report = try await report(seed: 3, phrases: phrases)
        #expect(report.verdicts.count == 120)
        #expect(report.answered >= 0.65, "\(report.table)")
        // A thousand are right in 97 of a hundred (`benchmarks retail`); of these hundred some more are wrong.
        #expect(report.right >= 0.92, "\(report.differences)")
        #expect(report.wrongDisclosures == 0, "\(report.differences)")
    }

    @Test("with a model that obeys more is answered, and still nothing is told to the wrong person")
    func obedient() async throws {
        let report = try await report(seed: 4, model: ObedientModel())
        #expect(report.answered >= 0.75, "\(report.table)")
        #expect(report.wrongDisclosures == 0, "\(report.differences)")
    }

    @Test("no wording of the generator is one that the classifier learned")
    func unseen() throws {
        var learned: Set<String> = []
        for language in ["en", "hi", "hi-Latn"] {
            for file in try TextFile.all(in: "intents/\(language)", ending: ".txt") {
                learned.formUnion(file.body.split(separator: "\n").map { $0.lowercased() })
            }
        }
        #expect(learned.count > 7_000)
        for language in ["en", "hi", "hi-Latn"] {
            for folder in ["Phrases", "HeldOut"] {
                let lines = try Phrasebook(language: language, folder: folder).lines
                    .filter { $0.contains(" ") && $0.count > 25 }
                #expect(lines.count > 10)
                for line in lines { #expect(!learned.contains(line.lowercased()), "\(line)") }
            }
        }
    }
}
