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
    let tickets: any TicketSystem
    let logger: Logger
    let now: @Sendable () -> Date
    private let outages = Outages()

    init(
        ledger: Ledger, carrier: any MailCarrier, drafts: (any MailCarrier)?, tickets: any TicketSystem, logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.ledger = ledger
        self.carrier = carrier
        self.drafts = drafts
        self.tickets = tickets
        self.logger = logger
        self.now = now
    }

    /// Attempts after which a mail or ticket that is refused for now goes another way.
    private static let maximumAttempts = 8

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
        if item.wasSending {
            switch await carrier.presence(of: envelope.messageID) {
            case .present:
                try await ledger.finish(item, as: .sent(remote: nil), now: now())
                return .finished
            case .absent:
                try await ledger.requeue(item.id, until: now(), problem: "found not to be sent")
            case .unknown:
                return try await hand(
                    item, envelope, end: .uncertain("the run died while sending"),
                    Rule(
                        "delivery-uncertain",
                        "The reply may or may not have reached the customer: the run died while sending."))
            }
        }
        if let outage = await outages.line(of: carrier.name) { return .unreachable(outage) }
        try await ledger.beginSending(item.id)
        await FaultPoint.sending.reach()
        let carriage = await carrier.carry(envelope)
        await FaultPoint.sent.reach()
        switch carriage {
        case .accepted(let remote):
            try await ledger.finish(item, as: .sent(remote: remote), now: now())
            return .finished
        case .deferred(let reason):
            logger.warning("mail not taken yet", metadata: ["message": "\(item.message)", "reason": "\(reason)"])
            if item.attempts + 1 >= Self.maximumAttempts {
                return try await hand(
                    item, envelope, end: .failed(reason),
                    Rule("delivery-failed", "The reply could not be sent: \(reason)."))
            }
            try await ledger.requeue(item.id, until: retryTime(item), problem: reason)
            return .waits
        case .unreachable(let reason):
            try await ledger.requeue(item.id, until: now(), problem: reason, counts: false)
            return .unreachable(await outages.note("carrier: \(reason)", of: carrier.name))
        case .refused(let reason):
            return try await hand(
                item, envelope, end: .failed(reason), Rule("delivery-refused", "The reply was refused: \(reason)."))
        case .uncertain(let reason):
            if await carrier.presence(of: envelope.messageID) == .present {
                try await ledger.finish(item, as: .sent(remote: nil), now: now())
                return .finished
            }
            return try await hand(
                item, envelope, end: .uncertain(reason),
                Rule("delivery-uncertain", "The reply may or may not have reached the customer: \(reason)."))
        }
    }

    /// Ends a mail's row and hands the matter to a person, in one commit.
    private func hand(_ item: OutboxItem, _ envelope: Envelope, end: OutboxEnd, _ rule: Rule) async throws
        -> DeliveryAttempt
    {
        let externalID = try await ledger.externalID(ofConversation: item.conversation, message: item.message)
        let packet = Packet(
            externalID: externalID, message: item.message, subject: "A reply could not be delivered",
            requestor: nil,
            note:
                "\(rule.reason)\n\nRule: \(rule.name)\nThe customer's message is attached\(end.mayHaveLeft ? ", and the reply that may have been sent" : "").\n",
            rule: rule.name, priority: 80)
        let ticket = try await ledger.finish(item, as: end, instead: packet, rule: rule, now: now())
        if let ticket { return try await deliver(ticket) }
        return .finished
    }

    private func deliver(_ packet: Packet, _ item: OutboxItem) async throws -> DeliveryAttempt {
        // Filing is idempotent: a row found in `sending` is simply filed again.
        if item.wasSending { try await ledger.requeue(item.id, until: now(), problem: "repeated") }
        if let outage = await outages.line(of: tickets.name) { return .unreachable(outage) }
        let thread = try await ledger.thread(of: item.conversation, upTo: packet.message)
        try await ledger.beginSending(item.id)
        await FaultPoint.sending.reach()
        do {
            let ticket = try await tickets.file(packet, thread: thread)
            await FaultPoint.sent.reach()
            try await ledger.finish(item, as: .sent(remote: ticket), now: now())
            return .finished
        } catch let error as TicketError {
            // A ticket is the last resort: it is tried again until somebody mends what is in the way.
            if error.isUnreachable {
                try await ledger.requeue(item.id, until: now(), problem: error.message, counts: false)
                return .unreachable(await outages.note(error.message, of: tickets.name))
            }
            logger.error("ticket not filed", metadata: ["message": "\(item.message)", "reason": "\(error)"])
            try await ledger.requeue(item.id, until: retryTime(item), problem: error.message)
            return .waits
        }
    }

    /// Exponential backoff from one minute to six hours, with jitter.
    private func retryTime(_ item: OutboxItem) -> Date {
        let seconds = min(60 * Double(1 << min(item.attempts, 12)), 6 * 3_600)
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
