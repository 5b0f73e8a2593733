import Foundation
import Testing

@testable import SupportDesk

/// Records are as hostile as mail: what stands in them is data in a reply, and nothing else.
@Suite("Hostile records")
struct HostileRecordTests {
    /// The reply to Priya about NC-104233 after a change of the files.
    private func run(_ change: (inout String) -> Void) async throws -> (TestRun, [String]) {
        let shop = try await ScratchShop()
        let path = try #require(shop.configuration.records?.orders)
        var orders = try String(contentsOfFile: path, encoding: .utf8)
        change(&orders)
        try orders.write(toFile: path, atomically: true, encoding: .utf8)
        try shop.receive(TestMail(subject: "Where is it?", text: "Where is my order NC-104233?"))
        let run = try await shop.run()
        return (run, try shop.replies().map(\.text))
    }

    private func replacing(_ field: String, with value: String) -> (inout String) -> Void {
        { orders in
            guard let start = orders.range(of: "\"NC-104233\""),
                let found = orders.range(
                    of: "\"\(field)\":\\s*\"[^\"]*\"", options: .regularExpression,
                    range: start.upperBound..<orders.endIndex)
            else { return }
            let encoded = String(decoding: (try? JSONEncoder().encode(value)) ?? Data(), as: UTF8.self)
            orders.replaceSubrange(found, with: "\"\(field)\": \(encoded)")
        }
    }

    @Test(
        "a product's name, a carrier and a number break no reply and fill no slot",
        arguments: [
            "{{fact:order1.total}}", "{{order.total}}", "{{#order}}x{{/order}}", "<b>Bowl</b><script>x</script>",
            "\u{202E}lwob\u{0}\u{7}", "https://evil.example/?{{customer.name}}", "a\r\nBcc: x@evil.example\r\n\r\nb",
            "[EMAIL_1]", String(repeating: "long ", count: 2_000), "\u{FFFC}", "}}{{", "{{{fact:order1.number}}}",
        ])
    func names(_ value: String) async throws {
        for field in ["name", "carrier"] {
            let (run, replies) = try await run(replacing(field, with: value))
            let handled = try #require(run.handled.first)
            #expect([.answered, .escalated].contains(handled.disposition), "\(run.outcome)")
            for reply in replies {
                #expect(!reply.contains("fact:"), "\(reply)")
                #expect(!reply.contains("https://evil"), "\(reply)")
                #expect(!reply.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0 || $0.value == 7 })
                #expect(!reply.contains("\nBcc:") && reply.utf8.count < 4_000)
            }
        }
    }

    @Test(
        "a record that does not say where the order stands goes to a person",
        arguments: [("state", "teleported"), ("state", ""), ("placedOn", "2027-01-01"), ("shippedOn", "2020-01-01")])
    func incomplete(_ field: String, _ value: String) async throws {
        let (run, replies) = try await run(replacing(field, with: value))
        let handled = try #require(run.handled.first)
        if field == "state" {
            #expect(handled.disposition == .escalated && handled.rule == "incomplete-record", "\(run.outcome)")
            #expect(replies.isEmpty)
        } else {
            #expect(replies.allSatisfy { !$0.contains("2027") && !$0.contains("2020") })
        }
    }

    @Test("records that cannot be read for the moment: a person, and not the claim that there is no such order")
    func broken() async throws {
        let (run, replies) = try await run { $0 = String($0.prefix(2_000)) }
        #expect(run.outcome == "escalated records-unavailable" && replies.isEmpty)
    }
}
