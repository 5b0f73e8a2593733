import Foundation

/// What others put into a ticket's folder: `customer-3.txt`, with `From: ADDRESS` above an empty line, and beside it its files
/// `customer-3.photo.jpg`; `agent-4.txt` the same, for what an agent answered. Its text is what makes an entry complete.
extension FileTickets {
    /// Everything that was written, oldest first.
    public func entries(of ticket: String) async throws -> [TicketEntry] {
        await DiskThreads.run { entriesNow(of: ticket) }
    }

    /// Waits for the disk.
    private func entriesNow(of ticket: String) -> [TicketEntry] {
        let names = namesNow(on: ticket)
        return (ours(names, on: ticket) + people(names, on: ticket)).sorted {
            ($0.written, Self.number($0.entry.id)) < ($1.written, Self.number($1.entry.id))
        }.map(\.entry)
    }

    private typealias Dated = (entry: TicketEntry, written: Date)

    private func ours(_ names: Set<String>, on ticket: String) -> [Dated] {
        let own = names.filter { Self.writer(of: $0) == nil }
        let texts = own.filter { $0.hasSuffix(".txt") }.sorted { (Self.number($0), $0) < (Self.number($1), $1) }
        var shown = 0
        return texts.map { name in
            // With an entry came what is numbered up to it; an answer to a message is numbered like it.
            let files = own.filter { file in
                let number = Int(file.prefix(while: \.isNumber)) ?? 0
                return number > shown && number <= Self.number(name)
            }
            shown = max(shown, Self.number(name))
            let (text, written) = content(name, of: ticket)
            let entry = TicketEntry(
                id: name, ticket: ticket, author: .machine, isPublic: name.hasPrefix("reply-"), text: text,
                created: written.ISO8601Format(), attachments: files.sorted().map { attachment($0, of: ticket) })
            return (entry, written)
        }
    }

    private func people(_ names: Set<String>, on ticket: String) -> [Dated] {
        names.compactMap { name in
            guard let writer = Self.writer(of: name), name == "\(writer.kind)-\(writer.number).txt" else { return nil }
            let (text, written) = content(name, of: ticket)
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
            var address: String?
            if let first = lines.first, first.hasPrefix("From: ") {
                address = first.dropFirst(6).trimmingCharacters(in: .whitespaces)
                lines = lines.dropFirst()
                if lines.first?.isEmpty == true { lines = lines.dropFirst() }
            }
            let files = names.filter { $0 != name && $0.hasPrefix("\(writer.kind)-\(writer.number).") }
            let entry = TicketEntry(
                id: name, ticket: ticket,
                author: writer.kind == "agent" ? .agent(address ?? "an agent") : .customer(address: address),
                isPublic: true, text: lines.joined(separator: "\n"), created: written.ISO8601Format(),
                attachments: files.sorted().map { attachment($0, of: ticket, dropping: writer) })
            return (entry, written)
        }
    }

    private func attachment(
        _ name: String, of ticket: String, dropping writer: (kind: String, number: Int)? = nil
    ) -> TicketAttachment {
        let shown = writer.map { String(name.dropFirst("\($0.kind)-\($0.number).".count)) } ?? name
        return TicketAttachment(locator: "\(ticket)/\(name)", name: shown)
    }

    private func content(_ name: String, of ticket: String) -> (String, Date) {
        let path = "\(folder)/\(ticket)/\(name)"
        let bytes = Self.bytes(of: path, upTo: Self.maximumText) ?? []
        return (String(decoding: bytes, as: UTF8.self), modified(path) ?? .distantPast)
    }

    /// More of a text is not read, and no larger file.
    private static let maximumText = 1 << 20
    private static let maximumFile = 64 << 20

    /// The first bytes of a file; nil when it cannot be read.
    static func bytes(of path: String, upTo limit: Int) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        do {
            return [UInt8](try file.read(upToCount: limit) ?? Data())
        } catch {
            return nil
        }
    }

    func modified(_ path: String) -> Date? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let time = status.st_mtim
        return Date(timeIntervalSince1970: TimeInterval(time.tv_sec) + TimeInterval(time.tv_nsec) / 1_000_000_000)
    }

    /// `customer-3.txt`, `agent-12.photo.jpg`: who, and which entry.
    private static func writer(of name: String) -> (kind: String, number: Int)? {
        for kind in ["customer", "agent"] where name.hasPrefix("\(kind)-") {
            let digits = name.dropFirst(kind.count + 1).prefix { $0 != "." }
            if let number = Int(digits) { return (kind, number) }
        }
        return nil
    }

    /// `note-17.txt`: 17.
    private static func number(_ name: String) -> Int { Int(name.prefix { $0 != "." }.filter(\.isNumber)) ?? 0 }

    /// A file's bytes.
    public func content(of attachment: TicketAttachment) async throws -> [UInt8] {
        let path = "\(folder)/\(attachment.locator)"
        guard !attachment.locator.contains(".."),
            let bytes = await DiskThreads.run({ Self.bytes(of: path, upTo: Self.maximumFile + 1) })
        else { throw TicketError("\(name): a file of an entry is not there", .gone) }
        guard bytes.count <= Self.maximumFile else {
            throw TicketError("\(name): a file of an entry is larger than any that is read", .tooLarge)
        }
        return bytes
    }

    /// By the times at which the folders changed, as whole seconds of the clock that the files have; the last two are looked at
    /// again. A folder whose time lies in the future is looked at each time until then, and counts as one of now.
    public func customerEntries(in queues: [String], after cursor: String?, since start: Date) async throws
        -> CustomerEntries
    {
        let place = cursor.flatMap(Int.init) ?? 0
        let page = await DiskThreads.run {
            changes(in: queues, since: place, until: Int(Date().timeIntervalSince1970))
        }
        var reopening = TicketChange()
        reopening.state = .open
        for ticket in page.finished { _ = try await change(ticket, reopening, from: nil) }
        return CustomerEntries(
            entries: page.entries, cursor: page.newest == place ? nil : "\(page.newest)", hasMore: false)
    }

    /// What customers wrote on the tickets whose folders changed, and which of these were finished before: whoever writes there
    /// opens it again, as a folder has no server that would do so. Waits for the disk.
    private func changes(in queues: [String], since cursor: Int, until present: Int)
        -> (entries: [TicketEntry], finished: [String], newest: Int)
    {
        let since = min(cursor, present)
        var newest = since
        var entries: [TicketEntry] = []
        var finished: [String] = []
        for ticket in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() {
            guard let changed = modified("\(folder)/\(ticket)").map({ Int($0.timeIntervalSince1970) }),
                changed >= since
            else { continue }
            newest = max(newest, min(changed, present) - 2)
            let card = card(ticket)
            guard card.state != .deleted, queues.isEmpty || queues.contains(card.placement.queue ?? "") else {
                continue
            }
            let found = entriesNow(of: ticket).filter(\.isCustomers)
            if card.state.isDone, let end = modified("\(folder)/\(ticket)/ticket.json"),
                found.contains(where: { modified("\(folder)/\(ticket)/\($0.id)") ?? .distantPast > end })
            {
                finished.append(ticket)
            }
            entries += found
        }
        return (entries, finished, newest)
    }

    /// Whoever writes a name onto the card takes the ticket.
    public func wasTaken(_ ticket: String, since entry: TicketEntry) async throws -> Bool {
        await DiskThreads.run {
            let folder = "\(folder)/\(ticket)"
            guard card(ticket).placement.owner != nil, let changed = modified("\(folder)/ticket.json"),
                let written = modified("\(folder)/\(entry.id)")
            else { return false }
            return changed > written
        }
    }
}
