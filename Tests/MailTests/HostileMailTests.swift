import Glibc
import Mail
import Testing

/// What would make a careless reader slow. Four times the mail may take four times as long; a square would take sixteen. The
/// time is that of this thread: other tests run beside it.
@Suite("Mail that is made to cost time", .serialized)
struct HostileMailTests {
    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        func processorTime() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        var best = Double.infinity
        for _ in 0..<2 {
            let start = processorTime()
            try body()
            best = min(best, processorTime() - start)
        }
        return best
    }

    private func expectLinear(
        _ size: Int, sourceLocation: SourceLocation = #_sourceLocation, _ body: (Int) throws -> Void
    ) rethrows {
        try expect(within: 10, and: 0.05, of: { try body(size) }, sourceLocation: sourceLocation) { try body(size * 4) }
    }

    /// - Parameters:
    ///   - factor: times the time of `small` that the body may take.
    ///   - allowance: seconds that it may take beside that.
    private func expect(
        within factor: Double, and allowance: Double, of small: () throws -> Void,
        sourceLocation: SourceLocation = #_sourceLocation, _ large: () throws -> Void
    ) rethrows {
        // The least of several times is the mail's own; others may have something else in them.
        var (least, most) = (try seconds(small), try seconds(large))
        for _ in 0..<4 where most >= least * factor + allowance {
            least = min(least, try seconds(small))
            most = min(most, try seconds(large))
        }
        #expect(most < least * factor + allowance, "\(least) s, \(most) s", sourceLocation: sourceLocation)
    }

    private func filled(_ unit: String, _ bytes: Int) -> String {
        String(repeating: unit, count: max(1, bytes / unit.utf8.count))
    }

    @Test(.timeLimit(.minutes(1))) func propertiesThatNobodyAsksForCostNothing() {
        expectLinear(1 << 13) { bytes in
            let rules = (0..<bytes / 64).map { rule in
                "p{" + (0..<6).map { "x\(rule)y\($0):none;" }.joined() + "}"
            }
            let html = "<style>\(rules.joined())</style>" + filled("<p>x", bytes)
            #expect(HTMLText.text(fromHTML: html).text.hasPrefix("x\n\nx"))
        }
    }

    @Test func declarationsBehindManyOthersCountToo() {
        let style = filled("x:1;", 4 * 100) + "display:none"
        for html in ["<p style='\(style)'>X</p>", "<style>p, #a {\(style)}</style><p id=a>X</p>"] {
            let result = HTMLText.text(fromHTML: html)
            #expect(result.text.isEmpty && result.hidden == [HiddenText(reason: .display, text: "X")])
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["</b>", "</div>", "<p>", "x"])
    func elementsInsideEachOther(_ unit: String) {
        expectLinear(1 << 15) { bytes in
            _ = HTMLText.text(fromHTML: filled("<div>", bytes) + filled(unit, bytes))
        }
    }

    @Test func ofElementsTooDeepThePartBeforeIsRead() {
        let problem = "HTML behind 1000 elements inside each other was left out"
        let deep = HTMLText.text(fromHTML: "<p>before</p>" + filled("<div>", 5 * 2_000) + "deep")
        #expect(deep.text == "before" && deep.problems == [problem])
        let nested = HTMLText.text(fromHTML: "<p>before</p>" + filled("<div>", 5 * 900) + "deep")
        #expect(nested.text == "before\n\ndeep" && nested.problems.isEmpty)
        let hidden = HTMLText.text(
            fromHTML: "before<div style='display:none'>secret" + filled("<div>", 5 * 2_000) + "deep")
        #expect(hidden.text == "before" && hidden.hidden == [HiddenText(reason: .display, text: "secret")])
        #expect(hidden.problems.contains(problem))
    }

    @Test func documentsHaveALimitInFrontOfTheTextToo() {
        let html = "<p>seen</p>" + filled("<!-- -->", 2_000) + "<p>late</p>"
        let result = HTMLText.text(fromHTML: Array(html.utf8), limit: 1_000)
        #expect(result.text == "seen" && result.problems == ["text over 1000 bytes was left out"])
        // No half letter at the cut.
        let letters = HTMLText.text(fromHTML: Array(filled("ä", 2_000).utf8), limit: 999)
        #expect(letters.text == filled("ä", 998))
        let ticket = HTMLText.text(fromHTML: Array((filled("<i></i>", 2 << 20) + "<p>late</p>").utf8))
        #expect(ticket.text.isEmpty && ticket.problems == ["text over 1048576 bytes was left out"])
    }

    @Test(.timeLimit(.minutes(1))) func hiddenTextInsideManyElements() {
        func read(_ depth: Int) {
            let html =
                filled("<div>", 5 * depth) + "<div style='display:none'>" + filled("x<br>", 5 * 10_000)
            #expect(HTMLText.text(fromHTML: html).hidden.first?.reason == .display)
        }
        expect(within: 3, and: 0.05, of: { read(9) }) { read(900) }
    }

    @Test(.timeLimit(.minutes(1))) func linksAroundTheSameWords() {
        func read(_ depth: Int) {
            let links = filled("<a href='http://x.example/'><div>", 32 * depth)
            _ = HTMLText.text(fromHTML: links + filled("word ", 100_000))
        }
        expect(within: 5, and: 0.1, of: { read(4) }) { read(400) }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["Re: ", "Antw:   "])
    func prefixesOfASubject(_ prefix: String) throws {
        var limits = Message.Limits.default
        (limits.headerBytes, limits.headerFieldBytes) = (8 << 20, 8 << 20)
        try expectLinear(1 << 18) { bytes in
            let header = "From: a@b.example\nSubject: \(filled(prefix, bytes))résumé\n\n"
            let message = try Message(parsing: Array((header + "Hello, how are you?\n").utf8), limits: limits)
            #expect(message.automatic == nil)
        }
    }

    /// Headers of parts are read by GMime, which knows no limit.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "x", "X-A: b\n", " x\n", "Content-Type: text/html\n", "Content-Disposition: inline; x=y\n", "; a=b",
            "; a*0=b", "\n\t; a=\"b\"", "=?utf-8?q?x?= ", "(", "\"", "a,", "<", "no field\n", ":\n", "\r",
            "Content-ID: <a@b>\n",
        ])
    func headersOfParts(_ unit: String) throws {
        for type in ["text/plain", "message/rfc822", "multipart/mixed; boundary=c", "text/rfc822-headers"] {
            try expectLinear(1 << 13) { bytes in
                let mail =
                    "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: \(type)"
                    + (unit.hasPrefix(";") || unit.hasPrefix("\n") ? "" : "\nX-B: ") + filled(unit, bytes)
                    + "\n\nSubject: " + filled(unit, bytes) + "\n\ntext\n--b--\n"
                _ = try Message(parsing: Array(mail.utf8))
            }
        }
    }
}
