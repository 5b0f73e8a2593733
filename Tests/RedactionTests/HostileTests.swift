import Glibc
import Redaction
import Testing

/// Sixteen kilobytes of what would make a careless matcher quadratic. The bound is for a debug build on a busy machine: a
/// pass that is quadratic, letter by letter, would take minutes; `benchmarks redact` measures megabytes.
@Suite(.serialized) struct HostileTests {
    struct Flood: Sendable, CustomTestStringConvertible {
        let unit: String
        var prefix = ""
        var testDescription: String { (prefix + unit).debugDescription }
    }

    static let floods: [Flood] =
        [
            "1234567890", "9 ", "9.", "1 2 ", "4111 ", "4111111111111111 ", "@", "a@", "\"@a", "a@b.c", "a@b.co ", "[",
            "]", "[EMAIL_", "[EMAIL_1]",
            "(", "+9", "DE89 ", "DE89", "ABCPK1234L", "1.1.1.1.", "1::", "http://", "http://a@", " at a dot ",
            "my name is ",
            "Regards\n", "Mr. A ", "Priya ", "Sharmi ", "14 Lake ", "Pune 411001 ", "\u{301}", "\u{202E}1", "\u{200B}",
            "𝐩", "🇮", "e\u{301}", "प्",
            "९", "NC-10423", "a.", "a-", "\0", "\r\n",
            "A ", "Suite 1 ", "12 Lake ", "Rua ", "Inc. ", "Smith, ", "Bank ", "of ", "New ", "12 March ", "in 1999 ",
            "password: ",
            "account number ", "1/2/", "00:", "van der ", "x.com ", "[[(", "मकान नंबर ", "1-", "Mr. ", "City\n", "I am ",
            "exp 12/27 ", "4111 1111 1111 1111 exp 12/27 ", "a dot a dot b at c dot com ", "26.9124, ", "nan 12345\n",
            "Zora here,\n", " this side", "code 4821 ", "- Zora\n", "Regards, Zora Kelmovar\n", "in A 1234 ",
            "5 Lake Road\nA\nnan\n", "781 1704 office ", "a.com/", "ab.com/", "a.com/!!!!",
        ].map { Flood(unit: $0) } + [
            Flood(unit: "b.", prefix: "a@"), Flood(unit: "\u{301}", prefix: "4111 1111 1111 1111"),
            Flood(unit: "ab.com/", prefix: "http://x/"), Flood(unit: "a.com/", prefix: "http://x/"),
        ]

    /// The processor time of this thread: what other tests do meanwhile does not count.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test(.timeLimit(.minutes(1)), arguments: floods)
    func isLinear(flood: Flood) throws {
        let redactor = try FindingTests.redactor.get()
        let known = FindingTable.shared.people
        func seconds(_ bytes: Int) throws -> Double {
            let text = flood.prefix + String(repeating: flood.unit, count: max(1, bytes / flood.unit.utf8.count))
            var vault = Vault()
            var redacted = RedactedText.empty
            let started = Self.processorSeconds
            redacted = redactor.redact(text, known: known, vault: &vault)
            let took = Self.processorSeconds - started
            try #require(vault.restore(redacted.text).utf8.elementsEqual(text.utf8))
            return took
        }
        _ = try seconds(1 << 9)
        let small = try seconds(1 << 11)
        let large = try seconds(1 << 14)
        // Eight times the text: eight times the time, with room for noise; sixty-four times would be quadratic.
        #expect(large < small * 32 + 0.2, "\(small) s, \(large) s")
        #expect(large < 10)
    }
}
