import Foundation

/// What became of customers' questions: the one definition of *resolved* and of *recurrence*, by which the report counts and
/// experiments are decided. No ledger in it; a test has it worked out a second time by others.
///
/// - *Resolved*: the customer said that the answer helped her; or she said nothing of it and, for as long as is waited, wrote
///   nothing more, in any conversation. Her word is known at once, and so is that she wrote again.
/// - *Recurrence*: the same person wrote on the same matter within 7 days after the answer. It is known when they are over,
///   whichever way it goes: who comes back does so early, and would be counted before those who do not.
enum Aftermath {
    /// How soon the same matter must come back to count, seconds after the answer.
    static let window: TimeInterval = 7 * 86_400

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
        /// Up to when anything is known that may have come of it, milliseconds.
        var horizon: Int64
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

        /// Whether the matter is done; nil: it is too early to tell.
        var isResolved: Bool? {
            switch self {
            case .confirmed, .silent: true
            case .denied, .returned: false
            case .pending: nil
            }
        }
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

    /// What became of contacts, each told by all others of its person.
    /// - Parameter silence: how long nothing more must come, seconds after the answer.
    static func fates(of contacts: [Contact], silence: TimeInterval) -> [Fate] {
        let silence = Int64(silence * 1_000)
        let window = Int64(Self.window * 1_000)
        let persons = Visits(contacts) { $0.person }
        let matters = Visits(contacts) { $0.matter }
        let conversations = Visits(contacts) {
            UInt64(bitPattern: $0.conversation) &* 0x9E37_79B9_7F4A_7C15 ^ $0.person
        }
        return contacts.indices.map { index in
            let contact = contacts[index]
            func isWithin(_ time: Int64, of start: Int64, _ next: Int64?) -> Bool {
                next.map { $0 <= start + time && $0 <= contact.horizon } ?? false
            }
            var fate = Fate()
            if contact.horizon >= contact.arrival + silence {
                fate.wroteAgain = isWithin(
                    silence, of: contact.arrival, conversations.next(after: contact.arrival, of: index))
            }
            guard let answer = contact.answer else { return fate }
            if let vote = contact.vote {
                fate.resolution = vote ? .confirmed : .denied
            } else if isWithin(silence, of: answer, persons.next(after: answer, of: index)) {
                fate.resolution = .returned
            } else {
                fate.resolution = contact.horizon >= answer + silence ? .silent : .pending
            }
            if contact.matter != nil, contact.horizon >= answer + window {
                fate.recurred = isWithin(window, of: answer, matters.next(after: answer, of: index))
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
