import Crypto
import Foundation

extension Simulation {
    /// Counts up whenever a replay of the same would find something else.
    private static let format = 2

    /// A name for the folder of a replay, the same for the same words.
    public static func folderName(of words: [String]) -> String {
        "simulate-" + Seal.fingerprint(Array(words.joined(separator: "\n").utf8)).prefix(16)
    }

    /// What an outcome depends on besides the mail: the configuration, the templates, the records, who answers. Of another signature
    /// nothing counts that was replayed before.
    func signature() throws -> [UInt8] {
        var hash = SHA256()
        func add(_ text: String) { hash.update(data: Data("\(text.utf8.count)\n\(text)".utf8)) }
        add("auradesk replay \(Self.format) \(Release.version)")
        add(configuration.digest)
        // Tests and programs may have changed it since it was read.
        add("\(configuration.policy)\n\(configuration.limits)\n\(configuration.people)")
        add(options.asksModels ? configuration.models.map(\.name).joined(separator: "\n") : "embedded")
        let templates = try Layout(templates: configuration.templates).templates
        for name in (FileManager.default.subpaths(atPath: templates) ?? []).sorted() {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(templates)/\(name)", isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            add(name)
            hash.update(data: FileManager.default.contents(atPath: "\(templates)/\(name)") ?? Data())
        }
        for path in [configuration.records?.customers, configuration.records?.orders].compactMap(\.self) {
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            add("\(path) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)")
        }
        return Array(hash.finalize())
    }
}

/// The part of a maildir's file name that stays when another program shows the message to somebody.
enum MaildirName {
    /// The path without `new`, `cur` and flags; and when the message came, as far as the name tells.
    static func parts(of path: String) -> (name: String, hint: Date?) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, let file = parts.last, ["new", "cur"].contains(parts[parts.count - 2]) else {
            return (path, nil)
        }
        let unique = file.prefix { $0 != ":" }
        let seconds = unique.prefix { $0.isASCII && $0.isNumber }
        let name = (parts.dropLast(2) + [unique]).joined(separator: "/")
        guard (9...11).contains(seconds.count), let time = TimeInterval(seconds) else { return (name, nil) }
        return (name, Date(timeIntervalSince1970: time))
    }
}
