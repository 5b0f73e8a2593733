/// How far one attempt at an outbox row came.
enum DeliveryAttempt: Sendable {
    /// Nothing more is to be done.
    case finished
    /// It was refused for now; a later run tries again.
    case waits
    /// The other side could not be reached: one line with host and step. A later run tries again.
    case unreachable(String)
}

/// What could not be reached in this pass: tried once, not for every mail, and said in one line.
actor Outages {
    private var lines: [String: String] = [:]

    /// What is known about an outlet.
    func line(of name: String) -> String? { lines[name] }

    /// Keeps the first line about an outlet, and returns it.
    func note(_ line: String, of name: String) -> String {
        let kept = lines[name] ?? line
        lines[name] = kept
        return kept
    }

    func clear() { lines = [:] }
}
