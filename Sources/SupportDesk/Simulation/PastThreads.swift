import Foundation

/// The conversations of the past: which messages belong together, and which of them a person answered with which.
struct PastThreads: Sendable {
    /// One conversation, oldest first.
    struct Thread: Sendable {
        var entries: [PastEntry] = []

        /// By which it is known from one replay to the next: changes when a message joins it.
        var key: String {
            Seal.fingerprint(
                Array(entries.map { "\($0.source)\n\($0.arrival.milliseconds)" }.joined(separator: "\n").utf8))
        }

        /// What a person answered a message of it with: the mail that says so, else the first one behind it.
        func answer(to index: Int) -> PastEntry? {
            let later = entries[(index + 1)...].filter { $0.writer == .person }
            let limit = entries[index].arrival.addingTimeInterval(PastThreads.longestWait)
            let inTime = later.filter { $0.arrival <= limit }
            if let own = entries[index].messageID, let direct = inTime.first(where: { $0.answers.contains(own) }) {
                return direct
            }
            return inTime.first
        }
    }

    /// Those in which a customer wrote, by the arrival of their first message.
    private(set) var threads: [Thread] = []
    /// Second copies of a message, which do not count.
    private(set) var copies = 0

    /// What comes later than this is no answer.
    static let longestWait: TimeInterval = 30 * 86_400
    /// An answer without any reference finds its conversation by subject and customer for two weeks.
    private static let subjectWindow: TimeInterval = 14 * 86_400

    /// - Parameter entries: in any order.
    init(_ entries: [PastEntry]) {
        let sorted = entries.sorted { ($0.arrival, $0.source) < ($1.arrival, $1.source) }
        var all: [Thread] = []
        var participants: [Set<String>] = []
        var byID: [String: Int] = [:]
        var bySubject: [String: (thread: Int, at: Date)] = [:]
        var byTicket: [String: Int] = [:]
        var seen: Set<String> = []
        for entry in sorted {
            guard seen.insert(entry.fingerprint).inserted else {
                copies += 1
                continue
            }
            let subjectKeys = entry.subject.map { subject in entry.customers.map { "\($0)\n\(subject)" } } ?? []
            var thread = entry.ticket.flatMap { byTicket[$0] }
            if thread == nil, entry.ticket == nil {
                thread = entry.references.lazy.compactMap { byID[$0] }.first { index in
                    // A Message-ID is no secret: it lets nobody into a conversation in which she has no part.
                    entry.writer == .person || !participants[index].isDisjoint(with: entry.customers)
                }
            }
            if thread == nil, entry.ticket == nil, entry.isAnswer {
                thread =
                    subjectKeys.lazy.compactMap { bySubject[$0] }
                    .first { entry.arrival.timeIntervalSince($0.at) <= Self.subjectWindow }?.thread
            }
            let index = thread ?? all.count
            if thread == nil {
                all.append(Thread())
                participants.append([])
            }
            all[index].entries.append(entry)
            participants[index].formUnion(entry.customers)
            if let own = entry.messageID, byID[own] == nil { byID[own] = index }
            if let ticket = entry.ticket { byTicket[ticket] = index }
            for key in subjectKeys { bySubject[key] = (index, entry.arrival) }
        }
        threads = all.filter { $0.entries.contains { $0.writer == .customer } }
    }

    /// How many messages there are to be replayed.
    var messages: Int { threads.map { $0.entries.count { $0.writer == .customer } }.reduce(0, +) }
}
