import Foundation

/// One mail of the set, with all that is known about it.
public struct RetailMail: Sendable {
    /// How the receiving server found its sender.
    enum Proof: Sendable { case pass, none, fail }
    /// How it names its order.
    enum Naming: String, Sendable { case named, unnamed, unknown, foreign }

    /// Its place in the set; the name of its file.
    let place: Int
    let topics: [Topic]
    let language: String
    let sender: RetailCustomer
    let proof: Proof
    let naming: Naming
    let subject: String
    let text: String
    let expected: ExpectedReply

    var identifier: String { "retail-\(place)@\(sender.address.split(separator: "@").last ?? "mail.example")" }

    /// The mail as the shop's receiving server hands it over.
    func bytes(arrivedAt instant: Date) -> [UInt8] {
        let domain = sender.address.split(separator: "@").last.map(String.init) ?? ""
        var lines = ["Return-Path: <\(sender.address)>", "Delivered-To: support@neemandclay.example"]
        lines.append("Received: from mx.\(domain) by mx.neemandclay.example with ESMTPS; \(Self.stamp(instant))")
        switch proof {
        case .pass:
            lines.append(
                "Authentication-Results: mx.neemandclay.example; dkim=pass header.d=\(domain);"
                    + " spf=pass smtp.mailfrom=\(sender.address); dmarc=pass header.from=\(domain)")
        case .fail:
            lines.append(
                "Authentication-Results: mx.neemandclay.example; spf=fail smtp.mailfrom=\(sender.address);"
                    + " dmarc=fail (p=reject) header.from=\(domain)")
        case .none: break
        }
        lines += [
            "From: \"\(sender.name)\" <\(sender.address)>", "To: support@neemandclay.example",
            "Subject: =?utf-8?B?\(Data(subject.utf8).base64EncodedString())?=", "Date: \(Self.stamp(instant))",
            "Message-ID: <\(identifier)>", "MIME-Version: 1.0",
        ]
        if place % 9 == 4 {
            let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            lines += [
                "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit", "",
                "<html><body><div>\(escaped.replacing("\n", with: "<br>\r\n"))</div></body></html>",
            ]
        } else {
            lines += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", ""]
            lines += text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// A time as mail has it (RFC 5322 §3.3), in UTC.
    public static func stamp(_ instant: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: instant)
    }
}
