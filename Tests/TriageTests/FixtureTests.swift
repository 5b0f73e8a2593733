import Foundation
import Testing

@testable import Triage

/// Cases in files: what people write, beside what is to be found in it.
@Suite struct FixtureTests {
    static let calendar = DeskCalendar(today: LocalDate("2026-03-10"))

    /// The lines of a file of `Fixtures`, each as its columns.
    private static func rows(_ name: String, columns: Int) throws -> [[String]] {
        let text = try String(contentsOf: Fixtures.here.appending(path: "Fixtures/\(name)"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map {
                $0.split(separator: "\t", maxSplits: columns - 1, omittingEmptySubsequences: false).map(String.init)
            }
        for row in rows { try #require(row.count == columns, "\(name): \(row)") }
        return rows
    }

    @Test func languages() throws {
        let rows = try Self.rows("languages.tsv", columns: 2)
        #expect(rows.count >= 180)
        for row in rows { #expect(LanguageDetector.detect(row[1]).tag == row[0], "\(row[1])") }
    }

    @Test func references() throws {
        let finder = ReferenceFinder(patterns: [try OrderPattern(#"NC-\d{6}"#)], calendar: Self.calendar)
        let rows = try Self.rows("references.tsv", columns: 2)
        #expect(rows.count >= 90)
        for row in rows {
            let found = finder.find(row[1])
            let text = found.map { "\($0.kind)=\($0.value)" }.joined(separator: "; ")
            #expect(text == row[0], "\(row[1])")
            for item in found { #expect(item.scalars.upperBound <= row[1].unicodeScalars.count) }
        }
    }

    @Test func persons() throws {
        let rows = try Self.rows("persons.tsv", columns: 2)
        #expect(rows.count >= 60)
        for row in rows { #expect(Mood(Words(row[1])).has(.person) == (row[0] == "yes"), "\(row[1])") }
    }

    @Test func moods() throws {
        let triage = try Fixtures.triage.get()
        let rows = try Self.rows("moods.tsv", columns: 5)
        #expect(rows.count >= 95)
        var angers: [(Double, Bool)] = []
        var urgencies: [(Double, Bool)] = []
        for row in rows {
            let result = triage.triage(subject: "", text: row[4], calendar: Self.calendar)
            angers.append((result.anger, row[0] == "1"))
            urgencies.append((result.urgency, row[1] == "1"))
            #expect((result.anger > 0.5) == (row[0] == "1"), "anger \(result.anger): \(row[4])")
            #expect((result.urgency > 0.5) == (row[1] == "1"), "urgency \(result.urgency): \(row[4])")
            switch row[2] {
            case "-": #expect(result.sentiment < -0.1, "\(row[4])")
            case "+": #expect(result.sentiment > 0.1, "\(row[4])")
            default: #expect(abs(result.sentiment) <= 0.3, "\(row[4])")
            }
            let flags = [Signal.Kind.legal, .press, .safety, .selfHarm, .loss, .damage].filter { kind in
                result.signals.contains { $0.kind == kind }
            }
            #expect(
                flags.map(\.rawValue).joined(separator: " ").isEmpty
                    ? row[3] == "none" : "\(row[3])" == flags.map(\.rawValue).joined(separator: " "),
                "\(flags) \(row[4])")
        }
        #expect(Self.calibrationError(angers) <= 0.15)
        #expect(Self.calibrationError(urgencies) <= 0.15)
    }

    /// Expected calibration error over five bins.
    private static func calibrationError(_ items: [(Double, Bool)]) -> Double {
        let bins = Dictionary(grouping: items) { min(Int($0.0 * 5), 4) }
        return bins.values.reduce(0) { sum, bin in
            let mean = bin.reduce(0) { $0 + $1.0 } / Double(bin.count)
            let share = Double(bin.count { $0.1 }) / Double(bin.count)
            return sum + abs(mean - share) * Double(bin.count) / Double(items.count)
        }
    }

    @Test func spansPointAtTheWords() throws {
        let triage = try Fixtures.triage.get()
        let subject = "Re: Fwd: invoice INV-2026-00412"
        let text = "नमस्ते 👋 ऑर्डर NC-१०४२३३ का ₹1,299 वापस करो, you cheats!"
        let result = triage.triage(subject: subject, text: text, calendar: Self.calendar)
        func slice(_ span: TextSpan) -> String {
            let scalars = Array((span.isInSubject ? subject : text).unicodeScalars)
            return String(String.UnicodeScalarView(scalars[span.scalars]))
        }
        #expect(result.references.map { slice($0.span) } == ["INV-2026-00412", "NC-१०४२३३", "₹1,299"])
        #expect(result.signals.filter { $0.kind == .anger }.map { slice($0.span) } == ["cheats"])
        #expect(result.references.last?.detail == .amount(Money(currency: "INR", hundredths: 129_900)))
    }

    @Test func spansSurviveInvisibleCharacters() {
        let text = "the a\u{200D}mount is ₹\u{200B}1,299, paid"
        let found = ReferenceFinder(patterns: []).find(text)
        let scalars = Array(text.unicodeScalars)
        #expect(found.map { String(String.UnicodeScalarView(scalars[$0.scalars])) } == ["₹\u{200B}1,299"])
    }

    @Test func hintsArePriors() {
        #expect(LanguageDetector.detect("Refund", hints: LanguageHints(expected: "hi-Latn")).tag == "hi-Latn")
        #expect(LanguageDetector.detect("ok thx", hints: LanguageHints(expected: "de")).tag == "de")
        #expect(LanguageDetector.detect("ठीक", hints: LanguageHints(expected: "hi")).tag == "hi")
        let long = "Where is my order? I have been waiting for days."
        #expect(
            LanguageDetector.detect(long, hints: LanguageHints(contentLanguage: "hi", expected: "hi-Latn")).tag == "en")
        #expect(LanguageHints(charset: "ISO-2022-JP").statedLanguage == "ja")
        #expect(LanguageHints(contentLanguage: "de", charset: "koi8-r").statedLanguage == "de")
    }

    @Test func monthFirstWhereTheDeskSaysSo() {
        let american = DeskCalendar(today: LocalDate("2026-03-10"), isMonthFirst: true)
        let text = "delivered on 03/12/2026"
        #expect(ReferenceFinder(patterns: [], calendar: american).find(text).map(\.value) == ["2026-03-12"])
        #expect(ReferenceFinder(patterns: [], calendar: Self.calendar).find(text).map(\.value) == ["2026-12-03"])
        #expect(ReferenceFinder(patterns: []).find("tomorrow or on 10 March").isEmpty)
    }

    @Test func daysAndDayNumbersAgree() {
        for number in stride(from: -200_000, to: 200_000, by: 37) {
            #expect(LocalDate(dayNumber: number).dayNumber == number)
        }
        #expect(LocalDate("2026-03-10")?.weekday == 1)
        #expect(LocalDate(2026, 2, 29) == nil)
    }

    @Test(arguments: [
        ("1z999aa10123456784", TrackingNumber.Carrier.ups, true), ("1z999aa10123456780", .ups, false),
        ("rb123456785gb", .post, true), ("ee123456785in", .indiaPost, true), ("ee123456789in", .indiaPost, false),
        ("9400111202555842332669", .usps, true), ("986578788855", .fedEx, true), ("3318810025", .dhl, true),
    ])
    func checkDigits(text: String, carrier: TrackingNumber.Carrier, isRight: Bool) {
        let number = TrackingNumber(text.unicodeScalars.map(\.value)[...], named: nil)
        #expect(number?.carrier == carrier)
        #expect(number?.isChecked == isRight)
    }

    @Test func floodsAreReadInLinearTime() throws {
        let triage = try Fixtures.triage.get()
        for unit in [
            "1", "1,", "₹1 ", "104233 ", "NC-1", "12/03/2026 ", "kal ", "bad ", "talk to ", "\"", "INV-1-", "1Z", "क",
            "EE123456785IN ", "a.b-", "sku ", "\u{200D}", "2 days ago ",
        ] {
            let text = String(repeating: unit, count: 10_000_000 / unit.utf8.count)
            let time = ContinuousClock().measure {
                _ = triage.triage(subject: "", text: text, calendar: Self.calendar)
            }
            #expect(time < .seconds(10), "\(unit): \(time)")
        }
    }
}
