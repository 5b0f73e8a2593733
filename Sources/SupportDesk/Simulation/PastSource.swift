import Foundation
import Mail
import Transport

/// Where past conversations are read from. Nothing is written there, sent or marked.
public enum PastSource: Sendable {
    /// Files, folders with all below them, maildirs and mboxes.
    case files([String])
    /// A channel of `desk.yaml`, with the folders in which people's answers lie.
    case channel(DeskConfiguration.ChannelEntry)
    /// Folders of an IMAP account that no channel names.
    case imap(MailEndpoint, folders: [String])

    /// What somebody means by these words: the name of a channel, an `imaps://` address, or paths.
    /// - Parameter password: for an address that names a user.
    /// - Throws: `DeskError` with code `data` when it is none of these.
    public init(_ words: [String], _ configuration: DeskConfiguration, password: String? = nil) throws {
        if words.count == 1, let entry = configuration.channels.first(where: { $0.name == words[0] }) {
            self = .channel(entry)
            return
        }
        if words.count == 1, words[0].hasPrefix("imap://") || words[0].hasPrefix("imaps://") {
            self = try Self.imap(words[0], password, caFile: configuration.caFile)
            return
        }
        let missing = words.filter { !FileManager.default.fileExists(atPath: $0) }
        guard missing.isEmpty else {
            let names = configuration.channels.map(\.name).joined(separator: ", ")
            throw DeskError(
                .data, "there is no file, folder or channel \(missing.joined(separator: ", ")); channels are: \(names)")
        }
        self = .files(words)
    }

    /// `imaps://user@host:port/INBOX,Sent`: whoever logs in, and the folders.
    private static func imap(_ address: String, _ password: String?, caFile: String?) throws -> PastSource {
        guard let parts = URLComponents(string: address), let host = parts.host, let scheme = parts.scheme else {
            throw DeskError(.data, "\(address) is no address such as imaps://user@host/INBOX,Sent")
        }
        if parts.password != nil {
            throw DeskError(.data, "a password does not stand in an address, where others see it: use --password-env")
        }
        let folders = parts.path.drop { $0 == "/" }.split(separator: ",").map(String.init)
        var credentials = MailEndpoint.Credentials.none
        if let user = parts.user {
            guard let password else {
                throw DeskError(.data, "\(host): name the environment variable of the password with --password-env")
            }
            credentials = .password(user: user, password: password)
        }
        let port = parts.port.map { ":\($0)" } ?? ""
        let query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
        do {
            return .imap(
                try MailEndpoint(url: "\(scheme)://\(host)\(port)\(query)", credentials: credentials, caFile: caFile),
                folders: folders)
        } catch {
            throw DeskError(.data, "\(host): \(error.message)")
        }
    }
}
