import Foundation

/// The arithmetic of a report: rates with their intervals, percentiles, and what became of what was answered. No ledger in it;
/// a test has every function of it worked out a second time by others.
enum ReportArithmetic {
    /// The 97.5th percentile of the standard normal distribution: intervals hold 95 %.
    static let z = 1.959963984540054

    /// A part of a whole, with its interval.
    struct Rate: Sendable, Equatable {
        let value: Double
        let low: Double
        let high: Double
    }

    /// Wilson's score interval (E. B. Wilson, 1927): it holds for small numbers and at both ends. Nil of nothing.
    static func wilson(_ successes: Double, of trials: Double) -> Rate? {
        guard trials > 0 else { return nil }
        let p = successes / trials
        let square = z * z
        let scale = 1 + square / trials
        let middle = (p + square / (2 * trials)) / scale
        let half = z / scale * (p * (1 - p) / trials + square / (4 * trials * trials)).squareRoot()
        // At the ends the interval touches them; rounding must not pass them.
        return Rate(
            value: p, low: successes <= 0 ? 0 : max(0, middle - half),
            high: successes >= trials ? 1 : min(1, middle + half))
    }

    /// One layer of a stratified sample.
    struct Stratum: Sendable, Equatable {
        /// How many there are in all.
        let population: Int
        /// How many were looked at.
        let sampled: Int
        /// How many of those were right.
        let right: Int
    }

    /// What a stratified sample says of the whole.
    struct Estimate: Sendable, Equatable {
        let rate: Rate
        /// How many looked at in a simple sample would say as much (L. Kish, 1965).
        let effectiveSize: Double
        /// The part of the whole that lies in layers of which something was looked at.
        let coverage: Double
    }

    /// Weighs each layer by what it stands for: one that was sampled ten times as densely counts a tenth for each. Nil where
    /// nothing was looked at.
    static func estimate(_ strata: [Stratum]) -> Estimate? {
        let seen = strata.filter { $0.sampled > 0 }
        var (sum, squares, right, covered) = (0.0, 0.0, 0.0, 0)
        for stratum in seen {
            // What is looked at is at least there, whatever has been let go since.
            let population = max(stratum.population, stratum.sampled)
            let weight = Double(population) / Double(stratum.sampled)
            sum += weight * Double(stratum.sampled)
            squares += weight * weight * Double(stratum.sampled)
            right += weight * Double(stratum.right)
            covered += population
        }
        guard squares > 0 else { return nil }
        let effective = sum * sum / squares
        guard let rate = wilson(right / sum * effective, of: effective) else { return nil }
        let all = strata.reduce(0) { $0 + max($1.population, $1.sampled) }
        return Estimate(rate: rate, effectiveSize: effective, coverage: Double(covered) / Double(all))
    }

    /// The mean of numbers that are known by their count, sum and sum of squares, with Student's interval at the normal's width;
    /// nil of nothing, without an interval of one.
    static func mean(count: Int, sum: Double, squares: Double) -> (value: Double, half: Double?)? {
        guard count > 0 else { return nil }
        let n = Double(count)
        let value = sum / n
        guard count > 1 else { return (value, nil) }
        let variance = max(0, (squares - n * value * value) / (n - 1))
        return (value, z * (variance / n).squareRoot())
    }

    // MARK: - What became of it

    /// A customer's message that wanted an answer.
    struct Contact: Sendable, Equatable {
        /// Who wrote.
        let person: UInt64
        /// Where.
        let conversation: Int64
        /// About what: the same for the same person, intents and orders; nil where nothing was understood.
        let matter: UInt64?
        /// When it came, milliseconds.
        let arrival: Int64
        /// When an answer left; nil: none is known.
        var answer: Int64?
        /// Whether she said that it helped her; nil: she said nothing.
        var vote: Bool?
    }

    /// Whether an answer settled the matter.
    enum Resolution: String, Sendable, CaseIterable {
        /// The customer said so.
        case confirmed
        /// She said nothing more, in any conversation, for as long as is waited.
        case silent
        /// She said that it did not help.
        case denied
        /// She wrote again, in whatever conversation.
        case returned
        /// It is too early to tell.
        case pending
    }

    /// What became of one contact.
    struct Fate: Sendable, Equatable {
        /// Nil where no answer is known.
        var resolution: Resolution?
        /// Whether the same person came back with the same matter within the window; nil: not answered, not understood, or too
        /// early to tell.
        var recurred: Bool?
        /// Whether she wrote again in the same conversation within the time that is waited, from this message on; nil: too early.
        var wroteAgain: Bool?
    }

    /// What became of contacts.
    /// - Parameters:
    ///   - silence: how long nothing more must come, milliseconds after the answer.
    ///   - window: how soon the same matter must come back to count, milliseconds after the answer.
    ///   - now: up to when anything is known.
    static func fates(of contacts: [Contact], silence: Int64, window: Int64, now: Int64) -> [Fate] {
        let persons = Visits(contacts) { $0.person }
        let matters = Visits(contacts) { $0.matter }
        let conversations = Visits(contacts) {
            UInt64(bitPattern: $0.conversation) &* 0x9E37_79B9_7F4A_7C15 ^ $0.person
        }
        return contacts.indices.map { index in
            let contact = contacts[index]
            var fate = Fate()
            if let again = conversations.next(after: contact.arrival, of: index), again <= contact.arrival + silence {
                fate.wroteAgain = true
            } else if now >= contact.arrival + silence {
                fate.wroteAgain = false
            }
            guard let answer = contact.answer else { return fate }
            if let vote = contact.vote {
                fate.resolution = vote ? .confirmed : .denied
            } else if let back = persons.next(after: answer, of: index), back <= answer + silence {
                fate.resolution = .returned
            } else {
                fate.resolution = now >= answer + silence ? .silent : .pending
            }
            guard contact.matter != nil else { return fate }
            if let back = matters.next(after: answer, of: index), back <= answer + window {
                fate.recurred = true
            } else if now >= answer + window {
                fate.recurred = false
            }
            return fate
        }
    }

    /// Arrivals by what they have in common, in order.
    private struct Visits {
        private struct Visit {
            let key: UInt64
            let arrival: Int64
            let contact: Int32
        }

        private var visits: [Visit] = []
        /// Where each contact stands among them; −1: nowhere.
        private var places: [Int32]

        init(_ contacts: [Contact], by key: (Contact) -> UInt64?) {
            visits.reserveCapacity(contacts.count)
            for (index, contact) in contacts.enumerated() {
                guard let key = key(contact) else { continue }
                visits.append(Visit(key: key, arrival: contact.arrival, contact: Int32(index)))
            }
            visits.sort { ($0.key, $0.arrival, $0.contact) < ($1.key, $1.arrival, $1.contact) }
            places = Array(repeating: -1, count: contacts.count)
            for (place, visit) in visits.enumerated() { places[Int(visit.contact)] = Int32(place) }
        }

        /// When the next one came after an instant that has its key in common with this contact, and is another one.
        func next(after instant: Int64, of contact: Int) -> Int64? {
            guard places[contact] >= 0 else { return nil }
            let own = Int(places[contact])
            let key = visits[own].key
            // Most have no other near: the look goes in steps that double, then by halves.
            var low = own
            if visits[own].arrival > instant {
                while low > 0, visits[low - 1].key == key, visits[low - 1].arrival > instant { low -= 1 }
            } else {
                var step = 1
                var high = own + 1
                while high < visits.count, visits[high].key == key, visits[high].arrival <= instant {
                    low = high
                    high += step
                    step *= 2
                }
                high = min(high, visits.count)
                low += 1
                while low < high {
                    let middle = (low + high) / 2
                    if visits[middle].key == key, visits[middle].arrival <= instant {
                        low = middle + 1
                    } else {
                        high = middle
                    }
                }
            }
            if low == own { low += 1 }
            guard low < visits.count, visits[low].key == key else { return nil }
            return visits[low].arrival
        }
    }
}
