import Foundation

/// A stand-in for the two speech endpoints of OpenAI's interface. It refuses what the published description does not allow
/// (`CreateTranscriptionRequest`, `CreateSpeechRequest`), and else does as it is told: one behaviour a request, the last for ever.
public final class SpeechServer: Sendable {
    /// A request to write sound down.
    public struct Heard: Sendable {
        /// The parts that are no file.
        public let fields: [String: String]
        /// What the file is called there, and declared as.
        public let fileName: String
        /// The declared type of the file.
        public let fileType: String
        /// The sound.
        public let file: [UInt8]
    }

    /// A request to read a text aloud.
    public struct Said: Sendable {
        /// The text.
        public let input: String
        /// Whose voice.
        public let voice: String
        /// What is to come back.
        public let format: String
        /// The body as it came.
        public let body: [UInt8]
    }

    /// The key that lets in.
    public let apiKey = "speech-key-5a1d"

    /// The endings of file names that OpenAI's own server takes.
    public static let published: Set<String> = ["flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm"]

    private struct State {
        var listening: [ScriptedReply]
        var speaking: [ScriptedReply]
        var heard: [Heard] = []
        var said: [Said] = []
        var refusals: [String] = []
    }

    private let state: Locked<State>
    private let server: ScriptedHTTPServer

    /// Starts a server.
    /// - Parameter endings: of the files that it can read; other servers of the same interface read more than is published.
    public init(
        listening: [ScriptedReply] = [], speaking: [ScriptedReply] = [], endings: Set<String> = SpeechServer.published
    ) throws {
        let state = Locked(State(listening: listening, speaking: speaking))
        self.state = state
        let key = apiKey
        server = try ScriptedHTTPServer { request in
            state.with { state in
                do {
                    guard request.header("authorization") == "Bearer \(key)" else {
                        throw Refusal(status: 401, words: "Incorrect API key provided")
                    }
                    switch (request.method, request.target) {
                    case ("POST", "/v1/audio/transcriptions"):
                        state.heard.append(try Self.transcription(request, endings))
                        return Self.next(&state.listening)
                    case ("POST", "/v1/audio/speech"):
                        state.said.append(try Self.speech(request))
                        return Self.next(&state.speaking)
                    default: throw Refusal(status: 404, words: "Invalid URL (\(request.method) \(request.target))")
                    }
                } catch {
                    let refusal = error as? Refusal ?? Refusal(status: 400, words: "\(error)")
                    state.refusals.append(refusal.words)
                    return .text(
                        "{\"error\":{\"message\":\"\(refusal.words)\",\"type\":\"invalid_request_error\"}}",
                        status: refusal.status)
                }
            }
        }
    }

    /// The interface's base.
    public var baseURL: String { "\(server.baseURL)/v1" }
    /// What it was asked to write down.
    public var heard: [Heard] { state.with { $0.heard } }
    /// What it was asked to read aloud.
    public var said: [Said] { state.with { $0.said } }
    /// Why it refused requests.
    public var refusals: [String] { state.with { $0.refusals } }

    /// Ends it.
    public func stop() async { await server.stop() }

    /// An answer to a request to write down, as `CreateTranscriptionResponseJson` has it.
    public static func text(_ text: String, seconds: Double? = nil) -> ScriptedReply {
        var object: [String: Any] = ["text": text]
        if let seconds { object["usage"] = ["type": "duration", "seconds": seconds] }
        let data = (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
        return .response(status: 200, headers: [("Content-Type", "application/json")], body: [UInt8](data))
    }

    /// An answer to a request to read aloud.
    public static func sound(_ bytes: [UInt8], type: String = "audio/mpeg") -> ScriptedReply {
        .response(status: 200, headers: [("Content-Type", type)], body: bytes)
    }

    private static func next(_ replies: inout [ScriptedReply]) -> ScriptedReply {
        if replies.count > 1 { return replies.removeFirst() }
        return replies.first ?? .text("{}", status: 500)
    }

    private struct Refusal: Error {
        var status = 400
        let words: String
    }

    /// The members of `CreateTranscriptionRequest`.
    private static let fields: Set<String> = [
        "file", "model", "language", "languages[]", "keywords[]", "prompt", "response_format", "temperature",
        "include[]", "timestamp_granularities[]", "stream", "chunking_strategy", "known_speaker_names[]",
        "known_speaker_references[]",
    ]

    private static func transcription(_ request: ReceivedRequest, _ endings: Set<String>) throws -> Heard {
        let type = request.header("content-type") ?? ""
        guard type.hasPrefix("multipart/form-data; boundary=") else { throw Refusal(words: "no multipart form") }
        let boundary = String(type.dropFirst("multipart/form-data; boundary=".count))
        guard (1...70).contains(boundary.utf8.count) else { throw Refusal(words: "a boundary of a wrong length") }
        var fields: [String: String] = [:]
        var file: (name: String, type: String, bytes: [UInt8])?
        for part in try parts(of: request.body, boundary) {
            guard let name = parameter("name", of: part.head) else { throw Refusal(words: "a part without a name") }
            guard Self.fields.contains(name), fields[name] == nil else {
                throw Refusal(words: "Unrecognized request argument supplied: \(name)")
            }
            if name == "file" {
                guard let fileName = parameter("filename", of: part.head),
                    let type = part.head.first(where: { $0.lowercased().hasPrefix("content-type:") })
                else { throw Refusal(words: "a file without a name or a type") }
                file = (
                    fileName, type.dropFirst(13).trimmingCharacters(in: .whitespaces), part.body
                )
            } else {
                fields[name] = String(decoding: part.body, as: UTF8.self)
            }
        }
        guard let file, fields["model"]?.isEmpty == false else { throw Refusal(words: "file or model is missing") }
        guard let ending = file.name.split(separator: ".").last.map(String.init), endings.contains(ending),
            !file.bytes.isEmpty
        else { throw Refusal(words: "Invalid file format.") }
        if let format = fields["response_format"],
            !["json", "text", "srt", "verbose_json", "vtt", "diarized_json"].contains(format)
        {
            throw Refusal(words: "Invalid response_format")
        }
        return Heard(fields: fields, fileName: file.name, fileType: file.type, file: file.bytes)
    }

    /// The parts of a form (RFC 7578, RFC 2046 §5.1.1).
    private static func parts(of body: [UInt8], _ boundary: String) throws -> [(head: [String], body: [UInt8])] {
        let data = Data(body)
        let mark = Data("--\(boundary)".utf8)
        guard data.starts(with: mark) else { throw Refusal(words: "the form begins with something else") }
        var parts: [(head: [String], body: [UInt8])] = []
        var place = mark.count
        while true {
            let rest = data[place...]
            if rest.starts(with: Data("--\r\n".utf8)) {
                guard rest.count == 4 else { throw Refusal(words: "something stands behind the form") }
                return parts
            }
            guard rest.starts(with: Data("\r\n".utf8)),
                let gap = rest.range(of: Data("\r\n\r\n".utf8)),
                let end = data.range(of: Data("\r\n".utf8) + mark, in: (gap.upperBound - 2)..<data.endIndex)
            else { throw Refusal(words: "a part has no end") }
            let head = String(decoding: rest[(place + 2)..<gap.lowerBound], as: UTF8.self)
            let content = end.lowerBound < gap.upperBound ? Data() : data[gap.upperBound..<end.lowerBound]
            parts.append((head.components(separatedBy: "\r\n"), [UInt8](content)))
            place = end.upperBound
        }
    }

    private static func parameter(_ name: String, of head: [String]) -> String? {
        guard let line = head.first(where: { $0.lowercased().hasPrefix("content-disposition: form-data;") }),
            let start = line.range(of: " \(name)=\"")
        else { return nil }
        return String(line[start.upperBound...].prefix { $0 != "\"" })
    }

    private static func speech(_ request: ReceivedRequest) throws -> Said {
        guard request.header("content-type") == "application/json",
            let body = try? JSONDecoder().decode(JSONValue.self, from: Data(request.body)), let members = body.object
        else { throw Refusal(words: "The body is not a JSON object") }
        let known: Set<String> = [
            "model", "input", "voice", "instructions", "response_format", "speed", "stream_format",
        ]
        guard members.keys.allSatisfy(known.contains) else { throw Refusal(words: "an unknown member") }
        guard body["model"]?.string?.isEmpty == false, let input = body["input"]?.string, !input.isEmpty,
            let voice = body["voice"]?.string
        else { throw Refusal(words: "model, input or voice is missing") }
        guard input.count <= 4_096 else { throw Refusal(words: "input is too long") }
        let format = body["response_format"]?.string ?? "mp3"
        guard ["mp3", "opus", "aac", "flac", "wav", "pcm"].contains(format) else {
            throw Refusal(words: "Invalid response_format")
        }
        return Said(input: input, voice: voice, format: format, body: request.body)
    }
}
