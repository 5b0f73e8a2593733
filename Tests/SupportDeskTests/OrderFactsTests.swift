import Testing
import Triage

@testable import SupportDesk

/// What follows from a record, the day and the shop's policy.
@Suite("Facts of an order")
struct OrderFactsTests {
    /// A Tuesday.
    private static let today = "2026-03-10"

    private func facts(_ order: Order, on day: String = today, _ policy: ShopPolicy = ShopPolicy()) throws -> OrderFacts
    {
        OrderFacts(order: order, today: try #require(LocalDate(day)), policy: policy)
    }

    private func shipped(expected: String) -> Order {
        Order(number: "NC-1", state: .shipped, shipment: .init(expectedOn: LocalDate(expected)))
    }

    private func delivered(on day: String?) -> Order {
        Order(number: "NC-1", state: .delivered, shipment: .init(deliveredOn: day.flatMap(LocalDate.init)))
    }

    @Test("business days leave out the weekends, whichever day one counts from")
    func businessDays() throws {
        for start in 20_000..<20_014 {
            let day = LocalDate(dayNumber: start)
            var counted = 0
            for distance in 0..<40 {
                let later = LocalDate(dayNumber: start + distance)
                if distance > 0, later.weekday < 5 { counted += 1 }
                #expect(day.businessDays(until: later) == counted)
                if distance > 0, later.weekday < 5 { #expect(day.adding(businessDays: counted) == later) }
            }
            #expect(day.businessDays(until: LocalDate(dayNumber: start - 3)) == 0)
        }
    }

    @Test(
        "how late a parcel is counts business days; more than the policy's is very late",
        arguments: [
            ("2026-03-10", 0, false, false), ("2026-03-11", 0, false, false), ("2026-03-09", 1, true, false),
            ("2026-03-08", 2, true, false), ("2026-03-07", 2, true, false), ("2026-03-06", 2, true, false),
            ("2026-03-05", 3, true, false), ("2026-03-04", 4, true, true), ("2026-02-27", 7, true, true),
        ])
    func lateness(expected: String, days: Int, isLate: Bool, isVeryLate: Bool) throws {
        let facts = try facts(shipped(expected: expected))
        #expect(facts.daysLate == days)
        #expect(facts.isLate == isLate)
        #expect(facts.conditions["isVeryLate"] == isVeryLate)
        #expect(facts.conditions["isSlightlyLate"] == (isLate && !isVeryLate))
    }

    @Test("over a weekend a parcel is late by no business day yet")
    func lateOverWeekend() throws {
        let facts = try facts(shipped(expected: "2026-03-06"), on: "2026-03-08")
        #expect(facts.isLate && facts.daysLate == 0)
        var sheet = FactSheet()
        _ = facts.add(to: &sheet, as: "order1")
        #expect(sheet["order1.daysLate"] == nil)
    }

    @Test(
        "the return period ends with its last day, and a record without the day of delivery says nothing of it",
        arguments: [
            ("2026-02-08", "2026-03-10", true), ("2026-02-07", "2026-03-09", false), ("2026-03-10", "2026-04-09", true),
        ])
    func returnPeriod(delivered day: String, until: String, isOpen: Bool) throws {
        let facts = try facts(delivered(on: day))
        #expect(facts.returnUntil == LocalDate(until))
        #expect(facts.conditions["canReturn"] == isOpen)
        #expect(facts.conditions["returnEnded"] == !isOpen)
        let unknown = try self.facts(delivered(on: nil))
        #expect(unknown.returnUntil == nil && unknown.conditions["returnEnded"] == false)
        var policy = ShopPolicy()
        policy.returnDays = 14
        #expect(try self.facts(delivered(on: "2026-02-24"), on: Self.today, policy).conditions["canReturn"] == true)
        #expect(try self.facts(delivered(on: "2026-02-23"), on: Self.today, policy).conditions["canReturn"] == false)
    }

    @Test("an approved refund is due after the policy's business days, and overdue the day after")
    func refundDue() throws {
        func order(approved: String) -> Order {
            Order(
                number: "NC-1", state: .returned, currency: "INR", total: "100.00",
                refund: .init(state: "approved", amount: "40.00", approvedOn: LocalDate(approved)))
        }
        let due = try facts(order(approved: "2026-02-27"))
        #expect(due.refundDueOn == LocalDate("2026-03-10"))
        #expect(due.conditions["refundIsOverdue"] == false)
        #expect(due.conditions["refundIsPartial"] == true)
        #expect(try facts(order(approved: "2026-02-26")).conditions["refundIsOverdue"] == true)
    }

    @Test("money that came in for an order that is off, and went nowhere, is missing")
    func missingRefund() throws {
        func order(_ state: Order.State, paid: String?, refund: Order.Refund? = nil) -> Order {
            Order(number: "NC-1", state: state, payment: .init(method: "UPI", state: paid), refund: refund)
        }
        #expect(try facts(order(.cancelled, paid: "paid")).conditions["refundIsMissing"] == true)
        #expect(try facts(order(.returned, paid: "paid")).conditions["refundIsMissing"] == true)
        for order in [
            order(.cancelled, paid: "cod"), order(.cancelled, paid: nil), order(.delivered, paid: "paid"),
            order(.cancelled, paid: "paid", refund: .init(state: "requested")),
        ] {
            #expect(try facts(order).conditions["refundIsMissing"] == false)
        }
    }

    @Test("a delivered parcel that is not there can be reported until the policy's last day")
    func claims() throws {
        #expect(try facts(delivered(on: "2026-03-03")).claimUntil == LocalDate("2026-03-10"))
        #expect(try facts(delivered(on: "2026-03-02")).claimUntil == nil)
    }
}
