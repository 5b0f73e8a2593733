import CGMime
import Glibc

extension Message {
    /// Reads a mail.
    ///
    /// The call is synchronous, keeps nothing of GMime, and may run on any number of threads at once. Its time is
    /// linear in the number of bytes.
    ///
    /// - Throws: ``MailError/Code/tooLarge`` over `limits.bytes`; ``MailError/Code/noHeader`` when no header field
    ///   can be found; ``MailError/Code/malformed`` when the parser gives up.
    public init(parsing bytes: [UInt8], limits: Limits = .default) throws(MailError) {
        guard bytes.count <= limits.bytes else {
            throw MailError(.tooLarge, "the message has more than \(limits.bytes) bytes")
        }
        guard
            let message = try bytes.withUnsafeBufferPointer({ buffer throws(MailError) -> Message? in
                try Message.parse(buffer, limits: limits)
            })
        else { throw MailError(.noHeader, "no header field was found (RFC 5322 §2.2)") }
        self = message
    }

    private static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: Limits
    ) throws(MailError) -> Message? {
        guard GMimeLibrary.isReady else { throw MailError(.malformed, "the MIME library cannot be used") }
        let block = HeaderBlock(bytes, limits: limits)
        guard !block.fields.isEmpty else { return nil }
        var header = MessageHeader(bytes, block: block, limits: limits)
        guard let reader = Message.readBody(bytes, block: block, limits: limits) else {
            throw MailError(.malformed, "the parser gave up on the body")
        }
        let body = BodyText(pieces: reader.pieces, limits: limits)
        header.problems += reader.problems + body.problems
        return Message(header: header, reader: reader, body: body)
    }

    /// Reads a mail that came attached to another one, one level deep; `nil` when it is none.
    static func inner(
        _ bytes: [UInt8], limits: Limits
    ) -> (forwarded: Forwarded, messageID: String?, problems: [String])? {
        bytes.withUnsafeBufferPointer { buffer in
            let block = HeaderBlock(buffer, limits: limits)
            guard !block.fields.isEmpty else { return nil }
            let header = MessageHeader(buffer, block: block, limits: limits)
            guard let reader = readBody(buffer, block: block, limits: limits, isInner: true) else { return nil }
            let body = BodyText(pieces: reader.pieces, limits: limits)
            let forwarded = Forwarded(
                from: header.from.first, subject: header.subject, date: HeaderText.oneLine(header.value("date") ?? ""),
                text: String(decoding: body.utf8, as: UTF8.self))
            return (forwarded, header.messageID, reader.problems + body.problems)
        }
    }

    /// Gives GMime the fields that describe the body, and the body, and reads the parts; `nil` when it gives up.
    static func readBody(
        _ bytes: UnsafeBufferPointer<UInt8>, block: HeaderBlock, limits: Limits, isInner: Bool = false,
        isUnwrapped: Bool = false
    ) -> BodyReader? {
        guard GMimeLibrary.isReady else { return nil }
        var head: [UInt8] = []
        var isMultipart = false
        for field in block.fields where MessageHeader.describesBody(bytes, field.name) {
            head += bytes[field.name]
            isMultipart = isMultipart || MessageHeader.isMultipart(bytes[field.value])
            head.append(UInt8(ascii: ":"))
            head += bytes[field.value]
            head.append(ASCII.lf)
        }
        // GMime wants at least one field to know that a header was there.
        if head.isEmpty { head += "MIME-Version: 1.0\n".utf8 }
        head.append(ASCII.lf)
        let whole = UnsafeBufferPointer(rebasing: bytes[block.bodyStart...])
        let body = isMultipart ? cut(whole, behindDelimiters: limits.parts * 4) : whole
        guard let array = g_byte_array_sized_new(UInt32(head.count + body.count)) else { return nil }
        g_byte_array_append(array, head, UInt32(head.count))
        if let base = body.baseAddress, !body.isEmpty { g_byte_array_append(array, base, UInt32(body.count)) }
        guard let stream = g_mime_stream_mem_new_with_byte_array(array) else { return nil }
        defer { aura_unref(stream) }
        let memory = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: GMimeStreamMem.self)
        g_mime_stream_mem_set_owner(memory, 1)
        guard let parser = g_mime_parser_new_with_stream(stream) else { return nil }
        defer { aura_unref(parser) }
        g_mime_parser_set_persist_stream(parser, 1)
        guard let object = g_mime_parser_construct_part(parser, GMimeLibrary.options) else { return nil }
        defer { aura_unref(object) }
        guard let data = array.pointee.data else { return nil }
        // The places that GMime names are places in its own copy.
        let copy = UnsafeBufferPointer(start: data, count: Int(array.pointee.len))
        var reader = BodyReader(bytes: copy, limits: limits, isInner: isInner, isUnwrapped: isUnwrapped)
        reader.read(object)
        if body.count < whole.count { reader.note("a body with too many part delimiters was cut") }
        if reader.hasUndividedPart { reader.readUndivided(body) }
        return reader
    }

    /// The body up to a number of lines that begin with `--`.
    ///
    /// GMime compares each such line with every open boundary and makes an object for every part, before we could count
    /// them; a hostile body of nothing else would cost a square of its size. A body without parts is not concerned, as
    /// its text has a limit of its own.
    private static func cut(
        _ body: UnsafeBufferPointer<UInt8>, behindDelimiters limit: Int
    ) -> UnsafeBufferPointer<UInt8> {
        guard let base = body.baseAddress, body.count > limit * 3 else { return body }
        var position = 0
        var count = 0
        while position + 1 < body.count {
            if body[position] == UInt8(ascii: "-"), body[position + 1] == UInt8(ascii: "-") {
                count += 1
                if count > limit { return UnsafeBufferPointer(rebasing: body[..<position]) }
            }
            guard let end = memchr(base + position, Int32(ASCII.lf), body.count - position) else { break }
            position = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(end)) + 1
        }
        return body
    }
}
