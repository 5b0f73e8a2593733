extension IMAPSession {
    /// Brings messages of the selected mailbox, without marking them as read, each exactly once and in the server's order.
    ///
    /// Sizes are asked for first, then the texts in batches bounded by number and bytes, several under way at once. A message
    /// over `maximumMessageBytes` comes truncated. UIDs that no longer exist are passed over in silence.
    ///
    /// What `each` throws ends the fetch and is thrown on; the answers under way are read to their end, so that the session
    /// stays usable. `each` must not call this session.
    ///
    /// - Throws: ``TransportError``, or what `each` throws.
    public func fetch(
        _ uids: [UInt32], maximumMessageBytes: Int, batch: FetchBatch = FetchBatch(),
        _ each: @Sendable (FetchedMessage) async throws -> Void
    ) async throws {
        let step = "UID FETCH"
        // The caller's error travels as a value: it says nothing about the connection.
        let failure = try await dialog.exclusively(step) { () async throws(TransportError) -> (any Error)? in
            for set in Self.windows(uids) {
                let sizes = try await sizes(set, step)
                let plan = FetchPlan(sizes, maximumMessageBytes: maximumMessageBytes, batch: batch)
                // Sizes may be estimates (some servers compute them from another form of the message).
                dialog.parser.framer.literalLimit = plan.literalLimit
                if let failure = try await carryOut(plan, inFlight: batch.inFlight, step, each) { return failure }
                dialog.parser.framer.literalLimit = IMAPDialog.ordinaryLiteralLimit
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Sets small enough for one command line and for one table of sizes.
    private static func windows(_ uids: [UInt32]) -> [String] {
        let sorted = uids.sorted()
        return stride(from: 0, to: sorted.count, by: 5000).flatMap { start in
            UIDSet.texts(Array(sorted[start..<min(start + 5000, sorted.count)]))
        }
    }

    private func sizes(_ set: String, _ step: String) async throws(TransportError) -> [(uid: UInt32, size: Int)] {
        var sizes: [UInt32: Int] = [:]
        try await dialog.run(command("UID FETCH \(set) (UID RFC822.SIZE)"), step) { response in
            guard let items = FetchItems(response), let uid = items.uid, let size = items.size else { return }
            sizes[uid] = size
        }
        return sizes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Returns why it ended early: what `each` threw, or the server's refusal. Throws when the connection is lost.
    private func carryOut(
        _ plan: FetchPlan, inFlight: Int, _ step: String, _ each: @Sendable (FetchedMessage) async throws -> Void
    ) async throws(TransportError) -> (any Error)? {
        var wanted = plan.isTruncated
        var tags: Set<String> = []
        var next = 0
        var failure: (any Error)?
        while true {
            while failure == nil, tags.count < inFlight, next < plan.commands.count {
                let tag = dialog.nextTag()
                for part in command(plan.commands[next]).tagged(tag) {
                    try await dialog.connection.send(part, step: step)
                }
                tags.insert(tag)
                next += 1
            }
            if tags.isEmpty { return failure }
            let response = try await dialog.next(step)
            switch response {
            case .tagged(let tag, let condition):
                guard tags.remove(tag) != nil else {
                    throw dialog.error(.protocolViolation, "the server answered a command that was not given", step)
                }
                // RFC 5530: a message was expunged meanwhile. The others have come.
                if condition.code == "EXPUNGEISSUED" { continue }
                do { try dialog.require(condition, step) } catch { failure = failure ?? error }
            case .continuation:
                throw dialog.error(.protocolViolation, "the server asks for more than was announced", step)
            default:
                guard failure == nil, let message = Self.message(response, &wanted) else { continue }
                do { try await each(message) } catch { failure = error }
            }
        }
    }

    /// A message that was asked for. Unasked FETCH responses (flags changed elsewhere) have no text.
    private static func message(_ response: IMAPResponse, _ wanted: inout [UInt32: Bool]) -> FetchedMessage? {
        guard let items = FetchItems(response), let uid = items.uid, let body = items.body,
            let isTruncated = wanted.removeValue(forKey: uid)
        else { return nil }
        return FetchedMessage(
            uid: uid, flags: items.flags, internalDate: items.internalDate, size: items.size ?? body.count,
            bytes: body, isTruncated: isTruncated)
    }
}

/// The commands that bring a number of messages.
struct FetchPlan {
    /// How much of a message over the limit is fetched.
    static let truncatedBytes = 64 << 10

    private(set) var commands: [String] = []
    /// Every message that is asked for, and whether only its beginning.
    private(set) var isTruncated: [UInt32: Bool] = [:]
    let literalLimit: Int

    init(_ sizes: [(uid: UInt32, size: Int)], maximumMessageBytes: Int, batch: FetchBatch) {
        literalLimit = maximumMessageBytes + maximumMessageBytes / 4 + Self.truncatedBytes
        let beginning = "BODY.PEEK[]<0.\(max(1, min(Self.truncatedBytes, maximumMessageBytes)))>"
        var full: [UInt32] = []
        var bytes = 0
        var large: [UInt32] = []
        for (uid, size) in sizes {
            let isLarge = size > maximumMessageBytes
            isTruncated[uid] = isLarge
            if isLarge {
                large.append(uid)
                if large.count == min(batch.messages, max(1, batch.bytes / Self.truncatedBytes)) {
                    add(&large, beginning)
                }
                continue
            }
            if !full.isEmpty, full.count == batch.messages || bytes + size > batch.bytes {
                add(&full, "BODY.PEEK[]")
                bytes = 0
            }
            full.append(uid)
            bytes += size
        }
        add(&full, "BODY.PEEK[]")
        add(&large, beginning)
    }

    private mutating func add(_ uids: inout [UInt32], _ body: String) {
        for set in UIDSet.texts(uids) {
            commands.append("UID FETCH \(set) (UID FLAGS INTERNALDATE RFC822.SIZE \(body))")
        }
        uids = []
    }
}
