/// The messages of one SMTP connection, in the order in which they came.
///
/// Where the server allows it (RFC 2920), the envelope of the next message is written behind the final dot of the one
/// before, so that each message costs one round trip: the text may be the first of a group of commands (section 3.1), `DATA`
/// only the last.
///
/// What is known when the connection breaks:
/// - At most one message, `handedOver`, has its final dot on the wire and no reply to it. Only of this one nobody knows what became
///   of it, because before the dot a server takes nothing (RFC 5321 section 4.1.1.4).
/// - No byte of a later text is written before the replies to that dot *and* to the own `DATA` were read. So whatever is
///   behind `handedOver` was certainly not accepted and can be sent again.
///
/// Every envelope behind another message begins with `RSET`. It costs no round trip, and without it a server that has refused the
/// message before may add the recipients of this one to those of that one ("nested MAIL", RFC 5321 section 4.1.1.2).
///
/// `@unchecked`: `queue` has a lock; all else is touched only by the one task that drives, as `queue.isDriven` says.
final class SMTPPipeline: @unchecked Sendable {
    private struct Queue {
        var transactions: [SMTPTransaction] = []
        var isDriven = false
    }

    /// A text that the server waits for, and whose it is.
    private struct Due {
        let transaction: SMTPTransaction
        var submission: Submission
        /// All its recipients were refused, and the server said 354 nevertheless: it gets a lone dot.
        var isHollow = false
    }

    let dialog: SMTPDialog
    private let isPipelined: Bool
    private let isLMTP: Bool
    private let queue = LockedBox(Queue())
    /// Its envelope is on the wire or answered, nothing of its text is.
    private var introduced: SMTPTransaction?
    private var due: Due?
    /// Its text is on the wire.
    private var handedOver: SMTPTransaction?
    private var isAfterDot = false
    private var needsReset = false

    init(dialog: SMTPDialog, isPipelined: Bool, isLMTP: Bool) {
        self.dialog = dialog
        self.isPipelined = isPipelined
        self.isLMTP = isLMTP
    }

    /// How many messages wait for their turn.
    var waitingCount: Int { queue.withLock { $0.transactions.count } }

    /// Carries one message out behind those that wait already.
    func send(_ transaction: SMTPTransaction) async throws(TransportError) -> Submission {
        let outcome = await withTaskCancellationHandler {
            let mustDrive = queue.withLock { queue in
                guard transaction.stage == .new else { return false }
                transaction.stage = .waiting
                queue.transactions.append(transaction)
                defer { queue.isDriven = true }
                return !queue.isDriven
            }
            if mustDrive { Task { await drive() } }
            return await transaction.outcome()
        } onCancel: {
            cancel(transaction)
        }
        return try outcome.get()
    }

    /// A message that waits just leaves the queue. Once its envelope is on the wire only the end of the connection takes it back:
    /// after `DATA` the server would take silence for a slow client, and a dot for an empty message.
    private func cancel(_ transaction: SMTPTransaction) {
        let error = dialog.error(.cancelled, "cancelled", "MAIL")
        let hasBegun = queue.withLock { queue in
            if transaction.stage == .begun { return true }
            queue.transactions.removeAll { $0 === transaction }
            transaction.stage = .withdrawn
            return false
        }
        if !hasBegun {
            transaction.finish(.failure(error))
        } else if !transaction.isFinished {
            dialog.abandon(error)
        }
    }

    // MARK: The driving task

    private func drive() async {
        do {
            try await dialog.exclusively("MAIL") { () async throws(TransportError) in try await work() }
        } catch {
            let isDecided = isAfterDot || error.mayHaveBeenAccepted
            let (last, next, coming) = (handedOver, introduced, due?.transaction)
            (handedOver, introduced, due) = (nil, nil, nil)
            // Before anybody hears of it: who sends again at once finds a closed connection, not this one's end.
            let waiting = queue.withLock { queue in
                defer { queue = Queue() }
                return queue.transactions
            }
            last?.finish(.failure(isDecided ? error.afterFinalDot() : error))
            for transaction in [next, coming].compactMap(\.self) + waiting {
                transaction.finish(.failure(error.beforeText()))
            }
        }
    }

    private func work() async throws(TransportError) {
        while let transaction = next(orEnd: true) {
            introduced = transaction
            try expectUsable()
            let isReset = needsReset
            if isPipelined {
                try await dialog.connection.send(group(transaction, afterReset: isReset), step: "MAIL")
            }
            try await readReplies(to: transaction, afterReset: isReset)
            while let due { try await handOver(due) }
        }
    }

    /// The oldest message that waits; else, on request, the end of this task's work.
    private func next(orEnd: Bool) -> SMTPTransaction? {
        queue.withLock { queue in
            if !queue.transactions.isEmpty {
                let transaction = queue.transactions.removeFirst()
                transaction.stage = .begun
                return transaction
            }
            if orEnd { queue.isDriven = false }
            return nil
        }
    }

    private func expectUsable() throws(TransportError) {
        // RFC 5321 section 3.8: after 421 the server closes.
        guard dialog.isUsable else { throw dialog.error(.closed, "the server ended the connection", "MAIL") }
    }

    private func group(_ transaction: SMTPTransaction, afterReset: Bool) -> [UInt8] {
        let lines = (afterReset ? ["RSET"] : []) + [transaction.mail] + transaction.commands + ["DATA"]
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    private static let dot = Array(".\r\n".utf8)

    /// Writes the text that is due, and behind it the envelope of the next message; then reads what the server says to both.
    private func handOver(_ text: Due) async throws(TransportError) {
        due = nil
        needsReset = true
        handedOver = text.isHollow ? nil : text.transaction
        isAfterDot = false
        let following = isPipelined ? next(orEnd: false) : nil
        introduced = following
        var bytes = text.isHollow ? Self.dot : text.transaction.text
        let decision = bytes.count
        if let following { bytes += group(following, afterReset: true) }
        do {
            try await dialog.connection.send(bytes, decision: decision, step: "DATA")
        } catch {
            await settle(text, despite: error)
            throw error
        }
        isAfterDot = true
        if text.isHollow {
            _ = try await dialog.reply("final dot")
        } else {
            let submission = try await verdicts(on: text)
            // RFC 5321 section 4.1.1.4: a message taken leaves nothing behind; of a message refused servers disagree.
            needsReset = !submission.accepted
            text.transaction.finish(.success(submission))
        }
        handedOver = nil
        if let following {
            try expectUsable()
            try await readReplies(to: following, afterReset: true)
        }
    }

    /// A server that has had enough of a text says so and hangs up (552, 421), which shows here as a failure to write: then its
    /// verdict counts, and not the failure. Before the dot only a refusal is one.
    private func settle(_ text: Due, despite failure: TransportError) async {
        guard !text.isHollow else { return }
        var submission = text.submission
        if failure.mayHaveBeenAccepted {
            guard let heard = try? await verdicts(on: text) else { return }
            submission = heard
        } else {
            guard let refusal = try? await reply("DATA"), !refusal.isPositive else { return }
            submission.final = refusal
            if isLMTP {
                for index in submission.recipients.indices where submission.recipients[index].reply.isPositive {
                    submission.recipients[index].reply = refusal
                }
            }
        }
        // Closed first: whoever learns the verdict must not find a session that looks usable.
        dialog.abandon(failure)
        handedOver = nil
        text.transaction.finish(.success(submission))
    }

    /// The reply to a command that may have only these classes of codes: another one shows that we are out of step.
    private func reply(_ step: String, intermediate: Int? = nil) async throws(TransportError) -> SMTPReply {
        let reply = try await dialog.reply(step)
        guard
            reply.code == intermediate || reply.isTransient || reply.isPermanent
                || intermediate == nil && reply.isPositive
        else { throw dialog.error(.protocolViolation, "the server's reply (\(reply.code)) is out of place", step) }
        return reply
    }

    /// The reply to a command that was pipelined before; or the command and its reply.
    private func ask(_ command: String, _ step: String, intermediate: Int? = nil) async throws(TransportError)
        -> SMTPReply
    {
        if !isPipelined { try await dialog.send([command], step) }
        return try await reply(step, intermediate: intermediate)
    }

    /// Reads what the server says to an envelope. Afterwards its text is due, or the message is finished.
    ///
    /// Without pipelining the commands are given one by one here, and `DATA` only if a recipient was taken.
    private func readReplies(to transaction: SMTPTransaction, afterReset: Bool) async throws(TransportError) {
        needsReset = true
        if afterReset {
            let reset = try await ask("RSET", "RSET")
            if dialog.isUsable, !reset.isPositive {
                throw dialog.error(.protocolViolation, "the server refused RSET", "RSET")
            }
            guard dialog.isUsable else { return finish(transaction, sender: reset, [], final: reset) }
        }
        let sender = try await ask(transaction.mail, "MAIL")
        var replies: [SMTPReply] = []
        if isPipelined || sender.isPositive {
            for command in transaction.commands {
                replies.append(dialog.isUsable ? try await ask(command, "RCPT") : replies.last ?? sender)
            }
        }
        guard dialog.isUsable else {
            let goodbye = replies.last ?? sender
            return finish(transaction, sender: sender, sender.isPositive ? replies : [], final: goodbye)
        }
        let takers = replies.count { $0.isPositive }
        // Of a refused sender the recipients' replies are only "no sender" and say less.
        let shown = sender.isPositive ? replies : []
        let refusal = sender.isPositive ? nil : sender
        guard isPipelined || takers > 0 else { return finish(transaction, sender: sender, shown, final: refusal) }
        let data = try await ask("DATA", "DATA", intermediate: 354)
        guard data.code == 354 else {
            let final = !dialog.isUsable ? data : sender.isPositive ? (takers > 0 ? data : nil) : sender
            return finish(transaction, sender: sender, shown, final: final)
        }
        if sender.isPositive, takers > 0 {
            introduced = nil
            due = Due(
                transaction: transaction, submission: submission(transaction, sender: sender, shown, final: nil))
            return
        }
        // RFC 2920 section 3.1: the server waits for a text that nobody is to have. With LMTP no reply would follow the dot (RFC
        // 2033 section 4.2), and a server that took a recipient but no sender must not get even an empty message. Closed
        // first: whoever learns the verdict must not find a session that looks usable.
        guard !isLMTP, takers == 0 else {
            dialog.abandon(dialog.error(.protocolViolation, "the server waits for a text for nobody", "DATA"))
            return finish(transaction, sender: sender, shown, final: refusal)
        }
        finish(transaction, sender: sender, shown, final: refusal)
        due = Due(
            transaction: transaction, submission: submission(transaction, sender: sender, shown, final: nil),
            isHollow: true)
    }

    private func submission(
        _ transaction: SMTPTransaction, sender: SMTPReply, _ replies: [SMTPReply], final: SMTPReply?
    ) -> Submission {
        let recipients = transaction.recipients.enumerated().map { index, address in
            (address, index < replies.count ? replies[index] : final ?? sender)
        }
        return Submission(sender: sender, recipients: recipients, final: final, accepted: false)
    }

    private func finish(
        _ transaction: SMTPTransaction, sender: SMTPReply, _ replies: [SMTPReply], final: SMTPReply?
    ) {
        introduced = nil
        transaction.finish(.success(submission(transaction, sender: sender, replies, final: final)))
    }

    /// What the server says after the final dot: once, or with LMTP for each recipient that it took (RFC 2033 section 4.2).
    private func verdicts(on text: Due) async throws(TransportError) -> Submission {
        var submission = text.submission
        if isLMTP {
            for index in submission.recipients.indices where submission.recipients[index].reply.isPositive {
                // After 421 nothing more comes: it is the verdict for the rest.
                var verdict = submission.final
                if dialog.isUsable { verdict = try await reply("final dot") }
                submission.final = verdict
                guard let verdict else { break }
                submission.recipients[index].reply = verdict
                submission.accepted = submission.accepted || verdict.isPositive
            }
        } else {
            let verdict = try await reply("final dot")
            submission.final = verdict
            submission.accepted = verdict.isPositive
        }
        return submission
    }
}
