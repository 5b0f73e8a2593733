/// The Message-ID that a server has given to a mail in place of ours, as far as its reply to the final dot tells: an answer to the
/// mail refers to that one.
enum ReplacedMessageID {
    /// - Parameters:
    ///   - text: the server's text, without code and enhanced code.
    ///   - host: the server's name.
    /// - Returns: Message-IDs without angle brackets, at most three.
    static func all(in text: String, from host: String) -> [String] {
        let words = text.prefix(1_000).split(separator: " ").prefix(20)
        // QUIRK: Amazon SES writes a Message-ID of its own, and says its left half: "Ok 0102018f…-000000". Its right half is
        // the region's, in the oldest region "email".
        if words.count == 2, words[0].lowercased() == "ok", isAmazonName(words[1]) {
            let labels = host.lowercased().split(separator: ".")
            let service = labels.firstIndex { $0 == "email-smtp" || $0 == "email-smtp-fips" }
            let region = service.flatMap { $0 + 1 < labels.count ? labels[$0 + 1] : nil }
            let domains = ["email"] + (region.map { $0 == "us-east-1" ? [] : [String($0)] } ?? [])
            return domains.map { "\(words[1])@\($0).amazonses.com" }
        }
        // QUIRK: Exchange Online writes a Message-ID of its own, and says it: "OK <…@….prod.outlook.com> [Hostname=…]".
        return words.compactMap { word in
            guard word.first == "<", word.last == ">", word.utf8.count <= 250 else { return nil }
            let inner = word.dropFirst().dropLast()
            return isMessageID(inner) ? String(inner) : nil
        }.prefix(3).map(\.self)
    }

    private static func isMessageID(_ text: Substring) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
    }

    /// `0102018f2c7e5b4a-3c1d7f42-6a0b-4d5e-9f8c-2b7a1e0d4c3f-000000`.
    private static func isAmazonName(_ word: Substring) -> Bool {
        word.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count) == [16, 8, 4, 4, 4, 12, 6]
            && word.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == UInt8(ascii: "-")
            }
    }
}
