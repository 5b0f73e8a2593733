/// Who is told when a message cannot be delivered. There is no default: an unset sender must not become the null sender.
public enum EnvelopeSender: Sendable, Hashable {
    /// `<>`: nobody. For automatic answers that must not be answered (RFC 3834 section 3.3) and for reports.
    case null
    /// This address.
    case address(String)
}

/// From whom and to whom a message goes, whatever its header says (RFC 5321 section 2.3.1).
public struct Envelope: Sendable, Hashable {
    /// `MAIL FROM`.
    public var sender: EnvelopeSender
    /// `RCPT TO`, one to a thousand.
    public var recipients: [String]
    /// What the server is asked to report, if it offers that; `nil` leaves it to the server.
    public var notification: DeliveryNotification?

    /// An envelope; checked when it is sent.
    public init(sender: EnvelopeSender, recipients: [String], notification: DeliveryNotification? = nil) {
        self.sender = sender
        self.recipients = recipients
        self.notification = notification
    }

    /// Why it cannot be sent, or `nil`.
    var problem: String? {
        if recipients.isEmpty { return "there is no recipient" }
        if recipients.count > 1000 { return "there are more than 1000 recipients" }
        if case .address(let address) = sender, !Self.isAddress(address) { return "the sender is no address" }
        return recipients.allSatisfy(Self.isAddress) ? nil : "a recipient is no address"
    }

    var needsUTF8: Bool {
        var addresses = recipients
        if case .address(let address) = sender { addresses.append(address) }
        return !addresses.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
    }

    /// Whether this can stand in an envelope. Not the grammar of RFC 5321 section 4.1.2, but nothing that could end the path and begin another command or parameter.
    public static func isAddress(_ address: String) -> Bool {
        guard address.utf8.count <= 254, let at = address.utf8.lastIndex(of: 0x40) else { return false }
        let local = address.utf8[..<at]
        let domain = address.utf8[address.utf8.index(after: at)...]
        return !local.isEmpty && local.count <= 64 && !domain.isEmpty && local.first != 0x40
            && !address.unicodeScalars.contains {
                $0.value <= 0x20 || $0.value == 0x7F || (0x80...0xA0).contains($0.value) || $0 == "<" || $0 == ">"
                    || $0.properties.isWhitespace
            }
    }
}

/// What became of one message.
public struct Submission: Sendable {
    /// What the server said to `MAIL FROM`; `nil` if the message was refused here, for want of an extension that it needs.
    public var sender: SMTPReply?
    /// What the server said to each recipient, in the order of the envelope. With LMTP, for those it took: what it said after the
    /// message.
    public var recipients: [(address: String, reply: SMTPReply)]
    /// What it said after the message; the refusal of the sender or of `DATA`; `nil` if no recipient was left to send it to.
    public var final: SMTPReply?
    /// Whether the server has taken over the message for at least one recipient.
    public var accepted: Bool
}
