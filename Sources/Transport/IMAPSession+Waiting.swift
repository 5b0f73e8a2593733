extension IMAPSession {
    /// How long one `IDLE` lasts: RFC 2177 wants it repeated before 29 minutes have passed.
    static let idleLength = Duration.seconds(28 * 60)

    /// Waits until the selected mailbox has messages that no ``search(_:)`` has seen, at most for this long. Returns whether
    /// it has; `true` may be a false alarm.
    ///
    /// The server tells by itself (`IDLE`, RFC 2177); where it cannot, it is asked (`NOOP`) every `interval`. Other calls on
    /// this session wait meanwhile, or are carried out between two questions. Cancelling the task ends the wait at once, and
    /// with it the connection if the server was idling.
    public func waitForChange(
        upTo limit: Duration, pollingEvery interval: Duration
    ) async throws(TransportError) -> Bool {
        try await waitForChange(until: .now + limit, pollingEvery: interval, idling: Self.idleLength)
    }

    /// As ``waitForChange(upTo:pollingEvery:)``, with the length of one `IDLE`.
    func waitForChange(
        until end: ContinuousClock.Instant, pollingEvery interval: Duration, idling length: Duration
    ) async throws(TransportError) -> Bool {
        let isLate = try await dialog.exclusively("IDLE") { () async throws(TransportError) in dialog.takeNews() }
        if isLate { return true }
        var canIdle = capabilities.contains("IDLE")
        repeat {
            if canIdle {
                let (hasNews, goesOn) = try await idle(until: min(end, .now + length))
                if hasNews { return true }
                canIdle = goesOn
            } else if try await poll(at: min(end, .now + interval)) {
                return true
            }
        } while .now < end
        return false
    }

    /// One `IDLE`. `goesOn` is whether the server let us end it, and not the other way round.
    private func idle(
        until end: ContinuousClock.Instant
    ) async throws(TransportError) -> (hasNews: Bool, goesOn: Bool) {
        let step = "IDLE"
        return try await dialog.exclusively(step) { () async throws(TransportError) in
            let tag = dialog.nextTag()
            try await dialog.connection.send(Array("\(tag) IDLE\r\n".utf8), step: step)
            var isIdling = false
            var isDone = false
            while true {
                let response = try await dialog.next(step, until: isIdling && !isDone ? end : nil)
                switch response {
                case .continuation where !isIdling: isIdling = true
                case .tagged(tag, let condition):
                    if isDone { try dialog.require(condition, step) }
                    // QUIRK: RFC 2177 has the client end it. Some servers end it themselves, or refuse after having offered it:
                    // then we ask from now on, at our own pace.
                    return (dialog.takeNews(), isDone)
                case .tagged, .continuation:
                    throw dialog.error(.protocolViolation, "the server answered what was not asked", step)
                case .data, .condition, nil: break
                }
                if isIdling, !isDone, dialog.hasNews || response == nil {
                    try await dialog.connection.send(Array("DONE\r\n".utf8), step: step)
                    isDone = true
                }
            }
        }
    }

    /// Asks once, at this time.
    private func poll(at time: ContinuousClock.Instant) async throws(TransportError) -> Bool {
        do { try await Task.sleep(until: time) } catch { throw dialog.error(.cancelled, "cancelled", "NOOP") }
        return try await dialog.exclusively("NOOP") { () async throws(TransportError) in
            try await dialog.run(command("NOOP"), "NOOP")
            return dialog.takeNews()
        }
    }
}
