import CGMime
import Foundation

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
        guard let message = try bytes.withUnsafeBufferPointer({ buffer throws(MailError) -> Message? in
            try Message.parse(buffer, limits: limits)
        }) else { throw MailError(.noHeader, "no header field was found (RFC 5322 §2.2)") }
        self = message
    }

    private static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: Limits
    ) throws(MailError) -> Message? {
        let block = HeaderBlock(bytes, limits: limits)
        guard !block.fields.isEmpty else { return nil }
        var header = MessageHeader(bytes, block: block, limits: limits)
        var reader = BodyReader(bytes: bytes, limits: limits)
        guard Message.readBody(bytes, block: block, with: &reader) else {
            throw MailError(.malformed, "the parser gave up on the body")
        }
        let body = BodyText(pieces: reader.pieces, limits: limits)
        header.problems += reader.problems + body.problems
        return Message(header: header, reader: reader, body: body)
    }

    /// Gives GMime the fields that describe the body, and the body; hands the parts to the reader.
    private static func readBody(
        _ bytes: UnsafeBufferPointer<UInt8>, block: HeaderBlock, with reader: inout BodyReader
    ) -> Bool {
        guard GMimeLibrary.isReady else { return false }
        var head: [UInt8] = []
        for field in block.fields where MessageHeader.describesBody(bytes, field.name) {
            head += bytes[field.name]
            head.append(UInt8(ascii: ":"))
            head += bytes[field.value]
            head.append(ASCII.lf)
        }
        // GMime wants at least one field to know that a header was there.
        if head.isEmpty { head += "MIME-Version: 1.0\n".utf8 }
        head.append(ASCII.lf)
        let body = UnsafeBufferPointer(rebasing: bytes[block.bodyStart...])
        guard let array = g_byte_array_sized_new(UInt32(head.count + body.count)) else { return false }
        g_byte_array_append(array, head, UInt32(head.count))
        if let base = body.baseAddress, !body.isEmpty { g_byte_array_append(array, base, UInt32(body.count)) }
        guard let stream = g_mime_stream_mem_new_with_byte_array(array) else { return false }
        defer { aura_unref(stream) }
        let memory = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: GMimeStreamMem.self)
        g_mime_stream_mem_set_owner(memory, 1)
        guard let parser = g_mime_parser_new_with_stream(stream) else { return false }
        defer { aura_unref(parser) }
        g_mime_parser_set_persist_stream(parser, 1)
        guard let object = g_mime_parser_construct_part(parser, GMimeLibrary.options) else { return false }
        defer { aura_unref(object) }
        guard let data = array.pointee.data else { return false }
        var inner = BodyReader(
            bytes: UnsafeBufferPointer(start: data, count: Int(array.pointee.len)), limits: reader.limits)
        inner.read(object)
        if inner.hasUndividedPart { inner.readUndivided(body) }
        reader = inner
        return true
    }
}
