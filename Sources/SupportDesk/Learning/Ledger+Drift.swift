import Foundation
import Triage

extension Ledger {
    /// The desk's weeks, oldest first.
    func driftWeeks() async throws -> [DriftWeek] {
        try await database.read { transaction in
            try transaction.rows("SELECT * FROM drift ORDER BY week", []).compactMap { row in
                guard let number = row.integer("week"), let text = row.text("counts"),
                    let counts = try? JSONDecoder().decode(WeekCounts.self, from: Data(text.utf8))
                else { return nil }
                return DriftWeek(number: number, version: row.integer("version") ?? 0, counts: counts)
            }
        }
    }

    /// What a classifier was trained on, as figures; nil: nobody has counted.
    func trainingMix(ofVersion version: Int64) async throws -> (digest: String, counts: WeekCounts)? {
        let row = try await database.read {
            try $0.rows("SELECT * FROM training_mix WHERE version = $1", [.integer(version)]).first
        }
        guard let digest = row?.text("digest"), let text = row?.text("counts") else { return nil }
        return (digest, try JSONDecoder().decode(WeekCounts.self, from: Data(text.utf8)))
    }

    /// Keeps what a classifier was trained on, as figures.
    static func keep(
        _ mix: WeekCounts, ofVersion version: Int64, digest: String, in transaction: any SQLTransaction
    ) throws {
        let text = String(decoding: try JSONEncoder.sorted.encode(mix), as: UTF8.self)
        try transaction.execute(
            """
            INSERT INTO training_mix (version, digest, counts) VALUES ($1, $2, $3)
            ON CONFLICT (version) DO UPDATE SET digest = excluded.digest, counts = excluded.counts
            """, [.integer(version), .text(digest), .text(text)])
    }

    /// Counts the weeks that have ended since the last time.
    /// - Returns: how many.
    func countWeeks(now: Date) async throws -> Int {
        let present = DriftWeek.number(of: now)
        var count = 0
        while let (number, from) = try await nextWeek(), number < present {
            let (start, end) = (DriftWeek.start(of: number), DriftWeek.start(of: number + 1))
            let (counts, last) = try await counts(from: start, to: end, behind: from)
            let text = String(decoding: try JSONEncoder.sorted.encode(counts), as: UTF8.self)
            let use = try await classifierInUse()
            try await database.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO drift (week, last, version, counts) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
                    """, [.integer(number), .integer(last), .integer(use.version), .text(text)])
                return
            }
            count += 1
        }
        return count
    }

    /// The week that is to be counted next, and the last message that is surely of an earlier one; nil: the desk has read nothing.
    private func nextWeek() async throws -> (number: Int64, behind: Int64)? {
        try await database.read { transaction in
            let row = try transaction.rows("SELECT week, last FROM drift ORDER BY week DESC LIMIT 1", []).first
            if let week = row?.integer("week"), let last = row?.integer("last") { return (week + 1, last) }
            let first = try transaction.rows(
                "SELECT settled_at FROM message WHERE settled_at IS NOT NULL ORDER BY id LIMIT 1", []
            ).first?.integer("settled_at")
            return first.map { (DriftWeek.number(of: Date(milliseconds: $0)), 0) }
        }
    }

    private func counts(from: Int64, to end: Int64, behind last: Int64) async throws -> (WeekCounts, last: Int64) {
        try await database.read { transaction in
            // Of the type String by name: an SQL library's way to join would make something else of it.
            let terms: [String] = (0..<10).map { bin in
                let low = bin == 0 ? "" : "confidence >= 0.\(bin) AND "
                let high = bin == 9 ? "confidence IS NOT NULL" : "confidence < 0.\(bin + 1)"
                return "SUM(CASE WHEN \(low)\(high) THEN 1 ELSE 0 END) AS bin\(bin)"
            }
            let bins: String = terms.joined(separator: ", ")
            let rows = try transaction.rows(
                """
                SELECT intent, COUNT(*) AS n, \(bins) FROM message
                WHERE id > $1 AND settled_at >= $2 AND settled_at < $3 AND intent IS NOT NULL GROUP BY intent
                """, [.integer(last), .integer(from), .integer(end)])
            var counts = WeekCounts()
            for row in rows {
                let count = Int(row.integer("n") ?? 0)
                let intent = row.text("intent") ?? ""
                counts.texts += count
                if intent == IntentClassifier.outOfScope {
                    counts.unknown += count
                } else {
                    counts.intents[intent] = count
                }
                for bin in 0..<10 { counts.confidence[bin] += Int(row.integer("bin\(bin)") ?? 0) }
            }
            // The next week is looked for behind the last message before which everything is settled.
            let open = try transaction.rows(
                "SELECT MIN(id) AS id FROM message WHERE id > $1 AND (settled_at IS NULL OR settled_at >= $2)",
                [.integer(last), .integer(end)]
            ).first?.integer("id")
            let newest = try transaction.rows("SELECT MAX(id) AS id FROM message", []).first?.integer("id")
            return (counts, open.map { $0 - 1 } ?? newest ?? last)
        }
    }
}
