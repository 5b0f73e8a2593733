import Foundation

/// A reply's text in a file for an editor: in a folder that only its owner can enter, and gone with it.
public struct DraftFile: Sendable {
    /// Where the file is.
    public let path: String
    private let folder: String

    private static let prefix = "edit-"

    /// Writes the file.
    /// - Throws: `DeskError` naming what could not be written.
    public init(state: String, message: Int64, text: String) throws {
        Self.sweep(state)
        folder = "\(state)/\(Self.prefix)\(getpid())"
        path = "\(folder)/draft-\(message).txt"
        // One that is there was left by a process of that number.
        try? FileManager.default.removeItem(atPath: folder)
        guard mkdir(folder, 0o700) == 0 else {
            throw DeskError(.unavailable, "cannot make \(folder): \(String(cString: strerror(errno)))")
        }
        try DurableFile.write(Array((text + "\n").utf8), to: path, mode: 0o600)
    }

    /// The text as it is now.
    /// - Throws: `DeskError` with code `data` when it is no text.
    public func text() throws -> String {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20,
            let text = String(data: data, encoding: .utf8)
        else { throw DeskError(.data, "the edited file is gone, too long, or not UTF-8") }
        return text
    }

    /// Removes the file and whatever the editor left beside it.
    public func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Removes what processes left that did not live to do it.
    public static func sweep(_ state: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: state)) ?? [] where name.hasPrefix(prefix) {
            guard let process = pid_t(name.dropFirst(prefix.count)), kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            try? FileManager.default.removeItem(atPath: "\(state)/\(name)")
        }
    }
}
