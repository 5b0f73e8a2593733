import Foundation
import Mail
import Testing

@testable import SupportDesk

#if DEBUG
    extension EndToEnd {
        /// The key is lost for good, in the middle of work: the desk begins a new one, and nothing is sent twice.
        @Suite("A lost key", .serialized, .onEachEngine)
        struct LostKey {
            private func abandon(
                _ desk: EndToEndDesk, fault: String? = nil, options: [String] = ["--the-key-is-lost", "--json"]
            ) async throws -> EndToEndProgram.Ending {
                try await EndToEndProgram.run(
                    ["ledger", "abandon-key", "--config", desk.configurationFile, "--now", EndToEndDesk.nowText]
                        + options,
                    environment: fault.map { ["AURADESK_FAULT": $0] } ?? [:])
            }

            private func losses(_ ending: EndToEndProgram.Ending) throws -> Ledger.Losses {
                #expect(ending.code == 0, "\(ending.errors)")
                return try JSONDecoder().decode(Ledger.Losses.self, from: Data(ending.output.utf8))
            }

            /// Replies are counted: what only tells of a ticket is lost with the key, and what was written on the same matter is
            /// known by digests, which are gone with it. Continues the section `tickets`.
            private static let eachAnswered = "  acknowledge: false\npeople: {repeats: off}\n"

            private func finish(_ desk: EndToEndDesk) async throws {
                for _ in 1...5 where try await desk.program().code == 0 { return }
                Issue.record("it did not come to an end in five runs")
            }

            /// The replies by the message that they answer.
            private func replies(_ desk: EndToEndDesk) throws -> [String: Int] {
                try desk.tree("outbox").filter { !$0.key.hasPrefix("tmp/") }.values
                    .map { try Message(parsing: $0).inReplyTo.first ?? "" }
                    .reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }

            private func remove(_ source: String, from desk: EndToEndDesk) throws {
                let path = try #require(desk.tree("mail").keys.first { $0.contains(source) })
                try FileManager.default.removeItem(atPath: "\(desk.folder)/mail/\(path)")
            }

            @Test("lost between decision and delivery, killed at any step, the desk comes to the end of a calm run")
            func middle() async throws {
                let mails = try Array(EndToEndDesk.mails().prefix(30))
                let calm = try await EndToEndDesk.onFiles(mails, limits: Self.eachAnswered)
                try await finish(calm)
                let wanted = try await calm.ledger()

                for fault in ["decided:7", "sending:5", "sent:6"] {
                    var desk = try await EndToEndDesk.onFiles(mails, limits: Self.eachAnswered)
                    #expect(try await desk.program(fault: fault).signal == SIGKILL)
                    var before = try await desk.ledger()
                    // What was decided last may be that nothing is to be done, when all else is done already.
                    for _ in 0..<5 where !before.outbox.contains(where: { ["queued", "sending"].contains($0.state) }) {
                        desk = try await EndToEndDesk.onFiles(mails, limits: Self.eachAnswered)
                        #expect(try await desk.program(fault: fault).signal == SIGKILL)
                        before = try await desk.ledger()
                    }
                    let queued = before.outbox.filter { $0.state == "queued" }
                    let sending = before.outbox.filter { $0.state == "sending" }
                    #expect(!(queued + sending).isEmpty, "\(fault)")
                    let sentBefore = try replies(desk)
                    try FileManager.default.removeItem(atPath: "\(desk.state)/key")
                    #expect(try await desk.program().code == 78)
                    #expect(try await abandon(desk, options: []).code == 64)
                    for step in 1...3 {
                        #expect(try await abandon(desk, fault: "abandoning:\(min(step, 2))").signal == SIGKILL)
                        let run = try await desk.program()
                        #expect(run.code == 78, "\(run.errors)")
                    }
                    let losses = try losses(await abandon(desk))
                    #expect(losses.messages == 0 && losses.archivedMails == 0)
                    let again = try await abandon(desk)
                    #expect(again.code == 78 && again.errors.contains("nothing is lost"), "\(again.errors)")
                    try await finish(desk)

                    let after = try await desk.ledger()
                    #expect(after.messages.count == mails.count)
                    #expect(after.violations.isEmpty, "\(fault): \(after.violations)")
                    // What only tells of a ticket is not made a second time.
                    let uncertain = Set(
                        sending.filter { !["ticket", "acknowledgement"].contains($0.kind) }.map(\.message))
                    // Whose conversation a person has now, she has what follows in it, too.
                    let handed = Set(after.messages.filter { uncertain.contains($0.id) }.compactMap(\.conversation))
                    for message in after.messages {
                        let calm = wanted.messages.first { $0.source == message.source }
                        if uncertain.contains(message.id) {
                            #expect(message.status == "escalated" && message.rule == "delivery-uncertain")
                        } else if message.conversation.map(handed.contains) != true {
                            #expect(
                                message.status == calm?.status && message.rule == calm?.rule,
                                "\(message.source): \(message.rule ?? ""), calm: \(calm?.rule ?? "")")
                        }
                    }
                    let sent = try replies(desk)
                    #expect(sent.values.allSatisfy { $0 == 1 }, "nothing is sent twice: \(fault)")
                    #expect(sentBefore.keys.allSatisfy { sent[$0] == 1 })
                    let withPeople = after.messages.count { $0.conversation.map(handed.contains) == true }
                    #expect(sent.count + withPeople >= (try replies(calm)).count)
                    print(
                        "lost key at \(fault): \(queued.count) queued, \(sending.count) sending, \(sent.count) replies")
                }
            }

            @Test(
                "what the source has is recognised as before; what it has not is counted, and who waits gets a person")
            func sources() async throws {
                let mails = try Array(EndToEndDesk.mails().prefix(30))
                let desk = try await EndToEndDesk.onFiles(mails, limits: Self.eachAnswered)
                try await finish(desk)
                let first = try await desk.ledger()
                // An answered mail is gone from the source, and so is one that was decided and not delivered.
                let answered = first.messages.filter { $0.status == "answered" }
                let (kept, taken, waiting) = (answered[0], answered[1], answered[2])
                let ledger = try await Ledger(desk.keys)
                try await ledger.database.write { transaction in
                    try transaction.execute(
                        "UPDATE outbox SET state = 'queued', remote = NULL WHERE message = $1", [.integer(waiting.id)])
                    try transaction.execute(
                        "UPDATE message SET status = 'decided', marked = 0 WHERE id = $1", [.integer(waiting.id)])
                    return
                }
                try await ledger.close()
                try remove(taken.source, from: desk)
                try remove(waiting.source, from: desk)
                let replies = try replies(desk)
                try FileManager.default.removeItem(atPath: "\(desk.state)/key")

                let losses = try losses(await abandon(desk))
                #expect(losses.messages == 2 && losses.archivedMails == 1, "\(losses)")
                #expect(losses.sentTexts == first.outbox.filter { $0.state == "sent" }.count - 1)
                #expect(losses.vaults > 0 && losses.credentials == 0)
                try await finish(desk)
                let after = try await desk.ledger()
                let lost = after.messages.first { $0.id == waiting.id }
                #expect(lost?.status == "escalated" && lost?.rule == "key-lost")
                #expect(after.rows("ticket", ["sent"]).contains { $0.message == waiting.id })
                #expect(try self.replies(desk) == replies)

                // A second copy is one; an answer finds its conversation, and the ticket gets the mail that was read again.
                let original = try #require(mails.first { kept.source.hasSuffix($0.name) })
                let reply = try #require(first.rows("reply", ["sent"]).first { $0.message == kept.id })
                var answer = TestMail(text: "I want to speak to a person, please.\n")
                let message = try Message(parsing: original.bytes)
                answer.from = try #require(message.from.first?.address)
                answer.inReplyTo = reply.key
                try desk.deliver([("copy", original.bytes), ("answer", answer.bytes)])
                try await finish(desk)
                let last = try await desk.ledger()
                #expect(last.message("copy")?.rule == "duplicate")
                let joined = last.message("answer")
                #expect(joined?.rule == "asks-for-person", "\(kept.source) \(kept.rule ?? "")")
                #expect(joined?.conversation == kept.conversation)
                let thread = try desk.tree("tickets/\(joined?.ticket ?? "")").values
                #expect(thread.contains { $0 == original.bytes })
            }
        }
    }
#endif
