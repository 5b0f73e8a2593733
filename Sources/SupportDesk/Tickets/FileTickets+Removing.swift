import Foundation

extension FileTickets {
    /// The folders of a conversation: its tickets, and those that followed them.
    func folders(of externalID: String) -> [String] {
        let prefix = externalID + "."
        return names.filter { $0 == externalID || $0.hasPrefix(prefix) }
    }

    /// Removes a ticket's folder with everything in it.
    /// - Returns: whether there was one.
    /// - Throws: `DeskError` naming the folder.
    @discardableResult
    func remove(_ ticket: String) throws -> Bool {
        let path = "\(folder)/\(ticket)"
        guard !ticket.contains("/"), !ticket.hasPrefix("."), FileManager.default.fileExists(atPath: path) else {
            return false
        }
        do {
            try FileManager.default.removeItem(atPath: path)
            try DurableFile.syncFolder(of: path)
            return true
        } catch {
            throw DeskError(.unavailable, "cannot remove \(path)")
        }
    }

    /// Removes the tickets that were closed, and not touched since, before an instant.
    /// - Returns: how many there were.
    func removeClosed(before limit: Date) throws -> Int {
        var count = 0
        for name in names where name.hasPrefix("AD-") {
            let card = card(name)
            guard card.state.isDone || card.state == .deleted else { continue }
            let changed = ["\(folder)/\(name)", "\(folder)/\(name)/ticket.json"].compactMap(modified)
            guard let newest = changed.max(), newest < limit else { continue }
            try remove(name)
            count += 1
        }
        return count
    }

    private var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }
}
