extension Message {
    /// The word by which the configuration names a receiving server that writes no authserv-id.
    public static let microsoft365 = "microsoft365"

    /// The verdict about the sender by the `Authentication-Results` fields of our own receiving server.
    ///
    /// Anybody can write such a field, so only those count whose authserv-id (RFC 8601 §2.5) is the trusted one and
    /// that stand where that server puts them: above its own `Received` field or, where a milter adds them, directly
    /// below it. What stands below the `Received` field of any earlier hop is somebody else's ground. That the server
    /// strips forged fields of its name (RFC 8601 §5) matters only where it gives no result of its own.
    ///
    /// `pass` needs `dmarc=pass` for the domain of exactly one From mailbox or, where the server says nothing of DMARC,
    /// an SPF or DKIM pass for that domain or a subdomain of it. `dmarc=fail` is `fail`.
    ///
    /// - Parameters:
    ///   - authservID: the name of the receiving server, or ``microsoft365``; `nil` trusts none, everything is `unknown`.
    ///   - ownHops: how many of the topmost `Received` fields the shop's own servers write; `nil`: one, besides hops by
    ///     LMTP and hops that name no sender, which no stranger can add on top.
    public func authentication(trusting authservID: String?, ownHops: Int? = nil) -> Authentication {
        let domain = from.count == 1 ? from.first?.domain : nil
        guard let authservID, !authservID.isEmpty else {
            return Authentication(unknown: "no receiving server is trusted", domain: domain)
        }
        let results = trustedResults(of: authservID, ownHops: ownHops).flatMap {
            AuthenticationResult.parse($0.results)
        }
        guard !results.isEmpty else {
            return Authentication(unknown: "the receiving server has written no results", domain: domain)
        }
        let dmarc = results.filter { $0.method == "dmarc" }
        let dkim = results.filter { $0.method == "dkim" }
        let (verdict, reason) = verdict(results, dmarc: dmarc, domain: domain)
        return Authentication(
            verdict: verdict,
            dmarc: (dmarc.first { $0.result != "pass" } ?? dmarc.first)?.result,
            spf: results.first { $0.method == "spf" }?.result,
            dkim: (dkim.first { $0.result == "pass" } ?? dkim.first)?.result,
            domain: domain, reason: reason)
    }

    /// The `Authentication-Results` fields that count, as they stand in the header.
    public func trustedAuthenticationFields(of authservID: String, ownHops: Int? = nil) -> [String] {
        trustedResults(of: authservID, ownHops: ownHops).map { headers[$0.place].value }
    }

    /// The receiving server as this message shows it: the topmost `Authentication-Results` field, and how many
    /// `Received` fields stand above it where that is not what ``authentication(trusting:ownHops:)`` expects.
    ///
    /// A proposal for a person to confirm: on a message of a sender who forges the field it may be wrong.
    public var proposedAuthenticationServer: (authservID: String, ownHops: Int?)? {
        var received = 0
        for field in headers {
            if ASCII.equal(field.name, "Received") { received += 1 }
            guard ASCII.equal(field.name, "Authentication-Results"),
                let first = AuthenticationResult.segments(field.value).first
            else { continue }
            if AuthenticationResult.isResult(first) { return (Message.microsoft365, nil) }
            guard let name = AuthenticationResult.serverName(first), !name.isEmpty else { continue }
            return (name, trustedResults(of: name, ownHops: nil).isEmpty ? received : nil)
        }
        return nil
    }

    private func verdict(
        _ results: [AuthenticationResult], dmarc: [AuthenticationResult], domain: String?
    ) -> (Authentication.Verdict, String) {
        if dmarc.contains(where: { $0.result == "fail" }) { return (.fail, "DMARC failed") }
        guard from.count == 1 else { return (.unknown, "there is not exactly one From mailbox") }
        guard let domain else { return (.unknown, "the From mailbox has no domain") }
        guard !dmarc.isEmpty else {
            let isAligned = results.contains { $0.result == "pass" && $0.isAligned(with: domain) }
            return isAligned
                ? (.pass, "SPF or DKIM passed for the domain of From, and there is no DMARC result")
                : (.unknown, "there is no DMARC result, and neither SPF nor DKIM passed for the domain of From")
        }
        guard dmarc.allSatisfy({ $0.result == "pass" }) else { return (.unknown, "DMARC proved nothing") }
        // Some servers name the domain whose policy they found, which may be the one above.
        guard dmarc.allSatisfy({ $0.fromDomain.map { domain.isSame(as: $0, orBelow: true) } ?? false }) else {
            return (.unknown, "DMARC passed for another domain than that of From")
        }
        return (.pass, "DMARC passed")
    }

    /// The results that the trusted server wrote, and where.
    private func trustedResults(
        of authservID: String, ownHops: Int?
    ) -> [(place: Int, results: [ArraySlice<UInt8>])] {
        let trusted = ASCII.lowercased(authservID.utf8)
        let isMicrosoft365 = trusted == Message.microsoft365
        var found: [(Int, [ArraySlice<UInt8>])] = []
        var hops = 0
        for (place, field) in headers.enumerated() {
            if ASCII.equal(field.name, "Received") {
                let hop = Hop(field.value)
                if isMicrosoft365 {
                    guard hop.isOfOutlook else { break }
                } else if ownHops != nil || !hop.isInternal {
                    hops += 1
                    if hops > ownHops ?? 1 { break }
                }
            } else if ASCII.equal(field.name, "Authentication-Results") {
                let segments = AuthenticationResult.segments(field.value)
                guard let first = segments.first else { continue }
                if isMicrosoft365 {
                    // QUIRK: Microsoft 365 writes no authserv-id (RFC 8601 §2.2 wants one). Its own field is the topmost
                    // above the first hop that is not Microsoft's; those of the sender it renames or leaves below.
                    return AuthenticationResult.isResult(first) ? [(place, segments)] : []
                }
                guard AuthenticationResult.serverName(first) == trusted else { continue }
                found.append((place, Array(segments.dropFirst())))
            }
        }
        return found
    }
}

/// A `Received` field as far as it tells whose ground it bounds (RFC 5321 §4.4).
private struct Hop {
    /// A hand-over inside a house: by LMTP (RFC 3848), or without a `from` clause, as Google's servers write it.
    let isInternal: Bool
    /// Whether a server of Microsoft 365 wrote it.
    let isOfOutlook: Bool

    init(_ value: String) {
        let text = AutomaticMail.Evidence.withoutComments(value.utf8)
        let words = text.prefix { $0 != UInt8(ascii: ";") }.split(whereSeparator: ASCII.isWhitespace).prefix(60)
            .map(ASCII.lowercased)
        func word(after name: String) -> String? {
            guard let place = words.lastIndex(of: name), place + 1 < words.count else { return nil }
            return words[place + 1]
        }
        isInternal = words.first != "from" || word(after: "with")?.contains("lmtp") == true
        let by = words.firstIndex(of: "by").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil } ?? ""
        isOfOutlook = by.hasSuffix(".outlook.com")
    }
}

extension String {
    /// Whether a domain is another one, or stands below it. Both in lower case.
    func isSame(as other: String, orBelow: Bool) -> Bool {
        self == other || orBelow && other.utf8.contains(UInt8(ascii: ".")) && hasSuffix("." + other)
    }
}
