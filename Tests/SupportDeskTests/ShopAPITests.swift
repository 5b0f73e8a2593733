import Foundation
import TestServers
import Testing
import Triage

@testable import SupportDesk

/// The ready configurations against stand-ins with the documented shapes.
@Suite("Shop APIs")
struct ShopAPITests {
    private func woocommerce(_ server: ScriptedHTTPServer, secret: String = "cs_test") throws -> RecordsAtWork {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let file = try folder.write("secret", secret)
        return try RecordsAtWork(
            """
            kind: woocommerce
            url: \(server.baseURL)
            auth: {basic: {user: ck_test, password: {file: \(file)}}}
            """)
    }

    private func shopify(_ server: ScriptedHTTPServer) throws -> RecordsAtWork {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let file = try folder.write("token", "shpat_test")
        return try RecordsAtWork("kind: shopify\nurl: \(server.baseURL)\nauth: {token: {file: \(file)}}")
    }

    @Test("the description to start from names every field, and each kind's is read")
    func descriptions() throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let secret = try folder.write("secret", "x")
        let text = try String(contentsOfFile: "\(PackageFolder.templates)/records/http.yaml", encoding: .utf8)
        let head = "kind: http\nurl: https://shop.example/api\nauth: {token: {file: \(secret)}}\n"
        guard case .shop(let api) = try RecordsAtWork(head + text).configuration.place else {
            Issue.record("not a shop")
            return
        }
        #expect(Set(api.order.keys).union(api.item.keys) == Set(OrderField.allCases))
        #expect(Set(api.customer.keys) == Set(CustomerField.allCases) && api.requests.count == 5)
        #expect(api.authority == "shop.example" && api.origin == "https://shop.example")
    }

    @Test(
        "what is wrong in a description is named with file and line",
        arguments: [
            ("look_ups:\n  order: {path: '/o/{address}', records: 'o[*]'}", "records.yaml:4: look_ups.order.path"),
            ("look_ups:\n  order: {path: '/o'}", "look_ups.order.path must hold {number}"),
            ("look_ups:\n  ordre: {path: '/o/{number}'}", "unknown key look_ups.ordre"),
            ("look_ups:\n  order: {path: '/o/{number}', records: 'a..b'}", "is no path"),
            ("paging: {cursor: a.b}\nlook_ups: {}", "paging.more is missing"),
            ("look_ups: {}\npages: 0", "pages must be"),
            ("look_ups: {}\norder: {numbr: a}", "number is missing"),
            ("look_ups: {}\norder: {number: a, stat: b}", "unknown key order.stat"),
            ("time_zone: Mars/Phobos\nlook_ups: {}", "time_zone is no time zone"),
            ("auth: {bearer: abc}\nlook_ups: {}", "does not belong in the file"),
        ])
    func wrong(_ text: String, _ message: String) throws {
        let order =
            text.contains("order:") && text.contains("number: a") || text.contains("numbr")
            ? "" : "\norder: {number: n}"
        let error = #expect(throws: DeskError.self) {
            _ = try RecordsAtWork("kind: http\nurl: https://shop.example\n\(text)\(order)")
        }
        #expect(error?.code == .configuration && error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("WooCommerce: an account, her orders, and nobody else's, whatever the search finds")
    func woocommerceAccount() async throws {
        let server = try ScriptedHTTPServer(ShopStandIn.woocommerce)
        let records = try woocommerce(server).records
        let customer = try #require(try await records.customer(address: "Asha.Rao@mail.example"))
        #expect(customer.id == "26" && customer.name == "Asha Rao" && customer.since == LocalDate("2024-05-02"))
        #expect(customer.postalAddress?.city == "Mysuru" && customer.phone == "+91 98450 00000")
        let orders = try await records.orders(of: customer)
        // 1044 names her address in its note only: the search finds it, and it is not hers.
        #expect(orders.map(\.number) == ["1042", "A-1039", "1031", "1020"])
        #expect(server.requests.contains { $0.target.contains("search=asha.rao%40mail.example") })
        let first = try #require(orders.first)
        // 18:45 in Greenwich is the next day in Kolkata.
        #expect(first.placedOn == LocalDate("2026-03-08") && first.state == .processing)
        #expect(first.total == "1378.00" && first.currency == "INR" && first.email == "Asha.Rao@mail.example")
        #expect(first.items == [.init(sku: "TEX-215", name: "Handloom towel set", quantity: 1, price: "1299.00")])
        #expect(first.payment == .init(method: "UPI", state: "paid") && first.refund == nil && first.problems.isEmpty)
        #expect(orders[1].state == .pending && orders[1].payment?.state == "pending")
        #expect(orders[2].state == .shipped && orders[2].shipment?.trackingNumber == "17846474571676")
        // "refunded" says nothing about the goods; the amount is negative there, and left to a person.
        #expect(orders[3].state == nil && orders[3].refund?.state == "paid" && orders[3].refund?.amount == nil)
        #expect(orders[3].missing.contains("state"))
    }

    @Test("WooCommerce: a guest has the orders that name her address, and an unknown state is none")
    func woocommerceGuest() async throws {
        let server = try ScriptedHTTPServer(ShopStandIn.woocommerce)
        let records = try woocommerce(server).records
        let guest = try #require(try await records.customer(address: "ravi.k@mail.example"))
        #expect(guest.isGuest && guest.name == "Ravi Kumar" && guest.addresses == ["ravi.k@mail.example"])
        let orders = try await records.orders(of: guest)
        #expect(orders.map(\.number) == ["1045", "1044"])
        #expect(orders[0].state == nil && orders[0].problems == [RecordProblem("state", .unreadable)])
        #expect(try await records.customer(address: "ravi.k+x@mail.example") == nil)
        #expect(try await records.customer(address: "k@mail.example") == nil)
    }

    @Test("an order's number must be the number, not a part of one")
    func numbers() async throws {
        let server = try ScriptedHTTPServer(ShopStandIn.woocommerce)
        let records = try woocommerce(server).records
        #expect(try await records.order(number: "1042")?.number == "1042")
        #expect(try await records.order(number: "#1042")?.number == "1042")
        #expect(try await records.order(number: "a-1039")?.number == "A-1039")
        #expect(try await records.order(number: "104") == nil)
        #expect(try await records.order(number: "1039") == nil)
    }

    @Test("a value stays a value: in a path, a query, a GraphQL variable and a search language")
    func injection() async throws {
        let hostile = "x\"&status=any#/../?a=b%00 OR name:*@mail.example"
        let address = "x\"&status=any'%2e%2e/?{}\\\"(or)@mail.example"
        let server = try ScriptedHTTPServer(ShopStandIn.woocommerce)
        let shop = try woocommerce(server)
        for lookup in [
            RecordLookup.orderByNumber(hostile), .ordersByAddress(address), .customerByID("../orders"),
            .customerByID(".."), .customerByID(""),
        ] { _ = await shop.ask(lookup) }
        let targets = server.requests.map(\.target)
        #expect(targets.count == 3, "steps through the path are not asked for")
        #expect(ShopStandIn.parts(targets[0]).query["search"] == hostile)
        #expect(ShopStandIn.parts(targets[0]).query["status"] == nil)
        #expect(ShopStandIn.parts(targets[1]).query["search"] == address)
        #expect(targets[2] == "/wp-json/wc/v3/customers/..%2Forders?page=1")

        let graph = try ScriptedHTTPServer(ShopStandIn.shopify)
        _ = await (try shopify(graph)).ask(.ordersByAddress(address))
        let body = try #require(graph.requests.first.map { Data($0.body) })
        let sent = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
        let variables = try #require(sent["variables"] as? [String: String])
        #expect(variables["query"] == "email:\"x\\\"&status=any'%2e%2e/?{}\\\\\\\"(or)@mail.example\"")
        #expect((sent["query"] as? String)?.contains("mail.example") == false)
    }

    @Test("Shopify: states of parcels, partly sent orders, refunds, and pages by cursor")
    func shopifyOrders() async throws {
        let server = try ScriptedHTTPServer(ShopStandIn.shopify)
        let records = try shopify(server).records
        let customer = try #require(try await records.customer(address: "lena@mail.example"))
        #expect(customer.id == "7001" && customer.language == "de" && customer.postalAddress?.postcode == "10115")
        #expect(customer.tags == ["vip", "newsletter"])
        let orders = try await records.orders(of: customer)
        #expect(orders.map(\.number) == ["#2001", "#2004", "#2003", "#2002", "#2005"])
        #expect(orders.map(\.state) == [.processing, nil, .shipped, .delivered, .cancelled])
        #expect(orders[0].placedOn == LocalDate("2026-03-08") && orders[0].total == "64.00")
        #expect(
            orders[2].shipment?.trackingNumber == "JD0200" && orders[2].shipment?.expectedOn == LocalDate("2026-03-12"))
        #expect(orders[3].shipment?.deliveredOn == LocalDate("2026-02-26") && orders[3].payment?.state == "paid")
        #expect(orders[4].refund == .init(state: "paid", amount: "64.00", paidOn: LocalDate("2026-02-03")))
        #expect(orders[1].missing.contains("state") && orders[0].refund == nil)
        #expect(try await records.order(number: "2003")?.number == "#2003")
        #expect(try await records.order(number: "200") == nil)
        #expect(try await records.customer(address: "guest@mail.example")?.isGuest == true)
        #expect(try await records.customer(address: "len@mail.example") == nil)
    }

    @Test("Shopify: throttled with status 200 waits as long as the points take, then gets its answer")
    func throttled() async throws {
        let server = try ScriptedHTTPServer { request in
            if request.number > 1 { return ShopStandIn.shopify(request) }
            return .text(
                #"{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":"#
                    + #"{"requestedQueryCost":70,"actualQueryCost":null,"throttleStatus":"#
                    + #"{"maximumAvailable":1000.0,"currentlyAvailable":40,"restoreRate":100.0}}}}"#)
        }
        let shop = try shopify(server)
        let start = ContinuousClock.now
        let answer = try await shop.ask(.orderByNumber("2001")).get()
        #expect(answer.orders.map(\.number) == ["#2001"] && server.requests.count == 2)
        #expect(ContinuousClock.now - start >= .milliseconds(300), "30 points at 100 a second")
    }

    @Test(
        "errors with status 200 are no empty answer",
        arguments: [
            (#"{"errors":[{"message":"Field 'nmae' doesn't exist on type 'Order'"}]}"#, DeskError.Code.configuration),
            (
                #"{"errors":[{"message":"x","extensions":{"code":"ACCESS_DENIED"}}],"data":{"page":null}}"#,
                .configuration
            ),
            (#"{"data":{"page":null}}"#, .unavailable), (#"{"message":"maintenance"}"#, .unavailable),
        ])
    func userErrors(_ body: String, _ code: DeskError.Code) async throws {
        let server = try ScriptedHTTPServer { _ in .text(body) }
        let answer = await (try shopify(server)).ask(.orderByNumber("2001"))
        guard case .failure(let error) = answer else {
            Issue.record("taken for an answer")
            return
        }
        #expect(error.code == code && server.requests.count == 1, "\(error)")
        #expect(!error.message.contains("2001"))
    }

    @Test("a refused key says so, once, and does not tell the key")
    func revoked() async throws {
        let server = try ScriptedHTTPServer(ShopStandIn.woocommerce)
        let shop = try woocommerce(server, secret: "cs_wrong")
        guard case .failure(let error) = await shop.ask(.orderByNumber("1042")) else {
            Issue.record("taken for an answer")
            return
        }
        #expect(error.code == .configuration && error.message.contains("401") && !error.message.contains("cs_"))
        // Through the desk it is an outage: messages go to people, and the shop is left alone.
        for number in ["1", "2", "3", "4"] {
            let failure = await #expect(throws: DeskError.self) { _ = try await shop.records.order(number: number) }
            #expect(failure?.code == .unavailable && failure?.isRetryable == true)
        }
        #expect(server.requests.count == 2)
    }
}
