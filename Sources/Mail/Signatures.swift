/// Finds the signature under what a person wrote: what is behind `-- ` (RFC 3676 §4.3), the line of a telephone's mail
/// program, the name, title and telephone under a closing, a legal notice, the footer of a mailing list.
///
/// A closing with nothing but a name stays with the person's words, as she typed it.
enum Signatures {
    /// Marks the lines of signatures among the new ones.
    static func mark(_ lines: TextLines, _ parts: inout [NewText.Part]) {
        var line = 0
        var isFirst = true
        while line < lines.count {
            guard parts[line] == .new else {
                line += 1
                continue
            }
            var end = line
            while end < lines.count, parts[end] == .new { end += 1 }
            var run = line..<end
            line = end
            while let first = run.first, lines.isBlank(first) { run.removeFirst() }
            while let last = run.last, lines.isBlank(last) { run.removeLast() }
            guard !run.isEmpty else { continue }
            mark(run, in: lines, isFirst: isFirst, &parts)
            isFirst = false
        }
    }

    private static func mark(_ run: Range<Int>, in lines: TextLines, isFirst: Bool, _ parts: inout [NewText.Part]) {
        var start: Int?
        var line = run.lowerBound
        while start == nil, line < run.upperBound {
            let length = lines.length(line)
            guard length >= 2 else {
                line += 1
                continue
            }
            let isTop = isFirst && line == run.lowerBound
            let beginsParagraph =
                line == run.lowerBound || lines.isBlank(line - 1)
                || QuoteMarker.isRule(lines.trimmed(line - 1))
            if isDelimiter(lines, line, run) || isRuleOverFooter(lines, line, run) {
                start = line
            } else if length <= 140, isDeviceLine(lines.trimmed(line)) {
                // What little follows is the rest of the signature; more text is an answer below it.
                let rest = ((line + 1)..<run.upperBound).lazy.filter { !lines.isBlank($0) }.prefix(4).count
                if rest <= 3 { start = line } else { parts[line] = .signature }
            } else if beginsParagraph, let end = notice(lines, line, run, isTop: isTop) {
                if !isTop {
                    start = line
                } else if end < run.upperBound {
                    // A banner that a server put on top.
                    for line in line..<end { parts[line] = .signature }
                    line = end
                }
            }
            line += 1
        }
        // The closing stands above all that.
        let end = start ?? run.upperBound
        if let closing = closing(in: run.lowerBound..<end, lines, isFirst: isFirst) { start = closing }
        if let start { for line in start..<run.upperBound { parts[line] = .signature } }
    }

    /// The line with which the closing of a letter begins, among the last of its lines.
    private static func closing(in range: Range<Int>, _ lines: TextLines, isFirst: Bool) -> Int? {
        var body = range
        while let last = body.last, lines.isBlank(last) { body.removeLast() }
        guard body.count > (isFirst ? 1 : 0) else { return nil }
        for line in max(body.lowerBound + (isFirst ? 1 : 0), body.upperBound - 20)..<body.upperBound
        where isClosing(lines, line, body) || isDashedName(lines, line, body) {
            return line
        }
        return nil
    }

    /// "-- " is the standard; programs that strip blanks leave "--", and telephones make a long dash of it.
    private static func isDelimiter(_ lines: TextLines, _ line: Int, _ run: Range<Int>) -> Bool {
        guard lines.length(line) <= 3, run.upperBound - line <= 30 else { return false }
        let text = lines.trimmed(line)
        return text.elementsEqual("--".utf8) || text.elementsEqual("—".utf8) || text.elementsEqual("__".utf8)
    }

    /// A line of dashes or underscores over a few short lines: the footer of a mailing list, or a signature.
    private static func isRuleOverFooter(_ lines: TextLines, _ line: Int, _ run: Range<Int>) -> Bool {
        let text = lines.trimmed(line)
        guard QuoteMarker.isRule(text), run.upperBound - line <= 24 else { return false }
        let rest = ((line + 1)..<run.upperBound).filter { !lines.isBlank($0) }
        if rest.isEmpty { return true }
        guard rest.count <= 14, !rest.contains(where: { isPurchase(lines, $0) }) else { return false }
        let isUnderscored = text.first == UInt8(ascii: "_")
        if rest.contains(where: { isContact(lines.trimmed($0)) }) {
            return isUnderscored || rest.allSatisfy { lines.length($0) <= 90 && !isSentence(lines.trimmed($0)) }
        }
        return isUnderscored && rest.count <= 4
            && rest.allSatisfy { lines.length($0) <= 40 && !isSentence(lines.trimmed($0)) }
    }

    /// "Sent from my iPhone", "Get Outlook for Android", "Von meinem Samsung gesendet".
    static func isDeviceLine(_ text: ArraySlice<UInt8>) -> Bool {
        var text = text
        // Outlook's line ends with a link, others with a full stop.
        if text.last == UInt8(ascii: ">"), let link = text.lastIndex(of: UInt8(ascii: "<")) { text = text[..<link] }
        for mark in [".", " ", "।", "。"] where text.count > 8 && text.suffix(mark.utf8.count).elementsEqual(mark.utf8) {
            text.removeLast(mark.utf8.count)
        }
        if SignatureWords.deviceEnds.suffix(of: text) != nil {
            // "मेरे ऑर्डर का पार्सल गलत पते पर से भेजा गया" is a sentence: it names no telephone.
            return SignatureWords.devices.isFound(in: text.folded())
        }
        text = text.drop { "-_*=| ".utf8.contains($0) }
        guard SignatureWords.deviceStarts.mayBegin(text), text.last != UInt8(ascii: "?") else { return false }
        let bare = text.bare()
        guard let start = SignatureWords.deviceStarts.prefix(of: bare) else { return false }
        // "Sent from my desk, which is …" and "Von meinem Konto wurde …" are sentences: the thing is named near the start,
        // before any comma.
        if start.elementsEqual("von meinem ".utf8) { return false }
        var words = 0
        let near = bare.dropFirst(start.count).prefix(48).prefix {
            if $0 == ASCII.space { words += 1 }
            return words < 5 && $0 != UInt8(ascii: ",")
        }
        if SignatureWords.devices.isFound(in: start + near) { return true }
        return words <= 3 && start.starts(with: "sent from ".utf8) && bare.starts(with: "sent from my ".utf8)
            && !bare.contains(UInt8(ascii: ","))
    }

    /// The end of a paragraph that is a legal notice or the line of a server, where one begins.
    private static func notice(_ lines: TextLines, _ line: Int, _ run: Range<Int>, isTop: Bool) -> Int? {
        let isFooter =
            SignatureWords.footers.mayBegin(lines.trimmed(line))
            && SignatureWords.footers.prefix(of: lines.trimmed(line).prefix(80).bare()) != nil
        // What a person begins with is no legal notice.
        if isTop, !isFooter { return nil }
        var end = line
        var size = 0
        while end < run.upperBound, !lines.isBlank(end), !QuoteMarker.isRule(lines.trimmed(end)), size < 6_000 {
            size += lines.length(end) + 1
            end += 1
        }
        if isFooter { return max(end, line + 1) }
        // A notice is long; "this message is confidential" in a sentence is not.
        guard size >= 120 else { return nil }
        return SignatureWords.notices.groupsFound(in: lines.joined(line...(end - 1), limit: 6_000)) == 3 ? end : nil
    }

    /// "Regards," over a name with a title or a telephone number.
    private static func isClosing(_ lines: TextLines, _ line: Int, _ run: Range<Int>) -> Bool {
        guard lines.length(line) <= 80, SignatureWords.closingStarts.mayBegin(lines.trimmed(line)) else { return false }
        var bare = lines.trimmed(line).bare()
        func isWord(_ text: [UInt8]) -> Bool {
            var text = text[...]
            while let last = text.last {
                if ",.!;: ".utf8.contains(last) {
                    text.removeLast()
                } else if last >= 0x80,
                    text.suffix(3).elementsEqual("，".utf8) || text.suffix(3).elementsEqual("。".utf8)
                        || text.suffix(3).elementsEqual("！".utf8) || text.suffix(3).elementsEqual("।".utf8)
                {
                    text.removeLast(3)
                } else {
                    break
                }
            }
            return SignatureWords.closings.contains(Array(text))
        }
        var named = 0
        if !isWord(bare) {
            // "Regards, Anna" over the rest.
            guard let comma = bare.firstIndex(of: UInt8(ascii: ",")) else { return false }
            bare.removeSubrange(comma...)
            guard isWord(bare) else { return false }
            named = 1
        }
        let rest = ((line + 1)..<run.upperBound).filter { !lines.isBlank($0) }
        guard rest.count + named >= 2, rest.count <= 14 else { return false }
        guard
            !rest.contains(where: { lines.length($0) > 160 || isSentence(lines.trimmed($0)) || isPurchase(lines, $0) })
        else { return false }
        return rest.count + named >= 3 || rest.contains { isContact(lines.trimmed($0)) }
    }

    /// "-Anna" as the last line: a dash and a name without a blank, which a list would have.
    private static func isDashedName(_ lines: TextLines, _ line: Int, _ run: Range<Int>) -> Bool {
        let text = lines.trimmed(line)
        guard line + 1 == run.upperBound, text.count <= 40, lines.isBlank(line - 1) else { return false }
        let name: ArraySlice<UInt8>
        if text.starts(with: "—".utf8) || text.starts(with: "–".utf8) {
            name = ASCII.trimmed(text.dropFirst(3))
        } else if text.first == UInt8(ascii: "-") {
            name = text.dropFirst()
        } else {
            return false
        }
        guard let first = name.first, first &- 65 < 26 || first >= 0xC3 else { return false }
        return name.count { $0 == ASCII.space } <= 2
            && name.allSatisfy { ASCII.isLetter($0) || $0 >= 0x80 || " .'-".utf8.contains($0) }
    }

    /// Whether a line is more than a name, a title or an address: many words, or the end of a sentence.
    private static func isSentence(_ text: ArraySlice<UInt8>) -> Bool {
        guard let last = text.last else { return false }
        if last == UInt8(ascii: "?") || last == UInt8(ascii: "!") { return true }
        let words = text.count { $0 == ASCII.space } + 1
        if last == UInt8(ascii: "."), words > 4 { return true }
        if text.suffix(3).elementsEqual("。".utf8) || text.suffix(3).elementsEqual("？".utf8) { return true }
        return words > 12 && !isContact(text)
    }

    /// Whether a line speaks of an order: that is never only a signature.
    private static func isPurchase(_ lines: TextLines, _ line: Int) -> Bool {
        let text = lines.trimmed(line)
        return text.contains(UInt8(ascii: "#")) || SignatureWords.purchases.isFound(in: text.folded())
            || hasReference(text)
    }

    /// Whether a word is made of letters, a dash and at least four digits, as order numbers are.
    private static func hasReference(_ text: ArraySlice<UInt8>) -> Bool {
        for word in text.split(separator: ASCII.space) where word.count <= 24 {
            let letters = word.prefix { $0 &- 65 < 26 }.count
            guard letters >= 2 else { continue }
            let digits = word.dropFirst(letters).drop { $0 == UInt8(ascii: "-") }
            if digits.count >= 4, digits.allSatisfy(ASCII.isDigit) { return true }
        }
        return false
    }

    /// Whether a line gives a telephone number, an address of mail or web.
    static func isContact(_ text: ArraySlice<UInt8>) -> Bool {
        if text.contains(UInt8(ascii: "@")) || text.firstRange(of: Array("://".utf8)) != nil { return true }
        let folded = text.prefix(80).folded()
        let digits = folded.count(where: ASCII.isDigit)
        if SignatureWords.contactLabels.prefix(of: folded) != nil {
            return digits >= 5 || folded.starts(with: "www".utf8)
        }
        if folded.starts(with: "www.".utf8) { return true }
        guard digits >= 7, let first = text.first else { return false }
        let isNumber = folded.allSatisfy { ASCII.isDigit($0) || " +-()./".utf8.contains($0) }
        return isNumber && (digits < folded.count || first == UInt8(ascii: "0"))
    }
}
