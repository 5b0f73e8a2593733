import Testing

@testable import Triage

@Suite struct ReferenceTests {
    let finder: ReferenceFinder

    init() throws {
        finder = ReferenceFinder(patterns: [try OrderPattern(#"NC-\d{6}"#)])
    }

    private func orders(_ text: String) -> [String] {
        finder.find(text).filter { $0.kind == .order }.map(\.value)
    }

    @Test(arguments: [
        "NC-104233", "nc-104233", "Nc 104233", "NC104233", "nc#104233", "NC – 104233", "NC: 104233", "ＮＣ－１０４２３３",
        "NC-१०४२३३", "order 104233", "Order no. 104233", "order number: 104233", "#104233", "order #१०४२३३",
        "ऑर्डर १०४२३३", "ऑर्डर नंबर 104233", "104233 wala order", "(NC-104233)", "NC-104233.", "order id 104233?",
    ])
    func orderNumbersAsPeopleWriteThem(text: String) {
        #expect(orders("hello, \(text) kahan hai") == ["NC-104233"])
    }

    @Test(arguments: [
        "NC-10423", "NC-1042331", "pin code 302001", "my phone 987654", "104233", "₹104233", "104233 rupees",
        "order of 104233.50 rupees", "flat 104233", "ANC-104233", "invoice 104233", "order before 12-104233",
        "otp 104233",
    ])
    func otherNumbersAreNotOrders(text: String) {
        #expect(orders(text).isEmpty)
    }

    @Test func bareNumbersAreMarkedIncomplete() {
        #expect(finder.find("order 104233").first?.isComplete == false)
        #expect(finder.find("NC-104233").first?.isComplete == true)
    }

    @Test func listsOfOrdersAndRepeats() {
        #expect(orders("orders 104233, 104234 and 104235; again NC-104233") == ["NC-104233", "NC-104234", "NC-104235"])
    }

    @Test(arguments: [
        ("Invoice INV-2026-00412 is wrong", Reference.Kind.invoice, "INV-2026-00412"),
        ("inv 2026/00412", .invoice, "INV-2026-00412"),
        ("invoice no. 85632", .invoice, "85632"),
        ("AWB 12345678901", .tracking, "12345678901"),
        ("track 1Z999AA10123456784", .tracking, "1Z999AA10123456784"),
        ("speed post EE123456789IN", .tracking, "EE123456789IN"),
        ("I paid ₹1,23,456.7", .amount, "INR 123456.70"),
        ("Rs. 1,299.00 paid", .amount, "INR 1299.00"),
        ("899 rupaye", .amount, "INR 899.00"),
        ("49,90 €", .amount, "EUR 49.90"),
        ("$20", .amount, "USD 20.00"),
        ("५०० रुपये", .amount, "INR 500.00"),
    ])
    func otherReferences(text: String, kind: Reference.Kind, value: String) {
        let found = finder.find(text)
        #expect(found.map(\.kind) == [kind])
        #expect(found.map(\.value) == [value])
    }

    @Test func otherShopsPatterns() throws {
        let finder = ReferenceFinder(patterns: [
            try OrderPattern(#"[A-Z]{2}\d{4,6}X"#), try OrderPattern(#"\d{3}-\d{4}"#),
        ])
        #expect(finder.find("ab 12345x please").map(\.value) == ["AB12345X"])
        #expect(finder.find("order 123 4567").map(\.value) == ["123-4567"])
    }

    @Test(arguments: [
        "", "NC-", #"NC-\w{6}"#, #"NC-\d{6"#, #"NC-\d{0}"#, #"NC-\d{9,2}"#, "NC.*", "[a-f]{3}", "NC-[A-Z", #"\"#,
    ])
    func badPatternsAreRefused(text: String) {
        #expect {
            _ = try OrderPattern(text)
        } throws: {
            ($0 as? TriageError)?.code == .badTrainingData
        }
    }
}
