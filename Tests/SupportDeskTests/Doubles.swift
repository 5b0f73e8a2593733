import Foundation

@testable import SupportDesk

extension Shop {
    /// The demo's shop, as far as a test needs one.
    static let test: Shop = {
        var shop = Shop(
            name: "Neem & Clay", address: "support@neemandclay.example", aliases: [], links: [:],
            orderPatterns: ["NC-\\d{6}"], region: "IN", timeZone: .gmt, languages: ["en", "hi", "hi-Latn"],
            authservID: "mx.neemandclay.example")
        shop.bounces = BounceAddress(of: shop.address)
        return shop
    }()
}

/// A carrier that does as it is told: one answer a mail, the last one for ever.
actor ScriptedCarrier: MailCarrier {
    nonisolated let name = "scripted"
    private var answers: [Carriage]
    private let presence: Presence
    private(set) var carried: [SupportDesk.Envelope] = []
    private(set) var asked: [String] = []

    init(_ answers: [Carriage], presence: Presence = .unknown) {
        self.answers = answers
        self.presence = presence
    }

    func carry(_ envelope: SupportDesk.Envelope) -> Carriage {
        carried.append(envelope)
        return answers.count > 1 ? answers.removeFirst() : answers.first ?? .accepted(remote: nil)
    }

    func presence(of messageID: String) -> Presence {
        asked.append(messageID)
        return presence
    }

    func close() {}
}

/// A ticket system that fails as often as it is told, then files.
actor ScriptedTickets: TicketSystem {
    nonisolated let name = "scripted"
    private var failures: [TicketError]
    private(set) var filed: [(packet: Packet, thread: [ThreadEntry])] = []
    private(set) var calls = 0

    init(failing failures: [TicketError] = []) { self.failures = failures }

    func file(_ packet: Packet, thread: [ThreadEntry]) throws -> String {
        calls += 1
        if !failures.isEmpty { throw failures.removeFirst() }
        filed.append((packet, thread))
        return "T\(filed.count)"
    }
}

/// A model whose draft the test writes.
struct ScriptedModel: LanguageModel {
    let name = "hostile"
    let draft: @Sendable (Brief) -> Draft

    /// A model that always says this.
    init(_ body: String, language: String? = nil, citations: [String] = []) {
        draft = { brief in
            Draft(
                body: body, language: language ?? brief.language, citations: citations,
                author: .model("hostile"), asksForPerson: nil)
        }
    }

    init(_ draft: @escaping @Sendable (Brief) -> Draft) { self.draft = draft }

    func draft(_ brief: Brief) async throws -> Draft { draft(brief) }
}
