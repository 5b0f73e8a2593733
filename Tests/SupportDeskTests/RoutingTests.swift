import Foundation
import Testing

@testable import SupportDesk

/// Which ticket goes where.
@Suite("Routing")
struct RoutingTests {
    private func routing(_ text: String) throws -> Routing {
        let folder = try ScratchFolder()
        let file = try folder.write("routing.yaml", text)
        let root = try ConfigurationReader.root(of: file)
        let hours = try root.reader("hours").map { try BusinessHours($0, shop: .test) }
        return try Routing(root.requiredReader("routing"), hours: hours)
    }

    private static let text = """
        hours: {time_zone: Asia/Kolkata, mon: "10:00-18:30", tue: "10:00-18:30"}
        routing:
          teams:
            money: {members: [asha, ben]}
            night: {members: [chitra], share: least_loaded}
          rules:
            - {hours: outside, team: night, tags: [night]}
            - {intent: [get_refund, track_refund], queue: Refunds, team: money, tags: refund}
            - {language: hi, queue: Hindi, fields: {desk: hindi}}
            - {value_above: 50000, priority: 85}
            - {rule: angry, priority: 95, owner: lead}
        """

    private func matter(
        intent: String? = "track_order", language: String? = "en", rule: String = "low-confidence",
        value: Double? = nil,
        at date: String = "2026-03-10T08:00:00Z"
    ) throws -> Routing.Matter {
        Routing.Matter(
            intent: intent, language: language, rule: rule, value: value,
            arrival: try Date(date, strategy: .iso8601))
    }

    @Test("the first rule that says something holds; tags come together")
    func rules() throws {
        let routing = try routing(Self.text)
        let refund = routing.place(try matter(intent: "get_refund", language: "hi", value: 60_000))
        #expect(refund.placement.queue == "Refunds" && refund.team?.name == "money")
        #expect(refund.placement.priority == 85 && refund.placement.tags == ["refund"])
        #expect(refund.placement.fields == ["desk": "hindi"])
        let angry = routing.place(try matter(rule: "angry", value: 50_000))
        #expect(angry.placement.owner == "lead" && angry.placement.priority == 95 && angry.team == nil)
        let plain = routing.place(try matter(intent: nil, language: nil))
        #expect(plain.placement.queue == nil && plain.placement.priority == 40 && plain.placement.tags.isEmpty)
    }

    @Test(
        "business hours are the shop's own",
        arguments: [
            ("2026-03-10T04:29:00Z", true), ("2026-03-10T04:30:00Z", false), ("2026-03-10T12:59:00Z", false),
            ("2026-03-10T13:00:00Z", true), ("2026-03-14T08:00:00Z", true),
        ])
    func hours(date: String, isOutside: Bool) throws {
        let (placement, team) = try routing(Self.text).place(matter(at: date))
        #expect((team?.name == "night") == isOutside && placement.tags == (isOutside ? ["night"] : []))
    }

    @Test(
        "slips are errors that name the key",
        arguments: [
            ("{rules: [{team: nobody}]}", "team is none of the teams"),
            ("{teams: {a: {members: []}}}", "members must name"),
            ("{rules: [{hours: sometimes}]}", "hours must be inside or outside"),
            ("{rules: [{hours: inside}]}", "needs the section hours"),
            ("{rules: [{intents: x}]}", "unknown key routing.rules[0].intents"),
        ])
    func slips(text: String, words: String) throws {
        let error = #expect(throws: DeskError.self) { _ = try routing("routing: \(text)\n") }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
}
