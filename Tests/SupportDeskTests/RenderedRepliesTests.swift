import Testing
import Triage

@testable import SupportDesk

/// Every reply about an order, over some hundred states of its record: the words must hold together in each.
@Suite("Rendered replies")
struct RenderedRepliesTests {
    private static let today = LocalDate(2026, 3, 10)

    /// States of the order, lateness, refund, payment and what is left out, each with each; impossible ones included, for
    /// records are what they are.
    private static func orders() -> [Order] {
        let refunds: [Order.Refund?] = [
            nil, .init(state: "requested", amount: "90.00", requestedOn: LocalDate("2026-03-02"), method: "UPI"),
            .init(state: "approved", amount: "90.00", method: "UPI", approvedOn: LocalDate("2026-03-05")),
            .init(state: "approved", amount: "45.00"), .init(state: "rejected", amount: "90.00"),
            .init(
                state: "paid", amount: "90.00", requestedOn: LocalDate("2026-03-01"), paidOn: LocalDate("2026-03-06"),
                method: "UPI"),
        ]
        var orders: [Order] = []
        for state in Order.State.allCases {
            for (place, refund) in refunds.enumerated() {
                for payment in ["paid", "failed", "pending", "cod"] {
                    for isFull in [true, false] {
                        orders.append(order(state, refund, payment, isFull: isFull, place: orders.count + place))
                    }
                }
            }
        }
        return orders
    }

    private static func order(
        _ state: Order.State, _ refund: Order.Refund?, _ payment: String, isFull: Bool, place: Int
    ) -> Order {
        let expected = ["2026-03-14", "2026-03-09", "2026-02-27"][place % 3]
        let delivered = ["2026-03-08", "2026-01-20"][place % 2]
        let wasSent = !state.isBeforeDispatch && state != .cancelled
        let hasCome = state == .delivered || state == .returned
        var order = Order(
            number: "NC-104233", placedOn: isFull ? LocalDate("2026-01-10") : nil, state: state, currency: "INR",
            total: "90.00", items: isFull ? [.init(name: "Blue pottery bowl", quantity: 2)] : [],
            payment: .init(method: isFull ? "UPI" : nil, state: payment),
            shipment: .init(
                carrier: isFull && wasSent ? "Delhivery" : nil, trackingNumber: isFull && wasSent ? "DL1" : nil,
                trackingURL: isFull && wasSent ? "https://track.delhivery.example/DL1" : nil,
                shippedOn: isFull && wasSent ? LocalDate("2026-01-12") : nil,
                expectedOn: isFull ? LocalDate(expected) : nil,
                deliveredOn: isFull && hasCome ? LocalDate(delivered) : nil),
            refund: refund,
            invoice: isFull && wasSent ? .init(number: "INV-1", url: "https://neemandclay.example/i/1") : nil)
        if isFull, state == .cancelled { order.cancelledOn = LocalDate("2026-03-01") }
        return order
    }

    @Test(
        "a reply about an order asks for nothing that is missing, repeats no line and leaves no gap",
        arguments: ["en", "hi", "hi-Latn"])
    func everyState(language: String) async throws {
        let templates = try ReplyTemplates(folder: "\(PackageFolder.templates)/replies")
        let knowledge = try Knowledge(folder: "\(PackageFolder.templates)/knowledge", indexPath: nil)
        let today = try #require(Self.today)
        let intents = try TextFile.all(in: "replies/\(language)", ending: ".mustache").map(\.name)
            .filter { !$0.hasPrefix("_") }
        var rendered = 0
        for intent in intents {
            let template = try #require(templates.template(for: intent, language: language))
            guard template.need != .none else { continue }
            var leads: [String] = []
            for article in template.cites {
                leads.append(try #require(try await knowledge.lead(of: article, language: language, on: today)).text)
            }
            for order in Self.orders() {
                var facts = FactSheet()
                var context = TemplateContext([
                    "links": TemplateContext([
                        "account": "{{fact:links.account}}", "returns": "{{fact:links.returns}}",
                        "help": "{{fact:links.help}}",
                    ])
                ])
                context["order"] = OrderFacts(order: order, today: today, policy: ShopPolicy())
                    .add(to: &facts, as: "order1")
                for (place, lead) in leads.enumerated() {
                    context[place == 0 ? "passage" : "passage\(place + 1)"] = lead
                }
                if template.reasonForPerson(context) != nil { continue }
                let what = "\(language)/\(intent) \(order.state.map(\.rawValue) ?? "") \(order.refund?.state ?? "-")"
                let body = try #require(template.render(context), "\(what) asks for what is missing")
                check(body, quoting: leads, facts, what)
                rendered += 1
            }
        }
        #expect(rendered > 1_000)
    }

    private func check(_ body: String, quoting leads: [String], _ facts: FactSheet, _ what: String) {
        let lines = body.components(separatedBy: "\n")
        #expect(!body.isBlank, "\(what)")
        #expect(!body.contains("\n\n\n") && lines.first != "" && lines.last != "", "\(what) leaves a gap")
        let filled = lines.filter { !$0.isEmpty }
        #expect(Set(filled).count == filled.count, "\(what) says a line twice:\n\(body)")
        #expect(lines.last?.hasSuffix(":") == false, "\(what) ends in an introduction")
        for slot in DraftText(body).slots where !slot.hasPrefix("links.") {
            #expect(facts[slot] != nil, "\(what) names \(slot)")
        }
        var own = DraftText(body).written
        for lead in leads { own = own.replacing(lead, with: "") }
        #expect(!own.unicodeScalars.contains { $0.properties.numericType != nil }, "\(what) writes a number")
    }

    @Test(
        "several answers make one text: nothing is said twice, and no introduction is left without what it introduces")
    func composed() {
        var text = ComposedText()
        text.add("Your order is here.\nTotal: 1\n\nIn general:\n\nDelivery takes days.")
        text.add("Your invoice.\nTotal: 1\n\nFor all:\n\nDelivery takes days.")
        text.add("Pay again here:\n{{fact:links.account}}")
        text.add("Addresses are here:\n{{fact:links.account}}")
        #expect(
            text.text == """
                Your order is here.
                Total: 1

                In general:

                Delivery takes days.

                Your invoice.

                Pay again here:
                {{fact:links.account}}

                Addresses are here:
                {{fact:links.account}}
                """)
    }

    @Test("what is said of one order is not left out of what is said of another, but for what an article says of all")
    func twoOrders() {
        var text = ComposedText()
        for place in 1...2 {
            text.add(
                "Order \(place)\nRefund: paid\n\nRefunds take days.", about: place, quoting: ["Refunds take days."])
        }
        #expect(text.text == "Order 1\nRefund: paid\n\nRefunds take days.\n\nOrder 2\nRefund: paid")
    }
}
