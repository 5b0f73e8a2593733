import ArgumentParser
import Foundation
import Redaction

/// How fast personal data is found, on one core: `Tests/Benchmarks/redact` compares it with a peer.
struct RedactBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract: "Redact texts on one core and print times as JSON.",
        discussion: """
            Reads FILE as one text a line, or as JSON lines with "text", and redacts all of them again and again for \
            --seconds, with every type on. "load" is the time to load the serialised patterns, "first" that of the \
            first text with a phone number in it, which loads the phone metadata.
            """)

    @Argument(help: "Texts, one on each line; not needed for --floods.")
    var file: String?

    @Flag(help: "Measure instead how the time grows from one to four mebibytes of hostile text.")
    var floods = false

    @Option(help: "How long to go on.")
    var seconds = 3.0

    @Flag(help: "The whole file is one text.")
    var whole = false

    private struct Item: Decodable { let text: String }

    private struct Figures: Encodable {
        let texts: Int
        let bytes: Int
        let megabytesPerSecond: Double
        let textsPerSecond: Double
        let loadMilliseconds: Double
        let firstMilliseconds: Double
        let residentMebibytes: Double
    }

    func validate() throws {
        if file == nil, !floods { throw ValidationError("a file of texts is needed") }
    }

    func run() throws {
        if floods { return try runFloods() }
        let content = try String(contentsOfFile: file ?? "", encoding: .utf8)
        let texts = try whole ? [content] : content.split(separator: "\n").map(Self.text)
        let cache = NSTemporaryDirectory() + "redact-benchmark-\(getpid()).hs"
        defer { unlink(cache) }
        let configuration = Redactor.Configuration(anyRegion: true, findsFurther: true, databaseCache: cache)
        try Redactor(configuration: configuration).prepare()
        let clock = ContinuousClock()
        let redactor = try Redactor(configuration: configuration)
        let load = try clock.measure { try redactor.prepare() }
        let first = clock.measure { Self.redact("Call me on 98200 12345, please.", redactor) }
        for text in texts { Self.redact(text, redactor) }
        let bytes = texts.reduce(0) { $0 + $1.utf8.count }
        var rounds = 0
        let start = clock.now
        repeat {
            for text in texts { Self.redact(text, redactor) }
            rounds += 1
        } while start.duration(to: clock.now) < .seconds(seconds)
        let time = start.duration(to: clock.now) / .seconds(1)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let figures = Figures(
            texts: texts.count, bytes: bytes, megabytesPerSecond: Double(bytes * rounds) / time / 1e6,
            textsPerSecond: Double(texts.count * rounds) / time, loadMilliseconds: load / .milliseconds(1),
            firstMilliseconds: first / .milliseconds(1), residentMebibytes: Double(usage.ru_maxrss) / 1024)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        print(String(decoding: try encoder.encode(figures), as: UTF8.self))
    }

    private struct Growth: Encodable {
        let flood: String
        let small: Double
        let large: Double
    }

    /// One line of JSON for each flood: the seconds for one mebibyte and for four.
    private func runFloods() throws {
        let redactor = try Redactor(configuration: Redactor.Configuration(anyRegion: true, findsFurther: true))
        let clock = ContinuousClock()
        Self.redact("Call me on 98200 12345, please.", redactor)
        for (name, unit) in [
            ("digits", "1234567890"), ("digits and spaces", "12345 67890 "), ("@", "@"), ("a@b.c", "a@b.c "),
            ("[", "["),
            ("nested brackets", "([{"), ("commas and capitals", "Zora, "), ("capitals", "Zora Kelm "),
            ("right-to-left overrides", "\u{202E}1"), ("house numbers", "12 Lake "), ("dots", "a.b."),
        ] {
            func seconds(_ mebibytes: Int) -> Double {
                let text = String(repeating: unit, count: (mebibytes << 20) / unit.utf8.count)
                // The shortest of three: the first one fetches the memory from the system.
                let times = (0..<3).map { _ in clock.measure { Self.redact(text, redactor) } / .seconds(1) }
                return times.min() ?? 0
            }
            let growth = Growth(flood: name, small: seconds(1), large: seconds(4))
            print(String(decoding: try JSONEncoder().encode(growth), as: UTF8.self))
        }
    }

    private static func text(_ line: Substring) throws -> String {
        guard line.first == "{" else { return String(line) }
        return try JSONDecoder().decode(Item.self, from: Data(line.utf8)).text
    }

    private static func redact(_ text: String, _ redactor: Redactor) {
        var vault = Vault()
        _ = redactor.redact(text, vault: &vault)
    }
}
