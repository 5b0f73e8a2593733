/// One part of a mail to be written.
indirect enum MailPart {
    /// Content that is encoded already, with its header fields.
    case leaf(fields: [String], content: [UInt8])
    case alternative([MailPart])
    case mixed([MailPart])

    /// A text part in UTF-8, in whatever encoding suits it.
    static func text(_ text: String, subtype: String) -> MailPart {
        let content = canonical(Array(text.utf8))
        let encoding = TransferEncoding.best(for: content)
        let charset = content.allSatisfy { $0 < 0x80 } ? "us-ascii" : "utf-8"
        return .leaf(
            fields: [
                "Content-Type: text/\(subtype); charset=\(charset)", "Content-Transfer-Encoding: \(encoding.rawValue)",
            ], content: encoding.encode(content))
    }

    /// A file.
    ///
    /// A mail (`message/rfc822`) is carried as it is where that is possible: RFC 2046 §5.2.1 allows no encoding for it. One
    /// with 8-bit bytes, bare line ends or long lines would be changed on the way, so it goes as a file.
    static func attachment(_ attachment: Attachment) throws(MailError) -> MailPart {
        try HeaderWriter.check(attachment.name)
        let isMail = ASCII.equal(attachment.type, "message/rfc822")
        let isBare = isMail && canTravelBare(attachment.bytes)
        let type = isMail && !isBare ? "application/octet-stream" : attachment.type
        guard isType(type) else { throw MailError(.invalidValue, "an attachment has no proper media type") }
        guard !ASCII.equal(String(type.prefix(10)), "multipart/") else {
            throw MailError(.invalidValue, "a multipart cannot be attached as a file")
        }
        var fields = ["Content-Type: \(type)", "Content-Transfer-Encoding: \(isBare ? "7bit" : "base64")"]
        fields.append(
            "Content-Disposition: " + (attachment.isInline ? "inline" : "attachment") + fileName(attachment.name))
        if let id = attachment.contentID {
            var line: [UInt8] = []
            try HeaderWriter.write("Content-ID", identifiers: [id], to: &line)
            fields.append(String(decoding: line.dropLast(2), as: UTF8.self))
        }
        let content = isBare ? attachment.bytes : TransferEncoding.base64.encode(attachment.bytes)
        return .leaf(fields: fields, content: content)
    }

    /// Writes the header fields of the part, the empty line and its content.
    func write(to output: inout [UInt8], seed: String, path: String) {
        switch self {
        case .leaf(let fields, let content):
            for field in fields { output += "\(field)\r\n".utf8 }
            output += "\r\n".utf8
            output += content
        case .alternative(let parts): MailPart.write("alternative", parts, to: &output, seed: seed, path: path)
        case .mixed(let parts): MailPart.write("mixed", parts, to: &output, seed: seed, path: path)
        }
    }

    private static func write(
        _ subtype: String, _ parts: [MailPart], to output: inout [UInt8], seed: String, path: String
    ) {
        let contents = parts.enumerated().map { index, part in
            var bytes: [UInt8] = []
            part.write(to: &bytes, seed: seed, path: "\(path).\(index + 1)")
            return bytes
        }
        let boundary = boundary(for: contents, seed: seed, path: path)
        output += "Content-Type: multipart/\(subtype);\r\n boundary=\"\(boundary)\"\r\n\r\n".utf8
        for content in contents {
            output += "--\(boundary)\r\n".utf8
            output += content
            // The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
            output += "\r\n".utf8
        }
        output += "--\(boundary)--\r\n".utf8
    }

    /// A boundary that stands in no part: `=_` cannot come out of our encodings, an attached mail is searched for it.
    private static func boundary(for contents: [[UInt8]], seed: String, path: String) -> String {
        var attempt = 0
        while true {
            let boundary = "=_" + fingerprint("\(seed)/\(path)/\(attempt)")
            let needle = Array("--\(boundary)".utf8)
            if !contents.contains(where: { AutomaticMail.Evidence.contains($0, needle) }) { return boundary }
            attempt += 1
        }
    }

    /// FNV-1a, 64 bits: a name that is the same on every machine. Nothing secret hangs on it.
    private static func fingerprint(_ text: String) -> String {
        let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// Line ends as CRLF.
    static func canonical(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 30 + 2)
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == ASCII.lf, previous == ASCII.cr {
                previous = byte
                continue
            }
            if byte == ASCII.lf || byte == ASCII.cr { result += "\r\n".utf8 } else { result.append(byte) }
            previous = byte
        }
        if !result.isEmpty, previous != ASCII.lf, previous != ASCII.cr { result += "\r\n".utf8 }
        return result
    }

    private static func canTravelBare(_ bytes: [UInt8]) -> Bool {
        var column = 0
        var previous: UInt8 = 0
        for byte in bytes {
            guard byte < 0x80, byte != 0 else { return false }
            if byte == ASCII.lf {
                guard previous == ASCII.cr else { return false }
                column = 0
            } else {
                if previous == ASCII.cr { return false }
                column += 1
                if column > 990 { return false }
            }
            previous = byte
        }
        return !bytes.isEmpty && previous != ASCII.cr
    }

    static func isType(_ type: String) -> Bool {
        let parts = type.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.count < 80
                    && part.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || "!#$&^_.+-".utf8.contains($0) }
            }
    }

    /// The `filename` parameter: quoted when it is ASCII, else by RFC 2231 §4, in pieces (§3) when it is long.
    private static func fileName(_ name: String) -> String {
        guard !name.isEmpty else { return "" }
        let bytes = Array(name.utf8)
        if bytes.allSatisfy({ $0 >= 32 && $0 < 127 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }),
            // What looks like an encoded word would be read as one.
            bytes.count <= 60, bytes.firstRange(of: Array("=?".utf8)) == nil
        {
            return ";\r\n filename=\"\(name)\""
        }
        let digits = Array("0123456789ABCDEF")
        var pieces: [String] = [""]
        for byte in bytes {
            let isPlain = ASCII.isLetter(byte) || ASCII.isDigit(byte) || "._-".utf8.contains(byte)
            let text = isPlain ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            if (pieces.last?.utf8.count ?? 0) + text.utf8.count > 50 { pieces.append("") }
            pieces[pieces.count - 1] += text
        }
        if pieces.count == 1 { return ";\r\n filename*=utf-8''\(pieces[0])" }
        return pieces.enumerated().map { index, piece in
            ";\r\n filename*\(index)*=\(index == 0 ? "utf-8''" : "")\(piece)"
        }.joined()
    }
}
