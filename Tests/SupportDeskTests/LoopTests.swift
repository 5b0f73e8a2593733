import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Two robots that write to each other by real maildirs, over many runs: whatever the other one is, and whoever begins,
/// it gets at most one automatic reply.
@Suite("Loops")
struct LoopTests {
    /// Another robot as the desk sees it: what it writes back to whatever it gets.
    private struct Robot: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answer: @Sendable (_ number: Int, _ mail: Message) -> TestMail?
    }

    private static func note(_ number: Int, _ mail: Message, subject: String, text: String, headers: [String])
        -> TestMail
    {
        var note = TestMail(subject: subject, text: text)
        note.name = nil
        note.from = "robot@mail.example"
        note.id = "note\(number)@mail.example"
        note.inReplyTo = mail.messageID
        note.headers = headers
        return note
    }

    private static let robots: [Robot] = [
        Robot(testDescription: "an absence note by the book (RFC 3834)") { number, mail in
            note(
                number, mail, subject: "Auto: \(mail.subject)", text: "I am away until Monday.",
                headers: ["Auto-Submitted: auto-replied", "Return-Path: <>"])
        },
        Robot(testDescription: "an absence note without any header") { number, mail in
            note(
                number, mail, subject: "Re: \(mail.subject)",
                text:
                    "I am out of the office until Monday. For urgent matters ask my colleagues. I will reply when I return.",
                headers: [])
        },
        Robot(testDescription: "a ticket system that numbers its notes") { number, mail in
            note(
                number, mail, subject: "[Ticket#20260310\(number)] \(mail.subject)",
                text:
                    "Thank you for your mail. Your request has been received, your ticket number is 20260310\(number).",
                headers: ["Precedence: bulk", "X-OTRS-Loop: yes"])
        },
        Robot(testDescription: "a ticket system without headers") { number, mail in
            note(
                number, mail, subject: "[Ticket#20260310\(number)] Re: \(mail.subject)",
                text:
                    "Where is your order? Your request NC-104233 has number 20260310\(number). When will it be delivered?",
                headers: [])
        },
        Robot(testDescription: "a parrot that says what a customer says, in other words each time") { number, mail in
            note(
                number, mail, subject: "Re: \(mail.subject)",
                text:
                    "Where is my order NC-104233? I ask for the \(String(repeating: "very ", count: number)) first time.",
                headers: [])
        },
    ]

    /// What a robot's own mail begins with.
    private func opening() -> TestMail {
        var mail = TestMail.whereIsIt()
        mail.name = nil
        mail.from = "robot@mail.example"
        return mail
    }

    @Test("the desk and another robot", arguments: robots)
    private func robot(_ robot: Robot) async throws {
        let shop = try await ScratchShop()
        try shop.receive(opening())
        var seen: Set<String> = []
        for round in 0..<12 {
            try await shop.run()
            for reply in try shop.replies() where seen.insert(reply.messageID ?? "").inserted {
                if let answer = robot.answer(round, reply) { try shop.receive(answer) }
            }
            shop.clock.advance(by: 60)
        }
        let replies = try shop.replies().count
        // The parrot is no robot that words could give away; it ends at the limit for one conversation or sender.
        let limit =
            robot.testDescription.hasPrefix("a parrot") ? 3 : robot.testDescription.hasSuffix("without headers") ? 2 : 1
        #expect(replies <= limit, "\(replies) replies")
        #expect(try await shop.run().handled.isEmpty, "it came to rest")
    }

    @Test("two desks that are each other's customers: at most one mail each way", arguments: [true, false])
    func twoDesks(withHeaders: Bool) async throws {
        let shops = [
            try await ScratchShop(), try await ScratchShop { $0.shop = $0.shop.named("orders@other.example") },
        ]
        let addresses = shops.map(\.configuration.shop.address)
        // Somebody forges the first mail, so that each thinks the other one asked.
        var first = TestMail.whereIsIt()
        first.name = nil
        first.verdict = .none
        first.from = addresses[1]
        try shops[0].receive(first)
        var sent = [0, 0]
        var delivered: Set<String> = []
        for _ in 0..<10 {
            for (index, shop) in shops.enumerated() {
                try await shop.run()
                for bytes in try shop.replyBytes() {
                    let mail = try Message(parsing: bytes)
                    guard delivered.insert(mail.messageID ?? "").inserted else { continue }
                    sent[index] += 1
                    #expect(mail.to.map(\.address) == [addresses[1 - index]])
                    try shops[1 - index].receive(withHeaders ? bytes : bytes.withoutMarks)
                }
                shop.clock.advance(by: 60)
            }
        }
        #expect(sent[0] == 1, "the forged mail was answered once")
        #expect(sent[1] <= 1)
    }
}

extension Shop {
    /// The same shop at another address.
    fileprivate func named(_ address: String) -> Shop {
        var shop = Shop(
            name: name, address: address, aliases: [], links: links, orderPatterns: orderPatterns, region: region,
            timeZone: timeZone, languages: languages, authservID: authservID)
        shop.bounces = TokenAddress(of: address)
        return shop
    }
}

extension [UInt8] {
    /// A mail that lost on its way everything by which it says that a robot wrote it.
    fileprivate var withoutMarks: [UInt8] {
        let text = String(decoding: self, as: UTF8.self)
        var isLeftOut = false
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).filter { line in
            if line.first != " " && line.first != "\t" {
                isLeftOut = ["Auto-Submitted:", "X-Auto-Response-Suppress:", "X-AuraDesk-Stamp:"].contains(
                    where: line.hasPrefix)
            }
            return !isLeftOut
        }
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
