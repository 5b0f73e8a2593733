import ArgumentParser
import Foundation
import Triage

/// What texts ask: a filter that needs no desk.
struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what texts ask, in which language, how urgently, and what they name.",
        discussion: """
            Reads lines of text from FILE or standard input, or with --jsonl objects with "text" and, where there is one, \
            "subject". With --json each becomes an object:

              {"intents":[{"confidence":0.97,"intent":"track_order"}],"language":"en","outOfScope":0.01,"references":\
            [{"kind":"order","value":"NC-104233"}],"sentiment":-0.2,"urgency":0.1,"wantsPerson":false}

            Intents stand surest first, the likeliest always; a text is out of scope when outOfScope is above 0.5.

            Exit codes:   0  done
                         65  a line, the training data or the model cannot be used
                         66  a file that was named is not there
            """)

    @Argument(help: ArgumentHelp("The file to read; - is standard input.", valueName: "file"))
    var file = "-"

    @Flag(help: "One JSON object for each line.")
    var json = false

    @Flag(help: ArgumentHelp(#"Each input line is a JSON object with a field "text"; implies --json."#))
    var jsonl = false

    @Option(help: ArgumentHelp("Order numbers of the shop (repeatable).", valueName: #"NC-\d{6}"#))
    var orderPattern: [String] = []

    @OptionGroup var options: ModelOptions

    private struct Input: Decodable {
        var text: String
        var subject: String?
    }

    private struct Output: Encodable {
        struct Intent: Encodable {
            let intent: String
            let confidence: Double
        }
        struct Named: Encodable {
            let kind: String
            let value: String
        }
        let language: String
        let intents: [Intent]
        let outOfScope: Double
        let sentiment: Double
        let urgency: Double
        let wantsPerson: Bool
        let references: [Named]

        init(_ result: TriageResult) {
            language = result.language.tag
            intents = result.intents.map { Intent(intent: $0.intent, confidence: $0.confidence) }
            outOfScope = result.outOfScope
            sentiment = result.sentiment
            urgency = result.urgency
            wantsPerson = result.wantsPerson
            references = result.references.map { Named(kind: $0.kind.description, value: $0.value) }
        }

        var line: String {
            let asked = outOfScope > 0.5 ? "out of scope" : intents.map(\.intent).joined(separator: ", ")
            let sure = outOfScope > 0.5 ? outOfScope : intents.first?.confidence ?? 0
            return ([language, asked, String(format: "%.2f", sure)] + references.map(\.value)).joined(separator: "\t")
        }
    }

    func run() throws {
        try reportingTriage {
            let triage = try Triage(classifier: try options.classifier(), orderPatterns: orderPattern)
            guard let input = file == "-" ? fdopen(dup(STDIN_FILENO), "r") : fopen(file, "re") else {
                Terminal.say("auradesk: cannot read \(file)")
                throw ExitCode(66)
            }
            defer { fclose(input) }
            guard let output = fdopen(dup(STDOUT_FILENO), "w") else { throw ExitCode(74) }
            defer { fclose(output) }
            // A reader that went away is the end of the work, not a signal.
            signal(SIGPIPE, SIG_IGN)
            var number = 0
            for line in Lines(file: input) {
                number += 1
                let text: Input
                if jsonl {
                    do {
                        text = try JSONDecoder().decode(Input.self, from: Data(line))
                    } catch {
                        Terminal.say("auradesk: \(file):\(number): no JSON object with a text")
                        throw ExitCode(65)
                    }
                } else {
                    text = Input(text: String(decoding: line, as: UTF8.self))
                }
                let result = Output(triage.triage(subject: text.subject ?? "", text: text.text))
                let printed = json || jsonl ? try Evaluate.line(result) : result.line
                guard fputs(printed + "\n", output) >= 0 else { return }
            }
        }
    }
}

/// The lines of an open file, without their ends.
private struct Lines: Sequence, IteratorProtocol {
    let file: UnsafeMutablePointer<FILE>
    private static let chunk = 1 << 16
    private var buffer: [UInt8] = []
    private var position = 0

    init(file: UnsafeMutablePointer<FILE>) { self.file = file }

    mutating func next() -> [UInt8]? {
        var line: [UInt8] = []
        var found = false
        while true {
            if position == buffer.count {
                var bytes = [UInt8](repeating: 0, count: Self.chunk)
                let count = fread(&bytes, 1, Self.chunk, file)
                (buffer, position) = (Array(bytes.prefix(count)), 0)
                if count == 0 { break }
            }
            found = true
            if let end = buffer[position...].firstIndex(of: 0x0A) {
                line += buffer[position..<end]
                position = end + 1
                break
            }
            line += buffer[position...]
            position = buffer.count
        }
        if line.last == 0x0D { line.removeLast() }
        return found ? line : nil
    }
}
