/// Something found in a shadow, before overlaps are resolved.
struct Candidate {
    let type: PIIType
    /// Bytes of the shadow.
    let range: Range<Int>
    let score: Double
    let why: String
    /// Found but left readable.
    var staysReadable = false
    /// Normalised forms by which the value is the same as another spelling of it; the type's own form when empty.
    var keys: [String] = []
}

/// One text on its way through the detectors: each is an extension in a file of its own.
final class Detection {
    let shadow: Shadow
    let configuration: Redactor.Compiled
    let known: KnownFacts
    let events: [[Int]]
    var candidates: [Candidate] = []
    /// Where order numbers stand, ascending: never masked as a phone number or the like.
    var orderNumbers: [Range<Int>] = []
    /// Links, ascending; numbers in them are paths, not phones.
    var links: [Range<Int>] = []
    /// Addresses of hosts, ascending; their octets are no phones.
    var hosts: [Range<Int>] = []
    var phones: PhoneNumbers

    init(shadow: Shadow, events: [[Int]], configuration: Redactor.Compiled, known: KnownFacts) {
        self.shadow = shadow
        self.events = events
        self.configuration = configuration
        self.known = known
        phones = PhoneNumbers(regions: configuration.regions, textBytes: shadow.bytes.count)
    }

    func ends(_ trigger: Trigger) -> [Int] { events[Int(trigger.rawValue)] }

    /// Runs every detector and returns what is left after overlaps are resolved, in the order of the text.
    static func run(
        _ shadow: Shadow, events: [[Int]], configuration: Redactor.Compiled, known: KnownFacts
    ) -> [Candidate] {
        let detection = Detection(shadow: shadow, events: events, configuration: configuration, known: known)
        detection.orderNumbers = merged(configuration.orderPatterns.flatMap { $0.matches(in: shadow) })
        detection.findPlaceholders()
        detection.findLinks()
        detection.findAddresses()
        detection.findBareHosts()
        detection.findAccounts()
        detection.findHosts()
        detection.findNumericDates()
        detection.findNumbers()
        detection.findHardwareAddresses()
        detection.findStatedNumbers()
        detection.findPeopleAndPlaces()
        return detection.resolved()
    }

    /// Text that looks like one of our placeholders.
    private func findPlaceholders() {
        for end in ends(.placeholder) {
            var start = end - 1
            let limit = max(0, end - Placeholder.maximumLength)
            while start > limit, shadow.bytes[start] != UInt8(ascii: "[") { start -= 1 }
            guard shadow.bytes[start] == UInt8(ascii: "[") else { continue }
            // A model may write small letters as capitals, so both are taken for a placeholder.
            let text = String(decoding: shadow.bytes[start..<end], as: UTF8.self).uppercased()
            guard Placeholder(text) != nil else { continue }
            candidates.append(
                Candidate(type: .literal, range: start..<end, score: 1, why: "looks like a placeholder"))
        }
    }

    /// The same bytes as ascending ranges that do not overlap.
    private static func merged(_ spans: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, span.lowerBound < last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
            } else {
                result.append(span)
            }
        }
        return result
    }

    /// Whether `range` overlaps one of `spans`, which are ascending and disjoint.
    static func overlaps(_ range: Range<Int>, _ spans: [Range<Int>]) -> Bool {
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low < spans.count && spans[low].lowerBound < range.upperBound
    }

    /// The text before `start` on its line, at most `limit` bytes, in lower case: what says what a number is.
    func context(before start: Int, limit: Int = 36) -> [UInt8] {
        var from = start
        while from > 0, start - from < limit, shadow.bytes[from - 1] != UInt8(ascii: "\n") { from -= 1 }
        return shadow.lowercased(from..<start)
    }

    /// Longer first, then the higher score, then the order of the types, then the earlier: what overlaps a winner is
    /// dropped. Look-alikes of placeholders come before all else, what stays readable comes last.
    private func resolved() -> [Candidate] {
        for index in candidates.indices where configuration.readable.contains(candidates[index].type) {
            candidates[index].staysReadable = true
        }
        candidates.removeAll { $0.range.isEmpty }
        guard candidates.count > 1 else { return candidates }
        let ascending = candidates.indices.sorted {
            let (a, b) = (candidates[$0].range.lowerBound, candidates[$1].range.lowerBound)
            return a == b ? $0 < $1 : a < b
        }
        var winners: [Candidate] = []
        winners.reserveCapacity(ascending.count)
        var first = 0
        while first < ascending.count {
            // Candidates that hang together by overlaps; most stand alone.
            var end = candidates[ascending[first]].range.upperBound
            var next = first + 1
            while next < ascending.count, candidates[ascending[next]].range.lowerBound < end {
                end = max(end, candidates[ascending[next]].range.upperBound)
                next += 1
            }
            if next == first + 1 {
                winners.append(candidates[ascending[first]])
            } else {
                winners += winnersOf(Array(ascending[first..<next]), end: end)
            }
            first = next
        }
        return winners
    }

    private func winnersOf(_ cluster: [Int], end: Int) -> [Candidate] {
        let start = candidates[cluster[0]].range.lowerBound
        var taken = [Bool](repeating: false, count: end - start)
        var winners: [Candidate] = []
        for index in cluster.sorted(by: precedes) {
            let range = candidates[index].range
            let slots = range.lowerBound - start..<range.upperBound - start
            guard !taken[slots].contains(true) else { continue }
            for slot in slots { taken[slot] = true }
            winners.append(candidates[index])
        }
        return winners.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func precedes(_ first: Int, _ second: Int) -> Bool {
        func tier(_ candidate: Candidate) -> Int {
            candidate.type == .literal ? 0 : candidate.staysReadable ? 2 : 1
        }
        let (a, b) = (candidates[first], candidates[second])
        if tier(a) != tier(b) { return tier(a) < tier(b) }
        if a.range.count != b.range.count { return a.range.count > b.range.count }
        if a.score != b.score { return a.score > b.score }
        if a.type != b.type { return a.type < b.type }
        if a.range.lowerBound != b.range.lowerBound { return a.range.lowerBound < b.range.lowerBound }
        return first < second
    }
}
