import Foundation

/// What a shop wants to reach and what it counts with: the section `report`.
public struct ReportPolicy: Sendable, Hashable, Codable {
    /// Automatic answers as a part of all questions; at least.
    public var automation: Double?
    /// From 1 to 5; at least.
    public var satisfaction: Double?
    /// At least.
    public var firstContactResolution: Double?
    /// At most.
    public var recurrence: Double?
    /// By how much the reply time is to be less than before; needs `baseline`.
    public var replyTime: Double?
    /// The median reply time before the desk, seconds.
    public var baseline: TimeInterval?
    /// What an hour of an agent costs, in `currency`.
    public var hourlyCost: Double?
    /// What the costs and the models' prices are in.
    public var currency = "USD"
    /// Minutes that a person needs for a question by herself.
    public var handlingMinutes = 6.0
    /// Minutes that she needs for a draft.
    public var draftMinutes = 1.5
    /// Seconds without a word from the customer after which an answer counts as having settled the matter.
    public var resolvedAfter: TimeInterval = 3 * 86_400
    /// Seconds within which the desk is to have answered.
    public var automaticWithin: TimeInterval = 900
    /// Seconds within which a person is to have answered.
    public var personWithin: TimeInterval = 86_400

    /// The defaults.
    public init() {}

    /// How long after its end a day still changes: until the last window is over, for answers of up to three days later too.
    /// What becomes known after that has the day made anew.
    var closing: Int64 { max(Self.leastClosing, Int64((resolvedAfter + Self.grace) * 1_000)) }

    /// No day is over sooner than so long after its end, milliseconds, whatever the shop has set.
    static let leastClosing = Int64((Aftermath.window + grace) * 1_000)
    private static let grace: TimeInterval = 3 * 86_400

    /// What the figures of a day rest on besides the ledger: kept days of another basis are made anew.
    func basis(in zone: TimeZone) -> String {
        let seconds = [resolvedAfter, automaticWithin, personWithin].map { "\(Int($0))" }.joined(separator: " ")
        return "2 \(zone.identifier) \(seconds)"
    }
}
