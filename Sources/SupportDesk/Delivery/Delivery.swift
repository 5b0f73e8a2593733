import Foundation
import Logging

/// Takes outbox rows to the other side: each exactly once, as far as any client can.
///
/// A row is committed as `sending` before the first byte leaves. One that is found in `sending` was left by a run that died, or
/// that was stopped past its lease: the other side is asked for it where that is possible; else it goes by the shop's policy. It
/// is never simply sent again.
struct Delivery: Sendable {
    let ledger: Ledger
    /// By which a row is in hand.
    let lease: Lease
    let carrier: any MailCarrier
    /// Where drafts go besides the ledger; nil: nowhere.
    let drafts: (any DraftBox)?
    /// Where copies of sent replies go.
    let sent: IMAPFolder?
    let filing: Filing
    let clearance: Clearance
    /// Ticket systems that messages come from, by the channel's name: their answers go onto the tickets.
    let homes: [String: TicketChannel]
    /// Writes the packet of a mail that did not arrive.
    let packets: @Sendable () async throws -> PacketBuilder
    /// How long a mail may wait to be taken, seconds; then a person gets the matter, because a later answer helps nobody.
    let deadline: TimeInterval
    /// What becomes of a mail that may have been taken, when nobody can tell.
    let uncertain: UncertainPolicy
    let logger: Logger
    let meter: Meter
    let now: @Sendable () -> Date
    let outages: Outages

    init(
        ledger: Ledger, lease: Lease, carrier: any MailCarrier, drafts: (any DraftBox)?, sent: IMAPFolder? = nil,
        filing: Filing, clearance: Clearance, homes: [String: TicketChannel] = [:],
        packets: @escaping @Sendable () async throws -> PacketBuilder, deadline: TimeInterval,
        uncertain: UncertainPolicy, logger: Logger, meter: Meter = Meter(isWanted: false),
        now: @escaping @Sendable () -> Date
    ) {
        self.ledger = ledger
        self.lease = lease
        self.carrier = carrier
        self.drafts = drafts
        self.sent = sent
        self.filing = filing
        self.clearance = clearance
        self.homes = homes
        self.packets = packets
        self.deadline = deadline
        self.uncertain = uncertain
        self.logger = logger
        self.meter = meter
        outages = Outages(meter: meter)
        self.now = now
    }

    /// Ends the connections; what could not be reached is tried again afterwards.
    func close() async {
        await carrier.close()
        await drafts?.close()
        await outages.clear()
        await clearance.close()
    }

    /// Delivers one row that a shift has in hand, and the ticket that may take its place.
    /// - Throws: `LeaseLost` when somebody else has it by now: what becomes of it is for that one to say.
    func deliver(_ id: Int64, by shift: Int64) async throws -> DeliveryAttempt {
        guard let item = try await ledger.outboxItem(id, by: shift) else { return .finished }
        // A person wants that nothing leaves.
        if try await ledger.pause() != nil { return .waits }
        let start = ContinuousClock.now
        let attempt: DeliveryAttempt
        switch item.payload {
        case .mail(let envelope, let isDraft): attempt = try await deliver(envelope, isDraft: isDraft, item)
        case .ticketReply(let reply, let isDraft): attempt = try await deliver(reply, isDraft: isDraft, item)
        case .ticket(let packet): attempt = try await deliver(packet, item)
        }
        meter.count(.deliveries, ("kind", item.kind), ("result", attempt.word))
        meter.observe(.stageTime, ("stage", "deliver"), seconds: (ContinuousClock.now - start).seconds)
        return attempt
    }

    private func deliver(_ envelope: Envelope, isDraft: Bool, _ item: OutboxItem) async throws -> DeliveryAttempt {
        guard let carrier = isDraft ? drafts : carrier else {
            // The ledger has it, and shows it to whoever asks.
            try await ledger.finish(item, as: .sent(remote: nil), now: now())
            return .finished
        }
        if item.wasSending,
            let attempt = try await lookFor(envelope, at: carrier, item, reason: Self.died, isOurs: false)
        {
            return attempt
        }
        if isOverdue(item) {
            return try await hand(
                item, end: .failed("too late"),
                Rule("delivery-late", "The reply could not be sent in time; a later one helps nobody."))
        }
        if let outage = await outages.line(of: carrier.name) { return .unreachable(outage) }
        if !isDraft, let attempt = try await takeBack(item) { return attempt }
        if let attempt = try await clear(item) { return attempt }
        let carriage = await carrier.carry(envelope)
        // Whatever it said: it is there.
        if case .unreachable = carriage {} else { await outages.isWell(carrier.name) }
        await FaultPoint.sent.reach()
        switch carriage {
        case .accepted(let remote, let messageIDs):
            try await ledger.finish(item, as: .sent(remote: remote, messageIDs: messageIDs), now: now())
            if !isDraft { await file(envelope, item) }
            return .finished
        case .deferred(let reason):
            logger.warning("mail not taken yet", metadata: ["message": "\(item.message)", "reason": "\(reason)"])
            try await ledger.requeue(item, until: retryTime(item), problem: reason)
            return .waits
        case .unreachable(let reason):
            try await ledger.requeue(item, until: now(), problem: reason, counts: false)
            return .unreachable(await outages.note("carrier: \(reason)", of: carrier.name))
        case .refused(let reason):
            return try await hand(
                item, end: .failed(reason), Rule("delivery-refused", "The reply was refused: \(reason)."))
        case .uncertain(let reason):
            return try await lookFor(envelope, at: carrier, item, reason: reason, isOurs: true) ?? .waits
        }
    }

    /// The last steps before the first byte: asks once more whether a person was quicker, commits `sending`, and makes sure that the
    /// row is still in this hand. A run that dies while it asks has surely sent nothing, and the next one begins anew.
    /// - Returns: what became of the mail; nil when it leaves now.
    func clear(_ item: OutboxItem) async throws -> DeliveryAttempt? {
        await FaultPoint.claimed.reach()
        if let attempt = try await standBack(item) { return attempt }
        await FaultPoint.cleared.reach()
        try await ledger.beginSending(item)
        await FaultPoint.sending.reach()
        try await assureHold(of: item)
        return nil
    }

    /// Asks once more whether a person was quicker. Nothing is sent while nobody can tell.
    /// - Returns: what became of the mail; nil when it may leave.
    private func standBack(_ item: OutboxItem) async throws -> DeliveryAttempt? {
        let found: PersonSeen?
        do {
            found = try await clearance.person(before: item)
        } catch {
            guard let line = Clearance.line(error) else { throw error }
            if now().timeIntervalSince(item.created) > clearance.policy.patience {
                return try await hand(
                    item, end: .failed("nobody could look"),
                    Rule(
                        "source-unreachable",
                        "Before the reply was sent it could not be seen whether a person had answered."))
            }
            try await ledger.requeue(item, until: now(), problem: line, counts: false)
            return .unreachable(line)
        }
        // Who only has the conversation finds the draft, or has approved it.
        guard let found, found.isAnswer || !(item.isApproved || item.isDraft) else { return nil }
        return try await standDown(item, found)
    }

    /// A person was quicker: the answer stays unsent, and the desk is silent. What she has not answered goes to her.
    func standDown(_ item: OutboxItem, _ found: PersonSeen) async throws -> DeliveryAttempt {
        logger.notice(
            "a person was quicker", metadata: ["message": "\(item.message)", "reason": "\(found.reason)"])
        if found.isAnswer || item.isBeside {
            _ = try await ledger.withdraw(item, found, instead: nil, .personAnswered(found.reason), now: now())
            return .finished
        }
        let rule = Rule("with-a-person", "A person already has this conversation: \(found.reason).")
        let packet = try await packet(for: item, "taken", rule)
        let ticket = try await ledger.withdraw(item, found, instead: packet, rule, now: now())
        if let ticket { return try await deliver(ticket, by: item.shift) }
        return .finished
    }

    private static let died = "the run died while sending"

    /// The last thing before something leaves: whoever was stopped past his lease sends nothing any more. What a process does that is
    /// stopped between this and its first byte is the window that nobody can close.
    private func assureHold(of item: OutboxItem) async throws {
        if await lease.holds(item.shift) { return }
        // Surely not sent: nobody needs to be asked about it, unless somebody has begun to.
        try await ledger.requeue(item, until: now(), problem: "stopped before it was sent", counts: false)
        throw LeaseLost()
    }

    /// Looks whether the other side has a mail of which nobody knows whether it was taken.
    /// - Parameter isOurs: it was this very attempt. The connection has only just broken, and the other side may still be at it.
    /// - Returns: what became of it; nil when it is to be sent again: at once, or later when the attempt was ours.
    private func lookFor(
        _ envelope: Envelope, at carrier: any MailCarrier, _ item: OutboxItem, reason: String, isOurs: Bool
    ) async throws -> DeliveryAttempt? {
        switch await presence(of: envelope.messageID, at: carrier, isDraft: item.isDraft) {
        case .present:
            try await ledger.finish(item, as: .sent(remote: nil), now: now())
            return .finished
        case .absent where !isOurs:
            try await ledger.requeue(item, until: now(), problem: "found not to be sent")
            return nil
        case .absent:
            try await ledger.keepSending(item, until: retryTime(item), problem: reason)
            return nil
        case .unreachable(let line) where !isOverdue(item):
            // It stays `sending`: a later run looks again.
            try await ledger.keepSending(item, until: retryTime(item), problem: line)
            return .unreachable(await outages.note("carrier: \(line)", of: carrier.name))
        case .unknown where uncertain == .repeats && !isOverdue(item):
            if isOurs {
                try await ledger.keepSending(item, until: retryTime(item), problem: reason)
            } else {
                try await ledger.requeue(item, until: now(), problem: reason)
            }
            return nil
        case .unknown, .unreachable:
            return try await hand(
                item, end: .uncertain(reason),
                Rule("delivery-uncertain", "The reply may or may not have reached the customer: \(reason)."))
        }
    }

    /// Asks the carrier, and the Sent folder: a copy proves that the mail was sent. That there is none proves nothing, since a copy
    /// comes later, if at all.
    private func presence(
        of messageID: String, at carrier: any MailCarrier, isDraft: Bool
    ) async -> Presence {
        let presence = await carrier.presence(of: messageID)
        guard presence == .unknown, !isDraft, let sent else { return presence }
        let copy = await sent.presence(of: messageID)
        return copy == .absent ? .unknown : copy
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
    func hand(_ item: OutboxItem, end: OutboxEnd, _ rule: Rule) async throws -> DeliveryAttempt {
        meter.count(.unsent, ("reason", rule.name))
        if item.isBeside {
            // The message itself was answered, or a person has it: this is no reason for another ticket.
            logger.warning(
                "mail beside it not sent", metadata: ["message": "\(item.message)", "reason": "\(rule.name)"])
            try await ledger.finish(item, as: end, now: now())
            return .finished
        }
        let packet = try await packet(for: item, "undelivered", rule, mayHaveLeft: end.mayHaveLeft)
        let ticket = try await ledger.finish(item, as: end, instead: packet, rule: rule, now: now())
        if let ticket { return try await deliver(ticket, by: item.shift) }
        return .finished
    }

    /// What a person gets in the place of a mail that is not sent.
    private func packet(
        for item: OutboxItem, _ subject: String, _ rule: Rule, mayHaveLeft: Bool = false
    ) async throws -> Packet {
        let externalID = try await ledger.externalID(ofConversation: item.conversation, message: item.message)
        var packet = try await packets().packet(
            for: rule, unsent: item.message, subject, in: externalID, mayHaveLeft: mayHaveLeft, now: now())
        if case .ticketReply(let reply, _) = item.payload { packet.home = reply.home }
        return packet
    }

    func isOverdue(_ item: OutboxItem) -> Bool { now().timeIntervalSince(item.created) > deadline }

    func retryTime(_ item: OutboxItem) -> Date { now().addingTimeInterval(RetryWait.seconds(after: item.attempts)) }
}

/// What becomes of a mail of which nobody can tell whether it was taken.
public enum UncertainPolicy: String, Sendable, CaseIterable {
    /// A person gets the matter, with the reply that may have left.
    case person
    /// It is sent again under the same Message-ID: some customers get it twice.
    case repeats = "repeat"
}

/// How long what went wrong waits for its next attempt.
enum RetryWait {
    /// From one minute to one hour, doubled each time, with jitter, so that many do not come back at the same moment.
    /// - Parameter attempts: how many there were before this one.
    static func seconds(after attempts: Int) -> TimeInterval {
        min(60 * Double(1 << min(attempts, 12)), 3_600) * Double.random(in: 0.8...1.2)
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
