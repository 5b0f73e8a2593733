/// How people look after the quality of automatic replies: which of them they are shown, and what becomes of an intent whose
/// replies they find wrong.
public struct ReviewPolicy: Sendable {
    /// The share of automatic replies that a person is to rate, 0…1.
    public var share = 0.05
    /// Of each kind of reply (intent, language, confidence) so many are shown whatever the share is: the rare kinds, too.
    public var each = 5
    /// The least share of right replies, 0…1, for an intent without an entry of its own; nil: none.
    public var defaultFloor: Double? = 0.9
    /// The same by intent.
    public var floors: [String: Double] = [:]
    /// So many replies of an intent are rated before its floor counts.
    public var least = 10

    /// The defaults.
    public init() {}

    /// The least share of right replies of an intent; nil: none.
    func floor(for intent: String) -> Double? { floors[intent] ?? defaultFloor }
}

extension ReviewPolicy {
    /// Reads the section `review`.
    init(_ reader: ConfigurationReader?) throws {
        self.init()
        guard let reader else { return }
        share = try reader.share("share") ?? share
        each = try reader.integer("each", in: 0...1_000) ?? each
        least = try reader.integer("least", in: 1...10_000) ?? least
        if let floors = try reader.reader("floors") {
            for key in floors.keys {
                let text = try floors.text(key)
                let floor = text == "off" ? nil : try floors.number(key, in: 0...1)
                if key == "default" { defaultFloor = floor } else { self.floors[key] = floor ?? 0 }
            }
            try floors.finish()
        }
        try reader.finish()
    }
}
