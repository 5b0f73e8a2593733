extension Message {
    /// The verdict about the sender by the `Authentication-Results` fields of our own receiving server.
    ///
    /// Anybody can write such a field, so only those count whose authserv-id (RFC 8601 §2.5) is the trusted one and
    /// that stand where that server puts them: above the `Received` field of the hop before it. RFC 8601 §5 asks the
    /// server to strip forged ones; this does not rely on it.
    ///
    /// `pass` needs `dmarc=pass` for exactly the domain of exactly one From mailbox; `dmarc=fail` is `fail`.
    ///
    /// - Parameter authservID: the name of the receiving server; `nil` trusts none, everything is `unknown`.
    public func authentication(trusting authservID: String?) -> Authentication {
        let domain = from.count == 1 ? from.first?.domain : nil
        guard let authservID, !authservID.isEmpty else {
            return Authentication(unknown: "no receiving server is trusted", domain: domain)
        }
        let results = trustedFields(of: authservID).flatMap(AuthenticationResult.parse)
        guard !results.isEmpty else {
            return Authentication(unknown: "the receiving server has written no results", domain: domain)
        }
        let dmarc = results.filter { $0.method == "dmarc" }
        let dkim = results.filter { $0.method == "dkim" }
        let (verdict, reason) = verdict(dmarc: dmarc, domain: domain)
        return Authentication(
            verdict: verdict,
            dmarc: (dmarc.first { $0.result != "pass" } ?? dmarc.first)?.result,
            spf: results.first { $0.method == "spf" }?.result,
            dkim: (dkim.first { $0.result == "pass" } ?? dkim.first)?.result,
            domain: domain, reason: reason)
    }

    private func verdict(dmarc: [AuthenticationResult], domain: String?) -> (Authentication.Verdict, String) {
        if dmarc.contains(where: { $0.result == "fail" }) { return (.fail, "DMARC failed") }
        guard from.count == 1 else { return (.unknown, "there is not exactly one From mailbox") }
        guard let domain, !dmarc.isEmpty else { return (.unknown, "there is no DMARC result") }
        guard dmarc.allSatisfy({ $0.result == "pass" }) else { return (.unknown, "DMARC proved nothing") }
        guard dmarc.allSatisfy({ $0.fromDomain == domain }) else {
            return (.unknown, "DMARC passed for another domain than that of From")
        }
        return (.pass, "DMARC passed")
    }

    /// The values of the fields that the trusted server wrote, without its name.
    private func trustedFields(of authservID: String) -> [[ArraySlice<UInt8>]] {
        let trusted = ASCII.lowercased(authservID.utf8)
        let hasBorder = headers.contains { isReceived($0, by: trusted) }
        var found: [[ArraySlice<UInt8>]] = []
        var hasPassedBorder = false
        for field in headers {
            if ASCII.equal(field.name, "Received") {
                // The first hop below the trusted server is somebody else's ground, and so is all below it.
                if hasPassedBorder || (!hasBorder && !found.isEmpty) { break }
                hasPassedBorder = hasBorder && isReceived(field, by: trusted)
            } else if ASCII.equal(field.name, "Authentication-Results") {
                let segments = AuthenticationResult.segments(field.value)
                guard let first = segments.first, AuthenticationResult.serverName(first) == trusted else { continue }
                found.append(Array(segments.dropFirst()))
            }
        }
        return found
    }

    /// Whether a `Received` field was written by that host (RFC 5321 §4.4: `by` clause).
    private func isReceived(_ field: HeaderField, by host: String) -> Bool {
        guard ASCII.equal(field.name, "Received") else { return false }
        let text = AutomaticMail.Evidence.withoutComments(field.value.utf8)
        let words = text.split(whereSeparator: ASCII.isWhitespace).prefix(40)
        guard let by = words.firstIndex(where: { ASCII.lowercased($0) == "by" }), by + 1 < words.endIndex else {
            return false
        }
        return ASCII.lowercased(words[by + 1].filter { $0 != UInt8(ascii: ";") }) == host
    }
}
