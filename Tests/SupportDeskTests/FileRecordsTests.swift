import Foundation
import Logging
import Testing
import Triage

@testable import SupportDesk

@Suite("Records in files")
struct FileRecordsTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func records(_ store: FileRecords) -> ShopRecords {
        var limits = LookupDesk.Limits()
        limits.cacheTime = nil
        limits.pause = .zero
        return ShopRecords(
            LookupDesk(store, limits: limits, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        ) { LocalDate(ScratchShop.start, in: .gmt) }
    }

    private func json(_ customers: String, _ orders: String) throws -> FileRecords {
        FileRecords(
            customers: try folder.write("customers.json", customers), orders: try folder.write("orders.json", orders))
    }

    private let priya = #"[{"id": "C1", "name": "Priya", "addresses": ["Priya@mail.example", "p@post.example"]}]"#

    @Test("one bad order is one bad order")
    func oneBadOrder() async throws {
        let records = records(
            try json(
                priya,
                """
                [{"number": "NC-1", "customer": "C1", "state": "shipped", "currency": "INR", "total": 12.50,
                  "placedOn": "2026-03-01", "items": [{"name": "Bowl", "quantity": 2}]},
                 {"number": "NC-2", "customer": "C1", "state": "teleported", "total": "-4", "items": "none",
                  "placedOn": "yesterday", "shipment": {"deliveredOn": 7}},
                 {"customer": "C1", "state": "shipped"},
                 {}]
                """))
        let customer = try #require(try await records.customer(address: "priya@mail.example"))
        let orders = try await records.orders(of: customer)
        #expect(orders.map(\.number) == ["NC-1", "NC-2"])
        #expect(orders[0].problems.isEmpty && orders[0].total == "12.50")
        #expect(orders[1].state == nil && orders[1].total == nil && orders[1].shipment?.deliveredOn == nil)
        #expect(
            Set(orders[1].problems) == [
                .init("state", .unreadable), .init("total", .unreadable), .init("placed_on", .unreadable),
                .init("delivered_on", .unreadable), .init("currency", .missing), .init("items", .missing),
            ])
        #expect(try await records.order(number: "nc-2")?.missing.contains("state") == true)
        #expect(try await records.order(number: "NC-3") == nil)
    }

    @Test(
        "a file that cannot be read says where",
        arguments: [
            ("no JSON", ":1:"), ("[\n{\"id\": \"C1\",\n \"name\": }]", ":3:"), ("[{\"id\": \"C1\"}\n", ":2:"),
            ("[{\"id\": \"priya\"} {\"id\": \"C2\"}]", ":1:"), ("{\"id\": \"C1\"}", ":1:"), ("", ":1:"),
            ("[{]}", ":1:"),
        ])
    func broken(_ text: String, _ place: String) async throws {
        let store = try json(text, "[]")
        let error = await #expect(throws: DeskError.self) {
            _ = try await store.find(.customerByAddress("a@b.example"), until: .now + .seconds(5))
        }
        #expect(error?.code == .configuration)
        #expect(error?.message.hasPrefix("\(folder.path)/customers.json\(place)") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("priya") == false)
        // Through the desk: a person, not a stranger.
        let outage = await #expect(throws: DeskError.self) {
            _ = try await records(store).customer(address: "a@b.example")
        }
        #expect(outage?.isRetryable == true)
    }

    @Test("changed files are read again, mended ones too")
    func reloaded() async throws {
        let store = try json(priya, #"[{"number": "NC-1", "customer": "C1", "state": "pending"}]"#)
        let records = records(store)
        #expect(try await records.order(number: "NC-1")?.state == .pending)
        try folder.write("orders.json", #"[{"number": "NC-1", "customer": "C1", "state": "shipped"}]"#)
        #expect(try await records.order(number: "NC-1")?.state == .shipped)
        try folder.write("orders.json", #"[{"number": "NC-1", "customer": "C1", "sta"#)
        let error = await #expect(throws: DeskError.self) { _ = try await records.order(number: "NC-1") }
        #expect(error?.isRetryable == true)
        try folder.write("orders.json", #"[{"number": "NC-9", "customer": "C1", "state": "shipped"}]"#)
        #expect(try await records.order(number: "NC-1") == nil)
        #expect(try await records.order(number: "NC-9") != nil)
    }

    @Test("two orders of one number, two accounts of one address: neither is believed")
    func twice() async throws {
        let same = #"{"number": "NC-1", "customer": "C1", "state": "pending"}"#
        let other = #"{"number": "nc-1", "customer": "C2", "state": "shipped"}"#
        let records = records(
            try json(
                #"[{"id": "C1", "name": "A", "addresses": ["a@mail.example"]}, {"id": "C2", "name": "B", "addresses": ["A@mail.example"]}]"#,
                """
                [\(same), \(other), {"number": "NC-2", "customer": "C1", "state": "pending"},
                 {"number": "NC-3", "email": "a@mail.example", "customerName": "Anu", "state": "pending"},
                 {"number": "NC-4", "customer": "C2", "email": "b@mail.example", "state": "pending"}]
                """))
        let order = try #require(try await records.order(number: "NC-1"))
        #expect(order.state == nil && order.customer == nil && order.missing.contains("number"))
        let guest = try #require(try await records.customer(address: "a@mail.example"))
        #expect(guest.isGuest && guest.problems == [.init("email", .contradictory)] && guest.name == "Anu")
        #expect(try await records.orders(of: guest).map(\.number) == ["NC-3"])
        // The address on the order decides, not the account that it was filed under.
        let account = try #require(try await records.customer(id: "C2"))
        #expect(try await records.orders(of: account).map(\.number) == ["NC-3"])
        #expect(!account.owns(try #require(try await records.order(number: "NC-4"))))

        let repeated = self.records(try json(priya, "[\(same), \(same)]"))
        #expect(try await repeated.order(number: "NC-1")?.state == .pending)
    }

    @Test(
        "CSV: quotes, separators, byte order marks, line ends, and one row for each line", arguments: [",", ";", "\t"])
    func csv(_ separator: String) async throws {
        func row(_ cells: String...) -> String { cells.joined(separator: separator) }
        let customers = [
            row("\u{FEFF}id", "Name", "EMAIL", "first-name", "city", "tags"),
            row(
                "C1", "\"Sharma, \"\"Priya\"\"; x\"", "priya@mail.example p2@mail.example", "", "\"Pune\nEast\"",
                "\"VIP, Whole sale,\""),
        ]
        let orders = [
            row("number", "customer", "state", "currency", "total", "placed on", "item_name", "item_quantity", "note"),
            row("NC-1", "C1", "shipped", "INR", "2598.00", "2026-03-01", "\"Bowl, blue\"", "2", "\"a\r\nb\""),
            row("NC-2", "C1", "pending", "INR", "10", "2026-03-02", "Mug", "1", ""),
            row("NC-1", "C1", "shipped", "INR", "2598.00", "", "Cap", "1", ""), "",
            row("NC-3", "C1", "pending"), row("NC-4", "C1", "pending", "INR", "5", "2026-03-04", "\"a\"b", "1", ""),
            row("NC-5", "C1", "pending", "INR", "5", "2026-03-05", "A", "1", ""),
            row("NC-5", "C1", "shipped", "INR", "7", "2026-03-05", "B", "1", ""),
        ]
        let store = FileRecords(
            customers: try folder.write("customers.csv", customers.joined(separator: "\r\n")),
            orders: try folder.write("orders.CSV", orders.joined(separator: "\n") + "\n"))
        let records = records(store)
        let customer = try #require(try await records.customer(address: "P2@mail.example"))
        #expect(customer.name == "Sharma, \"Priya\"; x" && customer.postalAddress?.city == "Pune East")
        #expect(customer.tags == ["vip", "whole sale"])
        let found = try await records.orders(of: customer)
        // A row that cannot be told apart into its cells has no customer either.
        #expect(found.map(\.number) == ["NC-5", "NC-2", "NC-1"])
        #expect(found[2].items.map(\.name) == ["Bowl, blue", "Cap"] && found[2].placedOn == LocalDate("2026-03-01"))
        #expect(found[2].problems.isEmpty)
        #expect(found[0].state == nil && found[0].total == nil && found[0].items.count == 2)
        let short = try #require(try await records.order(number: "NC-3"))
        #expect(short.state == nil && short.missing.contains("row"))
        #expect(try await records.order(number: "NC-4") == nil)
        try folder.write("orders.CSV", "number,customer\nNC-1,\"C1\nNC-2,C1\n")
        let error = await #expect(throws: DeskError.self) {
            _ = try await store.find(.orderByNumber("NC-1"), until: .now + .seconds(5))
        }
        #expect(error?.message.contains("orders.CSV:2: ") == true)
    }
}
