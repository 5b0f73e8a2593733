import Foundation
import Testing

/// `auradesk redact` as a shell uses it: what goes in, what comes out, how it ends.
@Suite("redact, the program")
struct RedactCommandTests {
    private struct Line: Decodable, Equatable {
        struct Span: Decodable, Equatable {
            let type: String
            let start: Int
            let end: Int
            let placeholder: String?
            let score: Double
            let why: String
            let masked: Bool
        }
        let text: String
        let spans: [Span]
    }

    private struct Ending {
        let code: Int32
        let output: Data
        let peakKiB: Int

        var text: String { String(decoding: output, as: UTF8.self) }
        var lines: [Substring] { text.split(separator: "\n") }

        func decoded() throws -> [Line] { try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) } }
    }

    /// Runs the program with `input` on its standard input; its peak memory is read just before the input ends.
    private func redact(_ arguments: [String], _ input: [String] = [], cache: EndToEndScratch) throws -> Ending {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try EndToEndProgram.path())
        process.arguments = ["redact"] + arguments
        process.environment = ["XDG_CACHE_HOME": cache.path, "PATH": "/usr/bin:/bin"]
        let output = cache.path + "/out-\(UUID().uuidString)"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let (stdin, stdout) = (Pipe(), try FileHandle(forWritingTo: URL(fileURLWithPath: output)))
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = FileHandle.nullDevice
        try process.run()
        for piece in input { try stdin.fileHandleForWriting.write(contentsOf: Data(piece.utf8)) }
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        try stdin.fileHandleForWriting.close()
        process.waitUntilExit()
        let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return Ending(
            code: process.terminationStatus, output: try Data(contentsOf: URL(fileURLWithPath: output)),
            peakKiB: peak.flatMap { Int($0.filter(\.isNumber)) } ?? 0)
    }

    @Test("JSON: one line for each line, offsets in Unicode scalars, what stays readable has no placeholder")
    func json() throws {
        let scratch = try EndToEndScratch()
        let input = "😀 é मेल priya@mail.example, 12 March 2026\n\nnothing here\n"
        let ending = try redact(["--json"], [input], cache: scratch)
        #expect(ending.code == 0)
        let lines = try ending.decoded()
        #expect(lines.map(\.text) == ["😀 é मेल [EMAIL_1], 12 March 2026", "", "nothing here"])
        let spans = try #require(lines.first).spans
        #expect(spans.map(\.type) == ["EMAIL", "DATE"])
        #expect(spans.map(\.placeholder) == ["[EMAIL_1]", nil])
        #expect(spans.map(\.masked) == [true, false])
        #expect(spans.allSatisfy { $0.score > 0 && $0.score <= 1 && !$0.why.isEmpty })
        let scalars = Array(input.unicodeScalars)
        let values = spans.map { span in
            var value = String.UnicodeScalarView()
            value.append(contentsOf: scalars[span.start..<span.end])
            return String(value)
        }
        #expect(values == ["priya@mail.example", "12 March 2026"])
    }

    @Test("JSON lines in, in their order, whatever else they hold; text out when asked")
    func jsonLines() throws {
        let scratch = try EndToEndScratch()
        let input = (0..<3000).map { #"{"id":\#($0),"text":"\#($0): a\#($0)@x.example\n"}"# + "\n" }
        let ending = try redact(["--jsonl"], input, cache: scratch)
        #expect(ending.code == 0)
        #expect(try ending.decoded().map(\.text) == (0..<3000).map { "\($0): [EMAIL_1]\n" })
        let text = try redact(["--jsonl", "--format", "text"], [#"{"text":"to a@x.example"}"#], cache: scratch)
        #expect(text.text == "to [EMAIL_1]\n")
    }

    @Test("text: what is no personal data comes back byte for byte, also without a last line break")
    func text() throws {
        let scratch = try EndToEndScratch()
        let ending = try redact(["-"], ["a\r\n\r\nb a@x.example\n\tc"], cache: scratch)
        #expect(ending.text == "a\r\n\r\nb [EMAIL_1]\n\tc")
        let order = try redact(["--order-pattern", #"\d{10}"#], ["call 9820012345"], cache: scratch)
        #expect(order.text == "call 9820012345")
    }

    @Test("files and folders with all below them, by name; what is missing is said by the exit code, and stops nothing")
    func files() throws {
        let scratch = try EndToEndScratch()
        let folder = scratch.path + "/texts"
        try FileManager.default.createDirectory(atPath: folder + "/b", withIntermediateDirectories: true)
        for (name, text) in [
            ("a.txt", "1 a@x.example\n"), ("b/c.txt", "2 b@x.example\n"), ("d.txt", "3 c@x.example\n"),
        ] {
            try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
        let ending = try redact([folder, folder + "/none", folder + "/a.txt"], cache: scratch)
        #expect(ending.lines == ["1 [EMAIL_1]", "2 [EMAIL_1]", "3 [EMAIL_1]", "1 [EMAIL_1]"])
        #expect(ending.code == 66)
    }

    @Test(
        "wrong use and wrong input end with their codes",
        arguments: [
            (["--jsonl"], #"{"text":1}"#, 65), (["--jsonl"], "no JSON\n", 65),
            (["--json", "--format", "text"], "", 64),
            (["--region", "XYZ"], "", 64), (["--order-pattern", "(?=a)"], "", 64),
        ] as [([String], String, Int32)])
    func wrong(arguments: [String], input: String, code: Int32) throws {
        #expect(try redact(arguments, [input], cache: try EndToEndScratch()).code == code)
    }

    @Test("memory does not grow with the input")
    func memory() throws {
        let scratch = try EndToEndScratch()
        // Mostly what costs little: the tests run a debug build.
        let line = String(repeating: "- ", count: 1 << 9) + "a@x.example\n"
        let block = String(repeating: line, count: 1 << 10)
        let short = try redact(["--format", "text"], Array(repeating: block, count: 8), cache: scratch)
        let long = try redact(["--format", "text"], Array(repeating: block, count: 24), cache: scratch)
        #expect(short.peakKiB > 0 && long.peakKiB < short.peakKiB + (32 << 10), "\(short.peakKiB), \(long.peakKiB) KiB")
        #expect(long.lines.count == 24 << 10)
    }
}
