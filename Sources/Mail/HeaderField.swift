/// One field of a message's header, in the order of the message.
public struct HeaderField: Sendable, Hashable {
    /// The name as it was written.
    public let name: String
    /// The value: unfolded to one line, encoded words decoded.
    public let value: String

    /// Makes a field.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A file that came with a message.
public struct Attachment: Sendable, Hashable {
    /// The file name (RFC 2183, RFC 2231), without any folder part; empty where the sender gave none.
    public let name: String
    /// The media type in lower case without parameters, such as `image/png`.
    public let type: String
    /// The Content-ID without its angle brackets.
    public let contentID: String?
    /// Whether it is part of the text, such as a logo, and not meant to be saved.
    public let isInline: Bool
    /// The decoded contents.
    public let bytes: [UInt8]

    /// The size of the decoded contents in bytes.
    public var size: Int { bytes.count }

    /// Makes an attachment.
    public init(name: String, type: String, bytes: [UInt8], contentID: String? = nil, isInline: Bool = false) {
        self.name = name
        self.type = type
        self.bytes = bytes
        self.contentID = contentID
        self.isInline = isInline
    }
}

extension Attachment {
    /// Whether a file of this media type can be attached: one without parameters, and no multipart (RFC 2045 §5.1).
    package static func isWritable(_ type: String) -> Bool {
        MailPart.isType(type) && !type.lowercased().hasPrefix("multipart/")
    }

    /// The beginning of a `text/` part as text, its charset guessed where it is not UTF-8, HTML without its markup; nil for
    /// any other type.
    /// - Parameter limit: how many bytes are read.
    public func text(limit: Int = 64 << 10) -> String? {
        guard type.hasPrefix("text/") else { return nil }
        var head = bytes.prefix(limit)
        // A cut may not leave half a letter, by which UTF-8 would be taken for another charset.
        if head.count < bytes.count {
            while let last = head.last, last & 0xC0 == 0x80 { head.removeLast() }
            if let last = head.last, last >= 0xC0 { head.removeLast() }
        }
        return type == "text/html" ? HTMLText.text(fromHTML: Array(head)).text : Charset.text(unlabelled: Array(head))
    }
}
