import Foundation
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
    public func carry(_ envelope: Envelope) async -> Carriage { await DiskThreads.run { deliver(envelope) } }

    private func deliver(_ envelope: Envelope) -> Carriage {
        do {
            try maildir.create()
            sweep()
            let name = try maildir.deliver(
                envelope.bytes, uniqueName: Self.uniqueName(envelope.messageID), to: flags.isEmpty ? .new : .cur,
                flags: flags)
            return .accepted(remote: name)
        } catch {
            return error.isRetryable
                ? .unreachable(reason: "\(maildir.path): \(error)") : .refused(reason: "\(error)")
        }
    }

    /// Removes what deliveries that died left in `tmp` more than 36 hours ago: the age from which on the inventor of the
    /// maildir format lets everybody clean up there.
    private func sweep() {
        let folder = "\(maildir.path)/tmp"
        let now = time(nil)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !name.hasPrefix(".") {
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                max(status.st_atim.tv_sec, status.st_mtim.tv_sec) < now - 36 * 3_600
            else { continue }
            unlink("\(folder)/\(name)")
        }
    }

    /// Looks for the file.
    public func presence(of messageID: String) async -> Presence { await DiskThreads.run { look(for: messageID) } }

    private func look(for messageID: String) -> Presence {
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
