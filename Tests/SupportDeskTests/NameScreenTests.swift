import Testing

@testable import SupportDesk

/// The names of all who wrote are in no text that a report of the past shows.
@Suite("Names in a report of the past")
struct NameScreenTests {
    @Test(
        "names are masked wherever they stand; placeholders, the shop's name and other words stay",
        arguments: [
            ("Dear Priya, thanks", "Dear [PERSON], thanks"), ("[see Priya's note] x", "[see [PERSON]'s note] x"),
            ("[Sharma", "[[PERSON]"), ("[PERSON_1] and Sharma", "[PERSON_1] and [PERSON]"),
            ("[PRIYA_1.2]Priya[x]", "[PRIYA_1.2][PERSON][x]"), ("Neem is no priya", "Neem is no priya"), ("", ""),
            ("प्रिया जी", "[PERSON] जी"),
        ])
    func masked(text: String, expected: String) {
        let screen = NameScreen(["Priya Sharma", "Neem & Clay Support", "प्रिया शर्मा"], shop: "Neem & Clay")
        #expect(screen.masked(text) == expected)
    }
}
