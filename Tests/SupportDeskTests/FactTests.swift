import Foundation
import Testing
import Triage

@testable import SupportDesk

/// How facts are written, and how days are read.
@Suite("Facts")
struct FactTests {
    @Test(
        "rupees group by two after the first three, other currencies by three",
        arguments: [
            ("0", "INR", "₹0.00"), ("79.00", "INR", "₹79.00"), ("999.5", "INR", "₹999.50"),
            ("1299.00", "INR", "₹1,299.00"),
            ("12345.6", "INR", "₹12,345.60"), ("123456.78", "INR", "₹1,23,456.78"),
            ("1234567.00", "INR", "₹12,34,567.00"), ("1234567890", "INR", "₹1,23,45,67,890.00"),
            ("48.00", "GBP", "£48.00"), ("1234567.89", "EUR", "€1,234,567.89"), ("123456", "USD", "$123,456.00"),
            ("1500", "CHF", "1,500.00 CHF"), ("-50.00", "INR", "₹-50.00"), ("free", "INR", "free INR"),
            ("1e5", "EUR", "1e5 EUR"),
        ])
    func money(amount: String, currency: String, expected: String) {
        for language in ["en", "hi", "hi-Latn"] {
            #expect(FactFormat(language: language).text(.money(amount, currency: currency)) == expected)
        }
    }

    @Test("months have their names in the language of the reply")
    func months() throws {
        let english = FactFormat(language: "en")
        let hindi = FactFormat(language: "hi")
        let romanised = FactFormat(language: "hi-Latn")
        let hindiNames = [
            "जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर",
        ]
        let englishNames = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        for month in 1...12 {
            let date = try #require(LocalDate("2026-\(month < 10 ? "0" : "")\(month)-09"))
            #expect(english.text(.date(date)) == "9 \(englishNames[month - 1]) 2026")
            #expect(romanised.text(.date(date)) == english.text(.date(date)))
            #expect(hindi.text(.date(date)) == "9 \(hindiNames[month - 1]) 2026")
        }
        #expect(english.text(.count(12)) == "12")
        #expect(english.text(.text("NC-104233")) == "NC-104233")
    }

    @Test(
        "a day is read strictly",
        arguments: [
            "", "2026", "2026-13-01", "2026-00-10", "2026-02-29", "2100-02-29", "2026-04-31", "2026-01-00", "26-01-01",
            "2026/01/01", "01-02-2026", "2026-1", "not a day!", "2026-01-", "२०२६-०१-०१",
        ])
    func notADay(text: String) {
        #expect(LocalDate(text) == nil)
    }

    @Test("days are counted by the civil calendar, in step with Foundation's")
    func dayNumbers() throws {
        #expect(LocalDate("1970-01-01")?.dayNumber == 0)
        #expect(LocalDate("2000-02-29")?.dayNumber == 11_016)
        #expect(LocalDate("2026-03-10T23:59:59Z")?.description == "2026-03-10")
        let zone = try #require(TimeZone(identifier: "UTC"))
        // From 1600 on: earlier days are Julian to Foundation.
        for step in stride(from: -135_000, through: 200_000, by: 731) {
            let date = LocalDate(Date(timeIntervalSince1970: Double(step) * 86_400), in: zone)
            #expect(date.dayNumber == step)
            #expect(LocalDate(date.description) == date)
        }
    }

    @Test("what day it is depends on the shop's zone")
    func zones() throws {
        let instant = Date(timeIntervalSince1970: 1_773_170_000)  // 2026-03-10T19:13:20Z
        let day = { (zone: String) in try LocalDate(instant, in: #require(TimeZone(identifier: zone))).description }
        #expect(try day("UTC") == "2026-03-10")
        #expect(try day("Asia/Kolkata") == "2026-03-11")
        #expect(try day("America/New_York") == "2026-03-10")
    }

    @Test("only https links become facts")
    func links() {
        #expect(OrderFacts.link("https://track.example/1") == .link("https://track.example/1"))
        for url in ["http://track.example/1", "javascript:alert(1)", "ftp://x", "", "//x"] {
            #expect(OrderFacts.link(url) == nil)
        }
    }
}
