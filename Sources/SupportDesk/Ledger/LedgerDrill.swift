import Crypto
import Foundation

/// Carries messages through the states of the ledger and does nothing else: what its commits cost alone, for a figure.
package struct LedgerDrill: Sendable {
    private static let channel = "drill"
    private static let now = Date(timeIntervalSince1970: 1_773_133_200)
    /// Messages that are recorded in one commit, and messages that a statement makes.
    private static let recordedAtOnce = 1_000
    private static let filledAtOnce = 100_000

    private let ledgers: [Ledger]
    private let leases: [Lease]

    /// Opens the ledger once for each worker, as so many processes do.
    /// - Parameters:
    ///   - workers: in PostgreSQL each has connections of its own; a file has one process.
    ///   - state: a folder for what goes with the ledger.
    package init(_ store: LedgerStore, workers: Int, state: String) async throws {
        let master = MasterKey(secret: Array(repeating: 7, count: 32), name: "the key of a drill")
        var ledgers: [Ledger] = []
        for _ in 0..<workers {
            if case .file = store, let first = ledgers.first {
                ledgers.append(first)
            } else {
                ledgers.append(try await Ledger(database: store.open(in: state)) { [master] })
            }
        }
        self.ledgers = ledgers
        leases = ledgers.map { Lease(ledger: $0, duration: .seconds(3_600), folder: state) }
        _ = try await ledgers[0].adopt(channel: Self.channel, from: Self.now)
    }

    /// Puts new messages on record, as a poller does.
    package func record(_ count: Int) async throws {
        let run = UUID().uuidString
        for start in stride(from: 0, to: count, by: Self.recordedAtOnce) {
            let items = (start..<min(count, start + Self.recordedAtOnce)).map {
                SourceItem(source: "\(run) \($0)", arrival: Self.now)
            }
            _ = try await ledgers[0].record(
                Discovery(items: items, cursor: nil), of: Self.channel, by: leases[0], now: Self.now)
        }
    }

    /// Puts messages on record that were settled long ago, some at a time. PostgreSQL only.
    /// - Parameter progress: told of how many there are.
    package func fill(_ count: Int, progress: (Int) -> Void = { _ in }) async throws {
        for start in stride(from: 0, to: count, by: Self.filledAtOnce) {
            let end = min(count, start + Self.filledAtOnce)
            try await ledgers[0].database.write(.statement) { transaction in
                try transaction.execute(
                    """
                    INSERT INTO message
                        (channel, source, arrived_at, recorded_at, status, disposition, rule, settled_at, marked)
                    SELECT $1, 'old ' || md5(n::text), n, n, 'ignored', 'ignored', 'drill', n, 1
                    FROM generate_series($2::bigint, $3::bigint) AS n
                    """, [.text(Self.channel), .integer(Int64(start + 1)), .integer(Int64(end))])
                return
            }
            progress(end)
        }
        try await ledgers[0].vacuum()
    }

    /// Claims, begins, settles and marks until nothing is left.
    /// - Returns: how many messages were finished.
    package func work(batch: Int) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for (ledger, lease) in zip(ledgers, leases) {
                group.addTask {
                    var finished = 0
                    while true {
                        let items = try await ledger.claim(in: Self.channel, now: Self.now, limit: batch, by: lease)
                        if items.isEmpty { return finished }
                        try await ledger.begin(items)
                        try await withThrowingTaskGroup(of: Void.self) { group in
                            for item in items {
                                group.addTask { try await ledger.settle(Self.outcome(item), now: Self.now) }
                            }
                            try await group.waitForAll()
                        }
                        try await ledger.marked(items.map(\.id))
                        finished += items.count
                    }
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// How long single claims take; what they claim is let go of again.
    package func claims(_ count: Int, batch: Int) async throws -> [Duration] {
        var times: [Duration] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            let items = try await ledgers[0].claim(in: Self.channel, now: Self.now, limit: batch, by: leases[0])
            times.append(.now - start)
            try await ledgers[0].release(items)
        }
        return times
    }

    /// How often all of the messages were read from one end to the other so far. PostgreSQL only.
    package func scans() async throws -> Int {
        try await ledgers[0].database.read { transaction in
            Int(
                try transaction.rows(
                    "SELECT seq_scan AS n FROM pg_stat_user_tables WHERE relid = to_regclass('message')", []
                ).first?.integer("n") ?? 0)
        }
    }

    /// How PostgreSQL would look for work, in its own words.
    package func plan() async throws -> String {
        try await ledgers[0].database.read { transaction in
            try transaction.rows(
                """
                EXPLAIN SELECT id FROM message WHERE channel = 'drill' AND status IN ('arrived', 'attempting')
                AND retry_at <= 1773133200000 AND id > 0 AND \(ledgers[0].isFree("message"))
                ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED
                """, []
            ).compactMap { $0.text("QUERY PLAN") }.joined(separator: "\n")
        }
    }

    /// Closes the ledger.
    package func close() async throws {
        for ledger in ledgers { try await ledger.close() }
    }

    private static func outcome(_ item: WorkItem) -> Outcome {
        Outcome(
            message: item.id, shift: item.shift, kind: .ignored, rule: Rule("drill", "."), association: nil,
            raw: RawMessage(id: item.id, channel: channel, source: item.source, arrival: item.arrival, bytes: []),
            intent: nil, language: "en", confidence: nil, detail: "{}", effect: nil, replyDigest: nil)
    }
}
