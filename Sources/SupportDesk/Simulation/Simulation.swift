import Crypto
import Foundation
import Logging
import Mail
import Transport
import Triage

/// Replays past conversations through the desk, in the order of time and with the knowledge of each moment, and compares what it
/// would have done with what people answered.
///
/// Nothing is sent, filed or marked, and the desk's own ledger is not opened: the replay has a folder of its own, with a key of its
/// own, in which everything lies sealed that it needs to go on where it was interrupted.
public struct Simulation: Sendable {
    /// How it is done.
    public struct Options: Sendable {
        /// Messages before are left where they are.
        public var since = Date(timeIntervalSince1970: 86_400 * 4)
        /// Conversations replayed side by side.
        public var concurrency = 32
        /// The configured models are asked, and paid; otherwise the embedded responder answers, and what models would cost is
        /// estimated.
        public var asksModels = false
        /// The present, as the shop's records have it.
        public var present: @Sendable () -> Date = { Date() }
        /// What the report asks of an intent.
        public var goals = SimulationGoals()
        /// How messages are tried that a process may have died of, with a folder to do it in; nil: they are not.
        public var trial: (@Sendable (_ state: String) -> Rehearsal)?

        /// The usual ways.
        public init() {}
    }

    /// How far it has come.
    public struct Progress: Sendable {
        /// What is being done.
        public enum Step: Sendable { case reading, replaying }

        /// What is being done.
        public let step: Step
        /// Messages that are done.
        public let done: Int
        /// Messages in all; nil while nobody knows.
        public let total: Int?
        /// Of those that are done, the ones that an earlier replay had done.
        public let earlier: Int
    }

    let configuration: DeskConfiguration
    let source: PastSource
    let folder: String
    let options: Options
    let logger: Logger

    /// - Parameters:
    ///   - folder: the replay's own; whoever names it again goes on where it stood.
    public init(
        _ configuration: DeskConfiguration, source: PastSource, folder: String, options: Options, logger: Logger
    ) {
        (self.configuration, self.source, self.folder) = (configuration, source, folder)
        (self.options, self.logger) = (options, logger)
    }

    /// Reads the source, replays what is not replayed yet, and sums up.
    /// - Parameter observe: told of the progress.
    /// - Returns: nil when it was told to stop before the end; the next one goes on from there.
    /// - Throws: `DeskError` and the errors of servers that are away.
    public func run(_ observe: @escaping @Sendable (Progress) async -> Void = { _ in }) async throws
        -> SimulationReport?
    {
        let desk = try await self.desk(try prepare())
        do {
            let report = try await run(on: desk, observe)
            await desk.close()
            return report
        } catch {
            await desk.close()
            if error is CancellationError { return nil }
            throw error
        }
    }

    /// The desk as it would have been with everything switched on, and with nothing that reaches out of the process.
    private func desk(_ keys: KeySource) async throws -> Desk {
        var configuration = configuration
        configuration.keys = keys
        configuration.channels = []
        configuration.carrier = .maildir("\(folder)/unused")
        configuration.tickets = .folder("\(folder)/unused")
        configuration.sent = nil
        configuration.drafts = nil
        configuration.acknowledges = false
        configuration.people.repeats = 0
        configuration.policy.modes = [:]
        configuration.policy.defaultMode = .auto
        configuration.policy.rollout = nil
        configuration.policy.rollouts = [:]
        configuration.policy.pilot = []
        configuration.policy.hours = nil
        configuration.metrics = MetricsSetting()
        // Nobody hears what was said in the past a second time.
        configuration.voice = VoiceConfiguration()
        if options.asksModels, !configuration.models.isEmpty {
            configuration.models[0].batch = nil
        } else {
            configuration.models = []
        }
        var surroundings = DeskSurroundings(logger: logger)
        let present = options.present
        surroundings.present = present
        surroundings.now = { PastMoment.instant ?? present() }
        return try await Desk.build(configuration, surroundings)
    }

    private func run(on desk: Desk, _ observe: @escaping @Sendable (Progress) async -> Void) async throws
        -> SimulationReport?
    {
        let lookout = Lookout(observe)
        let hands = try ReplayHands(in: folder, desk.ledger.seal)
        let copies = SpoolIndex()
        var suspects: [(PastMail, SealedLog.Place)] = []
        let spool = try SealedLog("\(folder)/mail", desk.ledger.seal, purpose: "replayed mail") { place, bytes in
            let mail = try PastMail(packed: bytes)
            if hands.isSuspect(mail.source) {
                suspects.append((mail, place))
            } else if !hands.isSkipped(mail.source) {
                hands.hold(mail.source) { _ = copies.add(mail, at: place, desk) }
            }
        }
        let deadly = await self.deadly(suspects.map { ($0.0.source, $0.0.bytes) }, hands)
        try hands.skip(deadly)
        for (mail, place) in suspects where !deadly.contains(mail.source) { copies.add(mail, at: place, desk) }
        let intake = try await gather(desk, spool, copies, hands, lookout)
        guard let intake else { return nil }
        let threads = PastThreads(intake.entries)
        let signature = try signature()
        let journal = try ReplayJournal("\(folder)/results", desk.ledger.seal, signature: signature)
        let replay = Replay(
            desk: desk, spool: spool, hands: hands, facts: FactsAtHand(desk.shop),
            estimated: options.asksModels ? nil : self.configuration.models.first)
        guard try await self.replay(threads, replay, journal, lookout) else { return nil }
        try journal.check()
        let outcomes = threads.threads.compactMap { journal.outcome(of: $0.key) }
        return SimulationTally(
            outcomes, policy: self.configuration.policy, backstops: self.configuration.limits.backstops,
            goals: options.goals
        ).report(
            SimulationReport.Basis(
                read: intake.read, copies: threads.copies, aside: intake.aside, undated: intake.undated,
                skipped: hands.skipped, conversations: threads.threads.count,
                models: self.configuration.models.map(\.name),
                areModelsAsked: options.asksModels && !self.configuration.models.isEmpty),
            zone: self.configuration.shop.timeZone
        ).masking(NameScreen(intake.entries.flatMap(\.names), shop: self.configuration.shop.name))
    }

    // MARK: - Reading

    /// What there is to be replayed.
    private struct Intake: Sendable {
        var entries: [PastEntry] = []
        var read = 0
        var aside = 0
        var undated = 0

        mutating func add(_ reading: PastEntry.Reading, since: Date) {
            switch reading {
            case .entry(let entry):
                guard entry.arrival >= since else { return }
                entries.append(entry)
            case .aside: aside += 1
            case .undated: undated += 1
            }
            read += 1
        }
    }

    /// Nil when it was told to stop.
    private func gather(
        _ desk: Desk, _ spool: SealedLog, _ copies: SpoolIndex, _ hands: ReplayHands, _ lookout: Lookout
    ) async throws -> Intake? {
        var intake = Intake()
        let limits = desk.parsing.limits
        let shop = desk.shop
        if let paths = localPaths {
            var files = MailFiles(paths, limits: limits)
            while !desk.isStopping {
                var batch: [MailFiles.Item] = []
                while batch.count < 256, let item = files.next() { batch.append(item) }
                if batch.isEmpty { break }
                batch = try await trusted(batch, hands, limits)
                for reading in try await Self.readings(batch, spool, copies, hands, shop, limits) {
                    intake.add(reading, since: options.since)
                }
                await lookout.reading(intake.read)
                await FaultPoint.replaying.reach()
            }
        } else {
            let agent = TransferAgent(configuration: TransferAgent.Configuration(caFile: configuration.caFile))
            let reading = PastReading(configuration: configuration, agent: { agent }, since: options.since)
            do {
                try await reading.read(
                    source, ledger: desk.ledger, besides: { copies.holds($0) || hands.isSkipped($0) }
                ) { mail in
                    let place = try spool.add([mail.packed])[0]
                    await lookout.reading(hands.hold(mail.source) { copies.add(mail, at: place, desk) })
                }
            } catch {
                await agent.shutdown()
                throw error
            }
            await agent.shutdown()
            for reading in copies.readings { intake.add(reading, since: options.since) }
        }
        return desk.isStopping ? nil : intake
    }

    /// The paths of a source on this machine; nil for one on a server.
    private var localPaths: [String]? {
        switch source {
        case .files(let paths): return paths
        case .imap: return nil
        case .channel(let entry):
            guard case .maildir(let path, _) = entry.source else { return nil }
            let others = [entry.people.sent].compactMap(\.self) + entry.people.others
            return [path] + others.filter { !$0.hasPrefix(path + "/") }
        }
    }

    private static func readings(
        _ batch: [MailFiles.Item], _ spool: SealedLog, _ copies: SpoolIndex, _ hands: ReplayHands, _ shop: Shop,
        _ limits: Message.Limits
    ) async throws -> [PastEntry.Reading] {
        try await withThrowingTaskGroup(of: (Int, [PastEntry.Reading]).self) { group in
            let size = 32
            for start in stride(from: 0, to: batch.count, by: size) {
                group.addTask {
                    (
                        start,
                        try batch[start..<min(start + size, batch.count)].compactMap { item in
                            try hands.hold(MaildirName.parts(of: item.name).name) {
                                try reading(item, spool, copies, shop, limits)
                            }
                        }
                    )
                }
            }
            var all: [Int: [PastEntry.Reading]] = [:]
            for try await (start, readings) in group { all[start] = readings }
            return all.sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }

    /// Nil for what has gone.
    private static func reading(
        _ item: MailFiles.Item, _ spool: SealedLog, _ copies: SpoolIndex, _ shop: Shop, _ limits: Message.Limits
    ) throws -> PastEntry.Reading? {
        let (name, hint) = MaildirName.parts(of: item.name)
        if item.path == nil, let known = copies.reading(of: name) { return known }
        var mail: PastMail
        do { mail = PastMail(source: name, arrival: nil, bytes: try item.bytes(maximum: limits.bytes)) } catch {
            guard error.code != .vanished else { return nil }
            // As the desk has it: the message is there, and cannot be read.
            mail = PastMail(source: name, arrival: nil, bytes: [], fullSize: max(item.size, limits.bytes + 1))
        }
        mail.hint = hint
        let place = try item.path.map { PastEntry.Place.file($0) } ?? .spool(spool.add([mail.packed])[0])
        return PastEntry.reading(of: mail, at: place, shop: shop, limits: limits)
    }

    // MARK: - Replaying

    /// - Returns: whether it came to its end.
    private func replay(_ threads: PastThreads, _ replay: Replay, _ journal: ReplayJournal, _ lookout: Lookout)
        async throws -> Bool
    {
        let keyed = threads.threads.map { ($0, $0.key) }
        let earlier = keyed.compactMap { journal.outcome(of: $0.1)?.outcomes.count }.reduce(0, +)
        await lookout.replaying(earlier: earlier, of: threads.messages)
        var waiting = keyed.filter { journal.outcome(of: $0.1) == nil }[...]
        defer { journal.flush() }
        try await withThrowingTaskGroup(of: ThreadOutcome.self) { group in
            var inHand = 0
            while true {
                while inHand < options.concurrency, !replay.desk.isStopping, let (thread, key) = waiting.popFirst() {
                    group.addTask { try await replay.outcome(of: thread, key: key) }
                    inHand += 1
                }
                guard let outcome = try await group.next() else { break }
                inHand -= 1
                journal.add(outcome)
                await FaultPoint.replayed.reach()
                await lookout.replayed(outcome.outcomes.count)
            }
        }
        return waiting.isEmpty
    }
}

/// Tells how far a replay has come.
private actor Lookout {
    private let observe: @Sendable (Simulation.Progress) async -> Void
    private var (done, total, earlier) = (0, 0, 0)

    init(_ observe: @escaping @Sendable (Simulation.Progress) async -> Void) { self.observe = observe }

    func reading(_ count: Int) async {
        await observe(Simulation.Progress(step: .reading, done: count, total: nil, earlier: 0))
    }

    func replaying(earlier: Int, of total: Int) async {
        (done, self.total, self.earlier) = (earlier, total, earlier)
        await observe(Simulation.Progress(step: .replaying, done: done, total: total, earlier: earlier))
    }

    func replayed(_ count: Int) async {
        done += count
        await observe(Simulation.Progress(step: .replaying, done: done, total: total, earlier: earlier))
    }
}
