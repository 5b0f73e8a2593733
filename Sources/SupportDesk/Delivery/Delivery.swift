import Foundation
import Logging

/// Takes outbox rows to the other side: each exactly once, as far as any client can.
///
/// A row is committed as `sending` before the first byte leaves. One that is found in `sending` was left by a run that died:
/// the other side is asked for it where that is possible; else a person is told. It is never simply sent again.
struct Delivery: Sendable {
    let ledger: Ledger
    let carrier: any MailCarrier
    let drafts: (any MailCarrier)?
    /// Where copies of sent replies go.
    let sent: IMAPFolder?
    let filing: Filing
    /// Writes the packet of a mail that did not arrive.
    let packets: @Sendable () async throws -> PacketBuilder
    /// How long a mail may wait to be taken, seconds; then a person gets the matter, because a later answer helps nobody.
    let deadline: TimeInterval
    let logger: Logger
    let now: @Sendable () -> Date
    private let outages = Outages()

    init(
        ledger: Ledger, carrier: any MailCarrier, drafts: (any MailCarrier)?, sent: IMAPFolder? = nil,
        filing: Filing, packets: @escaping @Sendable () async throws -> PacketBuilder, deadline: TimeInterval,
        logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        self.ledger = ledger
        self.carrier = carrier
        self.drafts = drafts
        self.sent = sent
        self.filing = filing
        self.packets = packets
        self.deadline = deadline
        self.logger = logger
        self.now = now
    }

    /// Ends the connections; what could not be reached is tried again afterwards.
    func close() async {
        await carrier.close()
        await drafts?.close()
        await outages.clear()
    }

    /// Delivers one row, and the ticket that may take its place.
    func deliver(_ id: Int64) async throws -> DeliveryAttempt {
        guard let item = try await ledger.outboxItem(id) else { return .finished }
        switch item.payload {
        case .mail(let envelope, let isDraft): return try await deliver(envelope, isDraft: isDraft, item)
        case .ticket(let packet): return try await deliver(packet, item)
        }
    }

    private func deliver(_ envelope: Envelope, isDraft: Bool, _ item: OutboxItem) async throws -> DeliveryAttempt {
        guard let carrier = isDraft ? drafts : carrier else {
            return try await hand(
                item, envelope, end: .failed("no carrier"), Rule("no-carrier", "No drafts folder is configured."))
        }
        if item.wasSending,
            let attempt = try await lookFor(envelope, at: carrier, item, reason: Self.died)
        {
            return attempt
        }
        if isOverdue(item) {
            return try await hand(
                item, envelope, end: .failed("too late"),
                Rule("delivery-late", "The reply could not be sent in time; a later one helps nobody."))
        }
        if let outage = await outages.line(of: carrier.name) { return .unreachable(outage) }
        try await ledger.beginSending(item.id)
        await FaultPoint.sending.reach()
        let carriage = await carrier.carry(envelope)
        await FaultPoint.sent.reach()
        switch carriage {
        case .accepted(let remote, let messageIDs):
            try await ledger.finish(item, as: .sent(remote: remote, messageIDs: messageIDs), now: now())
            if !isDraft { await file(envelope, item) }
            return .finished
        case .deferred(let reason):
            logger.warning("mail not taken yet", metadata: ["message": "\(item.message)", "reason": "\(reason)"])
            try await ledger.requeue(item.id, until: retryTime(item), problem: reason)
            return .waits
        case .unreachable(let reason):
            try await ledger.requeue(item.id, until: now(), problem: reason, counts: false)
            return .unreachable(await outages.note("carrier: \(reason)", of: carrier.name))
        case .refused(let reason):
            return try await hand(
                item, envelope, end: .failed(reason), Rule("delivery-refused", "The reply was refused: \(reason)."))
        case .uncertain(let reason):
            return try await lookFor(envelope, at: carrier, item, reason: reason) ?? .waits
        }
    }

    private static let died = "the run died while sending"

    /// Looks whether the other side has a mail of which nobody knows whether it was taken.
    /// - Returns: what became of it; nil when it is not there, and is to be sent again.
    private func lookFor(
        _ envelope: Envelope, at carrier: any MailCarrier, _ item: OutboxItem, reason: String
    ) async throws -> DeliveryAttempt? {
        switch await carrier.presence(of: envelope.messageID) {
        case .present:
            try await ledger.finish(item, as: .sent(remote: nil), now: now())
            return .finished
        case .absent where item.wasSending:
            try await ledger.requeue(item.id, until: now(), problem: "found not to be sent")
            return nil
        case .absent:
            // The connection has only just broken, and the other side may still be at it.
            try await ledger.keepSending(item.id, until: retryTime(item), problem: reason)
            return nil
        case .unreachable(let line) where !isOverdue(item):
            // It stays `sending`: a later run looks again.
            try await ledger.keepSending(item.id, until: retryTime(item), problem: line)
            return .unreachable(await outages.note("carrier: \(line)", of: carrier.name))
        case .unknown, .unreachable:
            return try await hand(
                item, envelope, end: .uncertain(reason),
                Rule("delivery-uncertain", "The reply may or may not have reached the customer: \(reason)."))
        }
    }

    /// Lays a copy of a sent reply into the Sent folder. Without it the reply is no less sent.
    private func file(_ envelope: Envelope, _ item: OutboxItem) async {
        guard let sent else { return }
        let problem: String
        switch await sent.append(envelope.bytes, flags: ["\\Seen"]) {
        case .stored: return
        case .unreachable(let reason), .refused(let reason, _), .uncertain(let reason): problem = reason
        }
        logger.warning("no copy in the Sent folder", metadata: ["message": "\(item.message)", "reason": "\(problem)"])
    }

    /// Ends a mail's row and hands the matter to a person, in one commit.
    private func hand(_ item: OutboxItem, _ envelope: Envelope, end: OutboxEnd, _ rule: Rule) async throws
        -> DeliveryAttempt
    {
        if item.isBeside {
            // The message itself was answered, or a person has it: this is no reason for another ticket.
            logger.warning(
                "mail beside it not sent", metadata: ["message": "\(item.message)", "reason": "\(rule.name)"])
            try await ledger.finish(item, as: end, now: now())
            return .finished
        }
        let externalID = try await ledger.externalID(ofConversation: item.conversation, message: item.message)
        let packet = try await packets().packet(
            for: rule, undelivered: item.message, in: externalID, mayHaveLeft: end.mayHaveLeft, now: now())
        let ticket = try await ledger.finish(item, as: end, instead: packet, rule: rule, now: now())
        if let ticket { return try await deliver(ticket) }
        return .finished
    }

    private func deliver(_ packet: Packet, _ item: OutboxItem) async throws -> DeliveryAttempt {
        // Filing is idempotent: a row found in `sending` is simply filed again.
        if item.wasSending { try await ledger.requeue(item.id, until: now(), problem: "repeated") }
        let name = filing.system.name
        if let outage = await outages.line(of: name) { return .unreachable(outage) }
        let thread = try await ledger.thread(of: item.conversation, upTo: packet.message)
        let known = try await ledger.ticket(of: item.conversation)
        try await ledger.beginSending(item.id)
        await FaultPoint.sending.reach()
        let filed: FiledTicket
        do {
            filed = try await filing.file(packet, thread: thread, known: known, isRepeated: item.wasSending)
        } catch {
            return try await postpone(item, error as? TicketError ?? TicketError("\(name): \(type(of: error))", .fault))
        }
        await FaultPoint.sent.reach()
        for problem in filed.problems {
            logger.warning("ticket filed elsewise", metadata: ["message": "\(item.message)", "reason": "\(problem)"])
        }
        try await ledger.finish(item, as: .sent(remote: filed.number), now: now())
        return .finished
    }

    /// A ticket is the last resort: it is tried again until somebody mends what is in the way.
    private func postpone(_ item: OutboxItem, _ error: TicketError) async throws -> DeliveryAttempt {
        switch error.reason {
        case .unreachable, .access, .misconfigured:
            try await ledger.requeue(item.id, until: now(), problem: error.message, counts: false)
            return .unreachable(await outages.note(error.message, of: filing.system.name))
        case .later(let wait):
            let seconds = Double(wait.components.seconds) + 1
            try await ledger.requeue(
                item.id, until: now().addingTimeInterval(seconds), problem: error.message, counts: false)
        default:
            logger.error("ticket not filed", metadata: ["message": "\(item.message)", "reason": "\(error)"])
            try await ledger.requeue(item.id, until: retryTime(item), problem: error.message)
        }
        return .waits
    }

    private func isOverdue(_ item: OutboxItem) -> Bool { now().timeIntervalSince(item.created) > deadline }

    /// Exponential backoff from one minute to one hour, with jitter, so that many do not come back at the same moment.
    private func retryTime(_ item: OutboxItem) -> Date {
        let seconds = min(60 * Double(1 << min(item.attempts, 12)), 3_600)
        return now().addingTimeInterval(seconds * Double.random(in: 0.8...1.2))
    }
}

extension OutboxEnd {
    fileprivate var mayHaveLeft: Bool {
        if case .uncertain = self { return true }
        return false
    }
}

extension Ledger {
    /// The public name of a conversation; one of its own for a message that has none.
    func externalID(ofConversation conversation: Int64?, message: Int64) async throws -> String {
        let found = try await database.read { transaction in
            try conversation.flatMap {
                try transaction.rows("SELECT external_id FROM conversation WHERE id = $1", [.integer($0)]).first?
                    .text("external_id")
            }
        }
        return found ?? "AD-" + seal.digest("message \(message)", for: "conversation").prefix(10).base32
    }
}
