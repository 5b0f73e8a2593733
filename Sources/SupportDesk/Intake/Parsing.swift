import Mail

/// A message that could be read. Made by `Parsing` only.
public struct ParsedMessage: Sendable, Documented {
    /// The bytes and where they came from.
    public let raw: RawMessage
    /// The bytes as values.
    public let message: Message

    fileprivate init(raw: RawMessage, message: Message) {
        self.raw = raw
        self.message = message
    }

    func note(in dossier: inout Dossier) { dossier.message = message }
}

/// Stage one: bytes become values, or the message is quarantined with the reason.
struct Parsing: Sendable {
    let limits: Message.Limits

    func parse(_ raw: RawMessage) -> Step<ParsedMessage> {
        FaultPoint.parse.reach(raw.bytes)
        if raw.isTruncated {
            return .settle(
                .quarantine(
                    Rule(
                        "too-large",
                        "The message is \(raw.fullSize) bytes long, over the limit; it stays at its source.")))
        }
        do {
            return .proceed(ParsedMessage(raw: raw, message: try Message(parsing: raw.bytes, limits: limits)))
        } catch {
            return .settle(.quarantine(Rule("unparsable", "The message could not be read: \(error.message).")))
        }
    }
}
