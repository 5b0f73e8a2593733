import CGMime

/// Walks the parts of a parsed body and copies out what a desk needs. Nothing of GMime stays behind.
struct BodyReader {
    /// A piece of the text to be shown.
    struct Piece {
        let utf8: [UInt8]
        let isHTML: Bool
    }

    /// The bytes that GMime's stream was made of.
    let bytes: UnsafeBufferPointer<UInt8>
    let limits: Message.Limits

    var pieces: [Piece] = []
    var attachments: [Attachment] = []
    var forwarded: Forwarded?
    var calendarMethod: String?
    var hasCalendar = false
    var isEncrypted = false
    var isSigned = false
    /// What the parts of a report say.
    private(set) var deliveryStatus: ReportFields?
    private(set) var feedback: ReportFields?
    /// The Message-ID of the mail, or of its header, that a report brings back.
    private(set) var returnedMessageID: String?
    /// The media types of all leaf parts, for the rules about reports.
    var types: [String] = []
    var problems: [String] = []
    /// Whether some multipart had no parts: its boundary is missing or wrong.
    private(set) var hasUndividedPart = false
    private var parts = 0
    private var textBytes = 0
    /// Inside a message that was attached, nothing counts as the sender's own.
    private let isInner: Bool
    /// Inside a signed structure that was opened, no other one is.
    private let isUnwrapped: Bool

    init(
        bytes: UnsafeBufferPointer<UInt8>, limits: Message.Limits, isInner: Bool = false, isUnwrapped: Bool = false
    ) {
        self.bytes = bytes
        self.limits = limits
        self.isInner = isInner
        self.isUnwrapped = isUnwrapped
    }

    /// Reads one part and all below it.
    mutating func read(_ object: UnsafeMutablePointer<GMimeObject>, depth: Int = 0) {
        parts += 1
        guard depth <= limits.depth else { return note("parts nested deeper than \(limits.depth) were left out") }
        guard parts <= limits.parts else { return note("parts behind the first \(limits.parts) were left out") }
        if aura_is_multipart(object) != 0 {
            readMultipart(object, depth: depth)
        } else if aura_is_part(object) != 0 {
            readLeaf(object)
        }
    }

    mutating func note(_ problem: String) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    private mutating func readMultipart(_ object: UnsafeMutablePointer<GMimeObject>, depth: Int) {
        let multipart = aura_as_multipart(object)
        let count = Int(g_mime_multipart_get_count(multipart))
        let subtype = MediaType(object).subtype
        if count == 0 {
            note("a multipart has no parts")
            hasUndividedPart = true
        }
        switch subtype {
        case "encrypted": isEncrypted = true
        case "signed": isSigned = true
        case "alternative":
            readAlternatives(multipart, count: count, depth: depth)
            return
        default: break
        }
        for index in 0..<count {
            guard let child = g_mime_multipart_get_part(multipart, Int32(index)) else { continue }
            if parts > limits.parts { return note("parts behind the first \(limits.parts) were left out") }
            read(child, depth: depth + 1)
        }
    }

    /// RFC 2046 §5.1.4 orders alternatives from plain to rich. A desk wants the plain one, unless it is empty or says
    /// only that the rich one should be read.
    private mutating func readAlternatives(_ multipart: UnsafeMutablePointer<GMimeMultipart>?, count: Int, depth: Int) {
        let before = pieces
        var best: [Piece] = []
        var bestRank = -1
        for index in 0..<count {
            guard let child = g_mime_multipart_get_part(multipart, Int32(index)) else { continue }
            if parts > limits.parts { return note("parts behind the first \(limits.parts) were left out") }
            pieces = []
            let bytesBefore = textBytes
            read(child, depth: depth + 1)
            // Each alternative may use the whole budget; only one of them is kept.
            textBytes = bytesBefore
            let rank = BodyReader.rank(pieces)
            if rank > bestRank, !pieces.isEmpty {
                best = pieces
                bestRank = rank
            }
        }
        pieces = before + best
        textBytes += best.reduce(0) { $0 + $1.utf8.count }
    }

    private static func rank(_ pieces: [Piece]) -> Int {
        let text = pieces.lazy.filter { piece in piece.utf8.contains { !ASCII.isWhitespace($0) } }
        if text.isEmpty { return 0 }
        return text.contains { $0.isHTML } ? 1 : 2
    }

    /// An attached mail: a file, and the first of them as what the sender passed on.
    private mutating func readMessage(
        _ object: UnsafeMutablePointer<GMimeObject>, part: UnsafeMutablePointer<GMimePart>?
    ) {
        guard !isInner else { return }
        let contents = decoded(part)
        let inner = Message.inner(contents, limits: limits)
        returnedMessageID = returnedMessageID ?? inner?.messageID
        if forwarded == nil, let inner {
            forwarded = inner.forwarded
            for problem in inner.problems { note(problem) }
        }
        let subject = inner?.forwarded.subject ?? ""
        let name = fileName(object) ?? (subject.isEmpty ? "message" : String(subject.prefix(60))) + ".eml"
        append(object, part: part, type: "message/rfc822", name: name, bytes: contents)
    }

    private mutating func readLeaf(_ object: UnsafeMutablePointer<GMimeObject>) {
        let type = MediaType(object)
        let part = aura_as_part(object)
        types.append(type.name)
        let isAttachment = g_mime_part_is_attachment(part) != 0
        let name = fileName(object)
        switch type.name {
        case "message/rfc822", "message/rfc2822", "message/global", "message/news":
            readMessage(object, part: part)
            return
        case "text/calendar", "application/ics":
            hasCalendar = true
            let content = decoded(part)
            if calendarMethod == nil {
                calendarMethod = (type.parameter("method") ?? BodyReader.calendarMethod(content))?.uppercased()
            }
            append(object, part: part, type: type.name, name: name ?? "invite.ics", bytes: content)
            return
        case "application/pkcs7-mime", "application/x-pkcs7-mime":
            if readSealed(part, type: type) { return }
        case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
            isSigned = true
            return
        case "application/pgp-encrypted":
            isEncrypted = true
            return
        case "application/ms-tnef", "application/vnd.ms-tnef":
            note("the contents of a winmail.dat file were not opened")
        case "message/delivery-status", "message/disposition-notification", "message/feedback-report",
            "message/global-delivery-status", "text/rfc822-headers", "message/rfc822-headers",
            "message/global-headers":
            let contents = decoded(part)
            readReport(contents, type: type.name)
            append(object, part: part, type: type.name, name: name ?? "", bytes: contents)
            return
        default: break
        }
        // A named text part is a file, unless it is the first one: some programs name the text itself.
        if type.isText, !isAttachment, name == nil || pieces.isEmpty {
            appendText(part, type: type)
        } else {
            append(object, part: part, type: type.name, name: name ?? "", bytes: decoded(part))
        }
    }

    /// Takes the fields of a report part.
    private mutating func readReport(_ contents: [UInt8], type: String) {
        guard !isInner else { return }
        switch type {
        case "message/delivery-status", "message/global-delivery-status":
            deliveryStatus = deliveryStatus ?? ReportFields(contents, limits: limits)
        case "message/feedback-report": feedback = feedback ?? ReportFields(contents, limits: limits)
        case "message/disposition-notification": break
        default:
            returnedMessageID =
                returnedMessageID
                ?? ReportFields(contents, limits: limits).groups.first?["message-id"].flatMap {
                    HeaderText.identifiers(Array($0.utf8), limit: 1).first
                }
        }
    }

    /// Reads what an S/MIME structure holds when it is only signed; whether it did.
    private mutating func readSealed(_ part: UnsafeMutablePointer<GMimePart>?, type: MediaType) -> Bool {
        switch isUnwrapped ? nil : SignedContent.open(decoded(part)) {
        case .signed(let contents):
            isSigned = true
            let inner = contents.withUnsafeBufferPointer { buffer in
                Message.readBody(
                    buffer, block: HeaderBlock(buffer, limits: limits), limits: limits, isInner: isInner,
                    isUnwrapped: true)
            }
            guard let inner else { return false }
            pieces += inner.pieces
            attachments += inner.attachments
            types += inner.types
            forwarded = forwarded ?? inner.forwarded
            hasCalendar = hasCalendar || inner.hasCalendar
            calendarMethod = calendarMethod ?? inner.calendarMethod
            isEncrypted = isEncrypted || inner.isEncrypted
            for problem in inner.problems { note(problem) }
            return true
        case .closed where type.parameter("smime-type")?.lowercased() == "signed-data", nil where isUnwrapped:
            isSigned = true
            note("a signature that wraps its text was not opened")
        default: isEncrypted = true
        }
        return false
    }

    private mutating func appendText(_ part: UnsafeMutablePointer<GMimePart>?, type: MediaType) {
        guard textBytes < limits.textBytes else { return note("text over \(limits.textBytes) bytes was left out") }
        var content = decoded(part)
        if content.count > limits.textBytes - textBytes {
            content.removeLast(content.count - (limits.textBytes - textBytes))
            while let last = content.last, last >= 0x80 { content.removeLast() }
            note("text over \(limits.textBytes) bytes was left out")
        }
        let isHTML = type.subtype == "html"
        var label = type.parameter("charset")
        if isHTML, label == nil { label = HTMLText.declaredCharset(content) }
        let result = Charset.decode(content, label: label)
        if let problem = result.problem { note(problem) }
        textBytes += content.count
        var utf8 = result.utf8
        if type.subtype == "plain", type.parameter("format")?.lowercased() == "flowed" {
            utf8 = FlowedText.unwrapped(utf8, deletesSpace: type.parameter("delsp")?.lowercased() == "yes")
        }
        pieces.append(Piece(utf8: utf8, isHTML: isHTML))
    }

    private mutating func append(
        _ object: UnsafeMutablePointer<GMimeObject>, part: UnsafeMutablePointer<GMimePart>?, type: String, name: String,
        bytes: [UInt8]
    ) {
        guard !isInner else { return }
        let id = g_mime_part_get_content_id(part).map { String(cString: $0) }
        let disposition = g_mime_object_get_disposition(object).map { ASCII.lowercased(String(cString: $0).utf8) }
        let isInline = disposition != "attachment" && (disposition == "inline" || id != nil)
        attachments.append(
            Attachment(name: BodyReader.safe(name), type: type, bytes: bytes, contentID: id, isInline: isInline))
    }

    /// The contents without their transfer encoding.
    private mutating func decoded(_ part: UnsafeMutablePointer<GMimePart>?) -> [UInt8] {
        var start = 0
        var end = 0
        guard aura_content_bounds(part, &start, &end) != 0 else { return [] }
        let range =
            start.clamped(to: 0...bytes.count)..<end.clamped(to: start.clamped(to: 0...bytes.count)...bytes.count)
        let slice = UnsafeBufferPointer(rebasing: bytes[range])
        let encoding = g_mime_part_get_content_encoding(part)
        if encoding == GMIME_CONTENT_ENCODING_BASE64, BodyReader.isNoBase64(slice) {
            note("text labelled as base64 is none and was taken as it is")
            return Array(slice)
        }
        switch encoding {
        case GMIME_CONTENT_ENCODING_BASE64, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, GMIME_CONTENT_ENCODING_UUENCODE:
            var state = GMimeEncoding()
            g_mime_encoding_init_decode(&state, encoding)
            let room = g_mime_encoding_outlen(&state, slice.count)
            return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                slice.withMemoryRebound(to: CChar.self) { source in
                    buffer.withMemoryRebound(to: CChar.self) { target in
                        count = g_mime_encoding_flush(&state, source.baseAddress, source.count, target.baseAddress)
                    }
                }
            }
        default: return Array(slice)
        }
    }

    /// QUIRK: some programs write plain text under a base64 label. Base64 has no blanks inside its lines.
    private static func isNoBase64(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var blanks = 0
        var previous = ASCII.lf
        for byte in bytes.prefix(1_024) {
            if ASCII.isLetter(byte), previous == ASCII.space { blanks += 1 }
            previous = byte
        }
        return blanks > 3
    }

    /// Takes a body that could not be divided into parts as one plain text.
    mutating func readUndivided(_ body: UnsafeBufferPointer<UInt8>) {
        guard pieces.isEmpty, attachments.isEmpty, !isEncrypted, body.contains(where: { $0 > 32 }) else { return }
        note("the body could not be divided into parts and was taken as one text")
        let result = Charset.decode(Array(body.prefix(limits.textBytes)), label: nil)
        pieces.append(Piece(utf8: result.utf8, isHTML: false))
    }

    private func fileName(_ object: UnsafeMutablePointer<GMimeObject>) -> String? {
        g_mime_part_get_filename(aura_as_part(object)).map { String(cString: $0) }
    }

    /// A file name without folders and control characters: it will be written to a disk by somebody.
    private static func safe(_ name: String) -> String {
        let last =
            name.utf8.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }).last
            ?? ""[...].utf8
        let text = HeaderText.oneLine(String(decoding: Array(last), as: UTF8.self))
        return text == "." || text == ".." ? "" : String(text.prefix(200))
    }

    private static func calendarMethod(_ content: [UInt8]) -> String? {
        for line in content.prefix(8_192).split(separator: ASCII.lf) {
            let text = ASCII.trimmed(line)
            if text.count > 7, text.count < 40, ASCII.equal(String(decoding: text.prefix(7), as: UTF8.self), "METHOD:")
            {
                return ASCII.trimmed(String(decoding: text.dropFirst(7), as: UTF8.self))
            }
        }
        return nil
    }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
