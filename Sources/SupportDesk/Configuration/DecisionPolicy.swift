import Foundation
import Triage

/// How far automation goes for an intent.
public enum Mode: String, Sendable, CaseIterable, Encodable {
    /// A person answers.
    case off
    /// The desk works out its answer and records it; a person answers.
    case shadow
    /// The answer is laid before a person as a draft.
    case draft
    /// The answer is sent.
    case auto

    /// `off` is the least, `auto` the most.
    var reach: Int {
        switch self {
        case .off: 0
        case .shadow: 1
        case .draft: 2
        case .auto: 3
        }
    }
}

/// How sure the desk must be, and how far it may go.
public struct DecisionPolicy: Sendable {
    /// Least certainty for an intent without an entry of its own.
    public var defaultThreshold = 0.55
    /// Least certainty by intent.
    public var thresholds: [String: Double] = [:]
    /// How far automation goes for an intent without an entry of its own.
    public var defaultMode = Mode.auto
    /// How far automation goes by intent.
    public var modes: [String: Mode] = [:]
    /// How far it goes where one of the following holds it back: to drafts with a section `drafts`, or where all channels are
    /// ticket queues; else a person answers. Her ticket holds the answer where the desk would have given it but for its hours, a
    /// cap and the like; where only the rollout has not reached the customer, the desk watches.
    public var heldBack = Mode.shadow
    /// The share of customers whose mail is answered automatically, 0…1; nil: all of them, or those of the pilot alone.
    public var rollout: Double?
    /// The same by intent.
    public var rollouts: [String: Double] = [:]
    /// Customers who are answered automatically whatever the share is: addresses, or `@domain`, in lower case.
    public var pilot: [String] = []
    /// When mail is answered automatically; nil: always.
    public var hours: BusinessHours?
    /// The largest amount that an order or refund may have which is spoken of automatically, by intent.
    public var caps: [String: MoneyCap] = [:]
    /// The same for an intent without an entry of its own.
    public var defaultCap: MoneyCap?
    /// Whose mail always goes to a person.
    public var vip = VIP()

    /// The defaults.
    public init() {}

    /// The least certainty for an intent.
    func threshold(for intent: String) -> Double { thresholds[intent] ?? defaultThreshold }
    /// How far automation goes for an intent.
    func mode(for intent: String) -> Mode { modes[intent] ?? defaultMode }
    /// The share of customers whose mail on these intents is answered automatically: the least of theirs. Nil: all of them,
    /// or those of the pilot alone.
    func share(for intents: [String]) -> Double? {
        // What no intent covers has the share of all.
        (intents.isEmpty ? [rollout] : intents.map { rollouts[$0] ?? rollout }).compactMap(\.self).min()
    }
}

/// Customers whose mail always goes to a person.
public struct VIP: Sendable {
    /// Addresses, or `@domain`, in lower case.
    public var addresses: [String] = []
    /// An order of hers is worth more than this.
    public var orderValue: MoneyCap?
    /// Words on her record, in lower case.
    public var tags: [String] = []

    /// Nobody.
    public init() {}

    /// Why this is such a customer; nil when she is none.
    func reason(_ identity: Identity, address: String) -> String? {
        if addresses.holds(address) { return "her address is on the list" }
        // Whoever writes in her name is a person's matter all the more.
        if let tag = identity.customer?.tags.first(where: tags.contains) { return "her record bears the word \(tag)" }
        if identity.tier == .verified, let orderValue, identity.orders.contains(where: orderValue.isBelow) {
            return "an order of hers is worth more than \(orderValue)"
        }
        return nil
    }
}

extension [String] {
    /// Whether an address is one of these, or of one of their `@domain`s: exactly but for the case.
    func holds(_ address: String) -> Bool {
        let address = address.lowercased()
        let domain = address.lastIndex(of: "@").map { String(address[$0...]) }
        return contains(address) || domain.map(contains) ?? false
    }
}
