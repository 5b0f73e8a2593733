import Foundation

/// What a replay keeps to go on with, and where.
extension Simulation {
    private var shelf: ReplayKeys { ReplayKeys(state: configuration.state) }

    /// Removes what it has left in its folder.
    public func remove() throws {
        shelf.destroy(of: folder)
        guard FileManager.default.fileExists(atPath: folder) else { return }
        guard FileManager.default.fileExists(atPath: "\(folder)/\(Self.markFile)") else {
            throw DeskError(.data, "\(folder) is no folder of a replay, and is left as it is")
        }
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            throw DeskError(.unavailable, "cannot remove \(folder)")
        }
    }

    /// By which the folder of a replay is known.
    static let markFile = "replay"

    /// Where its ledger is, and its key.
    func prepare() throws -> KeySource {
        let isNew = !FileManager.default.fileExists(atPath: folder)
        try DurableFile.makeFolder(folder)
        let mark = "\(folder)/\(Self.markFile)"
        let content = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        if !FileManager.default.fileExists(atPath: mark) {
            guard isNew || content.allSatisfy({ $0 == "lock" }) else {
                throw DeskError(.data, "\(folder) holds something else than a replay; name another folder")
            }
            try DurableFile.write(Array("A replay of auradesk simulate; it may be removed.\n".utf8), to: mark)
        }
        let (secret, isNewKey) = try shelf.secret(of: folder)
        if isNewKey {
            // Its key was destroyed: what lies there opens no more.
            for name in content where !["lock", Self.markFile].contains(name) {
                try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
            copyCaches(to: folder)
        }
        return KeySource(state: folder, secret: secret)
    }

    /// What is slow to make and the desk has made already.
    func copyCaches(to folder: String) {
        for name in ["classifier.model", "patterns.hs", "knowledge.sqlite", "knowledge.sqlite.model"] {
            let made = "\(configuration.state)/\(name)"
            guard FileManager.default.fileExists(atPath: made) else { continue }
            try? FileManager.default.copyItem(atPath: made, toPath: "\(folder)/\(name)")
        }
    }
}
