import Foundation

/// The files with which a machine runs a desk: `Templates/packaging` with this desk's paths in them.
public struct Packaging: Sendable {
    /// Where they go: beside `desk.yaml`.
    public let folder: String
    private let configuration: String
    private let program: String
    private let account: String

    /// - Parameters:
    ///   - configuration: the whole path of `desk.yaml`.
    ///   - program: the whole path of the program.
    ///   - account: who is to run it.
    /// - Throws: `DeskError` for a path that cannot stand in such files.
    public init(configuration: String, program: String, account: String = NSUserName()) throws {
        for path in [configuration, program] {
            guard path.hasPrefix("/"),
                !path.unicodeScalars.contains(where: { $0.value < 0x20 || "\"'\\`$".unicodeScalars.contains($0) })
            else { throw DeskError(.configuration, "\(path) cannot be written into a unit: choose another folder") }
        }
        self.configuration = configuration
        self.program = program
        self.account = account
        folder = (configuration as NSString).deletingLastPathComponent + "/packaging"
    }

    /// Writes what is not there yet.
    /// - Returns: the names of the files.
    /// - Throws: `DeskError` naming the file.
    public func write(from templates: String) throws -> [String] {
        try DurableFile.makeFolder(folder, mode: 0o755)
        // Folders in it are not for a desk: what builds a package of the program.
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: templates)) ?? []).sorted().filter {
            (try? FileManager.default.attributesOfItem(atPath: "\(templates)/\($0)"))?[.type] as? FileAttributeType
                == .typeRegular
        }
        for name in names {
            let file = "\(folder)/\(name)"
            guard let data = FileManager.default.contents(atPath: "\(templates)/\(name)") else {
                throw DeskError(.configuration, "cannot read \(templates)/\(name)")
            }
            guard !FileManager.default.fileExists(atPath: file) else { continue }
            let text = filled(String(decoding: data, as: UTF8.self), name == "crontab" ? Self.shell : Self.unit)
            guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8)) else {
                throw DeskError(.unavailable, "cannot write \(file): \(String(cString: strerror(errno)))")
            }
        }
        return names
    }

    /// The line for crontab(5) out of the file that was written.
    public func cronLine() throws -> String {
        let text = FileManager.default.contents(atPath: "\(folder)/crontab").map { String(decoding: $0, as: UTF8.self) }
        guard let line = text?.split(separator: "\n").first(where: { !$0.hasPrefix("#") }) else {
            throw DeskError(.configuration, "\(folder)/crontab has no line")
        }
        return String(line)
    }

    private func filled(_ text: String, _ spell: (String) -> String) -> String {
        text.replacing("@PROGRAM@", with: spell(program)).replacing("@CONFIG@", with: spell(configuration))
            .replacing("@FOLDER@", with: spell((configuration as NSString).deletingLastPathComponent))
            .replacing("@USER@", with: account)
    }

    /// As systemd.unit(5) wants it: a percent sign begins a specifier, and words end at blanks.
    private static func unit(_ path: String) -> String {
        let text = path.replacing("%", with: "%%")
        return text.contains(" ") ? "\"\(text)\"" : text
    }

    /// As crontab(5) and the shell want it: a percent sign ends the command, and what is not plain is quoted.
    private static func shell(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber
                || "/._-+%@:,".utf8.contains(byte)
        }
        let text = isPlain ? path : "'\(path)'"
        return text.replacing("%", with: "\\%")
    }
}
