/// What a fetch asks for, in which order: the sizes of some messages, then their texts in batches, and the sizes of the next ones
/// while the last batches are under way.
struct FetchPlan {
    /// How much of a message over the limit is fetched.
    static let truncatedBytes = 64 << 10
    /// Messages whose sizes are asked for at once.
    static let window = 1000

    /// The most that a literal may have. Sizes may be estimates.
    ///
    /// QUIRK: Exchange computes RFC822.SIZE from another form of the message (its "exact size" is an option of the
    /// administrator); RFC 3501 section 6.4.5 has it exact.
    let literalLimit: Int

    private let maximumMessageBytes: Int
    private let batch: FetchBatch
    /// UIDs whose sizes are not known, in sets for one command each, the first at the end.
    private var sets: [String]
    /// The sizes that are just being asked for.
    private var sizes: [UInt32: Int]?
    /// Commands that bring texts, the first at the end.
    private var commands: [String] = []
    /// Every message whose text is asked for and has not come, and whether only its beginning is.
    private var isTruncated: [UInt32: Bool] = [:]

    init(_ uids: [UInt32], maximumMessageBytes: Int, batch: FetchBatch) {
        self.maximumMessageBytes = maximumMessageBytes
        self.batch = batch
        literalLimit = maximumMessageBytes + maximumMessageBytes / 4 + Self.truncatedBytes
        let sorted = uids.sorted()
        sets = stride(from: 0, to: sorted.count, by: Self.window).flatMap { start in
            UIDSet.texts(Array(sorted[start..<min(start + Self.window, sorted.count)]))
        }
        sets.reverse()
    }

    /// The next command, if there is one to give now.
    mutating func next() -> (text: String, asksForSizes: Bool)? {
        if sizes == nil, commands.count < batch.inFlight, let set = sets.popLast() {
            sizes = [:]
            return ("UID FETCH \(set) (UID RFC822.SIZE)", true)
        }
        return commands.popLast().map { ($0, false) }
    }

    /// Takes what a FETCH response tells. Returns the message if it is one that was asked for: unasked responses (flags changed
    /// elsewhere) have no text.
    mutating func take(_ items: FetchItems) -> FetchedMessage? {
        guard let uid = items.uid else { return nil }
        guard let body = items.body else {
            if let size = items.size { sizes?[uid] = size }
            return nil
        }
        guard let isTruncated = isTruncated.removeValue(forKey: uid) else { return nil }
        return FetchedMessage(
            uid: uid, flags: items.flags, internalDate: items.internalDate, size: items.size ?? body.count,
            bytes: body, isTruncated: isTruncated)
    }

    /// All sizes have come that were asked for last.
    mutating func endSizes() {
        let beginning = "BODY.PEEK[]<0.\(max(1, min(Self.truncatedBytes, maximumMessageBytes)))>"
        var added: [String] = []
        func add(_ uids: inout [UInt32], _ body: String) {
            added += UIDSet.texts(uids).map { "UID FETCH \($0) (UID FLAGS INTERNALDATE RFC822.SIZE \(body))" }
            uids = []
        }
        var full: [UInt32] = []
        var bytes = 0
        var large: [UInt32] = []
        for (uid, size) in (sizes ?? [:]).sorted(by: { $0.key < $1.key }) {
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
        sizes = nil
        commands = added.reversed() + commands
    }
}
