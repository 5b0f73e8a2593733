extension Detection {
    /// E-mail addresses, spelled-out ones ("name at shop dot com") and UPI addresses, all from the sign in the middle.
    func findAddresses() {
        var last = 0
        for end in ends(.email) {
            // The trigger ends just inside the domain; the sign is at most three bytes back.
            var sign = end - 1
            while sign > 0, shadow.bytes[sign] != UInt8(ascii: "@") { sign -= 1 }
            guard shadow.bytes[sign] == UInt8(ascii: "@"), sign >= last else { continue }
            guard let found = address(around: sign, after: last) else { continue }
            last = found.range.upperBound
            candidates.append(found)
        }
        for end in ends(.emailSpelled) {
            if let found = spelledAddress(firstOfDomain: end - 1) { candidates.append(found) }
        }
    }

    private func address(around sign: Int, after limit: Int) -> Candidate? {
        let spaced = shadow.at(sign - 1) == 0x20 || shadow.at(sign + 1) == 0x20
        var localEnd = sign
        while localEnd > limit, shadow.bytes[localEnd - 1] == 0x20 { localEnd -= 1 }
        guard let start = localStart(before: localEnd, limit: limit) else { return nil }
        var domainStart = sign + 1
        while shadow.at(domainStart) == 0x20 { domainStart += 1 }
        if shadow.at(domainStart) == UInt8(ascii: "[") { return literalDomain(start, domainStart) }
        let (end, hasDot) = domainEnd(from: domainStart)
        guard end > domainStart else { return nil }
        let domain = shadow.lowercased(domainStart..<end)
        if !hasDot {
            guard !spaced, Detection.upiHandles.contains(String(decoding: domain, as: UTF8.self)) else { return nil }
            return Candidate(type: .upi, range: start..<end, score: 0.95, why: "handle of a payment bank")
        }
        let isKept = configuration.keep.keepsAddress(
            local: shadow.lowercased(start..<localEnd), domain: domain)
        return Candidate(
            type: .email, range: start..<end, score: spaced ? 0.7 : 1, why: spaced ? "address with spaces" : "address",
            staysReadable: isKept)
    }

    /// The start of a local part that ends at `end`: dot-atom characters, or a quoted string (RFC 5321 §4.1.2).
    private func localStart(before end: Int, limit: Int) -> Int? {
        let floor = max(limit, end - Detection.maximumLocalPart)
        var start = end
        if shadow.at(end - 1) == UInt8(ascii: "\"") {
            start -= 1
            while start > floor, shadow.bytes[start - 1] != UInt8(ascii: "\""), shadow.bytes[start - 1] >= 0x20 {
                start -= 1
            }
            return start > floor && shadow.bytes[start - 1] == UInt8(ascii: "\"") ? start - 1 : nil
        }
        while start > floor, Detection.isLocal(shadow.bytes[start - 1]) { start -= 1 }
        // Punctuation of the sentence may precede: "('a@b" or "mail:a@b"; a query field ends in '='.
        while start < end, !shadow.bytes[start].isAlphanumeric, shadow.bytes[start] < 0x80,
            shadow.bytes[start] != UInt8(ascii: "_"), shadow.bytes[start] != UInt8(ascii: "+")
        {
            start += 1
        }
        return start < end ? start : nil
    }

    /// Where a domain ends, and whether it has a dot with a believable last label.
    private func domainEnd(from start: Int) -> (Int, Bool) {
        var end = start
        let limit = min(shadow.bytes.count, start + 253)
        while end < limit, Detection.isDomain(shadow.bytes[end]) { end += 1 }
        while end > start, !shadow.bytes[end - 1].isWord { end -= 1 }
        var labels = shadow.bytes[start..<end].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if let empty = labels.firstIndex(where: \.isEmpty) { labels.removeSubrange(empty...) }
        // "shop.example.Please": the next sentence was glued on.
        while labels.count > 2, let last = labels.last, last[last.startIndex].isUpper,
            labels.dropLast().allSatisfy({ !$0[$0.startIndex].isUpper })
        {
            labels.removeLast()
        }
        while labels.count > 1, let last = labels.last, !Detection.isTopLevel(last) { labels.removeLast() }
        guard let last = labels.last else { return (start, false) }
        return (last.endIndex, labels.count > 1)
    }

    private func literalDomain(_ start: Int, _ open: Int) -> Candidate? {
        let limit = min(shadow.bytes.count, open + 48)
        guard let close = shadow.bytes[open..<limit].firstIndex(of: UInt8(ascii: "]")),
            shadow.bytes[(open + 1)..<close].contains(where: \.isDigit)
        else { return nil }
        return Candidate(type: .email, range: start..<close + 1, score: 0.8, why: "address with a literal host")
    }

    /// "name (at) shop (dot) com", "name at shop dot com".
    private func spelledAddress(firstOfDomain: Int) -> Candidate? {
        var at = firstOfDomain
        while at > 0, shadow.bytes[at - 1] | 0x20 != UInt8(ascii: "t") { at -= 1 }
        at -= 2
        guard at > 0 else { return nil }
        let isBracketed = shadow.bytes[at..<firstOfDomain].contains { $0 == 0x29 || $0 == 0x5D || $0 == 0x7D }
        var localEnd = at
        while localEnd > 0, !shadow.bytes[localEnd - 1].isWord { localEnd -= 1 }
        guard var start = localStart(before: localEnd, limit: 0) else { return nil }
        while let first = spelledLocalStart(before: start) { start = first }
        var end = firstOfDomain
        var dots = 0
        let limit = min(shadow.bytes.count, firstOfDomain + 120)
        while true {
            let label = end
            while end < limit, shadow.bytes[end].isAlphanumeric || shadow.bytes[end] == UInt8(ascii: "-") { end += 1 }
            guard end > label else { return nil }
            guard let next = spelledDot(at: end, plain: isBracketed || dots > 0) else { break }
            dots += 1
            end = next
        }
        guard dots > 0, shadow.bytes[end - 1].isLetter else { return nil }
        let domainLabels = shadow.bytes[firstOfDomain..<end].split(whereSeparator: { !$0.isAlphanumeric })
        guard let last = domainLabels.last, Detection.isTopLevel(last), last.count <= 24,
            isBracketed || Lexicon.spokenTopLevels.contains(String(decoding: last.map(\.lowercased), as: UTF8.self))
        else { return nil }
        return Candidate(
            type: .email, range: start..<end, score: isBracketed ? 0.9 : 0.7, why: "address spelled out",
            keys: [spelledKey(start..<localEnd, firstOfDomain..<end)])
    }

    /// The start of "priya" in "priya dot sharma at …", where `start` is that of "sharma"; nil when no dot is before it.
    private func spelledLocalStart(before start: Int) -> Int? {
        guard start > 5, shadow.lowercased(start - 5..<start) == Array(" dot ".utf8) else { return nil }
        return localStart(before: start - 5, limit: max(0, start - 64))
    }

    /// The first byte after " dot " or "(dot)", or after a plain dot when `plain`.
    private func spelledDot(at position: Int, plain: Bool) -> Int? {
        if plain, shadow.at(position) == UInt8(ascii: "."), shadow.at(position + 1).isAlphanumeric {
            return position + 1
        }
        var index = position
        while index - position < 3, [0x20, 0x28, 0x5B, 0x7B].contains(shadow.at(index)) { index += 1 }
        guard index > position, index + 3 < shadow.bytes.count,
            shadow.lowercased(index..<index + 3) == Array("dot".utf8)
        else { return nil }
        var next = index + 3
        while next - index < 6, [0x20, 0x29, 0x5D, 0x7D].contains(shadow.at(next)) { next += 1 }
        return next > index + 3 && shadow.at(next).isAlphanumeric ? next : nil
    }

    private func spelledKey(_ local: Range<Int>, _ domain: Range<Int>) -> String {
        let labels = shadow.lowercased(domain).split(whereSeparator: { !$0.isAlphanumeric && $0 != UInt8(ascii: "-") })
            .map { String(decoding: $0, as: UTF8.self) }
            .filter { $0 != "dot" }
        let name = shadow.lowercased(local).split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        return name.map { $0 == "dot" ? "." : $0 }.joined() + "@" + labels.joined(separator: ".")
    }

    /// RFC 5321 §4.5.3.1.1 allows 64 octets; letters of other scripts take three each in the shadow.
    private static let maximumLocalPart = 192

    /// Characters of a dot-atom (RFC 5322 §3.2.3) without those that end a field of a query or a bracket.
    static func isLocal(_ byte: UInt8) -> Bool {
        byte.isWord || ".!#$%'*+-_`~^{|}".utf8.contains(byte)
    }

    static func isDomain(_ byte: UInt8) -> Bool {
        byte.isWord || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// Letters, two at least, or an internationalised label.
    static func isTopLevel(_ label: ArraySlice<UInt8>) -> Bool {
        label.count >= 2 && (label.allSatisfy { $0.isLetter || $0 >= 0x80 } || label.starts(with: "xn--".utf8))
    }

    /// Handles of India's UPI, from the list of payment apps that its operator publishes.
    private static let upiHandles: Set<String> = [
        "upi", "ybl", "ibl", "axl", "paytm", "ptyes", "ptaxis", "pthdfc", "ptsbi", "okaxis", "okhdfcbank", "okicici",
        "oksbi", "apl", "yapl", "rapl", "axisbank", "hdfcbank", "icici", "sbi", "kotak", "barodampay", "pnb", "cnrb",
        "unionbank", "indus", "idfcbank", "federal", "rbl", "yesbank", "freecharge", "jupiteraxis", "fam", "slice",
        "airtel", "jio", "waicici", "waaxis", "wahdfcbank", "wasbi", "ikwik", "naviaxis", "superyes", "tapicici",
    ]
}
