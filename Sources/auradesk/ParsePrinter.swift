import Foundation
import Mail

/// What a person sees of a message.
enum ParsePrinter {
    static func text(_ reading: MessageReading) -> String {
        var lines = [reading.file]
        switch reading.message {
        case .failure(let error): lines += row("unreadable", error.message)
        case .success(let message): lines += rows(message, reading)
        }
        return lines.map(shown).joined(separator: "\n") + "\n\n"
    }

    private static func rows(_ message: Message, _ reading: MessageReading) -> [String] {
        var lines = row("from", message.from.map(name).joined(separator: ", "))
        lines += row("reply to", message.replyTo.map(name).joined(separator: ", "))
        lines += row("to", message.to.map(name).joined(separator: ", "))
        lines += row("cc", message.cc.map(name).joined(separator: ", "))
        lines += row("date", message.date?.formatted(.iso8601) ?? "")
        lines += row("subject", message.subject)
        lines += row("answers", message.inReplyTo.first ?? message.references.last ?? "")
        lines += row("written by", author(reading))
        lines += row("sender", reading.authentication == .unknown ? "" : "authentication: \(reading.authentication)")
        let marks = [message.isEncrypted ? "encrypted" : "", message.isSigned ? "signed" : ""].filter { !$0.isEmpty }
        lines += row("sealed", marks.joined(separator: ", "))
        if message.hasCalendar { lines += row("calendar", message.calendarMethod ?? "no method") }
        for file in message.attachments {
            let name = file.name.isEmpty ? "unnamed" : file.name
            lines += row("file", "\(name) (\(file.type), \(size(file.size)))")
        }
        if let forwarded = message.forwarded {
            let from = forwarded.from.map(name) ?? "somebody"
            lines += row("passed on", "from \(from)\(forwarded.subject.isEmpty ? "" : ": \(forwarded.subject)")")
        }
        for recipient in message.deliveryReport?.recipients ?? [] {
            let words = [
                recipient.finalRecipient ?? recipient.originalRecipient, recipient.action?.rawValue, recipient.status,
            ]
            lines += row("report", words.compactMap { $0 }.joined(separator: ", "))
        }
        if let report = message.feedbackReport {
            lines += row("report", "\(report.type), from \(report.userAgent ?? "somebody")")
        }
        for hidden in message.hidden { lines += row("hidden", "(\(hidden.reason.rawValue)) \(hidden.text)") }
        for problem in message.problems { lines += row("note", problem) }
        if !message.newText.isEmpty {
            lines += Terminal.wrapped(message.newText, indent: 4).map { $0.isEmpty ? "  |" : "  | \($0)" }
        }
        let rest = [("quoted", message.quoted), ("signature", message.signature)].compactMap { name, text in
            text.isEmpty ? nil : "\(name): \(count(text.utf8.count { $0 == 10 } + 1, "line"))"
        }
        lines += row("besides", rest.joined(separator: ", "))
        return lines
    }

    private static let width = 10

    /// One value behind its name, wrapped; nothing for an empty one.
    private static func row(_ name: String, _ value: String) -> [String] {
        guard !value.isEmpty else { return [] }
        let margin = String(repeating: " ", count: width + 4)
        let head = "  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + "  "
        let values = Terminal.wrapped(value, indent: width + 4)
        return values.enumerated().map { $0 == 0 ? head + $1 : margin + $1 }
    }

    private static func author(_ reading: MessageReading) -> String {
        guard let rule = reading.rule else { return "a person" }
        return reading.class == "own" ? "the shop itself (\(rule))" : "no person: \(reading.class) (\(rule))"
    }

    private static func name(_ mailbox: Mailbox) -> String {
        guard let name = mailbox.name, name != mailbox.address else { return mailbox.address }
        return "\(name) <\(mailbox.address)>"
    }

    private static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1_000: "\(bytes) bytes"
        case ..<1_000_000: "\((bytes + 500) / 1_000) kB"
        default: String(format: "%.1f MB", Double(bytes) / 1_000_000)
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// Other people's text must not steer the terminal: control characters (C0 and C1) and changes of direction go.
    private static func shown(_ line: String) -> String {
        String(
            String.UnicodeScalarView(
                line.unicodeScalars.lazy.filter { scalar in
                    switch scalar.value {
                    case 9: true
                    case 0..<32, 127..<160, 0x202A...0x202E, 0x2066...0x2069: false
                    default: true
                    }
                }))
    }

    /// How many messages of each class there were.
    static func summary(_ counts: [String: Int]) -> String {
        let total = counts.values.reduce(0, +)
        let parts = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        return "\(count(total, "message")): \(parts.joined(separator: ", "))"
    }
}
