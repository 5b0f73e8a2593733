import Foundation
import Mail
import Testing

@testable import SupportDesk

/// A shop that has answered a customer, what she got, and what she may do with it.
struct FeedbackScene {
    let shop: ScratchShop
    let envelope: SupportDesk.Envelope
    let reply: Message

    /// - Parameter isProved: whether a probe has arrived at the address for answers.
    init(
        _ question: TestMail = .whereIsIt(), isProved: Bool = false,
        _ change: (inout DeskConfiguration) -> Void = { _ in }
    ) async throws {
        shop = try await ScratchShop(change)
        if isProved, let address = shop.configuration.shop.feedback.address {
            try await shop.ledger().prove(address, true, now: shop.clock.now)
        }
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        try shop.receive(question)
        #expect(try await shop.run { $0.carrier = carrier }.outcome == "answered answered")
        envelope = try #require(await carrier.carried.first)
        reply = try Message(parsing: envelope.bytes)
    }

    /// The links at the end of the reply, in their order.
    var links: [URLComponents] {
        reply.text.split(separator: "\n").compactMap { line in
            line.range(of: "mailto:").flatMap { URLComponents(string: String(line[$0.lowerBound...])) }
        }
    }

    /// The mail that a link makes.
    func mail(_ link: Int, text: String = "", from: String = "priya.sharma@mail.example") throws -> TestMail {
        let link = try #require(links.indices.contains(link) ? links[link] : nil)
        let subject = try #require(link.queryItems?.first { $0.name == "subject" }?.value)
        var mail = TestMail(subject: subject, text: text)
        mail.to = link.path
        mail.from = from
        return mail
    }

    /// An answer of hers to the reply.
    func answer(_ text: String) -> TestMail {
        var mail = TestMail(subject: reply.subject, text: text)
        mail.inReplyTo = reply.messageID
        return mail
    }

    /// The message's outcome, as a run has it.
    func outcome(of mail: TestMail) async throws -> String {
        try shop.receive(mail)
        return try await shop.run().outcome
    }

    /// What is on record: vote, number and way.
    func votes() async throws -> [String] {
        try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT vote, score, way FROM feedback ORDER BY at, reply", []).map { row in
                [row.text("vote"), row.integer("score").map(String.init), row.text("way")].compactMap(\.self)
                    .joined(separator: " ")
            }
        }
    }
}
