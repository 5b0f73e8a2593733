import Foundation
import Logging
import SupportDesk

/// What a model answers to a question about an order of the demo shop. The first letter says what the rest is: `c` the JSON of
/// chat completions, `m` of Anthropic's messages, `t` what a model wrote, `h` an answer in Hindi, anything else one in English.
///
/// It is refused, or the customer reads nothing that is invented: no number, link or address that neither the record nor an
/// offered article nor the shop's own answer holds; no slot, placeholder, markup or hidden letter.
struct ModelAnswerFuzzing: Sendable {
    private let english: ModelAnswerProbe
    private let hindi: ModelAnswerProbe

    /// - Parameter desk: with the demo shop's records; nil: a new one in a folder of its own.
    init(_ desk: Desk?) async throws {
        let desk = if let desk { desk } else { try await Self.desk() }
        english = try await ModelAnswerProbe(
            desk, Self.question("where is my order NC-104233? When will it be delivered?"))
        hindi = try await ModelAnswerProbe(desk, Self.question("मेरा ऑर्डर NC-104233 कहाँ है? वह कब तक पहुँचेगा?"))
    }

    func check(_ bytes: [UInt8]) throws {
        guard let first = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        do {
            switch first {
            case UInt8(ascii: "c"): try check(english, rest, .chat)
            case UInt8(ascii: "m"): try check(english, rest, .messages)
            case UInt8(ascii: "t"): try check(english, rest, .text)
            case UInt8(ascii: "h"): try check(hindi, rest, .body)
            default: try check(english, rest, .body)
            }
        } catch let error as ModelError {
            try demand("\(error)".isOneLine, "the operator reads \("\(error)".debugDescription)")
        }
    }

    private func check(_ probe: ModelAnswerProbe, _ bytes: [UInt8], _ wrapping: ModelAnswerProbe.Wrapping) throws {
        guard let body = try probe.body(of: bytes, in: wrapping) else { return }
        let known = Set(Self.claims(in: probe.known))
        for claim in Self.claims(in: body) where !known.contains(claim) {
            throw Broken(description: "\(claim.debugDescription) is invented: \(body.debugDescription)")
        }
        for sign in ["{{", "}}", "<", "[PERSON", "[EMAIL", "\u{0}"] {
            try demand(!body.contains(sign), "\(sign.debugDescription) is in \(body.debugDescription)")
        }
        let hidden = body.unicodeScalars.first {
            switch $0.properties.generalCategory {
            case .control: $0 != "\n" && $0 != "\r" && $0 != "\t"
            // Joiners belong to Hindi words and to pictures.
            case .format: $0 != "\u{200C}" && $0 != "\u{200D}"
            default: false
            }
        }
        try demand(hidden == nil, "a hidden letter is in \(body.debugDescription)")
    }

    /// What can be wrong about the world without any understanding: runs of digits in any script, but for the numbers of a list,
    /// and words that are addresses or links.
    private static func claims(in text: String) -> [String] {
        var claims: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            var run = ""
            for scalar in line.unicodeScalars {
                if scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue {
                    run += "\(Int(value))"
                } else {
                    if scalar.properties.numericType != nil, scalar.properties.generalCategory != .otherLetter {
                        claims.append(String(scalar))
                    }
                    if !run.isEmpty, !(scalar == "." || scalar == ")") || !isListed(run, line) { claims.append(run) }
                    run = ""
                }
            }
            if !run.isEmpty { claims.append(run) }
            for word in line.split(whereSeparator: \.isWhitespace)
            where word.contains("@") || word.contains("://") || word.lowercased().contains("www.") {
                claims.append(word.lowercased().trimmingCharacters(in: .punctuationCharacters))
            }
        }
        return claims
    }

    /// `2.` at the head of a line.
    private static func isListed(_ run: String, _ line: Substring) -> Bool {
        run.utf8.count <= 2 && line.drop { !$0.isNumber }.hasPrefix(run)
            && line.prefix { !$0.isNumber }.allSatisfy { !$0.isLetter }
    }

    // MARK: - The shop

    private static func question(_ text: String) -> RawMessage {
        let lines = [
            "Authentication-Results: mx.neemandclay.example; dmarc=pass header.from=mail.example",
            "From: priya.sharma@mail.example", "To: support@neemandclay.example", "Subject: My order",
            "Date: Tue, 10 Mar 2026 14:00:00 +0530", "Message-ID: <fuzzed@mail.example>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", "\(text)\n",
        ]
        return RawMessage(
            id: 0, channel: "support", source: "fuzzed", arrival: Date(timeIntervalSince1970: 1_773_133_200),
            bytes: Array(lines.joined(separator: "\r\n").utf8))
    }

    private static func desk() async throws -> Desk {
        let demo = FuzzTarget.root.appendingPathComponent("Mailboxes/demo")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("auradesk-fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["customers.json", "orders.json", "desk.yaml"] {
            try FileManager.default.copyItem(
                at: demo.appendingPathComponent(name), to: folder.appendingPathComponent(name))
        }
        var configuration = try DeskConfiguration(file: folder.appendingPathComponent("desk.yaml").path)
        configuration.templates = FuzzTarget.root.appendingPathComponent("Templates").path
        var surroundings = DeskSurroundings(logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { Date(timeIntervalSince1970: 1_773_133_200) }
        return try await Desk.build(configuration, surroundings)
    }
}
