import ArgumentParser
import Foundation
import Seeded

/// Writes mails of all usual structures, the same ones every time.
struct CorpusBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus", abstract: "Write invented mails of about 6 KB each into a maildir.")

    @Argument(help: "How many.")
    var count: Int

    @Argument(help: "The maildir; it is made when needed.")
    var folder: String

    func run() throws {
        for part in ["cur", "new", "tmp"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        }
        var writer = CorpusWriter()
        for number in 0..<count {
            let path = "\(folder)/cur/\(1_700_000_000 + number).M\(number)P1.corpus:2,"
            try Data(writer.mail(number).utf8).write(to: URL(fileURLWithPath: path))
        }
    }
}

/// Mails by a fixed seed.
private struct CorpusWriter {
    private var random = SeededRandom(seed: 20_260_310)

    private static let words = """
        order invoice delivery parcel refund please thanks regards yesterday warehouse colour jar shelf lamp broken glass \
        three weeks ago tracking number courier address changed übermorgen größe café naïve été señor ordem łódź заказ \
        доставка 注文 商品 ऑर्डर कहाँ है कृपया would like know when arrive because birthday party next Saturday again
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    private mutating func number(below limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

    /// Sizes as of real mail: most are short, a few long.
    private mutating func size(_ typical: Int) -> Int {
        var size = typical / 3
        while size < typical * 12, number(below: 5) > 1 { size += typical / 3 }
        return size
    }

    private mutating func line() -> String {
        (0..<(6 + number(below: 6))).map { _ in Self.words[number(below: Self.words.count)] }.joined(separator: " ")
    }

    private mutating func text(_ bytes: Int) -> String {
        var text = ""
        while text.utf8.count < bytes { text += line() + (number(below: 6) == 0 ? "\n\n" : "\n") }
        return text
    }

    /// Some have a reply's quotation and a signature below.
    private mutating func answer(_ bytes: Int) -> String {
        let new = text(bytes / 2)
        guard number(below: 2) == 0 else { return new + text(bytes / 2) }
        let old = text(bytes / 2).split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)" }
        return
            "\(new)\nOn Tue, 10 Mar 2026 at 09:00, Support <support@shop.example> wrote:\n\(old.joined(separator: "\n"))\n"
            + "\n-- \nAsha Rao\n+91 98765 43210\n"
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed]) + "\n"
    }

    /// RFC 2045 section 6.7, with soft line breaks.
    private static func quotedPrintable(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var result = ""
            var column = 0
            for byte in line.utf8 {
                let plain = (33...126).contains(byte) && byte != 61 || byte == 32
                let piece =
                    plain ? String(UnicodeScalar(byte)) : "=" + String(byte | 0, radix: 16, uppercase: true)
                if column + piece.utf8.count > 74 {
                    result += "=\n"
                    column = 0
                }
                result += piece
                column += piece.utf8.count
            }
            return result
        }.joined(separator: "\n")
    }

    private static func part(_ type: String, _ encoding: String, _ body: String, _ more: String = "") -> String {
        "Content-Type: \(type)\nContent-Transfer-Encoding: \(encoding)\n\(more)\n\(body)"
    }

    private static func multipart(_ kind: String, _ parts: [String], _ number: Int) -> String {
        let boundary = "=_\(kind)_\(number)"
        return "Content-Type: multipart/\(kind); boundary=\"\(boundary)\"\n\n"
            + parts.map { "--\(boundary)\n\($0)\n" }.joined() + "--\(boundary)--\n"
    }

    private mutating func structure(_ index: Int) -> String {
        let bytes = size(2200)
        let plain = "text/plain; charset=utf-8"
        switch index % 6 {
        case 0: return Self.part(plain, "8bit", answer(bytes * 2))
        case 1: return Self.part(plain, "quoted-printable", Self.quotedPrintable(answer(bytes)))
        case 2: return Self.part(plain, "base64", Self.base64(Array(answer(bytes * 2).utf8)))
        case 3:
            let html = answer(bytes).split(separator: "\n").map { "<div style=\"margin:0\">\($0)</div>" }
            let page = "<html><body>\n\(html.joined(separator: "\n"))\n</body></html>\n"
            let parts = [Self.part(plain, "8bit", answer(bytes)), Self.part("text/html; charset=utf-8", "8bit", page)]
            return Self.multipart("alternative", parts, index)
        case 4:
            let file = (0..<size(5000)).map { _ in UInt8(number(below: 256)) }
            let disposition = "Content-Disposition: attachment; filename*=utf-8''photo%20%C3%BC.jpg\n"
            let parts = [
                Self.part(plain, "8bit", answer(bytes)),
                Self.part("image/jpeg", "base64", Self.base64(file), disposition),
            ]
            return Self.multipart("mixed", parts, index)
        default:
            let inner =
                "From: x@other.example\nSubject: =?utf-8?q?caf=C3=A9?=\n" + Self.part(plain, "8bit", text(bytes))
            let parts = [Self.part(plain, "8bit", answer(bytes)), "Content-Type: message/rfc822\n\n\(inner)"]
            return Self.multipart("mixed", parts, index)
        }
    }

    mutating func mail(_ index: Int) -> String {
        let minute = String(index % 60), hour = String(index / 60 % 24), day = String(1 + index / 1440 % 28)
        let date =
            "\(day) Mar 2026 \(hour.count < 2 ? "0" : "")\(hour):\(minute.count < 2 ? "0" : "")\(minute):00 +0530"
        var header = ""
        for hop in 0..<3 {
            header += "Received: from h\(hop).example (h\(hop).example [192.0.2.\(hop)])\n"
            header += "\tby mx\(hop).shop.example with ESMTPS id \(String(random.next(), radix: 36)); \(date)\n"
        }
        header += "From: =?utf-8?q?S=C3=B8ren_\(index % 97)?= <customer\(index % 97)@mail.example>\n"
        header += "To: support@shop.example\nSubject: [\(index)] \(line())\nDate: \(date)\n"
        header += "Message-ID: <c\(index).\(String(random.next(), radix: 36))@mail.example>\nMIME-Version: 1.0\n"
        if index % 4 == 1 {
            let references = (max(0, index - 6)..<index).map { "<r\($0)@mail.example>" }
            header += "In-Reply-To: \(references.last ?? "")\nReferences: \(references.joined(separator: "\n "))\n"
        }
        return header + structure(index)
    }
}
