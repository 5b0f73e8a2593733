import CGMime
import Foundation

/// Values of header fields: decoding of text, addresses, identifiers, dates.
enum HeaderText {
    /// A field value as text: encoded words (RFC 2047) and raw 8-bit text decoded, control characters as blanks.
    static func decoded(_ value: (bytes: [UInt8], isPlain: Bool)) -> String {
        if value.isPlain { return String(decoding: value.bytes, as: UTF8.self) }
        let hasEncodedWord = zip(value.bytes, value.bytes.dropFirst()).contains {
            $0 == UInt8(ascii: "=") && $1 == UInt8(ascii: "?")
        }
        guard hasEncodedWord else { return oneLine(Charset.text(unlabelled: value.bytes)) }
        guard
            let text = withCString(
                EncodedWords.joined(value.bytes), { g_mime_utils_header_decode_text(GMimeLibrary.options, $0) })
        else {
            return oneLine(Charset.text(unlabelled: value.bytes))
        }
        return oneLine(text)
    }

    /// The text with line breaks and other control characters replaced by blanks, U+0080 to U+009F, U+2028 and U+2029 among
    /// them: an encoded word can smuggle them in.
    static func oneLine(_ text: String) -> String {
        // 0xC2 begins the two bytes of U+0080 to U+00BF, 0xE2 the three of U+2000 to U+2FFF.
        guard text.utf8.contains(where: { $0 < 32 || $0 == 127 || $0 == 0xC2 || $0 == 0xE2 }) else { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator: " "
                    default: scalar
                    }
                }))
    }

    /// The mailboxes of an address list (RFC 5322 §3.4), groups flattened, at most `limit`.
    static func mailboxes(_ value: [UInt8], limit: Int) -> [Mailbox] {
        guard !value.isEmpty else { return [] }
        var bytes = value
        if value.contains(UInt8(ascii: "?")) { bytes = EncodedWords.joined(value) }
        // GMime reads a group inside a group by calling itself; a header of colons would use up the stack.
        var colons = 0
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: ":") {
            colons += 1
            guard colons > 100 else { continue }
            bytes.removeLast(bytes.count - index)
            break
        }
        keepDomains(in: &bytes)
        bytes.append(0)
        return bytes.withUnsafeBytes { buffer -> [Mailbox] in
            let text = buffer.bindMemory(to: CChar.self).baseAddress
            guard let list = internet_address_list_parse(GMimeLibrary.options, text) else { return [] }
            defer { aura_unref(list) }
            return mailboxes(list, limit: limit)
        }
    }

    /// Writes "Xn--" for the "xn--" that an internationalised label begins with (RFC 5890 §2.3.2.1), of which `Mailbox` makes small
    /// letters again. GMime would spell it out in Unicode, and an address is sent to, compared and proved in the form that it
    /// travels in.
    private static func keepDomains(in bytes: inout [UInt8]) {
        var isDomain = false
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "@"): isDomain = true
            case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "("),
                UInt8(ascii: "\""):
                isDomain = false
            case UInt8(ascii: "x") where isDomain && bytes[index...].starts(with: "xn--".utf8):
                bytes[index] = UInt8(ascii: "X")
            default: break
            }
        }
    }

    /// Copies the mailboxes out of a list that the caller owns.
    static func mailboxes(_ list: UnsafeMutablePointer<InternetAddressList>, limit: Int) -> [Mailbox] {
        var result: [Mailbox] = []
        append(list, to: &result, limit: limit, depth: 0)
        return result
    }

    private static func append(
        _ list: UnsafeMutablePointer<InternetAddressList>, to result: inout [Mailbox], limit: Int, depth: Int
    ) {
        for index in 0..<internet_address_list_length(list) {
            guard result.count < limit, let address = internet_address_list_get_address(list, index) else { return }
            if aura_is_mailbox(address) != 0 {
                guard let spec = internet_address_mailbox_get_addr(aura_as_mailbox(address)) else { continue }
                let text = oneLine(String(cString: spec))
                guard !text.isEmpty else { continue }
                let name = internet_address_get_name(address).map { oneLine(String(cString: $0)) }
                result.append(Mailbox(name: name.map(ASCII.trimmed), address: text))
            } else if aura_is_group(address) != 0, depth < 2,
                let members = internet_address_group_get_members(aura_as_group(address))
            {
                append(members, to: &result, limit: limit, depth: depth + 1)
            }
        }
    }

    /// The identifiers in a `Message-ID`, `In-Reply-To` or `References` value, without angle brackets.
    ///
    /// QUIRK: RFC 5322 §3.6.4 wants `<left@right>`. Seen in the wild: no brackets, comments and words between the
    /// identifiers, blanks from folding inside one, no `@`. All of them are taken as they are.
    static func identifiers(_ value: [UInt8], limit: Int = 200) -> [String] {
        var result: [String] = []
        var index = 0
        var sawBracket = false
        while index < value.count, result.count < limit {
            guard value[index] == UInt8(ascii: "<") else {
                index += 1
                continue
            }
            sawBracket = true
            guard let close = value[index...].firstIndex(of: UInt8(ascii: ">")) else { break }
            var inner = value[(index + 1)..<close]
            // "<<id>" and "<a <id>": the last opening bracket counts.
            if let open = inner.lastIndex(of: UInt8(ascii: "<")) { inner = inner[(open + 1)...] }
            let id = inner.filter { !ASCII.isWhitespace($0) }
            if !id.isEmpty { result.append(String(decoding: id, as: UTF8.self)) }
            index = close + 1
        }
        if !sawBracket {
            for word in value.split(whereSeparator: { ASCII.isWhitespace($0) || $0 == UInt8(ascii: ",") })
            where word.contains(UInt8(ascii: "@")) && result.count < limit {
                result.append(String(decoding: word, as: UTF8.self))
            }
        }
        return result
    }

    /// The time of a `Date` field (RFC 5322 §3.3, obsolete forms too).
    static func date(_ value: [UInt8]) -> Date? {
        guard !value.isEmpty else { return nil }
        var bytes = value
        bytes.append(0)
        return bytes.withUnsafeBytes { buffer in
            let text = buffer.bindMemory(to: CChar.self).baseAddress
            guard let time = g_mime_utils_header_decode_date(text) else { return nil }
            defer { g_date_time_unref(time) }
            return Date(timeIntervalSince1970: TimeInterval(g_date_time_to_unix(time)))
        }
    }

    /// Calls a GMime function that takes a C string and returns one that it allocated.
    static func withCString(
        _ bytes: [UInt8], _ body: (UnsafePointer<CChar>?) -> UnsafeMutablePointer<CChar>?
    ) -> String? {
        var bytes = bytes
        bytes.append(0)
        return bytes.withUnsafeBytes { buffer in
            GMimeLibrary.take(body(buffer.bindMemory(to: CChar.self).baseAddress))
        }
    }
}
