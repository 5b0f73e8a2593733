/// Keeps messages of one conversation in order while those of different conversations run side by side.
///
/// A lane is reserved in the order of arrival, before the work is started; the work waits until every earlier
/// reservation that shares a Message-ID with it is done.
actor ConversationLanes {
    /// A place in line.
    struct Place: Sendable, Hashable {
        fileprivate let number: Int
    }

    private var next = 0
    private var lastHolder: [String: Int] = [:]
    private var identifiers: [Int: [String]] = [:]
    private var waitsFor: [Int: Set<Int>] = [:]
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]

    /// Takes a place behind everything earlier that shares one of the identifiers.
    func reserve(_ threadIDs: [String]) -> Place {
        next += 1
        var earlier: Set<Int> = []
        for identifier in threadIDs {
            if let holder = lastHolder[identifier] { earlier.insert(holder) }
            lastHolder[identifier] = next
        }
        identifiers[next] = threadIDs
        waitsFor[next] = earlier
        return Place(number: next)
    }

    /// Waits for one's turn.
    func enter(_ place: Place) async {
        if waitsFor[place.number]?.isEmpty != false { return }
        await withCheckedContinuation { waiting[place.number] = $0 }
    }

    /// Gives the place up; those behind may enter.
    func leave(_ place: Place) {
        for identifier in identifiers.removeValue(forKey: place.number) ?? []
        where lastHolder[identifier] == place.number {
            lastHolder[identifier] = nil
        }
        waitsFor[place.number] = nil
        for number in Array(waitsFor.keys) where waitsFor[number]?.remove(place.number) != nil {
            if waitsFor[number]?.isEmpty == true { waiting.removeValue(forKey: number)?.resume() }
        }
    }
}
