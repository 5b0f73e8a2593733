/// One address with the name that stands beside it: a `mailbox` of RFC 5322 §3.4.
public struct Mailbox: Sendable, Hashable {
    /// The display name, decoded, or `nil` where there is none.
    public let name: String?
    /// The address: the local part as written, the domain in lower case.
    public let address: String

    /// Makes a mailbox; the domain of `address` is lower-cased, an empty name becomes `nil`.
    public init(name: String? = nil, address: String) {
        self.name = name.flatMap { $0.isEmpty ? nil : $0 }
        self.address = Mailbox.normalized(address)
    }

    /// The part behind the last `@`, in lower case; `nil` where there is none.
    public var domain: String? {
        guard let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        let domain = address[address.index(after: at)...]
        return domain.isEmpty ? nil : String(domain)
    }

    /// Whether a mail from or to it can be written: its address is a plain one, its name one line.
    package var isWritable: Bool {
        do throws(MailError) {
            try HeaderWriter.check(address: address)
            try HeaderWriter.check(name ?? "")
            return true
        } catch {
            return false
        }
    }

    /// The part before the last `@`, as written.
    public var localPart: String {
        guard let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) else { return address }
        return String(address[..<at])
    }

    /// An address with its domain in lower case and no trailing dot. RFC 5321 §2.4: local parts keep their case.
    static func normalized(_ address: String) -> String {
        var bytes = Array(address.utf8)
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return address }
        if bytes.last == UInt8(ascii: "."), bytes.count > at + 2 { bytes.removeLast() }
        let hasOther = bytes[at...].contains { $0 >= 0x80 }
        if hasOther {
            let text = String(decoding: bytes, as: UTF8.self)
            guard let index = text.lastIndex(of: "@") else { return text }
            return text[..<index] + text[index...].lowercased()
        }
        for index in at..<bytes.count { bytes[index] = ASCII.lower(bytes[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The `Return-Path` that the receiving server recorded (RFC 5321 §4.4).
public enum ReturnPath: Sendable, Hashable {
    /// No such field: unknown, which proves nothing.
    case missing
    /// `<>`: a bounce or another automatic message that must never be answered (RFC 3834 §2).
    case null
    /// The envelope sender.
    case address(String)
}
