import Triage

/// What a decision was made of, as the ledger keeps it and `explain` shows it: names and numbers, nothing of anybody.
struct Deliberation: Sendable, Encodable {
    /// One question of the message.
    struct Weight: Sendable, Encodable {
        let intent: String
        /// That this is what is asked, calibrated.
        let probability: Double
        /// How well the cited passages fit the question.
        let fit: Double
        /// Less than 1 when an earlier draft did not pass the review.
        let review: Double
        /// The least that the product of the three must be.
        let threshold: Double
        /// How far automation goes for it.
        let mode: Mode

        var certainty: Double { probability * fit * review }
    }

    /// What keeps the desk from going as far as the modes allow.
    struct Restraint: Sendable, Encodable {
        /// `rollout`, `hours` or `cap`.
        let name: String
        /// A sentence for people.
        let reason: String
        /// As far as it goes then.
        let mode: Mode
        /// A person is to look at the answer: it is laid before her, and so is nothing to compare her own with.
        var isForReview = false
    }

    let weights: [Weight]
    let restraints: [Restraint]
    /// Where the customer stands in the rollout, 0…100: hers alone, and always the same.
    let bucket: Double?
    /// How often she was answered on the same matter within two weeks.
    let answersOnMatter: Int

    /// As far as the modes allow.
    var configured: Mode { weights.map(\.mode).min { $0.reach < $1.reach } ?? .off }

    /// As far as the desk goes.
    var mode: Mode { ([configured] + restraints.map(\.mode)).min { $0.reach < $1.reach } ?? .off }

    /// Whether the desk only watches: a person answers without a word of its answer, and hers is laid beside it afterwards.
    var isSilent: Bool {
        mode == .shadow
            && (configured == .shadow || !restraints.contains { $0.isForReview && $0.mode == .shadow })
    }

    /// The restraint that decides; nil where the modes do.
    var restraint: Restraint? {
        configured.reach > mode.reach ? restraints.first { $0.mode == mode } : nil
    }
}

extension Deliberation {
    /// What it was made of, in plain words: name and value.
    var lines: [(String, String)] {
        func share(_ number: Double) -> String { PacketBuilder.percent(number) }
        var lines = weights.map { weight in
            var parts = ["\(share(weight.probability)) sure that this is asked"]
            if weight.fit < 1 { parts.append("the articles fit to \(share(weight.fit))") }
            if weight.review < 1 { parts.append("an earlier draft was rejected, which counts \(share(weight.review))") }
            let verdict = weight.certainty < weight.threshold ? "not enough" : "enough"
            return (
                weight.intent,
                "\(parts.joined(separator: "; ")): \(share(weight.certainty)) of \(share(weight.threshold)) needed, \(verdict)"
            )
        }
        lines.append(("automation", "\(configured.rawValue) for what is asked"))
        for restraint in restraints {
            lines.append(("held back", "to \(restraint.mode.rawValue): \(restraint.reason)"))
        }
        if let bucket { lines.append(("place in the rollout", "\(bucket) of 100")) }
        if answersOnMatter > 0 { lines.append(("answered before", "\(answersOnMatter) times on the same matter")) }
        return lines
    }
}
