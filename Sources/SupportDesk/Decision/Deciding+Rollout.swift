/// How far automation has reached among the customers: those of a pilot, then a share that grows, at last all of them.
extension Deciding {
    /// Where a customer stands between 0 and 100, to two places; by her account where it is proved that she wrote.
    ///
    /// The place is hers alone and the same for every intent and share: who is in at 10 % is in at 20 %, and who is in for an
    /// intent of a small share is in for those of larger ones.
    func bucket(of triaged: TriagedMessage) -> Double {
        let identity = triaged.identity
        let address = triaged.redacted.identified.heard.author.address.lowercased()
        var key = address
        if identity.tier == .verified, let customer = identity.customer, !customer.isGuest {
            key = "customer \(customer.id)"
        }
        return Double(ledger.seal.place(of: key, for: "rollout")) / 100
    }

    /// Why a message is held back whose customer the rollout has not reached; nil where it has.
    /// - Parameter share: of what she asks; nil: no share is named.
    func rollout(_ triaged: TriagedMessage, _ bucket: Double?, _ share: Double?) -> Deliberation.Restraint? {
        // Where a pilot is named and no share, only the pilot is reached.
        if share == nil, policy.pilot.isEmpty { return nil }
        // Whoever is not proved to have written is nobody of the pilot.
        let isProved = triaged.identity.authentication.verdict == .pass
        if isProved, policy.pilot.holds(triaged.redacted.identified.heard.author.address) { return nil }
        if let bucket, let share, bucket < share * 100 { return nil }
        let reached = share.flatMap { share in
            share > 0 ? "the \(PacketBuilder.percent(share)) of customers that the rollout has reached" : nil
        }
        return Deliberation.Restraint(
            name: "rollout",
            reason: "The customer is not among \(reached ?? "those of the pilot").", mode: policy.heldBack)
    }
}

extension Seal {
    /// Where a text stands among 10,000 places: always the same, and nobody without the key can tell.
    func place(of text: String, for purpose: String) -> Int {
        let number = digest(text, for: purpose).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(number % 10_000)
    }
}
