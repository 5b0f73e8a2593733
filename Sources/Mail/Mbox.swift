import Glibc

/// The messages of an mbox (RFC 4155), read one after another from a file or a pipe.
///
/// A message begins at a line `From SENDER DATE` at the start or behind an empty line; a line "From here on" of a careless
/// writer has no time of day and begins nothing. Lines that were quoted as `>From ` lose one `>`.
///
/// The scan is ours and not GMime's: it reads pipes, which cannot seek; it holds one message at a time, whatever its parts;
/// and each message is then parsed under the same limits as a mail in a file of its own.
public struct Mbox {
    /// One message.
    public struct Entry: Sendable, Hashable {
        /// The bytes of the message, without the separator line; no more than the limit.
        public let bytes: [UInt8]
        /// Whether there was more of it.
        public let isTruncated: Bool
    }

    private let file: Int32
    private let limit: Int
    private var buffer: [UInt8]
    private var position: Int
    private var isAtEnd = false
    /// Whether the separator of the next message was read already.
    private var isInside = false

    /// Reads from a file descriptor, which stays the caller's.
    ///
    /// - Parameters:
    ///   - head: bytes that were read from it already.
    ///   - limit: the largest message in bytes; of a larger one the start is kept, the rest is skipped.
    public init(file: Int32, head: [UInt8] = [], limit: Int = Message.Limits.default.bytes) {
        self.file = file
        self.limit = limit
        buffer = head
        position = 0
    }

    /// Whether bytes begin as an mbox does.
    public static func begins(_ bytes: [UInt8]) -> Bool {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let text = bytes[start...].drop { $0 == ASCII.cr || $0 == ASCII.lf }
        return isSeparator(text.prefix { $0 != ASCII.lf })
    }

    /// The next message; `nil` behind the last one.
    ///
    /// - Throws: ``MailError/Code/unreadable`` when the file cannot be read.
    public mutating func next() throws(MailError) -> Entry? {
        var message: [UInt8] = []
        var isTruncated = false
        // The separator of a message that is read on was its last line: none can follow at once.
        var isBehindEmptyLine = !isInside
        // A line longer than the buffer arrives in pieces; only its first piece can be a separator.
        var isLineStart = true
        while let line = try nextLine() {
            if isLineStart, isBehindEmptyLine, Mbox.isSeparator(buffer[line]) {
                if isInside { return Mbox.entry(message, isTruncated) }
                isInside = true
                isBehindEmptyLine = false
                continue
            }
            let isComplete = buffer[line].last == ASCII.lf
            let isEmpty = buffer[line].allSatisfy { $0 == ASCII.lf || $0 == ASCII.cr }
            isBehindEmptyLine = isLineStart && isEmpty
            // What stands before the first separator belongs to no message, unless there is no separator at all.
            if isInside || !isEmpty || !message.isEmpty {
                isInside = true
                let text = isLineStart && Mbox.isQuoted(buffer[line]) ? buffer[line].dropFirst() : buffer[line]
                if message.count + text.count <= limit { message += text } else { isTruncated = true }
            }
            isLineStart = isComplete
        }
        guard isInside else { return nil }
        isInside = false
        return Mbox.entry(message, isTruncated)
    }

    /// The empty line before a separator belongs to the separator.
    private static func entry(_ message: [UInt8], _ isTruncated: Bool) -> Entry {
        var bytes = message
        if bytes.suffix(2).elementsEqual([ASCII.lf, ASCII.lf]) {
            bytes.removeLast()
        } else if bytes.suffix(4).elementsEqual([ASCII.cr, ASCII.lf, ASCII.cr, ASCII.lf]) {
            bytes.removeLast(2)
        }
        return Entry(bytes: bytes, isTruncated: isTruncated)
    }

    private static let from = Array("From ".utf8)

    /// `From `, something, and a time of day: `From sender@host Mon Jan  2 15:04:05 2006`.
    private static func isSeparator(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: from) else { return false }
        let text = line.dropFirst(from.count).prefix(500)
        var index = text.startIndex + 2
        while index + 2 < text.endIndex {
            if text[index] == UInt8(ascii: ":"), ASCII.isDigit(text[index - 1]), ASCII.isDigit(text[index + 1]),
                ASCII.isDigit(text[index + 2])
            {
                return true
            }
            index += 1
        }
        return false
    }

    /// `>From `, `>>From ` … (the mboxrd way, of which mboxo is a case).
    private static func isQuoted(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.first == UInt8(ascii: ">") else { return false }
        return line.drop { $0 == UInt8(ascii: ">") }.starts(with: from)
    }

    /// The place of the next line in the buffer, with its end; at most 64 KiB of it.
    private mutating func nextLine() throws(MailError) -> Range<Int>? {
        var searched = position
        while true {
            let place = buffer.withUnsafeBytes { bytes -> Int? in
                guard let base = bytes.baseAddress, searched < bytes.count else { return nil }
                return memchr(base + searched, Int32(ASCII.lf), bytes.count - searched)
                    .map { UnsafeRawPointer(base).distance(to: UnsafeRawPointer($0)) }
            }
            if place != nil || isAtEnd || buffer.count - position >= 65_536 {
                let end = min(place.map { $0 + 1 } ?? buffer.count, position + 65_536)
                guard end > position else { return nil }
                defer { position = end }
                return position..<end
            }
            searched = buffer.count - position
            try fill()
        }
    }

    /// Moves what is left to the start of the buffer and reads more behind it.
    private mutating func fill() throws(MailError) {
        buffer.removeSubrange(..<position)
        position = 0
        let start = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: 262_144))
        var count = -1
        var failure: Int32 = 0
        repeat {
            count = buffer.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map { read(file, $0 + start, bytes.count - start) } ?? 0
            }
            failure = errno
        } while count < 0 && failure == EINTR
        buffer.removeLast(buffer.count - start - max(count, 0))
        if count == 0 { isAtEnd = true }
        if count < 0 { throw MailError(.unreadable, "the mbox cannot be read", errno: failure) }
    }
}
