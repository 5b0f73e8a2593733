import Mail

/// A message that could be read. Made by `Parsing` only.
public struct ParsedMessage: Sendable, Documented {
    static let stage = "parse"
    /// The bytes and where they came from.
    public let raw: RawMessage
    /// The bytes as values.
    public let message: Message
    /// The mail by which one of the shop's own people passed the message on; nil for a message that came by itself.
    public let outer: Message?

    private let took: Duration

    fileprivate init(raw: RawMessage, message: Message, outer: Message? = nil, since start: ContinuousClock.Instant) {
        self.raw = raw
        self.message = message
        self.outer = outer
        took = ContinuousClock.now - start
    }

    func note(in dossier: inout Dossier) {
        dossier.message = message
        dossier.lapBegan(earlierBy: took)
    }
}

/// Stage one: bytes become values, or the message is quarantined with the reason.
struct Parsing: Sendable {
    let limits: Message.Limits
    /// For whose customers' mail, passed on by its own people, the inner mail is taken; nil: for nobody's.
    var inner: Shop?

    func parse(_ raw: RawMessage) -> Step<ParsedMessage> {
        FaultPoint.parse.reach(raw.bytes)
        if raw.isTruncated {
            return .settle(
                .quarantine(
                    Rule(
                        "too-large",
                        "The message is \(raw.fullSize) bytes long, over the limit; it stays at its source.")))
        }
        let start = ContinuousClock.now
        do {
            let message = try Message(parsing: raw.bytes, limits: limits)
            if let inner = inner?.passedOn(by: message) {
                return .proceed(ParsedMessage(raw: raw, message: inner, outer: message, since: start))
            }
            return .proceed(ParsedMessage(raw: raw, message: message, since: start))
        } catch {
            return .settle(.quarantine(Rule("unparsable", "The message could not be read: \(error.message).")))
        }
    }
}
