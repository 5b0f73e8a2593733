import Foundation
import Logging
import TestServers
import Testing
import Transport
import Triage

@testable import SupportDesk

/// What a look-up through a whole desk of records needs.
struct RecordsAtWork {
    let configuration: DeskConfiguration.Records
    let store: any RecordStore
    let records: ShopRecords

    /// The section `records` as `desk.yaml` has it, and the records that it describes, on 2026-03-10 in Kolkata.
    init(_ section: String, _ change: (inout LookupDesk.Limits) -> Void = { _ in }) throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let file = try folder.write("records.yaml", section)
        let reader = try ConfigurationReader.root(of: file)
        var configuration = try DeskConfiguration.Records(reader, templates: PackageFolder.templates)
        change(&configuration.limits)
        self.configuration = configuration
        let shop = Shop(
            name: "Neem & Clay", address: "support@neemandclay.example", aliases: [], links: [:], orderPatterns: [],
            region: "IN", timeZone: TimeZone(identifier: "Asia/Kolkata") ?? .gmt, languages: ["en"], authservID: nil)
        store = configuration.store(shop, TransferAgent())
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        records = ShopRecords(LookupDesk(store, limits: configuration.limits, logger: logger)) {
            LocalDate(ScratchShop.start, in: shop.timeZone)
        }
    }

    /// What the store says, or why it says nothing.
    func ask(_ lookup: RecordLookup) async -> Result<RecordAnswer, DeskError> {
        do {
            return .success(try await store.find(lookup, until: .now + configuration.limits.deadline))
        } catch let error as DeskError {
            return .failure(error)
        } catch {
            return .failure(DeskError(.ledger, "\(type(of: error))"))
        }
    }
}

/// A shop's API in the shapes that its documentation shows.
enum ShopStandIn {
    static func fixture(_ name: String) throws -> [[String: Any]] {
        let path = "\(PackageFolder.root)/Tests/SupportDeskTests/Fixtures/records/\(name).json"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
    }

    static func json(_ value: Any, headers: [(String, String)] = []) -> ScriptedReply {
        let data = (try? JSONSerialization.data(withJSONObject: value)) ?? Data()
        return .response(
            status: 200, headers: [("Content-Type", "application/json; charset=UTF-8")] + headers, body: [UInt8](data))
    }

    /// `/path?a=b` in parts, decoded.
    static func parts(_ target: String) -> (path: String, query: [String: String]) {
        let components = URLComponents(string: target)
        let pairs = (components?.queryItems ?? []).map { ($0.name, $0.value ?? "") }
        return (components?.path ?? "", Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
    }

    /// WooCommerce: `search` looks through all the texts of an order, as the real one does.
    static func woocommerce(_ request: ReceivedRequest) -> ScriptedReply {
        let key = "Basic " + Data("ck_test:cs_test".utf8).base64EncodedString()
        guard request.header("authorization") == key else {
            return .text(#"{"code":"woocommerce_rest_cannot_view","data":{"status":401}}"#, status: 401)
        }
        guard let orders = try? fixture("woocommerce-orders"), let customers = try? fixture("woocommerce-customers")
        else { return .close }
        let (path, query) = parts(request.target)
        var found: [[String: Any]]
        switch path {
        case "/wp-json/wc/v3/customers": found = customers.filter { $0["email"] as? String == query["email"] }
        case "/wp-json/wc/v3/customers/26": return json(customers[0])
        case "/wp-json/wc/v3/orders":
            found = orders.filter { order in
                if let customer = query["customer"] { return "\(order["customer_id"] ?? "")" == customer }
                let text = (try? JSONSerialization.data(withJSONObject: order)).map {
                    String(decoding: $0, as: UTF8.self)
                }
                return text?.lowercased().contains(query["search"]?.lowercased() ?? "?") ?? false
            }
        default: return .text(#"{"code":"rest_no_route"}"#, status: 404)
        }
        let size = Int(query["per_page"] ?? "") ?? 10
        let page = Int(query["page"] ?? "") ?? 1
        found = Array(found.dropFirst((page - 1) * size).prefix(size))
        return json(found)
    }

    /// Shopify: a query by field, a cursor, and the cost of the query.
    static func shopify(_ request: ReceivedRequest) -> ScriptedReply {
        guard request.header("x-shopify-access-token") == "shpat_test" else {
            return .text(#"{"errors":"[API] Invalid API key or access token"}"#, status: 401)
        }
        guard request.target == "/admin/api/2026-01/graphql.json", request.method == "POST",
            let body = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any],
            let document = body["query"] as? String, let variables = body["variables"] as? [String: String],
            let query = variables["query"], let colon = query.firstIndex(of: ":")
        else { return .text("{}", status: 400) }
        let field = String(query[..<colon])
        let value = query[query.index(after: colon)...].trimmingCharacters(in: ["\""]).lowercased()
        let isOfOrders = document.contains("orders(")
        guard let all = try? fixture(isOfOrders ? "shopify-orders" : "shopify-customers") else { return .close }
        let found = all.filter { node in
            let customer = (node["customer"] as? [String: Any])?["legacyResourceId"] as? String
            let address =
                node["email"] as? String ?? (node["defaultEmailAddress"] as? [String: Any])?["emailAddress"] as? String
            switch field {
            // As the real one: a prefix of a word is enough.
            case "email": return address?.hasPrefix(value) ?? false
            case "name":
                return (node["name"] as? String)?.hasPrefix(value.hasPrefix("#") ? value : "#" + value) ?? false
            case "customer_id": return customer == value
            case "id": return node["legacyResourceId"] as? String == value
            default: return false
            }
        }
        let size = 4
        let start = Int(variables["after"] ?? "") ?? 0
        let end = min(found.count, start + size)
        let pageInfo: [String: Any] = ["hasNextPage": end < found.count, "endCursor": String(end)]
        let page: [String: Any] = ["pageInfo": pageInfo, "nodes": Array(found[start..<end])]
        let throttle: [String: Any] = ["maximumAvailable": 2000.0, "currentlyAvailable": 1988, "restoreRate": 100.0]
        let cost: [String: Any] = ["requestedQueryCost": 52, "actualQueryCost": 12, "throttleStatus": throttle]
        return json(["data": ["page": page], "extensions": ["cost": cost]])
    }
}
