/// One result of an `Authentication-Results` field (RFC 8601 §2.2, `resinfo`).
struct AuthenticationResult {
    /// The method in lower case: `dmarc`, `spf`, `dkim` …
    let method: String
    /// The result in lower case.
    let result: String
    /// The domain of `header.from`, in lower case.
    let fromDomain: String?
    /// The domain that the method is about: of the signature (`header.d`, `header.i`) or of the envelope sender
    /// (`smtp.mailfrom`), in lower case.
    let provenDomain: String?

    /// Whether an SPF or DKIM result is about a domain or about one below it, which belongs to it as well. The other way
    /// round would let the customers of a host that signs for all of them write in each other's names (RFC 7489 §3.1).
    func isAligned(with domain: String) -> Bool {
        guard method == "spf" || method == "dkim", let provenDomain else { return false }
        return provenDomain.isSame(as: domain, orBelow: true)
    }

    /// The parts of a field between semicolons; comments are taken out, quoted strings hold together.
    static func segments(_ value: String) -> [ArraySlice<UInt8>] {
        let text = AutomaticMail.Evidence.withoutComments(value.utf8)
        var result: [ArraySlice<UInt8>] = []
        var isQuoted = false
        var isEscaped = false
        var start = 0
        for (index, byte) in text.enumerated() {
            if isEscaped {
                isEscaped = false
                continue
            }
            if byte == UInt8(ascii: "\\") { isEscaped = true }
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: ";"), !isQuoted {
                result.append(text[start..<index])
                start = index + 1
            }
        }
        result.append(text[start...])
        return result
    }

    /// The authserv-id of the first part, in lower case; nil when the field is of a version that is not ours to
    /// understand (RFC 8601 §2.2: the version is 1, and may be left out).
    static func serverName(_ segment: ArraySlice<UInt8>) -> String? {
        let words = segment.split(whereSeparator: ASCII.isWhitespace)
        guard let name = words.first else { return "" }
        guard words.count == 1 || words.count == 2 && words[1].elementsEqual("1".utf8) else { return nil }
        return ASCII.lowercased(name.filter { $0 != UInt8(ascii: "\"") })
    }

    /// Whether a part is a result and not a name.
    static func isResult(_ segment: ArraySlice<UInt8>) -> Bool {
        segment.contains(UInt8(ascii: "=")) && !parse([segment]).isEmpty
    }

    /// The results in the parts behind the name.
    static func parse(_ segments: [ArraySlice<UInt8>]) -> [AuthenticationResult] {
        segments.prefix(50).compactMap { segment in
            let pairs = pairs(segment)
            guard let first = pairs.first, !first.value.isEmpty else { return nil }
            // "dkim/1=pass": the version of the method.
            let method = first.name.split(separator: "/").first.map { ASCII.trimmed(String($0)) } ?? first.name
            func domain(_ name: String) -> String? {
                guard let value = pairs.dropFirst().first(where: { $0.name == name })?.value else { return nil }
                guard let at = value.utf8.lastIndex(of: UInt8(ascii: "@")) else { return value }
                return String(value[value.index(after: at)...])
            }
            let proven = method == "spf" ? domain("smtp.mailfrom") : domain("header.d") ?? domain("header.i")
            return AuthenticationResult(
                method: method, result: first.value, fromDomain: domain("header.from"), provenDomain: proven)
        }
    }

    /// The `name=value` pairs of a part, in lower case. Blanks around `=` are legal.
    private static func pairs(_ segment: ArraySlice<UInt8>) -> [(name: String, value: String)] {
        var result: [(String, String)] = []
        var index = segment.startIndex
        while index < segment.endIndex, result.count < 50 {
            while index < segment.endIndex, ASCII.isWhitespace(segment[index]) { index += 1 }
            let start = index
            while index < segment.endIndex, segment[index] != UInt8(ascii: "="), !ASCII.isWhitespace(segment[index]) {
                index += 1
            }
            let name = segment[start..<index]
            while index < segment.endIndex, ASCII.isWhitespace(segment[index]) { index += 1 }
            guard index < segment.endIndex, segment[index] == UInt8(ascii: "=") else { continue }
            index += 1
            while index < segment.endIndex, ASCII.isWhitespace(segment[index]) { index += 1 }
            // A local part may be quoted, and the domain follows: `"a b"@c.example`.
            var value: [UInt8] = []
            var isQuoted = false
            while index < segment.endIndex, isQuoted || !ASCII.isWhitespace(segment[index]) {
                switch segment[index] {
                case UInt8(ascii: "\""): isQuoted.toggle()
                case UInt8(ascii: "\\") where isQuoted && index + 1 < segment.endIndex:
                    index += 1
                    value.append(segment[index])
                default: value.append(segment[index])
                }
                index += 1
            }
            result.append((ASCII.lowercased(name), ASCII.lowercased(value)))
        }
        return result
    }
}
