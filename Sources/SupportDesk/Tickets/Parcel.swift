import Foundation
import Mail

/// A packet as files and an entry, cut to what the ticket system takes.
struct Parcel: Sendable {
    /// Below this many bytes a file is not cut into parts: it is left out, and the note says where it is found.
    static let leastPart = 16 << 10

    let packet: Packet
    /// Everything that is to be on the ticket.
    let files: [TicketFile]
    /// The note, with as many of the files as go with it.
    let entry: NewEntry
    /// The files that do not go with it.
    let rest: [[TicketFile]]
    /// What an agent has to know of the files: which came in parts, which are not here.
    let remarks: String
    private let limits: TicketLimits

    init(_ packet: Packet, _ thread: [ThreadEntry], _ limits: TicketLimits) {
        self.packet = packet
        self.limits = limits
        var remarks = ""
        files = thread.flatMap { entry -> [TicketFile] in
            let size = entry.bytes.count
            guard size > limits.fileBytes else { return [TicketFile(name: entry.fileName, bytes: entry.bytes)] }
            guard limits.fileBytes >= Self.leastPart else {
                remarks += Self.absence(of: entry, packet)
                return []
            }
            let parts = Self.parts(of: entry, limits.fileBytes)
            let pattern = "\(entry.fileName).part*of\(parts.count)"
            remarks += """

                \(entry.fileName) has \(size) bytes, more than a file may have here: it is attached in parts. Put together
                in order (cat \(pattern) > \(entry.fileName)) they are the mail, byte for byte.

                """
            return parts
        }
        self.remarks = remarks
        var batches = Self.batches(files, limits.requestBytes)
        entry = NewEntry(
            key: "note-\(packet.message).txt", subject: packet.subject,
            text: Self.cut(packet.note, limits.textBytes - remarks.utf8.count) + remarks,
            files: batches.isEmpty ? [] : batches.removeFirst())
        rest = batches
    }

    /// The largest file's bytes.
    var largest: Int { files.map(\.bytes.count).max() ?? 0 }

    /// The files that are not on a ticket yet, in as few requests as they fit into. A mail that came in other parts is there.
    func batches(missingIn names: Set<String>) -> [[TicketFile]] {
        let whole = Self.wholes(names)
        return Self.batches(
            files.filter { !names.contains($0.name) && !whole.contains(Self.base(of: $0.name)) }, limits.requestBytes)
    }

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

    /// Parts of one size, whose number says which bytes they are: a repetition under another limit has other names.
    private static func parts(of entry: ThreadEntry, _ limit: Int) -> [TicketFile] {
        let count = (entry.bytes.count + limit - 1) / limit
        let size = (entry.bytes.count + count - 1) / count
        let width = String(count).count
        return stride(from: 0, to: entry.bytes.count, by: size).enumerated().map { index, start in
            let number = String(index + 1)
            let padded = String(repeating: "0", count: width - number.count) + number
            return TicketFile(
                name: "\(entry.fileName).part\(padded)of\(count)",
                bytes: Array(entry.bytes[start..<min(start + size, entry.bytes.count)]))
        }
    }

    /// `7-message.eml` of `7-message.eml.part1of3`.
    private static func base(of name: String) -> String {
        name.range(of: ".eml.part").map { String(name[..<$0.lowerBound]) + ".eml" } ?? name
    }

    /// The mails of which all parts are there.
    private static func wholes(_ names: Set<String>) -> Set<String> {
        var counts: [String: (present: Int, all: Int)] = [:]
        for name in names where base(of: name) != name {
            guard let of = name.range(of: "of", options: .backwards), let all = Int(name[of.upperBound...]) else {
                continue
            }
            counts["\(base(of: name)) \(all)", default: (0, all)].present += 1
        }
        return Set(
            counts.compactMap { key, count in
                count.present == count.all ? key.split(separator: " ").first.map(String.init) : nil
            })
    }

    private static func absence(of entry: ThreadEntry, _ packet: Packet) -> String {
        let identifier = (try? Message(parsing: entry.bytes))?.messageID.map { "Message-ID <\($0)>" }
        let place = [packet.mailbox.map { "mailbox \($0)" }, identifier].compactMap(\.self).joined(separator: ", ")
        return """

            \(entry.fileName) has \(entry.bytes.count) bytes, more than this system takes: it is not attached.
            The original: \(place.isEmpty ? "in the mailbox" : place)

            """
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
