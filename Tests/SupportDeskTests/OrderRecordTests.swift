import Foundation
import Testing
import Triage

@testable import SupportDesk

@Suite("Records as they can be relied on")
struct OrderRecordTests {
    private func day(_ text: String) -> LocalDate? { LocalDate(text) }

    private func order(
        _ state: Order.State? = .shipped, placed: String? = "2026-03-01", shipped: String? = nil,
        expected: String? = nil, delivered: String? = nil, total: String? = "10.00", refund: Order.Refund? = nil
    ) -> Order {
        Order(
            number: "NC-1", email: "a@mail.example", placedOn: placed.flatMap(LocalDate.init), state: state,
            currency: "INR", total: total, items: [.init(name: "Bowl", quantity: 1)],
            shipment: .init(
                shippedOn: shipped.flatMap(LocalDate.init), expectedOn: expected.flatMap(LocalDate.init),
                deliveredOn: delivered.flatMap(LocalDate.init)), refund: refund)
    }

    @Test("days that contradict each other are none, and both are named")
    func days() {
        let early = order(.delivered, shipped: "2026-03-05", delivered: "2026-03-04")
        #expect(early.shipment?.shippedOn == nil && early.shipment?.deliveredOn == nil && early.state == .delivered)
        #expect(early.problems == [.init("shipped_on", .contradictory), .init("delivered_on", .contradictory)])
        #expect(order(.shipped, shipped: "2026-03-01").problems.isEmpty)
        let late = order(.shipped, placed: "2026-03-02", shipped: "2026-03-01", expected: "2026-03-09")
        #expect(late.placedOn == nil && late.shipment?.shippedOn == nil && late.shipment?.expectedOn != nil)
        // Sent later than promised is no contradiction.
        #expect(order(.shipped, shipped: "2026-03-08", expected: "2026-03-05").problems.isEmpty)
    }

    @Test("a state that the days deny is none")
    func states() {
        for state in [Order.State.pending, .processing, .shipped, .outForDelivery, .cancelled] {
            let odd = order(state, delivered: "2026-03-04")
            #expect(odd.state == nil && odd.shipment?.deliveredOn == nil && odd.gap(for: "track_order") == "state")
        }
        #expect(order(.processing, shipped: "2026-03-02").state == nil)
        #expect(order(.delivered, delivered: "2026-03-04").problems.isEmpty)
        #expect(order(nil).missing == ["state"])
    }

    @Test("what lies in the future has not happened")
    func future() throws {
        let today = try #require(LocalDate("2026-03-10"))
        let tomorrow = order(.delivered, delivered: "2026-03-11").asOf(today)
        #expect(tomorrow.state == nil && tomorrow.shipment?.deliveredOn == nil)
        #expect(order(.delivered, delivered: "2026-03-10").asOf(today).problems.isEmpty)
        #expect(order(.shipped, expected: "2026-03-20").asOf(today).problems.isEmpty)
        let refund = order(refund: .init(state: "paid", paidOn: LocalDate("2026-04-01"))).asOf(today)
        #expect(refund.refund?.state == nil && refund.gap(for: "track_refund") == "refund_state")
        #expect(refund.gap(for: "track_order") == nil)
    }

    @Test("amounts are exact, not negative, and no refund is larger than its order")
    func amounts() {
        #expect(order(total: "1299").total == "1299.00" && order(total: "1299.5000").total == "1299.50")
        for text in ["-1", "1,299.00", "12.345", "1e3", "", "₹5", "1.", ".5", "99999999999999"] {
            #expect(order(total: text).problems == [.init("total", .unreadable)], "\(text)")
        }
        let more = order(refund: .init(state: "paid", amount: "10.01"))
        #expect(more.total == nil && more.refund?.amount == nil && more.missing.contains("refund_amount"))
        #expect(order(refund: .init(state: "paid", amount: "10")).problems.isEmpty)
        #expect(order(refund: .init(state: "approved", paidOn: LocalDate("2026-03-02"))).refund?.state == nil)
        #expect(order(refund: .init(state: "maybe")).gap(for: "get_refund") == "refund_state")
    }

    @Test("half a list of goods is none")
    func items() {
        for item in [
            Order.Item(name: "", quantity: 1), .init(name: "Cap", quantity: 0), .init(name: "x", quantity: -2),
        ] {
            let order = Order(number: "1", items: [.init(name: "Bowl", quantity: 1), item])
            #expect(order.items.isEmpty && order.problems.contains(.init("items", .unreadable)))
        }
    }

    @Test("texts of records are freed of what cannot be seen, and bounded")
    func texts() {
        #expect(RecordText.line("  Blue\u{0}\u{202E} bowl\r\n\u{200B}set\u{FEFF} ") == "Blue bowl set")
        #expect(RecordText.line("\u{202E}\u{200B}\n") == nil)
        #expect(RecordText.line("कटोरा क्\u{200D}ष") == "कटोरा क्\u{200D}ष")
        let long = RecordText.line(String(repeating: "é", count: 5_000))
        #expect(long?.unicodeScalars.count == RecordText.maximumLine && long?.hasSuffix("…") == true)
        for text in ["Win at https://evil.example", "see WWW.evil.example"] { #expect(RecordText.line(text) == nil) }
        // A number that was cut or cleaned would be another number.
        #expect(RecordText.word("NC-1\u{202E}") == nil && RecordText.word(String(repeating: "1", count: 400)) == nil)
        #expect(RecordText.word(" NC-1 ") == "NC-1" && RecordText.word("a\u{200B}@b.example") == nil)
        #expect(RecordText.isSame("A@b.Example", "a@B.example") && !RecordText.isSame("ä@b.example", "Ä@b.example"))
    }

    @Test(
        "an instant is the day that it was at the shop",
        arguments: [
            ("2026-03-07", "2026-03-07"), ("2026-03-07T18:29:59Z", "2026-03-07"),
            ("2026-03-07T18:30:00Z", "2026-03-08"),
            ("2026-03-07 18:30:00+00", "2026-03-08"), ("2026-03-07T23:59:59.999+05:30", "2026-03-07"),
            ("2026-03-07T22:00:00-0500", "2026-03-08"), ("2026-03-07T23:30", "2026-03-07"), ("2026-02-30", nil),
            ("2026-3-7", nil), ("07.03.2026", nil), ("2026-03-07T25:00:00Z", nil), ("2026-03-07x", nil),
            ("2026-03-07T10:00:00+5", nil), ("1772841600", nil), ("", nil),
        ] as [(String, String?)])
    func instants(_ text: String, _ expected: String?) throws {
        let days = RecordDays(shop: try #require(TimeZone(identifier: "Asia/Kolkata")))
        #expect(days.day(text)?.description == expected)
        let greenwich = RecordDays(shop: days.shop, unmarked: .gmt)
        #expect(greenwich.day("2026-03-07T18:45:00")?.description == "2026-03-08")
    }

    @Test("JSON keeps its numbers, says where it is broken, and does not nest for ever")
    func json() throws {
        let node = try JSONNode(
            parsing: Array(#"{"a": 100000000000000000001.10, "b": "\u0928\ud83d\ude00\n", "c": [1, {"d": null}]}"#.utf8)
        )
        #expect(node["a"]?.text == "100000000000000000001.10" && node["b"]?.text == "न😀\n")
        #expect(JSONPath("c[*].d")?.values(in: node).isEmpty == true && JSONPath("c[-1]") != nil)
        for text in [
            "[1,]", "{\"a\" 1}", "01", "[", "\"\u{1}\"", "tru", "[1] 2", "\"\\x\"", "-", "1.", "\"a", "{\"a\":1,}",
        ] {
            #expect(throws: JSONNode.Fault.self, "\(text)") { try JSONNode(parsing: Array(text.utf8)) }
        }
        #expect(throws: JSONNode.Fault.self) {
            try JSONNode(parsing: Array(String(repeating: "[", count: 100_000).utf8))
        }
        #expect(try JSONNode(parsing: Array(#"{"a": 1, "a": 2}"#.utf8))["a"] == .null)
    }

    @Test("paths")
    func paths() throws {
        let node = try JSONNode(
            parsing: Array(
                #"{"o": [{"k": "a", "v": 1}, {"k": "b", "v": [2, 3]}, {"k": "b", "v": []}], "s": {"t.u": 5}}"#.utf8))
        func texts(_ path: String) -> [String]? { JSONPath(path)?.values(in: node).compactMap(\.text) }
        #expect(texts("o[*].k") == ["a", "b", "b"] && texts("o[0].v") == ["1"] && texts("o[-2].v[*]") == ["2", "3"])
        #expect(texts("o[k=b].v[1]") == ["3"] && texts("o[k=z].v") == [] && texts("o.k") == [] && texts("x.y") == [])
        #expect(JSONPath(".")?.values(in: node) == [node] && JSONPath(".")?.isAnswered(by: node) == true)
        for text in ["a.", ".a", "a[", "a[x]", "a]b", "a..b", "a[0]b"] { #expect(JSONPath(text) == nil, "\(text)") }
        let different = FieldRule(try #require(JSONPath("o[*].k")))
        #expect(different.read(node) == .problem(.contradictory))
    }
}
