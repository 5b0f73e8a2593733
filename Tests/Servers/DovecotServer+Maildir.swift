import Foundation

extension DovecotServer {
    /// A message in a user's mailbox, as its file in the maildir shows it.
    public struct StoredMessage: Sendable, Hashable {
        /// The file name without its flags.
        public let uniqueName: String
        /// The maildir flags: `S` seen, `R` replied, `F` flagged, `T` trashed, `D` draft.
        public let flags: Set<Character>
        /// The IMAP keywords.
        public let keywords: Set<String>
        /// Whether no client has seen it yet (it lies in `new`).
        public let isNew: Bool
        /// The file's content. Dovecot itself writes LF line ends, and serves CRLF whatever the file has.
        public let bytes: [UInt8]
    }

    /// Puts a message into a folder by writing the maildir file, which is fast; Dovecot finds it there.
    ///
    /// - Parameters:
    ///   - bytes: The message, kept as it is.
    ///   - user: The user; `desk` if absent.
    ///   - folder: The folder; made if it is missing.
    ///   - flags: Maildir flags; with any the message lies in `cur`, else in `new`.
    ///   - received: The INTERNALDATE, in whole seconds.
    /// - Returns: The file's unique name.
    /// - Throws: `TestServerError` if it cannot be written.
    @discardableResult
    public func deliver(
        _ bytes: [UInt8], to user: String? = nil, folder: String = "INBOX", flags: Set<Character> = [],
        received: Date = Date()
    ) throws -> String {
        let home = directory + "/mail/" + (user ?? self.user)
        let maildir = path(of: user, folder: folder)
        for path in [home, home + "/Maildir", maildir, maildir + "/tmp", maildir + "/new", maildir + "/cur"] {
            if mkdir(path, 0o700) == 0 {
                try giveAway(path)
            } else if errno != EEXIST {
                throw TestServerError.errno("mkdir \(path)")
            }
        }
        let number = deliveries.with { count in
            count += 1
            return count
        }
        // Dovecot numbers new messages in the order of their names' times, then of their names.
        let digits = String(number)
        let counter = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        let name = "\(Int(received.timeIntervalSince1970)).Q\(counter)P\(getpid()).localhost"
        let temporary = "\(maildir)/tmp/\(name)"
        let file = flags.isEmpty ? "\(maildir)/new/\(name)" : "\(maildir)/cur/\(name):2,\(String(flags.sorted()))"
        guard FileManager.default.createFile(atPath: temporary, contents: Data(bytes)) else {
            throw TestServerError("cannot write \(temporary)")
        }
        try giveAway(temporary)
        var times = [timeval(), timeval()]
        for index in times.indices { times[index].tv_sec = Int(received.timeIntervalSince1970) }
        utimes(temporary, times)
        guard rename(temporary, file) == 0 else { throw TestServerError.errno("rename \(temporary)") }
        return name
    }

    /// The messages of a folder, in the order of their unique names; none if there is no such folder.
    ///
    /// - Throws: if a file cannot be read.
    public func messages(of user: String? = nil, in folder: String = "INBOX") throws -> [StoredMessage] {
        let maildir = path(of: user, folder: folder)
        let names = keywordNames(maildir)
        var messages: [StoredMessage] = []
        for part in ["new", "cur"] {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(maildir)/\(part)")) ?? []
            for file in files where !file.hasPrefix(".") {
                // A client may have moved or removed the file since the listing.
                guard let data = FileManager.default.contents(atPath: "\(maildir)/\(part)/\(file)") else { continue }
                let pieces = file.split(separator: ":", maxSplits: 1)
                let letters = pieces.count == 2 && pieces[1].hasPrefix("2,") ? Array(pieces[1].dropFirst(2)) : []
                messages.append(
                    StoredMessage(
                        uniqueName: String(pieces[0].split(separator: ",")[0]),
                        flags: Set(letters.filter(\.isUppercase)),
                        keywords: Set(letters.compactMap { names[$0] }),
                        isNew: part == "new",
                        bytes: [UInt8](data)))
            }
        }
        return messages.sorted { $0.uniqueName < $1.uniqueName }
    }

    /// The names of a user's folders besides INBOX, sorted.
    public func folders(of user: String? = nil) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path(of: user, folder: "INBOX"))) ?? []
        return all.filter { $0.hasPrefix(".") && $0.count > 1 }.map { String($0.dropFirst()) }.sorted()
    }

    private func path(of user: String?, folder: String) -> String {
        let inbox = directory + "/mail/" + (user ?? self.user) + "/Maildir"
        return folder.uppercased() == "INBOX" ? inbox : inbox + "/." + folder
    }

    /// The keywords that a folder's flag letters `a` to `z` stand for: lines such as `0 $Label`.
    private func keywordNames(_ maildir: String) -> [Character: String] {
        guard let text = try? String(contentsOfFile: maildir + "/dovecot-keywords", encoding: .utf8) else { return [:] }
        var names: [Character: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let number = UInt8(parts[0]), number < 26 else { continue }
            names[Character(UnicodeScalar(UInt8(ascii: "a") + number))] = String(parts[1])
        }
        return names
    }

    /// Hands a file to the user that Dovecot runs as.
    private func giveAway(_ path: String) throws {
        guard getuid() == 0 else { return }
        guard let user = getpwnam("nobody"), let group = getgrnam("nogroup") else {
            throw TestServerError("there is no user nobody or no group nogroup")
        }
        guard chown(path, user.pointee.pw_uid, group.pointee.gr_gid) == 0 else {
            throw TestServerError.errno("chown \(path)")
        }
    }
}
