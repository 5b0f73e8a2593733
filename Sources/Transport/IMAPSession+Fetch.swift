extension IMAPSession {
    /// Brings messages of the selected mailbox, without marking them as read, each exactly once and in the server's order.
    ///
    /// Sizes are asked for first, then the texts in batches bounded by number and bytes, several under way at once. A message
    /// over `maximumMessageBytes` comes truncated. UIDs that no longer exist are passed over in silence. Of what is under way,
    /// only what the connection's buffers hold is in memory: a slow `each` slows the server down.
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
        let plan = FetchPlan(uids, maximumMessageBytes: maximumMessageBytes, batch: batch)
        // The caller's error travels as a value: it says nothing about the connection.
        let failure = try await dialog.exclusively(step) { () async throws(TransportError) -> (any Error)? in
            dialog.parser.framer.literalLimit = plan.literalLimit
            return try await carryOut(plan, inFlight: batch.inFlight, step, each)
        }
        if let failure { throw failure }
    }

    /// Returns why it ended early: what `each` threw, or the server's refusal. Throws when the connection is lost.
    private func carryOut(
        _ plan: FetchPlan, inFlight: Int, _ step: String, _ each: @Sendable (FetchedMessage) async throws -> Void
    ) async throws(TransportError) -> (any Error)? {
        var plan = plan
        /// The tags of the commands under way, and whether they ask for sizes.
        var tags: [String: Bool] = [:]
        var failure: (any Error)?
        while true {
            while failure == nil, tags.count < inFlight, let command = plan.next() {
                let tag = dialog.nextTag()
                try await dialog.connection.send(Array("\(tag) \(command.text)\r\n".utf8), step: step)
                tags[tag] = command.asksForSizes
            }
            if tags.isEmpty { return failure }
            let response = try await dialog.next(step)
            switch response {
            case .tagged(let tag, let condition):
                guard let askedForSizes = tags.removeValue(forKey: tag) else {
                    throw dialog.error(.protocolViolation, "the server answered a command that was not given", step)
                }
                if askedForSizes { plan.endSizes() }
                // RFC 5530: a message was expunged meanwhile. The others have come.
                if condition.code == "EXPUNGEISSUED" { continue }
                do { try dialog.require(condition, step) } catch { failure = failure ?? error }
            case .continuation:
                throw dialog.error(.protocolViolation, "the server asks for more than was announced", step)
            default:
                guard failure == nil, let items = FetchItems(response), let message = plan.take(items) else { continue }
                do { try await each(message) } catch { failure = error }
            }
        }
    }
}
