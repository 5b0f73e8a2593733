import Foundation
import Mail

/// The receiving server that sample mail shows: a proposal for `shop.authserv_id`, for a person to confirm.
public struct ReceivingServer: Sendable, Hashable {
    /// What it writes into Authentication-Results (RFC 8601 §2.5), or the word for Microsoft 365.
    public let authservID: String
    /// How many `Received` fields stand above its results; nil: what the desk expects anyhow.
    public let ownHops: Int?
    /// How many of the mails show it.
    public let count: Int
    /// How many mails there were.
    public let total: Int

    /// Mails looked at, of a folder with more.
    private static let maximumMails = 500

    /// Reads a mail, or the mails of a folder; nil when none has results.
    /// - Throws: `DeskError` when there is no such file or folder.
    public init?(sample path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw DeskError(.data, "cannot read \(path)")
        }
        let files =
            isFolder.boolValue
            ? (FileManager.default.subpaths(atPath: path) ?? []).sorted().map { "\(path)/\($0)" } : [path]
        var counts: [String: (hops: Int?, count: Int)] = [:]
        var total = 0
        for file in files where total < Self.maximumMails {
            guard let data = FileManager.default.contents(atPath: file),
                let message = try? Message(parsing: [UInt8](data))
            else { continue }
            total += 1
            guard let (name, hops) = message.proposedAuthenticationServer, Self.isName(name) else { continue }
            counts[name, default: (hops, 0)].count += 1
        }
        // A sender may forge the field; most senders do not.
        guard let most = counts.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }) else { return nil }
        (authservID, ownHops, count, self.total) = (most.key, most.value.hops, most.value.count, total)
    }

    /// What a stranger's mail says becomes a line of a configuration: nothing but the characters of a host's name.
    private static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[A-Za-z0-9._-]{1,253}/) != nil }
}
