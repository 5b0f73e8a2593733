import Foundation
import Logging
import Mail
import Transport

extension Desk {
    /// One pass over all channels: takes up what a dead run left, then everything new.
    ///
    /// - Parameter observe: told of every message as soon as its outcome stands.
    /// - Returns: what stood in the way; empty when everything is done.
    /// - Throws: `DeskError` when the configuration or the ledger does not allow to go on; nothing is lost or marked then.
    public func run(_ observe: @escaping @Sendable (HandledMessage) async -> Void = { _ in }) async throws -> RunReport
    {
        let report = RunReportBuilder()
        for id in try await ledger.openOutbox(now: now()) { await report.note(try await delivery.deliver(id)) }
        let lanes = ConversationLanes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for setting in channels {
                group.addTask { try await pass(over: setting, lanes: lanes, report: report, observe) }
            }
            try await group.waitForAll()
        }
        await delivery.close()
        if try await ledger.hasOpenWork() { await report.workRemains() }
        return await report.finished()
    }

    private func pass(
        over setting: ChannelSetting, lanes: ConversationLanes, report: RunReportBuilder,
        _ observe: @escaping @Sendable (HandledMessage) async -> Void
    ) async throws {
        let channel = setting.channel
        do {
            let state = try await ledger.adopt(channel: channel.name, from: setting.adoptFrom ?? now())
            try await ledger.record(
                channel.discover(after: state.cursor, adoptedAt: state.adoptedAt, ledger: ledger), of: channel.name,
                now: now())
            // Each of them is settled or postponed when it was handled, so the list shrinks to nothing.
            var last: Int64?
            while case let open = try await ledger.open(in: channel.name, now: now()), open.first?.id != last {
                last = open.first?.id
                try await handle(open, of: channel, lanes: lanes, report: report, observe)
            }
            let unmarked = try await ledger.unmarked(in: channel.name)
            if !unmarked.isEmpty {
                try await channel.mark(unmarked)
                try await ledger.marked(unmarked.map(\.id))
            }
        } catch let error as DeskError where error.code == .unavailable {
            await report.unavailable("\(error)")
        } catch let error as TransportError {
            await report.unavailable("channel \(channel.name): \(error)")
        }
        await channel.close()
    }

    /// Fetches and handles messages in batches; memory is bounded by a batch, not by the mailbox.
    private func handle(
        _ items: [WorkItem], of channel: any Channel, lanes: ConversationLanes, report: RunReportBuilder,
        _ observe: @escaping @Sendable (HandledMessage) async -> Void
    ) async throws {
        guard !items.isEmpty else { return }
        let bySource = Dictionary(items.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        let batch = Batch(limit: limits.batchMessages, bytes: limits.batchBytes)
        @Sendable func handleBatch(_ fetched: [(WorkItem, Fetched)]) async throws {
            // On record before a byte of them is parsed.
            try await ledger.begin(fetched.map(\.0.id))
            await FaultPoint.begun.reach()
            try await handle(fetched, of: channel.name, lanes: lanes, report: report, observe)
        }
        try await channel.fetch(items.map(\.source), maximumBytes: limits.messageBytes) { fetched in
            guard let item = bySource[fetched.source] else { return }
            if let full = await batch.add((item, fetched)) { try await handleBatch(full) }
        }
        let rest = await batch.take()
        if !rest.isEmpty { try await handleBatch(rest) }
    }

    private func handle(
        _ batch: [(WorkItem, Fetched)], of channel: String, lanes: ConversationLanes, report: RunReportBuilder,
        _ observe: @escaping @Sendable (HandledMessage) async -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            let raws = batch.map { RawMessage($0.0, $0.1, channel: channel) }
            let safe = await rehearsal.survivors(
                of: zip(batch, raws).filter { $0.0.0.wasInterrupted && $0.0.1.isMessage }.map(\.1))
            for ((item, fetched), raw) in zip(batch, raws) {
                if running >= limits.concurrency {
                    try await group.next()
                    running -= 1
                }
                let early = earlyDisposition(fetched, isSafe: !item.wasInterrupted || safe.contains(item.id))
                let parsed = early.map { Step<ParsedMessage>.settle($0) } ?? parsing.parse(raw)
                let place = await lanes.reserve(parsed.laneKeys)
                running += 1
                group.addTask {
                    await lanes.enter(place)
                    do {
                        try await handle(item, raw, parsed, report: report, observe)
                        await lanes.leave(place)
                    } catch {
                        await lanes.leave(place)
                        throw error
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// What is decided before the bytes are looked at.
    private func earlyDisposition(_ fetched: Fetched, isSafe: Bool) -> Disposition? {
        switch fetched {
        case .vanished: return .ignore(Rule("vanished", "It was taken from its source before it could be read."))
        case .unreadable(_, let reason): return .quarantine(Rule("unreadable", "It could not be read: \(reason)."))
        case .message:
            if !isSafe {
                return .quarantine(
                    Rule("crash", "A run died while it looked at this message, and did so again on trial."))
            }
            return nil
        }
    }

    /// One message: decide, commit, deliver.
    private func handle(
        _ item: WorkItem, _ raw: RawMessage, _ parsed: Step<ParsedMessage>, report: RunReportBuilder,
        _ observe: @Sendable (HandledMessage) async -> Void
    ) async throws {
        var disposition: Disposition
        var dossier: Dossier
        do {
            (disposition, dossier) = try await dispose(of: raw, as: parsed)
        } catch  where !Self.endsRun(error) {
            guard item.attempts + 1 >= limits.attempts else {
                logger.warning("message postponed", metadata: ["message": "\(item.id)", "reason": Self.reason(error)])
                try await ledger.postpone(item.id, until: now().addingTimeInterval(60 * Double(1 << item.attempts)))
                await report.workRemains()
                return
            }
            dossier = Dossier(raw)
            if case .proceed(let message) = parsed { message.note(in: &dossier) }
            disposition = .escalate(Rule("repeated-failure", "It could not be handled in \(limits.attempts) attempts."))
        }
        let outbox = try await commit(&disposition, dossier)
        await FaultPoint.decided.reach()
        if let outbox { await report.note(try await delivery.deliver(outbox)) }
        await FaultPoint.finished.reach()
        let handled = HandledMessage(item.id, disposition, dossier, try await ledger.result(of: item.id))
        await report.handled(handled)
        await observe(handled)
    }

    /// Whether going on makes no sense after an error; any other one concerns one message only.
    private static func endsRun(_ error: any Error) -> Bool {
        guard let error = error as? DeskError else { return error is CancellationError }
        return error.code == .configuration || error.code == .ledger
    }

    /// Other errors than ours may quote what they are about.
    private static func reason(_ error: any Error) -> Logger.MetadataValue {
        "\((error as? DeskError)?.message ?? "\(type(of: error))")"
    }

    /// Puts the outcome and its effect on record; a ticket instead of a reply that would pass a limit.
    private func commit(_ disposition: inout Disposition, _ dossier: Dossier) async throws -> Int64? {
        do {
            return try await record(&disposition, dossier)
        } catch let stopped as Backstopped {
            disposition = .escalate(stopped.rule)
            return try await record(&disposition, dossier)
        }
    }

    private func record(_ disposition: inout Disposition, _ dossier: Dossier) async throws -> Int64? {
        let effect: Effect?
        var replyDigest: [UInt8]?
        var replySubject: [UInt8]?
        do {
            switch disposition {
            case .answer(let reply, _), .draft(let reply, _):
                // Only an answer asks to be told that it did not arrive; who sends a draft is a person with an address.
                let returnPath = disposition.kind == .answered ? shop.bounces?.address(reply.token) : nil
                let envelope = Envelope(
                    sender: returnPath, recipient: reply.recipient.address, messageID: reply.messageID,
                    bytes: try composer.bytes(reply, date: now()))
                let recipient = dossier.association?.addressee?.address
                replyDigest = ledger.seal.digest(reply.messageID, for: "message-id")
                replySubject = recipient.flatMap { address in
                    Conversations.baseSubject(reply.subject).map { ledger.subject($0.text, of: address) }
                }
                effect =
                    disposition.kind == .answered
                    ? .reply(envelope, recipient: recipient) : .draft(envelope, recipient: recipient)
            case .escalate(let rule):
                effect = .ticket(try await packets().packet(for: rule, isQuarantine: false, dossier))
            case .quarantine(let rule):
                effect = .ticket(try await packets().packet(for: rule, isQuarantine: true, dossier))
            case .ignore: effect = nil
            }
        } catch let error as MailError {
            let rule = Rule("unaddressable", "No reply can be written to this sender: \(error).")
            disposition = .escalate(rule)
            effect = .ticket(try await packets().packet(for: rule, isQuarantine: false, dossier))
        }
        return try await ledger.settle(
            Outcome(
                message: dossier.raw.id, kind: disposition.kind, rule: disposition.rule,
                association: dossier.association,
                raw: dossier.raw, intent: dossier.intent?.intent,
                language: dossier.triage?.language.tag, confidence: dossier.intent?.confidence,
                detail: DecisionDetail(disposition, dossier).json, effect: effect, replyDigest: replyDigest,
                replySubject: replySubject, backstops: limits.backstops), now: now())
    }
}

extension Step where Next == ParsedMessage {
    /// What ties the message to others: its thread; and its sender, because a limit per sender can only be kept, and a
    /// copy without a Message-ID only be recognised, when the mail of one sender is handled one by one.
    fileprivate var laneKeys: [String] {
        guard case .proceed(let parsed) = self else { return [] }
        return Conversations.threadIDs(of: parsed.message)
            + parsed.message.from.map { "sender \($0.address.lowercased())" }
    }
}

extension Fetched {
    fileprivate var isMessage: Bool {
        if case .message = self { return true }
        return false
    }

    fileprivate var source: String {
        switch self {
        case .message(let source, _, _), .vanished(let source), .unreadable(let source, _): source
        }
    }
}

extension RawMessage {
    fileprivate init(_ item: WorkItem, _ fetched: Fetched, channel: String) {
        if case .message(_, let bytes, let fullSize) = fetched {
            self.init(
                id: item.id, channel: channel, source: item.source, arrival: item.arrival, bytes: bytes,
                fullSize: fullSize)
        } else {
            self.init(id: item.id, channel: channel, source: item.source, arrival: item.arrival, bytes: [])
        }
    }
}

/// Collects fetched messages until there are enough of them.
private actor Batch {
    private let limit: Int
    private let bytes: Int
    private var items: [(WorkItem, Fetched)] = []
    private var size = 0

    init(limit: Int, bytes: Int) {
        self.limit = limit
        self.bytes = bytes
    }

    /// The batch, when this one fills it.
    func add(_ item: (WorkItem, Fetched)) -> [(WorkItem, Fetched)]? {
        items.append(item)
        if case .message(_, let content, _) = item.1 { size += content.count }
        return items.count >= limit || size >= bytes ? take() : nil
    }

    func take() -> [(WorkItem, Fetched)] {
        defer { (items, size) = ([], 0) }
        return items
    }
}
