import Foundation

/// The folder of the ledger and its key: nobody else is to read them.
enum StateFolder {
    /// The files in it that hold secrets, or what they seal.
    private static let secrets = ["key", "key.new", "ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"]

    /// - Throws: `DeskError` with code `configuration` naming what others can read, and how that is mended.
    static func check(_ path: String) throws {
        var entry = stat()
        guard stat(path, &entry) == 0 else { return }
        guard entry.st_mode & 0o077 == 0 else {
            throw DeskError(.configuration, "others can enter the state folder \(path): chmod 700 \(path)")
        }
        for file in secrets.map({ "\(path)/\($0)" }) where stat(file, &entry) == 0 {
            guard entry.st_mode & 0o077 == 0 else {
                throw DeskError(.configuration, "\(file) can be read by others: chmod 600 \(file)")
            }
        }
    }
}
