import Mail
import Triage

/// Messages that were read and wait for their turn: urgent mail goes first, and of two that are as urgent the older one.
///
/// Messages that are tied to each other keep the order of their arrival, so the urgency of one is that of all before it. What
/// is put in order is always the oldest that there is, so nobody is overtaken for ever.
struct UrgencyQueue {
    typealias Entry = (item: WorkItem, raw: RawMessage, parsed: Step<ParsedMessage>)

    private var entries: [Entry] = []

    /// Mail this urgent, and more so, is of another class; `Mood` gives about .3 for one word of haste, .6 for insistence.
    private static let classes = [0.3, 0.6]

    /// Adds the next by arrival.
    mutating func append(_ item: WorkItem, _ raw: RawMessage, _ parsed: Step<ParsedMessage>) {
        entries.append((item, raw, parsed))
    }

    /// The order of their turns.
    /// - Parameter places: so many begin at once anyway: among as few there is nothing to put in order.
    func ordered(besides places: Int) -> [Entry] {
        guard entries.count > places else { return entries }
        var groups = Groups(count: entries.count)
        var holder: [String: Int] = [:]
        for (index, entry) in entries.enumerated() {
            for key in entry.parsed.laneKeys {
                if let other = holder[key] { groups.join(index, other) } else { holder[key] = index }
            }
        }
        var urgency = [Int](repeating: 0, count: entries.count)
        for (index, entry) in entries.enumerated() {
            let group = groups.root(of: index)
            urgency[group] = max(urgency[group], Self.urgency(of: entry.parsed))
        }
        let ranks = entries.indices.map { urgency[groups.root(of: $0)] }
        return entries.indices.sorted { (-ranks[$0], $0) < (-ranks[$1], $1) }.map { entries[$0] }
    }

    private static func urgency(of parsed: Step<ParsedMessage>) -> Int {
        guard case .proceed(let parsed) = parsed else { return 0 }
        let urgency = Triage.urgency(subject: parsed.message.subject, text: parsed.message.newText)
        return classes.count { urgency >= $0 }
    }

    /// Which entries are tied to each other, directly or by others.
    private struct Groups {
        private var parents: [Int]

        init(count: Int) { parents = Array(0..<count) }

        mutating func root(of index: Int) -> Int {
            var index = index
            while parents[index] != index {
                parents[index] = parents[parents[index]]
                index = parents[index]
            }
            return index
        }

        mutating func join(_ one: Int, _ other: Int) { parents[root(of: one)] = root(of: other) }
    }
}

extension Message {
    /// The Message-IDs that tie a message to others: its own and those it refers to. Messages that share one of them are handled
    /// one after the other.
    var threadIDs: [String] {
        var seen: Set<String> = []
        return ([messageID].compactMap(\.self) + inReplyTo + references).filter { seen.insert($0).inserted }
    }
}

extension Step where Next == ParsedMessage {
    /// What ties the message to others: its thread; and its sender, because a limit per sender can only be kept, and a
    /// copy without a Message-ID only be recognised, when the mail of one sender is handled one by one.
    var laneKeys: [String] {
        guard case .proceed(let parsed) = self else { return [] }
        return (parsed.outer ?? parsed.message).threadIDs
            + parsed.message.from.map { "sender \($0.address.lowercased())" }
    }
}
