import Foundation

/// Writes header fields: folded, encoded, checked against injection.
enum HeaderWriter {
    /// Names that ``OutgoingMail`` writes itself, or that must not leave the desk.
    private static let own: Set<String> = [
        "date", "from", "sender", "to", "cc", "bcc", "subject", "message-id", "in-reply-to", "references",
        "mime-version",
        "received", "return-path",
    ]

    static func isOwn(_ name: String) -> Bool {
        let name = ASCII.lowercased(name.utf8)
        return own.contains(name) || name.hasPrefix("content-")
    }

    /// RFC 5322 §3.6.8 allows more than letters, digits and `-`; nobody uses it.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 70
            && name.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Writes a field whose value is ASCII already.
    static func write(_ name: String, _ value: String, to output: inout [UInt8]) throws(MailError) {
        try write(name, words: value.split(separator: " ").map { Array($0.utf8) }, to: &output)
    }

    /// Writes unstructured text (RFC 5322 §2.2.1), as encoded words where it is not plain ASCII.
    static func write(_ name: String, text: String, to output: inout [UInt8]) throws(MailError) {
        try check(text)
        let bytes = Array(text.utf8)
        // Only text that survives folding and unfolding is written as it is.
        let isPlain =
            bytes.allSatisfy { $0 < 0x7F } && bytes.firstRange(of: Array("=?".utf8)) == nil
            && bytes.first != ASCII.space && bytes.last != ASCII.space
            && bytes.firstRange(of: [ASCII.space, ASCII.space]) == nil
            && bytes.split(separator: ASCII.space).allSatisfy { $0.count <= 900 }
        try write(
            name, words: isPlain ? bytes.split(separator: ASCII.space).map(Array.init) : encodedWords(text), to: &output
        )
    }

    /// Writes an address list (RFC 5322 §3.4).
    static func write(_ name: String, mailboxes: [Mailbox], to output: inout [UInt8]) throws(MailError) {
        var words: [[UInt8]] = []
        for (index, mailbox) in mailboxes.enumerated() {
            try check(address: mailbox.address)
            var parts: [[UInt8]] = []
            if let display = mailbox.name {
                try check(display)
                parts = phrase(display)
                parts.append(Array("<\(mailbox.address)>".utf8))
            } else {
                parts = [Array(mailbox.address.utf8)]
            }
            if index < mailboxes.count - 1 { parts[parts.count - 1].append(UInt8(ascii: ",")) }
            words += parts
        }
        try write(name, words: words, to: &output)
    }

    /// Writes the identifiers of other mails. QUIRK: RFC 5322 §3.6.4 wants ASCII without blanks; those that were read and are no
    /// such are left out, because an answer outside of its thread is better than none. A control character is refused.
    static func write(_ name: String, thread: [String], to output: inout [UInt8]) throws(MailError) {
        for id in thread { try check(id) }
        let writable = thread.filter(isIdentifier)
        if !writable.isEmpty { try write(name, identifiers: writable, to: &output) }
    }

    private static func isIdentifier(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= 900
            && id.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
    }

    /// Writes identifiers (RFC 5322 §3.6.4).
    static func write(_ name: String, identifiers: [String], to output: inout [UInt8]) throws(MailError) {
        guard identifiers.allSatisfy(isIdentifier) else {
            throw MailError(
                .invalidValue, "an identifier is empty, too long or holds blanks, brackets or other letters than ASCII")
        }
        try write(name, words: identifiers.map { Array("<\($0)>".utf8) }, to: &output)
    }

    /// Puts words behind each other and folds before a word that would pass column 76.
    private static func write(_ name: String, words: [[UInt8]], to output: inout [UInt8]) throws(MailError) {
        output += name.utf8
        output.append(UInt8(ascii: ":"))
        var column = name.utf8.count + 1
        for (index, word) in words.enumerated() {
            if index > 0, column + 1 + word.count > 76 {
                output += "\r\n".utf8
                column = 0
            }
            output.append(ASCII.space)
            output += word
            column += 1 + word.count
        }
        if words.isEmpty { output.append(ASCII.space) }
        output += "\r\n".utf8
    }

    /// Refuses control characters: a line break in a value would start a new field.
    static func check(_ text: String) throws(MailError) {
        for scalar in text.unicodeScalars
        where scalar.value < 32 || (127...159).contains(scalar.value) || scalar.value == 0x2028
            || scalar.value == 0x2029
        {
            throw MailError(.invalidValue, "a header value holds a line break or another control character")
        }
    }

    /// Refuses what is no plain `local@domain`, with something before and behind each dot (RFC 5321 §4.1.2). QUIRK: quoted local
    /// parts and other letters than ASCII (RFC 6531) are legal and refused here.
    static func check(address: String) throws(MailError) {
        let bytes = Array(address.utf8)
        let isSafe = bytes.allSatisfy { $0 > 32 && $0 < 127 && !"<>()[],;:\\\"".utf8.contains($0) }
        let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        let atoms = parts.flatMap { $0.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) }
        guard isSafe, parts.count == 2, bytes.count <= 254, atoms.allSatisfy({ !$0.isEmpty })
        else {
            throw MailError(.invalidValue, "an address has not the form of one")
        }
    }

    /// A display name: bare words, a quoted string, or encoded words.
    private static func phrase(_ name: String) -> [[UInt8]] {
        let bytes = Array(name.utf8)
        guard bytes.allSatisfy({ $0 < 0x7F }), bytes.firstRange(of: Array("=?".utf8)) == nil, bytes.count <= 200 else {
            return encodedWords(name)
        }
        let isAtoms = bytes.allSatisfy {
            ASCII.isLetter($0) || ASCII.isDigit($0) || "!#$%&'*+-/=?^_`{|}~ ".utf8.contains($0)
        }
        if isAtoms, bytes.first != ASCII.space, bytes.last != ASCII.space,
            bytes.firstRange(of: [ASCII.space, ASCII.space]) == nil
        {
            return bytes.split(separator: ASCII.space).map(Array.init)
        }
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for byte in bytes {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
            quoted.append(byte)
        }
        quoted.append(UInt8(ascii: "\""))
        return [quoted]
    }

    /// A text as encoded words of at most 60 characters (RFC 2047 §2 allows 75; the name stands on the line too), each of whole characters, in UTF-8. `Q` where
    /// most letters are ASCII, else `B`.
    static func encodedWords(_ text: String) -> [[UInt8]] {
        let foreign = text.utf8.reduce(0) { $0 + ($1 >= 0x80 ? 1 : 0) }
        return foreign * 3 > text.utf8.count
            ? words(text, limit: 36, prefix: "=?utf-8?B?") { TransferEncoding.base64($0) }
            : words(text, limit: 48, prefix: "=?utf-8?Q?") { TransferEncoding.q($0) }
    }

    /// Cuts a text into encoded words; `limit` bounds the encoded length for `Q` and the raw bytes for `B`.
    private static func words(_ text: String, limit: Int, prefix: String, encode: ([UInt8]) -> [UInt8]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var chunk: [UInt8] = []
        let isQ = prefix.hasSuffix("Q?")
        var size = 0
        func flush() {
            guard !chunk.isEmpty else { return }
            result.append(Array(prefix.utf8) + encode(chunk) + Array("?=".utf8))
            chunk = []
            size = 0
        }
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            let cost = isQ ? encode(bytes).count : bytes.count
            if size + cost > limit { flush() }
            chunk += bytes
            size += cost
        }
        flush()
        return result
    }

    /// A time as RFC 5322 §3.3 wants it, in UTC.
    static func date(_ date: Date) -> String {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down).clamped(to: -62_135_596_800...253_402_300_799))
        let days = (seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400
        let time = seconds - days * 86_400
        // Days to a civil date, by eras of 400 years that begin on 1 March.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let weekday = weekdays[((days % 7) + 7) % 7]
        let digits = String(year)
        let padded = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        return "\(weekday), \(two(day)) \(names[month - 1]) \(padded) "
            + "\(two(time / 3_600)):\(two(time / 60 % 60)):\(two(time % 60)) +0000"
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        isNaN ? 0 : Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
