/// What Hyperscan looks for: the telling middle or end of a candidate, as short as it can be. Hyperscan reports where a
/// match ends; the code of each type finds the start and the extent from there, and decides.
///
/// No pattern asks for the start of a match or repeats far: that costs four fifths of the speed and a large database.
enum Trigger: UInt32, CaseIterable, Sendable {
    case placeholder, email, emailSpelled, number, date, iban, pan, ip4, ip6, mac, url, host, introduction, signOff,
        honorific
    case context, expiry

    /// The expression, over bytes.
    var expression: String {
        switch self {
        case .placeholder: #"_[0-9.]{1,20}\]"#
        case .email: #"[^\s@<>,;:] ?@ ?\[?[a-z0-9\x80-\xff]"#
        case .emailSpelled: #"[a-z0-9] ?[\[({ ] ?at ?[\])} ] ?[a-z0-9]"#
        case .number: #"[0-9](?:[ \t\r\n.()/\-]{0,4}[0-9]){6}"#
        case .date: #"[0-9][./\-][0-9]{1,2}[./\-][0-9]{2}"#
        case .iban: #"[a-z][a-z][0-9][0-9][ \-]?[a-z0-9]"#
        case .pan: #"[a-z]{5}[0-9]{4}[a-z]"#
        case .ip4: #"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"#
        case .ip6: #":[0-9a-f]{0,4}:[0-9a-f]"#
        case .mac: #"[0-9a-f]{2}[:\-][0-9a-f]{2}[:\-][0-9a-f]{2}[:\-][0-9a-f]{2}[:\-][0-9a-f]{2}[:\-][0-9a-f]{2}"#
        case .host: #"[a-z0-9]\.(?:"# + Lexicon.hostEnds.joined(separator: "|") + #")\b"#
        case .context: Trigger.any(Detection.contextPhrases)
        case .expiry: #"(?:exp|expiry|expires|expiration|valid|thru|till|date)[ :.\-a-z]{0,16}[01][0-9][/\-][0-9]{2}"#
        case .url: #"(?:https?:/|\bwww\.)[a-z0-9/]"#
        case .introduction: Trigger.any(Lexicon.introductions)
        case .signOff: Trigger.any(Lexicon.signOffs)
        case .honorific: #"\b(?:"# + Lexicon.honorifics.joined(separator: "|") + #")\.? "#
        }
    }

    /// Phrases as one expression in which a space is any white space, and bytes outside ASCII are written in hex.
    private static func any(_ phrases: [String]) -> String {
        let alternatives = phrases.map { phrase in
            phrase.utf8.map { byte -> String in
                switch byte {
                case 0x20: #"\s{1,3}"#
                case 0x80...: #"\x"# + String(byte, radix: 16)
                default: String(UnicodeScalar(byte))
                }
            }.joined()
        }
        return "(?:" + alternatives.joined(separator: "|") + ")"
    }
}
