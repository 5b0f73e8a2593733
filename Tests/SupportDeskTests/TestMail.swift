import Foundation

/// A mail as the shop's receiving server hands it over, by default from the owner of NC-104233, authenticated.
struct TestMail {
    /// What the receiving server says about the sender.
    enum Verdict { case pass, fail, none }

    var name: String? = "Priya Sharma"
    var from = "priya.sharma@mail.example"
    var to: String? = "support@neemandclay.example"
    var replyTo: String?
    var subject = "My order"
    var text: String
    var id: String? = "\(UUID().uuidString)@mail.example"
    var date: String? = "Tue, 10 Mar 2026 14:00:00 +0530"
    var inReplyTo: String?
    var references: [String] = []
    var verdict = Verdict.pass
    var contentType = "text/plain; charset=utf-8"
    var headers: [String] = []

    /// A question that the desk answers from the record.
    static func whereIsIt(_ order: String = "NC-104233") -> TestMail {
        TestMail(
            subject: "Where is my order \(order)?",
            text: "Hello,\nwhere is my order \(order)? When will it be delivered?\nThank you\n")
    }

    var bytes: [UInt8] {
        let domain = from.split(separator: "@").last ?? ""
        var lines: [String] = []
        switch verdict {
        case .pass:
            lines.append(
                "Authentication-Results: mx.neemandclay.example; dkim=pass header.d=\(domain);"
                    + " spf=pass smtp.mailfrom=\(from); dmarc=pass header.from=\(domain)")
        case .fail:
            lines.append(
                "Authentication-Results: mx.neemandclay.example; dkim=fail; spf=fail smtp.mailfrom=\(from);"
                    + " dmarc=fail (p=reject) header.from=\(domain)")
        case .none: break
        }
        lines.append("From: " + (name.map { "\"\($0)\" <\(from)>" } ?? from))
        if let to { lines.append("To: \(to)") }
        if let replyTo { lines.append("Reply-To: \(replyTo)") }
        lines.append("Subject: \(subject)")
        if let date { lines.append("Date: \(date)") }
        if let id { lines.append("Message-ID: <\(id)>") }
        if let inReplyTo { lines.append("In-Reply-To: <\(inReplyTo)>") }
        if !references.isEmpty { lines.append("References: " + references.map { "<\($0)>" }.joined(separator: " ")) }
        lines += headers
        lines += ["MIME-Version: 1.0", "Content-Type: \(contentType)", "Content-Transfer-Encoding: 8bit", "", text]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
