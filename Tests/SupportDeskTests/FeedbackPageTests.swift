import Foundation
import Mail
import Testing
import Transport

@testable import SupportDesk

/// The page on which customers answer by a button, as it is shipped, with Python's own server.
@Suite("Feedback page", .timeLimit(.minutes(3)))
struct FeedbackPageTests {
    private static let key = "0123456789abcdef0123456789abcdef"

    /// The page, running until it is let go.
    private final class Page {
        let url: String
        private let process = Process()

        init(_ shop: ScratchShop) throws {
            let key = try shop.folder.write("page.key", FeedbackPageTests.key + "\n")
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", "\(PackageFolder.templates)/packaging/confirm.py", "--port", "0"]
            process.environment = ProcessInfo.processInfo.environment.merging([
                "CONFIRM_KEY_FILE": key, "CONFIRM_TO": "support@neemandclay.example",
                "CONFIRM_FROM": "page@neemandclay.example", "CONFIRM_MAILDIR": shop.maildir.path,
            ]) { $1 }
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            url = "http://127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))/"
        }

        // A child inherits what signals its parent's thread has blocked: only this one surely arrives.
        deinit { kill(process.processIdentifier, SIGKILL) }
    }

    /// A shop with a page that has answered a customer, and the query of the link in the reply.
    private func scene() async throws -> (scene: FeedbackScene, page: Page, query: String, agent: TransferAgent) {
        let scene = try await FeedbackScene(isProved: true) {
            $0.shop.feedback.page = FeedbackPolicy.Page(url: "https://neemandclay.example/feedback", key: Self.key)
        }
        let line = try #require(scene.reply.text.split(separator: "\n").first { $0.contains("/feedback?t=") })
        let query = String(try #require(line.split(separator: "?").last))
        return (scene, try Page(scene.shop), query, TransferAgent(configuration: .init()))
    }

    private func post(_ body: String, to page: Page, _ agent: TransferAgent, origin: String? = nil) async throws -> Int
    {
        var headers = [(name: "Content-Type", value: "application/x-www-form-urlencoded")]
        if let origin { headers.append((name: "Origin", value: origin)) }
        return try await agent.perform(
            HTTPRequest(method: "POST", url: page.url, headers: headers, body: Array(body.utf8))
        ).status
    }

    @Test("1,000 bursts of link scanners and 200 forged tokens: no vote; then one button: one vote")
    func figure() async throws {
        let (scene, page, query, agent) = try await scene()
        let shop = scene.shop
        let url = page.url
        // A scanner asks what is there, then follows the link, and some of them follow it with an answer that they made up.
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<1_000 {
                if number >= 8 { _ = try await group.next() }
                group.addTask { () async throws -> Int in
                    let guess = number.isMultiple(of: 2) ? "&v=yes" : ""
                    for method in ["HEAD", "GET"] {
                        let request = HTTPRequest(
                            method: method, url: "\(url)?\(query)\(guess)",
                            headers: [(name: "User-Agent", value: "LinkScanner/\(number)")])
                        let status = try await agent.perform(request).status
                        #expect(status == 200)
                    }
                    return number
                }
            }
            try await group.waitForAll()
        }
        #expect(try shop.maildir.entries().allSatisfy { !$0.uniqueName.contains(".M") }, "a GET made a mail")
        #expect(try await shop.run().handled.isEmpty)
        #expect(try await scene.votes().isEmpty)
        // Tokens of the right form that nobody signed: the page knows no better, the desk does.
        let token = try #require(query.split(separator: "&").first).dropFirst(2)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        for number in 0..<200 {
            var forged = Array(token)
            if number.isMultiple(of: 2) {
                forged = forged.map { _ in letters.randomElement() ?? "A" }
            } else {
                forged[number % 49] = forged[number % 49] == "A" ? "B" : "A"
            }
            #expect(try await post("t=\(String(forged))&v=yes", to: page, agent) == 200)
        }
        let refused = try await shop.run().handled
        #expect(refused.count == 200)
        #expect(
            refused.allSatisfy { $0.disposition == .ignored && !["feedback-yes", "feedback-no"].contains($0.rule) })
        #expect(try await scene.votes().isEmpty)
        // What is no answer, or no token, or comes from a page elsewhere, makes no mail.
        for body in [
            "\(query)&v=maybe", "t=short&v=yes", "", "t=\(token)&v=yes&" + String(repeating: "x", count: 5_000),
        ] {
            #expect(try await post(body, to: page, agent) == 400)
        }
        #expect(try await post("t=\(token)&v=yes", to: page, agent, origin: "https://evil.example") == 400)
        #expect(try await shop.run().handled.isEmpty)
        // Her button, twice.
        for outcome in ["ignored feedback-yes", "ignored duplicate"] {
            #expect(try await post("t=\(token)&l=en&v=yes", to: page, agent) == 200)
            let outcomeNow = try await shop.run().outcome
            #expect(outcomeNow == outcome || outcomeNow == "ignored feedback-repeated")
        }
        #expect(try await scene.votes() == ["yes page"])
        await agent.shutdown()
    }

    @Test("a no on the page goes to a person, with the conversation; a number is one")
    func choices() async throws {
        for (answer, outcome, vote) in [
            ("no", "escalated feedback-no", "no page"), ("3", "ignored feedback-score", "neither 3 page"),
            ("5", "ignored feedback-yes", "yes 5 page"),
        ] {
            let (scene, page, query, agent) = try await scene()
            #expect(try await post("\(query)&v=\(answer)", to: page, agent) == 200)
            #expect(try await scene.shop.run().outcome == outcome)
            #expect(try await scene.votes() == [vote])
            if answer == "no" {
                let ticket = try #require(scene.shop.tickets().first)
                #expect(scene.shop.files(of: ticket).count { $0.hasSuffix(".eml") } == 3)
            }
            await agent.shutdown()
        }
    }

    @Test("only the page votes with the page's token: no mail of anybody's, and no signature of another key")
    func onlyThePage() async throws {
        let (scene, _, query, agent) = try await scene()
        let token = String(try #require(query.split(separator: "&").first).dropFirst(2))
        for field in [nil, "X-AuraDesk-Page: \(token) yes \(String(repeating: "0", count: 64))", "X-AuraDesk-Page: x"] {
            for from in ["priya.sharma@mail.example", "page@neemandclay.example"] {
                var mail = TestMail(subject: "Yes AD-\(token.prefix(16))-\(token.dropFirst(16))", text: "")
                mail.from = from
                mail.headers = [field].compactMap(\.self)
                #expect(try await !scene.outcome(of: mail).contains("feedback-yes"))
            }
        }
        #expect(try await scene.votes().isEmpty)
        await agent.shutdown()
    }
}
