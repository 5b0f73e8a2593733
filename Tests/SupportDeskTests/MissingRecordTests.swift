import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What is not on record is said to be missing, and nothing is concluded from it.
@Suite("Missing records")
struct MissingRecordTests {
    /// The reply to Priya about her order of January, whose day of delivery nobody wrote down.
    private func reply(_ text: String) async throws -> String {
        let shop = try await ScratchShop()
        let path = try #require(shop.configuration.records?.orders)
        let orders = try String(contentsOfFile: path, encoding: .utf8)
        let start = try #require(orders.range(of: "\"NC-102918\""))
        let field = try #require(
            orders.range(
                of: #",\s*"deliveredOn":\s*"[^"]*""#, options: .regularExpression,
                range: start.upperBound..<orders.endIndex))
        try orders.replacingCharacters(in: field, with: "").write(toFile: path, atomically: true, encoding: .utf8)
        try shop.receive(TestMail(subject: "NC-102918", text: text))
        let run = try await shop.run()
        #expect(run.handled.first?.disposition == .answered, "\(run.outcome)")
        let reply = try #require(try shop.replies().first).text
        #expect(reply.contains("NC-102918"))
        return reply
    }

    @Test(
        "without a day of delivery no reply says that the return period has ended",
        arguments: [
            "I want a refund for my order NC-102918. How do I get my money back?",
            "मुझे अपने ऑर्डर NC-102918 का रिफंड चाहिए। पैसे वापस कैसे मिलेंगे?",
            "I want to cancel my order NC-102918, please.",
            "Please change my order NC-102918, I want another colour.",
        ])
    func noDayOfDelivery(_ text: String) async throws {
        let reply = try await reply(text)
        #expect(!reply.contains("has ended") && !reply.contains("बीत चुकी"), "\(reply)")
        #expect(reply.contains("day of delivery") || reply.contains("डिलीवरी की तारीख़ हमारे रिकॉर्ड में नहीं"), "\(reply)")
    }
}
