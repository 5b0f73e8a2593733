import Foundation

/// What a report counts a message by, besides what was decided.
struct MessageTraits: Sendable {
    /// −1 to 1; nil where nobody looked.
    var sentiment: Double?
    /// How well the best passage fits the question, 0…1; nil where none was looked for.
    var fit: Double?
    /// The review's checks that found something in a draft, by name.
    var findings: Set<String> = []

    init() {}

    init(_ dossier: Dossier, _ rule: Rule) {
        sentiment = dossier.triage?.sentiment
        fit = dossier.evidence.map { $0.passages.map(\.fit).max() ?? 0 }
        // Nothing was found that it could be answered from: it left the way before there was any evidence.
        if dossier.evidence == nil, rule == .outOfScope { fit = 0 }
        findings = Set(dossier.findings.map(\.check))
        if !dossier.injections.isEmpty { findings.insert("injection") }
    }
}

extension Association {
    /// Digest of the customer who wrote; nil for a colleague, and where nobody is to be answered.
    var customer: [UInt8]? { colleague == nil ? addressee?.address : nil }
}

extension Ledger {
    /// Notes when a message's answer left, or a person's was seen; the first one counts.
    /// - Parameter answer: when it left, where that is known to be earlier than now.
    static func noteReply(
        to message: Int64, at answer: Date? = nil, now: Date, in transaction: any SQLTransaction
    ) throws {
        try transaction.later(
            "UPDATE message SET replied_at = $1 WHERE id = $2 AND replied_at IS NULL",
            [.integer((answer ?? now).milliseconds), .integer(message)])
        try noteNews(of: message, now: now, in: transaction)
    }

    /// Notes that something became known of a message; where its day may be kept already, that is made anew.
    static func noteNews(of message: Int64, now: Date, in transaction: any SQLTransaction) throws {
        try transaction.later(
            "INSERT INTO rollup_news (settled_at) SELECT settled_at FROM message WHERE id = $1 AND settled_at < $2",
            [.integer(message), .integer(now.milliseconds - ReportPolicy.leastClosing)])
    }
}
