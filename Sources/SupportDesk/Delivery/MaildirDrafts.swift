import Mail

/// Drafts in a maildir.
struct MaildirDrafts: DraftBox {
    private let carrier: MaildirCarrier
    private let maildir: Maildir

    /// At most this many files are looked through for a draft that was put in the place of ours.
    private static let maximumFiles = 10_000
    private static let maximumBytes = 1 << 20

    init(path: String) {
        carrier = MaildirCarrier(path: path, flags: ["D"])
        maildir = Maildir(path: path)
    }

    var name: String { carrier.name }

    func carry(_ envelope: Envelope) async -> Carriage { await carrier.carry(envelope) }
    func presence(of messageID: String) async -> Presence { await carrier.presence(of: messageID) }
    func close() async { await carrier.close() }

    func look(for copies: [DraftCopy]) async throws -> [Int64: DraftSight] {
        try await reporting { () throws(MailError) in
            let entries = try maildir.entries(named: copies.map(Self.name))
            var sights: [Int64: DraftSight] = [:]
            var missing: [DraftCopy] = []
            for copy in copies {
                guard let entry = entries[Self.name(copy)], !entry.flags.contains("T"),
                    let bytes = try? maildir.read(entry, maximumBytes: Self.maximumBytes)
                else {
                    missing.append(copy)
                    continue
                }
                sights[copy.message] = copy.isOurs(bytes) ? .untouched(place: entry.uniqueName) : .edited
            }
            if missing.isEmpty { return sights }
            let names = Set(copies.map(Self.name))
            let others = try maildir.entries(limit: Self.maximumFiles).filter {
                !names.contains($0.uniqueName) && !$0.flags.contains("T")
            }.compactMap { entry in
                (try? maildir.read(entry, maximumBytes: Self.maximumBytes)).flatMap { try? Message(parsing: $0) }
            }.map { ReplacedDraft($0) }
            for copy in missing {
                sights[copy.message] = others.contains { $0.replaces(copy, among: copies) } ? .edited : .gone
            }
            return sights
        }
    }

    func remove(_ copies: [DraftCopy]) async throws {
        try await reporting { () throws(MailError) in
            for (name, entry) in try maildir.entries(named: copies.map(Self.name)) {
                guard let copy = copies.first(where: { Self.name($0) == name }),
                    let bytes = try? maildir.read(entry, maximumBytes: Self.maximumBytes), copy.isOurs(bytes)
                else { continue }
                try maildir.remove(entry)
            }
        }
    }

    private static func name(_ copy: DraftCopy) -> String {
        copy.place ?? MaildirCarrier.uniqueName(copy.messageID)
    }

    private func reporting<Value: Sendable>(
        _ body: @escaping @Sendable () throws(MailError) -> Value
    ) async throws -> Value {
        do {
            return try await DiskThreads.run { Result { () throws(MailError) in try body() } }.get()
        } catch {
            throw DeskError(.unavailable, "drafts: \(name): \(error)", isRetryable: true)
        }
    }
}

/// A draft in the folder that is not ours, by its header.
struct ReplacedDraft {
    private let messageID: String?
    private let inReplyTo: [String]

    init(_ message: Message) {
        messageID = message.messageID
        inReplyTo = message.inReplyTo
    }

    /// Whether it stands in the place of one of ours: it bears its name, or answers the same message.
    func replaces(_ copy: DraftCopy, among copies: [DraftCopy]) -> Bool {
        if messageID == copy.messageID { return true }
        if copies.contains(where: { $0.messageID == messageID }) { return false }
        return copy.inReplyTo.map(inReplyTo.contains) ?? false
    }
}
