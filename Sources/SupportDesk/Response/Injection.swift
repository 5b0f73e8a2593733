import Redaction

/// A text in a mail that speaks to a machine instead of to the shop.
public struct Injection: Sendable, Hashable, CustomStringConvertible {
    /// What it tries, `override`, `reveal`, …
    public let kind: String
    /// In which part of the mail it stands.
    public let place: String

    /// `kind in the place`
    public var description: String { "\(kind) in the \(place)" }

    /// What a text tries that speaks to a machine; empty: nothing.
    public static func kinds(in text: String) -> [String] { InjectionScan.kinds(in: text) }

    /// All that is found in a message, each kind once for each of its parts.
    static func all(in redaction: MessageRedaction) -> [Injection] {
        var places = [
            ("subject", redaction.subject.text), ("text", redaction.body.text), ("quoted text", redaction.quoted.text),
            ("message passed on", redaction.forwarded.text),
        ]
        for file in redaction.files { places += [("name of a file", file.name.text), ("file", file.text.text)] }
        var found: [Injection] = []
        for (place, text) in places {
            for kind in InjectionScan.kinds(in: text) {
                let injection = Injection(kind: kind, place: place)
                if !found.contains(injection) { found.append(injection) }
            }
        }
        return found
    }
}

/// Looks through a text for words that tell a machine what to do: rules to forget, prompts to show, shapes that an answer
/// should take, marks that only programs write, payloads in a code.
///
/// One pass over the words; each is the beginning of a few patterns at most, and a pattern looks a few words ahead.
struct InjectionScan {
    /// A text of more than this is read from both ends, half of it from each: a model is shown less than that of its beginning.
    static let maximumBytes = 256 << 10

    /// What is tried in a text.
    static func kinds(in text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        var shown = text
        if text.utf8.count > maximumBytes {
            let bytes = Array(text.utf8)
            shown = String(decoding: bytes.prefix(maximumBytes / 2) + bytes.suffix(maximumBytes / 2), as: UTF8.self)
        }
        var kinds: [String] = []
        func add(_ found: [String]) { for kind in found where !kinds.contains(kind) { kinds.append(kind) } }
        let plain = folded(shown)
        add(marks(in: plain.lowercased()))
        if hasHiddenText(shown) { add(["hidden-text"]) }
        let words = words(of: plain)
        add(patterns(in: words))
        add(patterns(in: joined(words)))
        for payload in payloads(in: shown) {
            let inner = Self.words(of: folded(payload))
            add(patterns(in: inner).map { _ in "payload" })
            if inner.count >= 4 { add(["payload"]) }
        }
        return kinds
    }

    // MARK: Words

    /// Latin letters for those that look like them, nothing for what is not seen.
    private static func folded(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.precomposedStringWithCompatibilityMapping.unicodeScalars {
            switch scalar.value {
            case 0x200B...0x200F, 0x2060...0x2064, 0xFEFF, 0xAD, 0x202A...0x202E, 0x2066...0x2069: continue
            // Tag characters spell ASCII that nobody sees.
            case 0xE0020...0xE007E: if let letter = Unicode.Scalar(scalar.value - 0xE0000) { scalars.append(letter) }
            default: scalars.append(lookalikes[scalar] ?? scalar)
            }
        }
        return String(scalars)
    }

    private static let lookalikes: [Unicode.Scalar: Unicode.Scalar] = {
        let pairs = Array(
            "аaеeоoрpсcуyхxіiѕsԁdɡgһhјjӏlոnԛqԝwаaοoνvαaεeιiκkτtρpАAВBЕEКKМMНHОOРPСCТTХXІIЅSЈJΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX"
                .unicodeScalars)
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        for index in stride(from: 0, to: pairs.count - 1, by: 2) { table[pairs[index]] = pairs[index + 1] }
        return table
    }()

    private static func words(of text: String) -> [String] {
        text.unicodeScalars.split { !isOfWord($0) }.map { word in
            let word = String(Substring(word))
            let plain = word.utf8.allSatisfy { $0 < 0x80 } ? word.lowercased() : PlainWord.of(word, in: "en")
            return plain.utf8.contains(UInt8(ascii: "'")) ? plain.filter { $0 != "'" } : plain
        }
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x27, 0x5F, 0x2019: return true
        case 0..<0x80: return false
        default:
            switch scalar.properties.generalCategory {
            // A mark belongs to the letter before it, as do the joiners of Devanagari.
            case .nonspacingMark, .spacingMark, .enclosingMark, .format: return true
            default: return Character(scalar).isLetter || Character(scalar).isNumber
            }
        }
    }

    /// `i g n o r e` as one word; and words in which digits stand for letters as their letters.
    private static func joined(_ words: [String]) -> [String] {
        var result: [String] = []
        var letters = ""
        var run = 0
        func close() {
            if run > 3 { result.append(letters) }
            letters = ""
            run = 0
        }
        for word in words {
            if word.count == 1 {
                letters += word
                run += 1
                continue
            }
            close()
            result.append(unleeted(word))
        }
        close()
        return result
    }

    private static let leet: [Character: Character] = [
        "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a",
    ]

    private static func unleeted(_ word: String) -> String {
        guard word.contains(where: \.isNumber), word.contains(where: \.isLetter) else { return word }
        return String(word.map { leet[$0] ?? $0 })
    }

    // MARK: Patterns

    private static func patterns(in words: [String]) -> [String] {
        var found: [String] = []
        for (index, word) in words.enumerated() {
            for pattern in InjectionPatterns.all[word] ?? [] where !found.contains(pattern.kind) {
                if matches(pattern, words, at: index) { found.append(pattern.kind) }
            }
        }
        return found
    }

    private static func matches(_ pattern: InjectionPatterns.Pattern, _ words: [String], at index: Int) -> Bool {
        var place = index
        for step in pattern.steps {
            let end = min(words.count, place + 2 + step.gap)
            guard place + 1 < end, let next = (place + 1..<end).first(where: { step.words.contains(words[$0]) }) else {
                return false
            }
            place = next
        }
        return true
    }

    // MARK: Marks and payloads

    /// What only programs that talk to models write.
    private static func marks(in text: String) -> [String] {
        var found: [String] = []
        if InjectionPatterns.marks.contains(where: text.holds) { found.append("delimiter") }
        if InjectionPatterns.calls.contains(where: text.holds) { found.append("tool-call") }
        for line in text.split(whereSeparator: \.isNewline) {
            let head = line.drop { $0.isWhitespace || "#*>-=[<".contains($0) }.prefix(40)
            if InjectionPatterns.speakers.contains(where: head.hasPrefix) { found.append("delimiter") }
        }
        return found
    }

    /// Many characters that nobody sees, or such as spell a text.
    private static func hasHiddenText(_ text: String) -> Bool {
        var hidden = 0
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xE0020...0xE007E: return true
            case 0x200B, 0x2060...0x2064, 0x202A...0x202E, 0x2066...0x2069: hidden += 1
            default: continue
            }
        }
        return hidden > 12
    }

    private static func isBetween(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "'", "`", "<", ">", "(", ")", ",", ";", ":": true
        default: scalar.isASCII ? scalar.value <= 0x20 : scalar.properties.isWhitespace
        }
    }

    /// Readable texts behind base64 and hexadecimal digits.
    private static func payloads(in text: String) -> [String] {
        var found: [String] = []
        for word in text.unicodeScalars.split(whereSeparator: { isBetween($0) })
        where word.count >= 24 {
            if found.count >= 20 { break }
            let word = Substring(word)
            if let decoded = Hexadecimal.text(word) ?? Base64Text.text(word) { found.append(decoded) }
        }
        return found
    }
}

/// Readable text behind a run of hexadecimal digits.
private enum Hexadecimal {
    static func text(_ word: Substring) -> String? {
        let digits = word.utf8.map { byte -> UInt8? in
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x41...0x46: byte - 0x37
            case 0x61...0x66: byte - 0x57
            default: nil
            }
        }
        guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).map { ((digits[$0] ?? 0) << 4) | (digits[$0 + 1] ?? 0) }
        return Readable.text(bytes)
    }
}

/// Readable text behind a run of base64 (RFC 4648), of either alphabet, padded or not.
private enum Base64Text {
    static func text(_ word: Substring) -> String? {
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in word.utf8 where byte != UInt8(ascii: "=") {
            let value: UInt8
            switch byte {
            case 0x41...0x5A: value = byte - 0x41
            case 0x61...0x7A: value = byte - 0x61 + 26
            case 0x30...0x39: value = byte - 0x30 + 52
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            default: return nil
            }
            buffer = ((buffer << 6) | UInt32(value)) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        return Readable.text(bytes)
    }
}

/// Bytes that are words somebody wrote.
private enum Readable {
    static func text(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= 16, bytes.contains(0x20) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let bad = text.unicodeScalars.count {
            $0.value == 0xFFFD || ($0.value < 0x20 && $0 != "\n" && $0 != "\r" && $0 != "\t")
        }
        return bad == 0 ? text : nil
    }
}
