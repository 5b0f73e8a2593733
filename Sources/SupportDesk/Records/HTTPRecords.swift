import Foundation
import Transport

/// Records behind a shop's HTTP API.
package final class HTTPRecords: RecordStore, ProductSource {
    package let name: String

    let api: ShopAPI
    private let agent: TransferAgent
    private let days: RecordDays
    /// Until when the shop wants to be left alone.
    private let quietUntil = LockedBox(ContinuousClock.now)

    /// Attempts for one page.
    private static let attempts = 3

    /// - Parameter timeZone: the shop's, whose day an instant in a record is.
    package init(_ api: ShopAPI, timeZone: TimeZone, agent: TransferAgent) {
        self.api = api
        self.agent = agent
        name = api.authority
        days = RecordDays(shop: timeZone, unmarked: api.zone)
    }

    package func find(_ lookup: RecordLookup, until deadline: ContinuousClock.Instant) async throws -> RecordAnswer {
        let (kind, value) = lookup.parts
        guard let request = api.requests[kind] else { return RecordAnswer() }
        let plain = kind == .order && value.hasPrefix("#") ? String(value.dropFirst()) : value
        guard !plain.isEmpty, let page = ShopPage(request, plain, api) else { return RecordAnswer() }
        return answer(kind, try await records(from: page, request, pages: api.maximumPages, until: deadline))
    }

    /// The records of a list, page after page to its end.
    private func records(
        from first: ShopPage, _ request: ShopAPI.Request, pages: Int, until deadline: ContinuousClock.Instant
    ) async throws -> [JSONNode] {
        var page = first
        var records: [JSONNode] = []
        var seen: Set<ShopPage> = []
        for _ in 0..<pages {
            guard seen.insert(page).inserted else { throw unavailable("its pages go round in a circle") }
            guard let answer = try await fetch(page, request, until: deadline) else { return records }
            let found = request.records.values(in: answer.body)
            records += found
            guard records.count < JSONPath.maximumValues else { throw unavailable("it found too many records") }
            guard let next = try page.next(api, after: answer, count: found.count) else { return records }
            page = next
        }
        throw unavailable("a list has more than \(pages) pages")
    }

    private func answer(_ kind: RecordLookup.Kind, _ records: [JSONNode]) -> RecordAnswer {
        if kind.isOfCustomers {
            return RecordAnswer(
                customers: records.compactMap {
                    RawCustomer($0, api.customer, addresses: api.addresses, lines: nil, tags: api.tags).customer(days)
                })
        }
        let raw = records.map { RawOrder($0, api.order, items: api.items, each: api.item) }
        return RecordAnswer(customers: raw.compactMap(\.guest), orders: raw.compactMap { $0.order(days) })
    }

    // MARK: Products

    /// A catalogue has more pages than a person has orders.
    private static let cataloguePages = 100

    package func products(until deadline: ContinuousClock.Instant) async throws -> [RawProduct] {
        guard let request = api.products, let page = ShopPage(request, "", api) else { return [] }
        return try await records(from: page, request, pages: Self.cataloguePages, until: deadline).map {
            RawProduct($0, api.product, lists: api.productLists)
        }
    }

    // MARK: One page

    /// One page, tried again where that may help and the time allows; nil where there is no such record.
    private func fetch(
        _ page: ShopPage, _ request: ShopAPI.Request, until deadline: ContinuousClock.Instant
    ) async throws -> ShopAnswer? {
        var problem = unavailable("no answer in time")
        trying: for attempt in 0..<Self.attempts {
            try await waitForQuiet(until: deadline, problem)
            let outcome = try await ask(page.request(api, until: deadline), request)
            switch outcome {
            case .answer(let answer):
                if let wait = answer.pause { rest(for: wait) }
                return answer
            case .nothing: return nil
            case .failed(let error): throw error
            case .again(let wait, let reason):
                problem = unavailable(reason)
                // Half of the pause is drawn, so that those who failed together do not come back together.
                let pause = Duration.milliseconds(200 << attempt) * Double.random(in: 0.5...1)
                if let wait { rest(for: wait) }
                guard attempt + 1 < Self.attempts, .now + pause < deadline else { break trying }
                try await Task.sleep(for: pause)
            }
        }
        throw problem
    }

    private func ask(_ request: HTTPRequest, _ question: ShopAPI.Request) async throws -> ShopOutcome {
        do {
            return ShopOutcome(try await agent.perform(request), question, name: name)
        } catch {
            if error.code == .cancelled { throw CancellationError() }
            if error.isRetryable { return .again(after: nil, "\(error)") }
            // A certificate or an address that somebody must mend; an answer that is too large is none.
            let isLasting = error.code == .tls || error.code == .invalidArgument
            return .failed(DeskError(isLasting ? .configuration : .unavailable, "\(error)", isRetryable: !isLasting))
        }
    }

    private func rest(for wait: Duration) {
        // Longer than an hour nobody is believed.
        let end = ContinuousClock.now + min(wait, .seconds(3_600))
        quietUntil.withLock { $0 = max($0, end) }
    }

    private func waitForQuiet(until deadline: ContinuousClock.Instant, _ problem: DeskError) async throws {
        let end = quietUntil.withLock { $0 }
        guard end > .now else { return }
        guard end < deadline else { throw problem }
        try await Task.sleep(until: end + .milliseconds(50) * Double.random(in: 0...1))
    }

    private func unavailable(_ reason: String) -> DeskError {
        DeskError(.unavailable, "\(name): \(reason)", isRetryable: true)
    }
}
