/// One result of an `Authentication-Results` field (RFC 8601 §2.2, `resinfo`).
struct AuthenticationResult {
    /// The method in lower case: `dmarc`, `spf`, `dkim` …
    let method: String
    /// The result in lower case.
    let result: String
    /// The domain of `header.from`, in lower case.
    let fromDomain: String?

    /// The parts of a field between semicolons; comments are taken out, quoted strings hold together.
    static func segments(_ value: String) -> [ArraySlice<UInt8>] {
        let text = AutomaticMail.Evidence.withoutComments(value.utf8)
        var result: [ArraySlice<UInt8>] = []
        var isQuoted = false
        var start = 0
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: ";"), !isQuoted {
                result.append(text[start..<index])
                start = index + 1
            }
        }
        result.append(text[start...])
        return result
    }

    /// The authserv-id of the first part, in lower case; a version number may follow it.
    static func serverName(_ segment: ArraySlice<UInt8>) -> String {
        let word = ASCII.trimmed(segment).prefix { !ASCII.isWhitespace($0) }
        return ASCII.lowercased(word.filter { $0 != UInt8(ascii: "\"") })
    }

    /// The results in the parts behind the name.
    static func parse(_ segments: [ArraySlice<UInt8>]) -> [AuthenticationResult] {
        segments.prefix(50).compactMap { segment in
            let pairs = pairs(segment)
            guard let first = pairs.first, !first.value.isEmpty else { return nil }
            // "dkim/1=pass": the version of the method.
            let method = first.name.split(separator: "/").first.map { ASCII.trimmed(String($0)) } ?? first.name
            var domain = pairs.dropFirst().first { $0.name == "header.from" }?.value
            if let at = domain?.utf8.lastIndex(of: UInt8(ascii: "@")), let text = domain {
                domain = String(text[text.index(after: at)...])
            }
            return AuthenticationResult(method: method, result: first.value, fromDomain: domain)
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
            var value: [UInt8] = []
            if index < segment.endIndex, segment[index] == UInt8(ascii: "\"") {
                index += 1
                while index < segment.endIndex, segment[index] != UInt8(ascii: "\"") {
                    if segment[index] == UInt8(ascii: "\\"), index + 1 < segment.endIndex { index += 1 }
                    value.append(segment[index])
                    index += 1
                }
                index += 1
            } else {
                while index < segment.endIndex, !ASCII.isWhitespace(segment[index]) {
                    value.append(segment[index])
                    index += 1
                }
            }
            result.append((ASCII.lowercased(name), ASCII.lowercased(value)))
        }
        return result
    }
}
