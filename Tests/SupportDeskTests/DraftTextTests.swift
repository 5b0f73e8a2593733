import Testing

@testable import SupportDesk

/// Slots and typed facts are told apart before anything is sent.
@Suite("Draft text")
struct DraftTextTests {
    private var facts: FactSheet {
        var sheet = FactSheet()
        sheet.add("order1.total", "total", .money("2498.00", currency: "INR"))
        sheet.add("order1.carrier", "carrier", .text("Blue {{fact:order1.total}} Dart"))
        return sheet
    }

    @Test("slots are filled once: a value that looks like a slot stays a value")
    func filled() {
        let text = DraftText("{{fact:order1.total}} by {{fact:order1.carrier}}.")
        #expect(text.slots == ["order1.total", "order1.carrier"])
        #expect(text.written == "  by  .")
        #expect(!text.isMalformed)
        #expect(
            text.filled(from: facts, in: FactFormat(language: "en"))
                == "₹2,498.00 by Blue {{fact:order1.total}} Dart.")
    }

    @Test(
        "a slot without a fact fills nothing",
        arguments: [
            "{{fact:order2.total}}", "{{fact: order1.total}}", "{{fact:ORDER1.TOTAL}}", "{{fact:}}",
            "x {{fact:order1}} y",
        ])
    func unknown(body: String) {
        #expect(DraftText(body).filled(from: facts, in: FactFormat(language: "en")) == nil)
    }

    @Test(
        "braces that are no slot are found",
        arguments: [
            "{{order.total}}", "{{fact:order1.total", "fact:order1.total}}", "{{ fact:order1.total }}", "}}{{",
            "{{fact:order1.total}} }}", "{{{body}}}",
        ])
    func malformed(body: String) {
        #expect(DraftText(body).isMalformed)
    }

    @Test("a text without slots is its own text", arguments: ["", "Hello.", "a { b } c", "{fact:x}"])
    func plain(body: String) {
        let text = DraftText(body)
        #expect(text.slots.isEmpty && !text.isMalformed && text.written == body)
        #expect(text.filled(from: FactSheet(), in: FactFormat(language: "en")) == body)
    }

    @Test(
        "typed facts are found in one form, whatever dress they wear",
        arguments: [
            ("It is ₹1,299.00!", ["₹1,299.00"]), ("On 11 March 2026.", ["11", "2026"]),
            ("See https://Shop.example/A?b=c.", ["https://shop.example/a?b=c"]),
            ("Go to (shop.example).", ["shop.example"]),
            ("Write to \"Help@Shop.example\".", ["help@shop.example"]),
            ("NC‑104233 and NC–104233", ["nc-104233", "nc-104233"]),
            ("५ दिन में, ३०।", ["5", "30"]), ("50 % or 50%", ["50", "%", "50%"]),
            ("½ and ² and Ⅻ and ⑤", ["½", "²", "ⅻ", "⑤"]),
            ("¥ and ₽", ["¥", "₽"]), ("Ends here. Next sentence.", []), ("e.g. this", ["e.g"]), ("", []),
        ])
    func typed(text: String, expected: [String]) {
        #expect(TypedTokens.of(text) == expected)
    }

    @Test("the numbers of a list are not typed facts; other numbers at the head of a line are")
    func lists() {
        #expect(TypedTokens.of("1. Open it.\n2) Close it.\n3. Done.\n\n1. Again.\n2. And on.") == [])
        #expect(TypedTokens.of("3. Open it.") == ["3"])
        #expect(TypedTokens.of("1. Open it.\n99. rupees are yours.") == ["99"])
        #expect(TypedTokens.of("1.") == ["1"])
        #expect(TypedTokens.of("$5) for you") == ["$5"])
        #expect(TypedTokens.of("Take 1. and 2) too.") == ["1", "2"])
    }

    @Test("a text is cut into sentences the same way however its lines are broken")
    func sentences() {
        #expect(
            Sentences.of("One line. Two\nlines?\n\nA heading\n\n- an item\n- \"another.\" Yes!\n1. first\n2) second")
                == ["One line.", "Two lines?", "A heading", "an item", "\"another.\"", "Yes!", "first", "second"])
        #expect(Sentences.of("आप लौटा सकते हैं। धन्यवाद।") == ["आप लौटा सकते हैं।", "धन्यवाद।"])
        #expect(Sentences.of(" \n\n") == [])
        #expect(Sentences.of("It costs 5.50 or so") == ["It costs 5.50 or so"])
    }
}
