import Foundation

/// Tickets as folders: `AD-…/note-17.txt` beside `17-message.eml`. The embedded default.
public struct FileTickets: TicketSystem {
    private let folder: String

    /// Names the folder; it is made with the first ticket.
    public init(folder: String) { self.folder = folder }

    /// The folder.
    public var name: String { "files \(folder)" }

    /// Writes what is missing; the note comes last and says that the entry is complete.
    public func file(_ packet: Packet, thread: [ThreadEntry]) async throws -> String {
        let ticket = "\(folder)/\(packet.externalID)"
        let note = "\(ticket)/note-\(packet.message).txt"
        do {
            // The note is written last: where it is, the entry is complete.
            if FileManager.default.fileExists(atPath: note) { return packet.externalID }
            try DurableFile.makeFolder(ticket)
            for entry in thread {
                let path = "\(ticket)/\(entry.fileName)"
                if !FileManager.default.fileExists(atPath: path) { try DurableFile.write(entry.bytes, to: path) }
            }
            try DurableFile.write(Array(packet.note.utf8), to: note)
            try DurableFile.syncFolder(of: ticket)
        } catch let error as DeskError {
            throw TicketError(error.message, isRetryable: true)
        }
        return packet.externalID
    }
}
