import Foundation

extension Detection {
    /// Links: those with an address, a password or a secret in them are masked, the others stay.
    func findLinks() {
        var last = 0
        for end in ends(.url) where end > last {
            var start = end - 1
            while start > last, end - start < 9,
                shadow.bytes[start - 1].isAlphanumeric || shadow.bytes[start - 1] == 0x3A
                    || shadow.bytes[start - 1] == 0x2E || shadow.bytes[start - 1] == 0x2F
            {
                start -= 1
            }
            // The walk may have run into a word before the scheme.
            let head = shadow.lowercased(start..<end)
            for scheme in ["https:/", "http:/", "www."] where head.count > scheme.utf8.count {
                let length = scheme.utf8.count + 1
                guard head.suffix(length).dropLast().elementsEqual(scheme.utf8) else { continue }
                start = end - length
                break
            }
            var stop = end
            while stop < shadow.bytes.count, Detection.isLink(shadow.bytes[stop]) { stop += 1 }
            while stop > end, Detection.isMark(shadow.bytes[stop - 1]) { stop -= 1 }
            last = stop
            links.append(start..<stop)
            let reason = secret(in: start..<stop)
            candidates.append(
                Candidate(
                    type: .url, range: start..<stop, score: reason == nil ? 0.9 : 1,
                    why: reason ?? "a link without secrets",
                    staysReadable: reason == nil))
        }
    }

    /// "neemandclay.example", "www" and all: a host's name without a scheme.
    func findBareHosts() {
        var last = 0
        // Where the run of a path ends, with and without the marks behind it: many names may stand in one run.
        var run = (end: 0, bare: 0)
        for end in ends(.host) where end > last {
            var start = end
            while start > last, end - start < 128,
                Detection.isDomain(shadow.bytes[start - 1]) && shadow.bytes[start - 1] != UInt8(ascii: "_")
            {
                start -= 1
            }
            var stop = end
            // A path or a longer name may follow.
            if shadow.at(stop) == UInt8(ascii: "."), shadow.at(stop + 1).isLetter { continue }
            if shadow.at(stop) == UInt8(ascii: "@") || shadow.at(start - 1) == UInt8(ascii: "@") { continue }
            while start < end, !shadow.bytes[start].isWord { start += 1 }
            if shadow.at(stop) == UInt8(ascii: "/") {
                if stop >= run.end {
                    while stop < shadow.bytes.count, Detection.isLink(shadow.bytes[stop]) { stop += 1 }
                    run = (stop, stop)
                    while run.bare > end, Detection.isMark(shadow.bytes[run.bare - 1]) { run.bare -= 1 }
                }
                stop = max(end, run.bare)
            }
            let labels = shadow.bytes[start..<end].split(separator: 0x2E, omittingEmptySubsequences: false)
            guard labels.count > 1, labels.allSatisfy({ !$0.isEmpty }), let first = labels.first,
                let final = labels.last,
                first.count > 1, first.contains(where: \.isLetter),
                // "thanks.In": the next sentence was glued on.
                !(final.first?.isUpper == true && !(first.first?.isUpper == true)),
                // "is.in", "so.at": a dot without its space.
                final.count > 2 || labels.count > 2
                    || !Gazetteer.shared.traits(of: Fold.hash(first)).contains(.common),
                !Detection.overlaps(start..<stop, links)
            else { continue }
            last = stop
            let reason = secret(in: start..<stop)
            candidates.append(
                Candidate(
                    type: .url, range: start..<stop, score: 0.7, why: reason ?? "the name of a host",
                    staysReadable: reason == nil))
        }
    }

    private static func isLink(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "\"")
            && byte != 0x7F
    }

    /// What ends a sentence and not a link.
    private static func isMark(_ byte: UInt8) -> Bool { ".,;:!?'*)".utf8.contains(byte) }

    /// Why a link must not be shown; nil when nothing in it is personal.
    private func secret(in range: Range<Int>) -> String? {
        let link = shadow.lowercased(range)
        if link.contains(UInt8(ascii: "@")) || Detection.encodedSign.appear(in: link) {
            return "an address or a password in the link"
        }
        guard let query = link.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            return hasToken(link[...]) ? "a token in the path" : nil
        }
        for field in link[query...].split(whereSeparator: { "?&#;".utf8.contains($0) }) {
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard parts.count == 2, parts[1].count >= 4 else { continue }
            let name = String(decoding: parts[0], as: UTF8.self)
            if Detection.secretFields.contains(where: { name == $0 || (($0.count > 4) && name.hasSuffix($0)) }) {
                return "a secret in the query"
            }
        }
        return hasToken(link[...]) ? "a token in the link" : nil
    }

    private static let secretFields = [
        "token", "key", "apikey", "api_key", "secret", "password", "passwd", "pwd", "pass", "auth", "sig", "signature",
        "session", "sessionid", "sid", "jwt", "code", "otp", "hash", "nonce", "credential", "access_token", "id_token",
        "refresh_token", "state", "email", "mail", "phone", "mobile", "name", "user", "username", "userid", "uid",
    ]

    /// An identifier that opens something: 24 characters or more in one piece, of which those parts that mix letters and
    /// digits make up sixteen. Words joined by dashes are a title, digits alone a tracking number.
    private func hasToken(_ link: ArraySlice<UInt8>) -> Bool {
        func isDash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") }
        return link.split(whereSeparator: { !$0.isAlphanumeric && !isDash($0) }).contains { piece in
            guard piece.count >= 24 else { return false }
            let mixed = piece.split(whereSeparator: isDash).filter { part in
                part.filter(\.isDigit).count >= 2 && part.filter(\.isLetter).count >= 2
            }
            return mixed.reduce(0) { $0 + $1.count } >= 16
        }
    }

    /// IP addresses of both versions.
    func findHosts() {
        var last = 0
        for end in ends(.ip4) where end > last {
            var stop = end
            while shadow.at(stop).isDigit { stop += 1 }
            var start = stop
            while start > last, stop - start < 16, shadow.bytes[start - 1].isDigit || shadow.bytes[start - 1] == 0x2E {
                start -= 1
            }
            last = stop
            let parts = shadow.bytes[start..<stop].split(separator: 0x2E, omittingEmptySubsequences: false)
            let isBounded =
                !shadow.isWord(at: start - 1) && shadow.at(start - 1) != 0x2E && !shadow.isWord(at: stop)
                && !(shadow.at(stop) == 0x2E && shadow.at(stop + 1).isDigit)
            guard parts.count == 4, isBounded, parts.allSatisfy(Detection.isOctet) else { continue }
            let before = context(before: start, limit: 10)
            guard Detection.versionWords.lastEnd(in: before) != before.count else { continue }
            candidates.append(Candidate(type: .ip, range: start..<stop, score: 0.9, why: "four octets"))
            hosts.append(start..<stop)
        }
        last = 0
        for end in ends(.ip6) where end > last {
            var stop = end
            while stop < shadow.bytes.count, stop - end < 48, Detection.isIP6(shadow.bytes[stop]) { stop += 1 }
            var start = end
            while start > last, end - start < 48, Detection.isIP6(shadow.bytes[start - 1]) { start -= 1 }
            last = stop
            while stop > start, shadow.bytes[stop - 1] == 0x2E { stop -= 1 }
            guard (6...45).contains(stop - start), !shadow.isWord(at: start - 1), !shadow.isWord(at: stop) else {
                continue
            }
            let groups = shadow.bytes[start..<stop].split(whereSeparator: { $0 == 0x3A || $0 == 0x2E })
            guard groups.count >= 3, shadow.bytes[start..<stop].contains(where: \.isDigit) else { continue }
            var address = in6_addr()
            guard inet_pton(AF_INET6, shadow.string(start..<stop), &address) == 1 else { continue }
            candidates.append(Candidate(type: .ip, range: start..<stop, score: 0.9, why: "an IPv6 address"))
        }
    }

    private static let encodedSign = Phrases(["%40"])
    private static let versionWords = Phrases(["version ", "ver ", "ver. ", " v ", " v. ", "release "])

    private static func isOctet(_ digits: ArraySlice<UInt8>) -> Bool {
        (1...3).contains(digits.count) && digits.allSatisfy(\.isDigit)
            && digits.reduce(0) { $0 * 10 + $1.digitValue } < 256
    }

    private static func isIP6(_ byte: UInt8) -> Bool { byte.isHex || byte == 0x3A || byte == 0x2E }
}
