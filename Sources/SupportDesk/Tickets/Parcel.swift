/// A packet as files and an entry, cut to what the ticket system takes.
struct Parcel: Sendable {
    let packet: Packet
    /// Everything that is to be on the ticket.
    let files: [TicketFile]
    /// The note, with as many of the files as go with it.
    let entry: NewEntry
    /// The files that do not go with it.
    let rest: [[TicketFile]]
    private let limits: TicketLimits

    init(_ packet: Packet, _ thread: [ThreadEntry], _ limits: TicketLimits) {
        self.packet = packet
        self.limits = limits
        var split: [String] = []
        files = thread.flatMap { entry -> [TicketFile] in
            let parts = Self.parts(of: entry, limits.fileBytes)
            if parts.count > 1 { split.append(entry.fileName) }
            return parts
        }
        var note = packet.note
        for name in split {
            note += """

                \(name) is larger than a file may be here: it is attached in parts. Put together in order
                (cat \(name).part* > \(name)) they are the mail, byte for byte.

                """
        }
        var batches = Self.batches(files, limits.requestBytes)
        entry = NewEntry(
            key: "note-\(packet.message).txt", subject: packet.subject, text: Self.cut(note, limits.textBytes),
            files: batches.isEmpty ? [] : batches.removeFirst())
        rest = batches
    }

    /// Files in as few requests as they fit into.
    func batches(_ files: [TicketFile]) -> [[TicketFile]] { Self.batches(files, limits.requestBytes) }

    private static func batches(_ files: [TicketFile], _ limit: Int) -> [[TicketFile]] {
        var batches: [[TicketFile]] = []
        var size = 0
        for file in files {
            if batches.isEmpty || size + file.bytes.count > limit {
                batches.append([])
                size = 0
            }
            batches[batches.count - 1].append(file)
            size += file.bytes.count
        }
        return batches
    }

    private static func parts(of entry: ThreadEntry, _ limit: Int) -> [TicketFile] {
        guard entry.bytes.count > limit, limit > 0 else {
            return [TicketFile(name: entry.fileName, bytes: entry.bytes)]
        }
        let starts = Array(stride(from: 0, to: entry.bytes.count, by: limit))
        let width = String(starts.count).count
        return starts.enumerated().map { index, start in
            let number = String(repeating: "0", count: width - String(index + 1).count) + String(index + 1)
            return TicketFile(
                name: "\(entry.fileName).part\(number)",
                bytes: Array(entry.bytes[start..<min(start + limit, entry.bytes.count)]))
        }
    }

    /// The beginning of a text within a number of bytes, with a line that says so.
    private static func cut(_ text: String, _ limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let remark = "\n[…] This note is longer than a note may be here.\n"
        var bytes = limit - remark.utf8.count
        var end = text.unicodeScalars.startIndex
        while end < text.unicodeScalars.endIndex {
            bytes -= UTF8.width(text.unicodeScalars[end])
            if bytes < 0 { break }
            end = text.unicodeScalars.index(after: end)
        }
        return String(text.unicodeScalars[..<end]) + remark
    }
}
