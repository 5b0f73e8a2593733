import Foundation

/// The kind of a reply, as far as replies of one kind are alike in quality.
public struct ReviewStratum: Sendable, Hashable, Codable {
    /// How sure the desk was.
    public enum Band: String, Sendable, CaseIterable, Codable {
        /// Below 0.7; from there; from 0.9 on.
        case low, middle, high

        init(_ certainty: Double) { self = certainty < 0.7 ? .low : certainty < 0.9 ? .middle : .high }
    }

    /// What was asked.
    public let intent: String
    /// The reply's language, BCP 47.
    public let language: String
    /// How sure the desk was.
    public let band: Band

    init(intent: String, language: String, band: Band) {
        (self.intent, self.language, self.band) = (intent, language, band)
    }

    init?(_ row: SQLRow) {
        guard let intent = row.text("intent"), let language = row.text("language"),
            let band = row.text("band").flatMap(Band.init)
        else { return nil }
        self.init(intent: intent, language: language, band: band)
    }
}

/// That a person is to rate a reply, and for how many replies of its kind it stands.
struct ReviewSample: Sendable, Hashable {
    let stratum: ReviewStratum
    /// One over the probability with which it was drawn.
    let weight: Double
}

extension Desk {
    /// Whether the reply to a message is among those that a person is shown. Decided by a hash of the reply's own name, so that
    /// a repetition decides the same, and nobody knows beforehand.
    ///
    /// The first replies of each kind are all drawn, so that rare kinds have figures too; the others with the configured
    /// share. A kind's figures are right on average since each reply counts by the inverse of its own probability.
    func sample(_ disposition: Disposition, _ dossier: Dossier) async throws -> ReviewSample? {
        guard disposition.kind == .answered, let reply = disposition.reply, let intent = dossier.intent,
            review.share > 0
        else { return nil }
        let certainty = dossier.deliberation?.weights.map(\.certainty).min() ?? intent.confidence
        let stratum = ReviewStratum(intent: intent.intent, language: reply.language, band: .init(certainty))
        if try await ledger.countSamples(of: stratum, upTo: review.each) < review.each {
            return ReviewSample(stratum: stratum, weight: 1)
        }
        let digest = ledger.seal.digest(reply.messageID, for: "review sample")
        let place = Double(digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) / 0x1p64
        return place < review.share ? ReviewSample(stratum: stratum, weight: 1 / review.share) : nil
    }
}
