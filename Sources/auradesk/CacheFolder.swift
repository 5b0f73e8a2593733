import Foundation

/// Where the filters keep what is slow to make, between runs: `$XDG_CACHE_HOME/auradesk`, or `~/.cache/auradesk`.
enum CacheFolder {
    /// The path of a file in it; nil where there is no place for it.
    static func path(of name: String) -> String? {
        let environment = ProcessInfo.processInfo.environment
        guard let root = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map({ $0 + "/.cache" }),
            root.hasPrefix("/")
        else { return nil }
        let folder = root + "/auradesk"
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return FileManager.default.isWritableFile(atPath: folder) ? "\(folder)/\(name)" : nil
    }
}
