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
            [{"end":18,"inSubject":false,"kind":"order","start":9,"value":"NC-104233"}],"sentiment":-0.2,"urgency":0.1,"wantsPerson":false}

            References stand from scalar start to before scalar end of the text, or of the subject; days are those of \
            this machine's time zone. Intents stand surest first, the likeliest always; a text is out of scope when outOfScope is above 0.5.

            Example:  echo "Where is my order NC-104233?" | auradesk classify --json

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
            let start: Int
            let end: Int
            let inSubject: Bool
        }
        let language: String
        let intents: [Intent]
        let outOfScope: Double
        let sentiment: Double
        let urgency: Double
        let wantsPerson: Bool
        let references: [Named]

        init(_ result: TriageResult, likeliest: IntentScore?) {
            language = result.language.tag
            // What is rejected has a likeliest intent too: who measures wants to know it.
            let scores = result.intents.isEmpty ? [likeliest].compactMap(\.self) : result.intents
            intents = scores.map { Intent(intent: $0.intent, confidence: $0.confidence) }
            outOfScope = result.outOfScope
            sentiment = result.sentiment
            urgency = result.urgency
            wantsPerson = result.wantsPerson
            references = result.references.map {
                Named(
                    kind: $0.kind.description, value: $0.value, start: $0.span.scalars.lowerBound,
                    end: $0.span.scalars.upperBound, inSubject: $0.span.isInSubject)
            }
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
            let input = file == "-" ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC)
            guard input >= 0 else {
                Terminal.say("auradesk: cannot read \(file)")
                throw ExitCode(66)
            }
            defer { if input != STDIN_FILENO { close(input) } }
            // A reader that went away is the end of the work, not a signal.
            signal(SIGPIPE, SIG_IGN)
            var number = 0
            var printed: [UInt8] = []
            var lines = Lines(descriptor: input)
            while let line = lines.next() {
                number += 1
                guard line.count <= Lines.longest else {
                    Terminal.say("auradesk: \(file):\(number): a line of more than \(Lines.longest >> 20) MiB")
                    throw ExitCode(65)
                }
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
                let subject = text.subject ?? ""
                let calendar = DeskCalendar(today: LocalDate(Date(), in: .current))
                let result = triage.triage(subject: subject, text: text.text, calendar: calendar)
                let output = Output(
                    result,
                    likeliest: result.intents.isEmpty
                        ? triage.classifier.classify(text.text, subject: subject).ranked.first : nil)
                printed += (json || jsonl ? try Evaluate.line(output) : output.line).utf8
                printed.append(0x0A)
                // Whoever waits for an answer to the line just given gets it.
                guard lines.isAtEndOfChunk || printed.count > 1 << 16 else { continue }
                guard (try? FileHandle.standardOutput.write(contentsOf: Data(printed))) != nil else { return }
                printed.removeAll(keepingCapacity: true)
            }
            try? FileHandle.standardOutput.write(contentsOf: Data(printed))
        }
    }
}

/// The lines of an open file, without their ends.
private struct Lines {
    let descriptor: Int32
    private static let chunk = 1 << 16
    /// More bytes than these are read of no line; nothing behind such a line is.
    static let longest = 16 << 20
    private var buffer: [UInt8] = []
    private var position = 0

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The next line may have to be waited for.
    var isAtEndOfChunk: Bool { position == buffer.count }

    mutating func next() -> [UInt8]? {
        var line: [UInt8] = []
        var found = false
        while line.count <= Self.longest, !isAtEndOfChunk || fill() {
            found = true
            guard let end = buffer[position...].firstIndex(of: 0x0A) else {
                line += buffer[position...]
                position = buffer.count
                continue
            }
            line += buffer[position..<end]
            position = end + 1
            break
        }
        if line.last == 0x0D { line.removeLast() }
        return found ? line : nil
    }

    private mutating func fill() -> Bool {
        var bytes = [UInt8](repeating: 0, count: Self.chunk)
        var count = 0
        repeat { count = read(descriptor, &bytes, Self.chunk) } while count < 0 && errno == EINTR
        (buffer, position) = (Array(bytes.prefix(max(count, 0))), 0)
        return count > 0
    }
}
