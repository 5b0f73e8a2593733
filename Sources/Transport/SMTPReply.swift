/// One reply of an SMTP server, RFC 5321 section 4.2: positive or negative, it is a value.
public struct SMTPReply: Sendable, Hashable {
    /// Three digits.
    public var code: Int
    /// The enhanced status code (RFC 3463, `5.1.1`), if there is one.
    public var enhancedCode: String?
    /// The server's text, its lines joined by spaces. It may quote addresses: not for logs.
    public var text: String

    /// A reply made by hand, for tests.
    public init(code: Int, enhancedCode: String? = nil, text: String = "") {
        self.code = code
        self.enhancedCode = enhancedCode
        self.text = text
    }

    /// 2yz: done.
    public var isPositive: Bool { (200..<300).contains(code) }
    /// 4yz: the same may succeed later.
    public var isTransient: Bool { (400..<500).contains(code) }
    /// 5yz: the same will fail again.
    public var isPermanent: Bool { code >= 500 }
}

/// Makes replies of bytes, fed in pieces of any size.
struct SMTPReplyParser {
    /// RFC 5321 section 4.5.3.1.5 allows 512 octets; servers with long greetings are forgiven up to here.
    static let maximumLine = 4096
    static let maximumLines = 512

    enum Failure: Error, Equatable { case malformed, tooLarge }

    private var input: [UInt8] = []
    private var position = 0
    private var lines: [[UInt8]] = []
    private var code: Int?

    mutating func feed(_ bytes: [UInt8]) {
        input.removeFirst(position)
        position = 0
        input.append(contentsOf: bytes)
    }

    /// Whether nothing has arrived that was not taken.
    var isEmpty: Bool { position == input.count && lines.isEmpty }

    /// The next complete reply and its lines without codes, or `nil` if more bytes are needed.
    mutating func next() throws(Failure) -> (reply: SMTPReply, lines: [String])? {
        while let end = input[position...].firstIndex(of: 0x0A) {
            var line = input[position..<end]
            position = end + 1
            // QUIRK: RFC 5321 section 2.3.8 ends lines with CRLF; a lone LF is taken too.
            if line.last == 0x0D { line.removeLast() }
            guard line.count <= Self.maximumLine, lines.count < Self.maximumLines else { throw .tooLarge }
            if let complete = try take(line) { return complete }
        }
        guard input.count - position <= Self.maximumLine else { throw .tooLarge }
        return nil
    }

    private mutating func take(_ line: ArraySlice<UInt8>) throws(Failure) -> (SMTPReply, [String])? {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let code = Int(String(decoding: digits, as: UTF8.self)), (200..<600).contains(code)
        else { throw .malformed }
        // All lines of a reply carry the same code.
        if let first = self.code, first != code { throw .malformed }
        self.code = code
        let mark = line.dropFirst(3).first
        guard mark == nil || mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-") else { throw .malformed }
        lines.append(Array(line.dropFirst(4)))
        if mark == UInt8(ascii: "-") { return nil }
        let texts = lines.map { String(decoding: $0, as: UTF8.self) }
        lines = []
        self.code = nil
        return (Self.reply(code, texts), texts)
    }

    private static func reply(_ code: Int, _ lines: [String]) -> SMTPReply {
        guard let enhanced = lines.last.flatMap({ enhancedCode($0, class: code / 100) }) else {
            return SMTPReply(code: code, text: lines.joined(separator: " "))
        }
        let texts = lines.map { line in
            line.hasPrefix(enhanced) ? String(line.dropFirst(enhanced.count).drop { $0 == " " }) : line
        }
        return SMTPReply(code: code, enhancedCode: enhanced, text: texts.joined(separator: " "))
    }

    /// `5.1.1` at the start of a line; its class must be that of the code (RFC 2034 section 4).
    private static func enhancedCode(_ line: String, class expected: Int) -> String? {
        let word = line.prefix { $0 != " " }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard word.utf8.count <= 11, parts.count == 3, parts[0] == "\(expected)",
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return String(word)
    }
}
