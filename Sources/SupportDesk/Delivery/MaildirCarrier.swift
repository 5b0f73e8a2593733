import Mail

/// Delivers into a maildir: the demo's outbox, or a folder that another program sends from.
public struct MaildirCarrier: MailCarrier {
    private let maildir: Maildir
    private let flags: Set<Character>

    /// - Parameter flags: the maildir flags of what is delivered, `D` for drafts.
    public init(path: String, flags: Set<Character> = []) {
        maildir = Maildir(path: path)
        self.flags = flags
    }

    /// The folder.
    public var name: String { "maildir \(maildir.path)" }

    /// Delivers under a file name made from the Message-ID: a repetition finds its first copy.
    public func carry(_ envelope: Envelope) async -> Carriage {
        do {
            try maildir.create()
            let name = try maildir.deliver(
                envelope.bytes, uniqueName: Self.uniqueName(envelope.messageID), to: flags.isEmpty ? .new : .cur,
                flags: flags)
            return .accepted(remote: name)
        } catch {
            return error.isRetryable
                ? .unreachable(reason: "\(maildir.path): \(error)") : .refused(reason: "\(error)")
        }
    }

    /// Looks for the file.
    public func presence(of messageID: String) async -> Presence {
        do {
            return try maildir.contains(uniqueName: Self.uniqueName(messageID)) ? .present : .absent
        } catch {
            // No folder yet: then no mail was ever delivered into it.
            return error.code == .vanished ? .absent : .unknown
        }
    }

    /// Nothing is open between two calls.
    public func close() async {}

    /// The same mail has the same file name, so that a repetition finds it.
    static func uniqueName(_ messageID: String) -> String {
        String(messageID.map { $0.isLetter || $0.isNumber || $0 == "." || $0 == "@" || $0 == "-" ? $0 : "_" })
    }
}
