/// How far one attempt at an outbox row came.
enum DeliveryAttempt: Sendable {
    /// Nothing more is to be done.
    case finished
    /// It was refused for now; a later run tries again.
    case waits
    /// The other side could not be reached: one line with host and step. A later run tries again.
    case unreachable(String)

    /// What it is, for the metrics.
    var word: String {
        switch self {
        case .finished: "finished"
        case .waits: "waits"
        case .unreachable: "unreachable"
        }
    }
}

/// A circuit breaker for each remote: what could not be reached is left alone for a while, not tried for every mail, and said
/// in one line; then one mail tries, and its fate decides for all.
actor Outages {
    private struct Outage {
        let line: String
        var until: Duration
        var rest: Duration
    }

    private var outages: [String: Outage] = [:]
    private let meter: Meter

    private let time: Timepiece

    /// So long a remote is left alone at first; twice as long each time, up to the longest.
    private static let firstRest = Duration.seconds(30)
    private static let longestRest = Duration.seconds(300)

    init(meter: Meter = Meter(isWanted: false), time: Timepiece = .real) {
        self.meter = meter
        self.time = time
    }

    /// What is known about a remote; nil: it may be tried.
    func line(of name: String) -> String? {
        guard let outage = outages[name] else { return nil }
        let present = time.now()
        if present < outage.until { return outage.line }
        // Who asks now tries; those behind wait for what comes of it.
        outages[name]?.until = present + outage.rest
        outages[name]?.rest = min(outage.rest * 2, Self.longestRest)
        return nil
    }

    /// Keeps the first line about a remote, and returns it.
    func note(_ line: String, of name: String) -> String {
        meter.set(.remote, ("remote", name), to: 0)
        if let known = outages[name] { return known.line }
        outages[name] = Outage(line: line, until: time.now() + Self.firstRest, rest: Self.firstRest * 2)
        return line
    }

    /// A remote did what it was asked.
    func isWell(_ name: String) {
        outages[name] = nil
        meter.set(.remote, ("remote", name), to: 1)
    }

    func clear() { outages = [:] }
}
