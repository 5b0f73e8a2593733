import ArgumentParser
import Foundation
import Redaction

/// Personal data in text becomes placeholders: a filter that needs no desk.
struct Redact: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replace personal data in text by placeholders.",
        discussion: """
            Reads lines of text from files, from folders with all below them, or from standard input, and writes them \
            with placeholders such as [EMAIL_1] in place of personal data. With --json each line becomes a JSON object:

              {"text":"...","spans":[{"type":"EMAIL","start":3,"end":14,"placeholder":"[EMAIL_1]","score":1,\
            "why":"address","masked":true}]}

            Offsets count Unicode scalars of the input text. A span with "masked":false was found but stays readable.
            With --json the numbers of placeholders count within a line, otherwise within a block of a mebibyte. The \
            input may be of any length; a single line with --json may have 16 MiB. A mail or an mbox is read as the \
            text that it is: to redact what it says, take it apart with "auradesk parse --json" first.

            Example:  auradesk redact --json < notes.txt

            Exit codes:   0  done
                         65  a line is no JSON object with a text, or is too long
                         66  a file or folder that was named is not there
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: ArgumentHelp("Files and folders; - is standard input.", valueName: "file"))
    var files = ["-"]

    @Flag(help: "One JSON object for each line: the redacted text and what was found.")
    var json = false

    @Flag(help: ArgumentHelp(#"Each input line is a JSON object with a field "text"; implies --json."#))
    var jsonl = false

    @Option(help: "What to write.")
    var format: Format?

    @Option(
        help: ArgumentHelp("Where phone numbers without a country code may belong (repeatable).", valueName: "IN"))
    var region: [String] = []

    @Option(help: ArgumentHelp("Order numbers, which are no phone numbers (repeatable).", valueName: #"NC-\d{6}"#))
    var orderPattern: [String] = []

    @Flag(help: "Mask plates, voter numbers, wallets and positions too; else they are found and stay readable.")
    var further = false

    func validate() throws {
        if json, format == .text { throw ValidationError("--json and --format text exclude each other.") }
    }

    func run() throws {
        let redactor = try prepared()
        // A reader that went away is the end of the work, not a signal.
        signal(SIGPIPE, SIG_IGN)
        var isMissing = false
        for file in files {
            for path in Redact.expanded(file) {
                let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
                guard descriptor >= 0 else {
                    Terminal.say("auradesk: cannot read \(path)")
                    isMissing = true
                    continue
                }
                defer { if descriptor != STDIN_FILENO { close(descriptor) } }
                guard try filtered(descriptor, redactor) else { return }
            }
        }
        if isMissing { throw ExitCode(66) }
    }

    /// The regular files of a folder and all below it, by name; anything else is itself.
    private static func expanded(_ path: String) -> [String] {
        var isFolder: ObjCBool = false
        guard path != "-", FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue,
            let names = try? FileManager.default.subpathsOfDirectory(atPath: path)
        else { return [path] }
        return names.sorted().map { "\(path)/\($0)" }.filter { name in
            var status = stat()
            return stat(name, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        }
    }

    /// Filters one input; false when nobody reads the output any more.
    private func filtered(_ descriptor: Int32, _ redactor: Redactor) throws -> Bool {
        var filter = RedactingFilter(
            redactor: redactor, isJSONL: jsonl, writesJSON: format.map { $0 == .json } ?? (json || jsonl))
        do {
            try filter.run(from: descriptor, to: STDOUT_FILENO)
            return true
        } catch RedactingFilter.Failure.outputClosed {
            return false
        } catch {
            Terminal.say("auradesk: \(error)")
            throw ExitCode(65)
        }
    }

    private func prepared() throws -> Redactor {
        do throws(RedactionError) {
            return try makeRedactor()
        } catch {
            Terminal.say("auradesk: \(error)")
            throw ExitCode(error.code == .invalidPattern || error.code == .invalidRegion ? 64 : 69)
        }
    }

    private func makeRedactor() throws(RedactionError) -> Redactor {
        let readable = PIIType.readableByDefault.union(further ? [] : PIIType.allCases.filter(\.isFurther))
        let redactor = try Redactor(
            configuration: .init(
                region: region.first ?? "IN",
                additionalRegions: region.isEmpty ? ["US", "GB"] : Array(region.dropFirst()),
                orderPatterns: orderPattern, anyRegion: region.isEmpty, readable: readable,
                findsFurther: true, databaseCache: CacheFolder.path(of: "patterns.hs")))
        try redactor.prepare()
        return redactor
    }
}
