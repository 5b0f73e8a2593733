import Foundation

/// Which tickets go where: rules in order. The first one that says something about queue, priority, owner or team is the one that
/// holds for it; tags and fields come together from all.
public struct Routing: Sendable {
    /// What rules look at.
    struct Matter: Sendable {
        var intent: String?
        var language: String?
        /// The rule that stopped the desk.
        var rule: String
        /// The highest total among the orders that the message is about, in the shop's currency.
        var value: Double?
        var arrival: Date
    }

    /// One line of the configuration. A condition that is empty or nil always holds.
    struct Rule: Sendable {
        var intents: Set<String> = []
        var languages: Set<String> = []
        var stops: Set<String> = []
        var valueAbove: Double?
        /// Whether it holds within the business hours, or outside.
        var isWithinHours: Bool?
        var placement = Placement()
        var team: String?

        func applies(to matter: Matter, _ hours: BusinessHours?) -> Bool {
            (intents.isEmpty || matter.intent.map(intents.contains) == true)
                && (languages.isEmpty || matter.language.map(languages.contains) == true)
                && (stops.isEmpty || stops.contains(matter.rule))
                && (valueAbove.map { (matter.value ?? 0) > $0 } ?? true)
                && (isWithinHours.map { (hours?.isOpen(at: matter.arrival) ?? true) == $0 } ?? true)
        }
    }

    /// The hours of the shop; nil: it is always open.
    var hours: BusinessHours?
    var teams: [String: Team] = [:]
    var rules: [Rule] = []

    /// Every ticket to the usual queue.
    public init() {}

    /// Where a ticket is put, and who shares it.
    func place(_ matter: Matter) -> (placement: Placement, team: Team?) {
        var placement = Placement()
        var team: Team?
        for rule in rules where rule.applies(to: matter, hours) {
            let own = rule.placement
            placement.queue = placement.queue ?? own.queue
            placement.priority = placement.priority ?? own.priority
            if team == nil, placement.owner == nil {
                placement.owner = own.owner
                team = rule.team.flatMap { teams[$0] }
            }
            placement.tags += own.tags.filter { !placement.tags.contains($0) }
            placement.fields.merge(own.fields) { first, _ in first }
        }
        placement.priority = placement.priority ?? Self.priority(of: matter.rule)
        return (placement, team)
    }

    /// Where no rule says otherwise.
    private static func priority(of rule: String) -> Int {
        switch rule {
        case "safety": 90
        case "legal", "press", "angry", "delivery-uncertain", "delivery-late", "delivery-refused", "no-carrier": 80
        case "asks-for-person", "authentication-failed": 60
        default: 40
        }
    }
}
