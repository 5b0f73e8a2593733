import Foundation

@testable import SupportDesk

extension Shop {
    /// The demo's shop, as far as a test needs one.
    static let test: Shop = {
        var shop = Shop(
            name: "Neem & Clay", address: "support@neemandclay.example", aliases: [], links: [:],
            orderPatterns: ["NC-\\d{6}"], region: "IN", timeZone: .gmt, languages: ["en", "hi", "hi-Latn"],
            authservID: "mx.neemandclay.example")
        shop.bounces = TokenAddress(of: shop.address)
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

/// A ticket system in memory that cannot be searched as often as it is told, then works.
actor ScriptedTickets: TicketSystem {
    nonisolated let name = "scripted"
    nonisolated let limits = TicketLimits(fileBytes: .max, requestBytes: .max)
    private var failures: [TicketError]
    private(set) var filed: [NewTicket] = []
    private var added: [NewEntry] = []
    /// How often a packet was to be filed.
    private(set) var calls = 0

    /// Who has taken every ticket as soon as it was made.
    private var owner: String?

    init(failing failures: [TicketError] = []) { self.failures = failures }

    func take(by owner: String?) { self.owner = owner }

    func tickets(of externalID: String) throws -> [TicketRecord] {
        let known = filed.indices.filter { filed[$0].externalID == externalID }.map(record)
        if known.isEmpty { calls += 1 }
        if !failures.isEmpty { throw failures.removeFirst() }
        return known
    }

    func ticket(_ id: String) -> TicketRecord? { filed.indices.first { "T\($0 + 1)" == id }.map(record) }

    func create(_ ticket: NewTicket) -> String {
        filed.append(ticket)
        return "T\(filed.count)"
    }

    func names(on ticket: String) -> Set<String> {
        let entries = filed.map(\.entry) + added
        return Set(entries.flatMap { [$0.key] + $0.files.map(\.name) })
    }

    private func record(_ index: Int) -> TicketRecord {
        var record = TicketRecord(id: "T\(index + 1)", externalID: filed[index].externalID, state: .new)
        record.placement = filed[index].placement
        record.owner = owner
        record.requestors = ["somebody@mail.example"]
        return record
    }

    nonisolated func kept(_ placement: Placement) -> Placement { placement }
    func add(_ entry: NewEntry, to ticket: String) { added.append(entry) }
    func change(_ ticket: String, _ change: TicketChange, from record: TicketRecord?) -> [String] { [] }
    func withdraw(_ ticket: String) {}
    func entries(of ticket: String) -> [TicketEntry] { [] }
    func content(of attachment: TicketAttachment) -> [UInt8] { [] }
    func openTickets(of owners: [String]) -> [String: Int] { [:] }
    func customerEntries(in queues: [String], after cursor: String?, since start: Date) -> CustomerEntries {
        CustomerEntries(entries: [], cursor: "", hasMore: false)
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
