/// The pieces of a body as one text.
struct BodyText {
    /// The text in UTF-8, lines ended by LF.
    private(set) var utf8: [UInt8] = []
    /// Whether any piece was HTML.
    private(set) var isFromHTML = false
    /// Whether the text is a PGP message in ASCII armor (RFC 4880 §6.2), and whether it was a signed one.
    private(set) var isEncrypted = false
    private(set) var isSigned = false
    private(set) var problems: [String] = []
    /// Text that a reader does not see.
    private(set) var hidden: [HiddenText] = []

    init(pieces: [BodyReader.Piece], limits: Message.Limits) {
        for piece in pieces {
            var part = piece.utf8
            if piece.isHTML {
                let html = HTMLText.text(fromHTML: part, limit: limits.textBytes)
                part = Array(html.text.utf8)
                isFromHTML = true
                hidden += html.hidden
                problems += html.problems.filter { !problems.contains($0) }
            } else {
                part = BodyText.normalized(part)
            }
            if !utf8.isEmpty, !part.isEmpty {
                while utf8.last == ASCII.lf { utf8.removeLast() }
                utf8 += [ASCII.lf, ASCII.lf]
            }
            utf8 += part
        }
        openArmor()
        takeInvisible()
    }

    /// Recognises PGP in ASCII armor; of a signed text the armor is taken off (RFC 4880 §7).
    private mutating func openArmor() {
        guard let place = ASCII.place(of: "-----BEGIN PGP ", in: utf8), place == 0 || utf8[place - 1] == ASCII.lf else {
            return
        }
        let armor = utf8[place...]
        if armor.starts(with: "-----BEGIN PGP MESSAGE-----".utf8) {
            isEncrypted = true
        } else if armor.starts(with: "-----BEGIN PGP SIGNED MESSAGE-----".utf8) {
            isSigned = true
            guard let blank = armor.firstRange(of: [ASCII.lf, ASCII.lf]) else { return }
            let rest = armor[blank.upperBound...]
            let end = rest.firstRange(of: Array("-----BEGIN PGP SIGNATURE-----".utf8))?.lowerBound ?? rest.endIndex
            let last = Array("-----END PGP SIGNATURE-----".utf8)
            let behind = utf8[end...].firstRange(of: last).map { utf8[$0.upperBound...] } ?? []
            // Lines that began with a dash were escaped as "- -".
            var lines = rest[..<end].split(separator: ASCII.lf, omittingEmptySubsequences: false)
            for index in lines.indices where lines[index].starts(with: "- ".utf8) {
                lines[index] = lines[index].dropFirst(2)
            }
            let text = utf8[..<place] + lines.joined(separator: [ASCII.lf]) + behind
            utf8 = Array(ASCII.trimmedLines(Array(text)))
        }
    }

    /// Takes characters out that show nothing: zero-width space and word joiner, soft hyphen, byte order mark, and the tag
    /// characters that can spell hidden instructions.
    ///
    /// The joiners U+200C and U+200D stay: Hindi words and emoji need them.
    private mutating func takeInvisible() {
        guard !Charset.isASCII(utf8), utf8.indices.contains(where: { utf8[$0] >= 0xC2 && width($0) > 0 }) else {
            return
        }
        var result: [UInt8] = []
        result.reserveCapacity(utf8.count)
        var spelled: [UInt8] = []
        var count = 0
        var index = 0
        while index < utf8.count {
            let skipped = utf8[index] < 0xC2 ? 0 : width(index)
            if skipped == 0 {
                result.append(utf8[index])
            } else {
                count += 1
                // U+E0020 to U+E007E are ASCII characters moved up.
                if skipped == 4 {
                    let letter = (utf8[index + 2] & 1) << 6 | utf8[index + 3] & 0x3F
                    if letter >= 32, letter < 127 { spelled.append(letter) }
                }
            }
            index += max(skipped, 1)
        }
        utf8 = result
        problems.append("invisible characters were removed")
        if count > spelled.count {
            hidden.append(HiddenText(reason: .zeroWidth, text: "\(count - spelled.count) characters"))
        }
        guard !spelled.isEmpty else { return }
        hidden.append(
            HiddenText(reason: .tags, text: String(decoding: spelled.prefix(HiddenText.limit), as: UTF8.self)))
    }

    /// How many bytes of an invisible character stand at a place; 0 for a visible one.
    private func width(_ index: Int) -> Int {
        func next(_ offset: Int) -> UInt8 { index + offset < utf8.count ? utf8[index + offset] : 0 }
        switch utf8[index] {
        case 0xC2: return next(1) == 0xAD ? 2 : 0
        case 0xE2: return (next(1) == 0x80 && next(2) == 0x8B) || (next(1) == 0x81 && next(2) == 0xA0) ? 3 : 0
        case 0xE1: return next(1) == 0xA0 && next(2) == 0x8E ? 3 : 0
        case 0xEF: return next(1) == 0xBB && next(2) == 0xBF ? 3 : 0
        case 0xF3: return next(1) == 0xA0 && (next(2) == 0x80 || next(2) == 0x81) && next(3) != 0 ? 4 : 0
        default: return 0
        }
    }

    /// Line ends as LF, no other control characters than tab, no byte order mark, no empty lines at both ends.
    private static func normalized(_ bytes: [UInt8]) -> [UInt8] {
        var result = [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
            var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if byte >= 32 {
                    if byte == 127 { continue }
                    buffer[count] = byte
                } else if byte == ASCII.lf || byte == ASCII.tab {
                    buffer[count] = byte
                } else if byte == ASCII.cr {
                    // QUIRK: RFC 5322 §2.3 forbids a bare CR; old Macintosh programs wrote it as the line end.
                    if index < bytes.count, bytes[index] == ASCII.lf { continue }
                    buffer[count] = ASCII.lf
                } else {
                    continue
                }
                count += 1
            }
        }
        var end = result.count
        while end > 0, ASCII.isWhitespace(result[end - 1]) { end -= 1 }
        result.removeLast(result.count - end)
        let start = result.prefix { $0 == ASCII.lf }.count
        if start > 0 { result.removeFirst(start) }
        return result
    }
}
