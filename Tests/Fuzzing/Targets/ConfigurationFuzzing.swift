import Foundation
import Mail
import SupportDesk

/// Any text as `desk.yaml`; as an article, when it begins with a block between two --- lines.
///
/// It is taken or refused with one line that names the file and one of its lines. What is taken can be used: the shop's
/// mail can be written, and what it counts with is within bounds.
enum ConfigurationFuzzing {
    private static let folder = "/nowhere"

    static func check(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let isArticle = text.hasPrefix("---")
        let file = "\(folder)/\(isArticle ? "article.md" : "desk.yaml")"
        do {
            if isArticle {
                try ConfigurationProbe.article(text, path: file)
            } else {
                try checkUse(of: try ConfigurationProbe.desk(text, file: file))
            }
        } catch let error as DeskError {
            try checkError(error, file: file, lines: text)
        }
    }

    private static func checkUse(of desk: DeskConfiguration) throws {
        let mail = OutgoingMail(
            from: Mailbox(name: desk.shop.name, address: desk.shop.address),
            to: [Mailbox(address: "priya@mail.example")], subject: "Re: Your message to \(desk.shop.name)",
            messageID: "1@shop.example", date: Date(timeIntervalSince1970: 0), text: "Hello")
        do {
            let back = try Message(parsing: mail.bytes())
            // A domain's letters may be of either case.
            let own = Mailbox(address: desk.shop.address).address
            try demand(back.from.map(\.address) == [own], "mail would be from somebody else")
            try demand(back.to.map(\.address) == ["priya@mail.example"], "mail would go to somebody else as well")
        } catch let error as MailError {
            throw Broken(description: "no mail can be written in the name of the shop: \(error)")
        }
        try demand(!desk.channels.isEmpty, "a desk without a channel")
        try demand(Set(desk.channels.map(\.name)).count == desk.channels.count, "two channels of one name")
        try demand(desk.deadline > 0 && desk.maximumAge > 0, "a time that is over before it begins")
        try demand(desk.limits.messageBytes > 0 && desk.limits.concurrency > 0, "a limit that lets nothing through")
        try demand(desk.state.hasPrefix("/"), "a folder that depends on where the program is started")
    }

    /// `FILE:LINE: words`, on one line; the line is one of the file's, or the one behind its end.
    static func checkError(_ error: DeskError, file: String, lines text: String) throws {
        let message = error.message
        try demand(error.code == .configuration, "a slip in a file counts as something else: \(message)")
        try demand(message.isOneLine, "an error of more than one line: \(message.debugDescription)")
        let rest = message.dropFirst(file.count + 1)
        let line = rest.prefix(while: { $0.isASCII && $0.isNumber })
        try demand(
            message.hasPrefix("\(file):") && rest.dropFirst(line.count).hasPrefix(": "),
            "an error that names no file and line: \(message)")
        let count =
            1
            + text.unicodeScalars.count {
                ["\n", "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}"].contains($0)
            }
        try demand(
            Int(line).map { (1...(count + 1)).contains($0) } ?? false,
            "an error on line \(line) of \(count): \(message)")
    }
}
