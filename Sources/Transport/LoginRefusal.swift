import CCurl

/// Makes an error of what libcurl and the server said while connecting and logging in.
enum LoginRefusal {
    static func error(_ result: CURLcode, greeting: [String], label: String) -> TransportError {
        let plain = TransportError(curl: result, host: label, step: "connect")
        let code = greeting.last.flatMap(responseCode)
        let isTemporary = code.map { $0.hasPrefix("4") || $0 == "UNAVAILABLE" || $0 == "INUSE" } ?? false
        switch plain.code {
        case .authentication:
            let reason = code.map { "\(plain.message) (\($0))" } ?? plain.message
            return TransportError(
                .authentication, reason, host: label, step: "login", curlCode: plain.curlCode, responseCode: code,
                isRetryable: isTemporary)
        case .protocolViolation where code != nil, .closed where code != nil:
            return TransportError(
                .refused, "the server refused the connection (\(code ?? ""))", host: label, step: "connect",
                curlCode: plain.curlCode, responseCode: code, isRetryable: isTemporary)
        default:
            return plain
        }
    }

    /// `AUTHENTICATIONFAILED` of `A2 NO [AUTHENTICATIONFAILED] …`, `535` of `535 5.7.8 …`. Never the text beside it.
    static func responseCode(_ line: String) -> String? {
        let words = line.split(separator: " ", maxSplits: 3)
        if let first = words.first, let number = Int(first.prefix(3)), (400...599).contains(number) {
            return String(number)
        }
        guard words.count >= 3, words[1].uppercased() == "NO" || words[1].uppercased() == "BYE" else { return nil }
        let code = words[2]
        guard code.first == "[", code.last == "]", code.count <= 40,
            code.dropFirst().dropLast().utf8.allSatisfy({ $0 > 0x40 && $0 < 0x5B || $0 == 0x2D })
        else { return nil }
        return String(code.dropFirst().dropLast())
    }
}
