import Foundation

/// How log lines are written.
public enum LogFormat: String, Sendable, CaseIterable {
    /// For people.
    case human
    /// One JSON object per line.
    case json
    /// `key=value` pairs (https://brandur.org/logfmt).
    case logfmt
}

/// One line of the log: when, how grave, what, and values by name. Its values name nobody.
public struct LogLine: Sendable {
    /// A value; numbers stay numbers in JSON.
    public enum Value: Sendable, Hashable {
        /// Words.
        case text(String)
        /// A number, written with at most three digits behind the point.
        case number(Double)
    }

    /// When.
    public let time: Date
    /// How grave: `debug`, `info`, `notice`, `warning`, `error`.
    public let level: String
    /// What.
    public let message: String
    /// Values by name, in order.
    public let fields: [(name: String, value: Value)]

    /// Creates a line.
    public init(_ time: Date, _ level: String, _ message: String, _ fields: [(name: String, value: Value)] = []) {
        (self.time, self.level, self.message, self.fields) = (time, level, message, fields)
    }

    /// The outcome of a message.
    public init(_ handled: HandledMessage, at time: Date) {
        var fields: [(name: String, value: Value)] = [
            ("message", .number(Double(handled.id))), ("channel", .text(handled.channel)),
            ("disposition", .text(handled.disposition.rawValue)), ("rule", .text(handled.rule)),
        ]
        if let intent = handled.intent { fields.append(("intent", .text(intent))) }
        if let confidence = handled.confidence { fields.append(("confidence", .number(confidence))) }
        if let language = handled.language { fields.append(("language", .text(language))) }
        if let ticket = handled.ticket { fields.append(("ticket", .text(ticket))) }
        fields.append(("seconds", .number(handled.took.seconds)))
        self.init(time, "info", "outcome", fields)
    }

    /// The line, without its end. Line ends in values are escaped, so that nobody can forge a line.
    public func text(_ format: LogFormat) -> String {
        switch format {
        case .human: human
        case .json: "{" + pairs { Self.quoted($0) + ":" + Self.json($1) }.joined(separator: ",") + "}"
        case .logfmt: pairs { "\($0)=" + Self.bare($1) }.joined(separator: " ")
        }
    }

    private func pairs(_ write: (String, Value) -> String) -> [String] {
        let head: [(name: String, value: Value)] = [
            ("time", .text(time.formatted(.iso8601))), ("level", .text(level)), ("msg", .text(message)),
        ]
        return (head + fields).map { write($0.name, $0.value) }
    }

    private var human: String {
        let clock = time.formatted(Self.clock)
        if message == "outcome" {
            let values = Dictionary(
                fields.map { ($0.name, Self.plain($0.value)) }, uniquingKeysWith: { first, _ in first })
            let disposition = (values["disposition"] ?? "").padding(toLength: 11, withPad: " ", startingAt: 0)
            let rest = ["intent", "confidence", "language"].compactMap { values[$0] } + ["(\(values["rule"] ?? ""))"]
            return "\(clock)  \(disposition)  message \(values["message"] ?? "")  \(rest.joined(separator: " "))"
        }
        let values = fields.map { "\($0.name)=\(Self.bare($0.value))" }
        let grave = ["warning", "error", "critical"].contains(level) ? "\(level): " : ""
        return "\(clock)  \(grave)" + ([Self.escaped(message)] + values).joined(separator: " ")
    }

    private static let clock = Date.VerbatimFormatStyle(
        format:
            "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
        timeZone: .current, calendar: Calendar(identifier: .gregorian))

    private static func plain(_ value: Value) -> String {
        switch value {
        case .text(let text): text
        case .number(let number): written(number)
        }
    }

    private static func written(_ number: Double) -> String {
        let rounded = (number * 1_000).rounded() / 1_000
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int64(rounded)) : String(rounded)
    }

    private static func json(_ value: Value) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .number(let number): written(number)
        }
    }

    /// Without quotes where logfmt needs none.
    private static func bare(_ value: Value) -> String {
        guard case .text(let text) = value else { return plain(value) }
        let isBare = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x5C && $0 != 0x7F }
        return isBare && !text.isEmpty ? text : quoted(text)
    }

    /// In quotes, as JSON wants it (RFC 8259 §7).
    private static func quoted(_ text: String) -> String { "\"" + escaped(text, quotes: true) + "\"" }

    private static func escaped(_ text: String, quotes: Bool = false) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"" where quotes: escaped += "\\\""
            case "\\" where quotes: escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case _
            where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || [0x2028, 0x2029].contains(scalar.value):
                let hex = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
