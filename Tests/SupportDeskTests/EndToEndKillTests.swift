import Foundation
import Mail
import Testing

@testable import SupportDesk

#if DEBUG
    extension EndToEnd {
        /// The program dies at every point between two commits, and at random ones; then it runs again.
        @Suite("Kill -9", .serialized, .onEachEngine)
        struct Kills {
            /// What is left on the disk when everything is done.
            private struct State {
                var outcomes: [String: String] = [:]
                var replies: [String: [UInt8]] = [:]
                var tickets: [String: [UInt8]] = [:]
                var flags: Set<String> = []
            }

            private func state(of desk: EndToEndDesk) async throws -> State {
                let ledger = try await desk.ledger()
                #expect(ledger.violations.isEmpty)
                #expect(ledger.messages.allSatisfy { $0.isMarked })
                var state = State()
                for message in ledger.messages {
                    state.outcomes[message.source] = "\(message.status) \(message.rule ?? "")"
                }
                // What a killed run was writing aside was never delivered, and nobody reads it.
                state.replies = try desk.tree("outbox").filter { !$0.key.hasPrefix("tmp/") }
                state.tickets = try desk.tree("tickets").filter { !$0.key.hasSuffix(".tmp") }
                state.flags = Set(try desk.tree("mail").keys)
                let sent = (ledger.rows("reply", ["sent"]) + ledger.rows("acknowledgement", ["sent"])).map(\.key)
                #expect(Set(sent).count == sent.count)
                let ids = try state.replies.values.map { try Message(parsing: $0).messageID ?? "" }
                #expect(Set(ids) == Set(sent) && ids.count == sent.count)
                return state
            }

            /// Compares by name, so that a difference can be read.
            private func expectSame(_ left: State, _ right: State, _ what: String) {
                func differing<Value: Equatable>(_ one: [String: Value], _ other: [String: Value]) -> [String] {
                    Set(one.keys).union(other.keys).filter { one[$0] != other[$0] }.sorted()
                }
                let outcomes = differing(left.outcomes, right.outcomes).map {
                    "\($0): \(left.outcomes[$0] ?? "-") instead of \(right.outcomes[$0] ?? "-")"
                }
                let replies = differing(left.replies, right.replies)
                let tickets = differing(left.tickets, right.tickets)
                let flags = left.flags.symmetricDifference(right.flags).sorted()
                #expect(outcomes.isEmpty, "\(what)")
                #expect(replies.isEmpty, "\(what)")
                let cards = tickets.filter { $0.hasSuffix("ticket.json") }.flatMap { name in
                    [left.tickets[name], right.tickets[name]].map { String(decoding: $0 ?? [], as: UTF8.self) }
                }
                #expect(tickets.isEmpty, "\(what): \(cards)")
                #expect(flags.isEmpty, "\(what)")
            }

            /// Runs until nothing is left to do.
            private func finish(_ desk: EndToEndDesk) async throws -> Int {
                for run in 1...5 {
                    let ending = try await desk.program()
                    if ending.code == 0 { return run }
                    #expect(ending.code == 75, "\(ending.errors)")
                }
                Issue.record("it did not come to an end in five runs")
                return 5
            }

            /// A message is marked at its source only when its outcome is on record.
            private func expectNothingMarkedEarly(_ desk: EndToEndDesk) async throws {
                let ledger = try await desk.ledger()
                let final: Set<String> = ["answered", "drafted", "escalated", "ignored", "quarantined"]
                for path in try desk.tree("mail").keys where path.hasPrefix("cur/") {
                    let unique = path.dropFirst(4).prefix { $0 != ":" }
                    let message = ledger.messages.first { $0.source == unique }
                    #expect(message.map { final.contains($0.status) } == true, "\(path)")
                }
            }

            @Test("maildir to maildir: killed at any point and run again, the result is that of an unkilled run")
            func files() async throws {
                let mails = try EndToEndDesk.mails()
                let calm = try await EndToEndDesk.onFiles(mails)
                let ending = try await calm.program()
                #expect(ending.code == 0, "\(ending.errors)")
                let wanted = try await state(of: calm)
                #expect(wanted.outcomes.count == mails.count)
                #expect(wanted.replies.count > 30 && wanted.tickets.count > 20)

                let faults = ["begun:2", "decided:30", "sending:1", "sent:45", "finished:100"]
                for fault in faults {
                    let desk = try await EndToEndDesk.onFiles(mails)
                    let killed = try await desk.program(fault: fault)
                    #expect(killed.signal == SIGKILL, "\(fault): \(killed.errors)")
                    try await expectNothingMarkedEarly(desk)
                    _ = try await finish(desk)
                    expectSame(try await state(of: desk), wanted, fault)
                }

                // One mailbox, killed again and again.
                let desk = try await EndToEndDesk.onFiles(mails)
                var kills = 0
                for fault in ["sending:9", "begun:1", "sent:11", "decided:8"] {
                    if try await desk.program(fault: fault).signal == SIGKILL { kills += 1 }
                    try await expectNothingMarkedEarly(desk)
                }
                for _ in 0..<5 {
                    let delay = Duration.milliseconds(Int.random(in: 20...900))
                    if try await desk.program(killedAfter: delay).signal == SIGKILL { kills += 1 }
                    try await expectNothingMarkedEarly(desk)
                }
                let runs = try await finish(desk)
                expectSame(try await state(of: desk), wanted, "killed \(kills) times")
                print(
                    "kill -9, files: \(faults.count) single kills, then \(kills) on one mailbox and \(runs) more runs:",
                    "\(wanted.replies.count) replies, \(wanted.tickets.count) ticket files to compare")
                #expect(kills >= 5)
            }

            @Test("a message that crashes the parser is quarantined by the next run, and only that one")
            func poison() async throws {
                let poison = Array(
                    """
                    From: Asha <asha@mail.example>\r\nTo: support@neemandclay.example\r\nSubject: Hello\r\n\
                    Message-ID: <poison@mail.example>\r\nDate: Tue, 10 Mar 2026 08:00:00 +0000\r\n\r\n\
                    kaboom-4711\r\n
                    """.utf8)
                var mails = try Array(EndToEndDesk.mails().prefix(30))
                mails.insert((name: "poison.eml", bytes: poison), at: 12)
                let desk = try await EndToEndDesk.onFiles(mails)
                #expect(try await desk.program(fault: "parse:kaboom-4711").signal == SIGABRT)
                let begun = try await desk.ledger()
                #expect(begun.message("poison.eml")?.status == "attempting")
                let second = try await desk.program(fault: "parse:kaboom-4711")
                #expect(second.code == 0, "\(second.errors)")
                let ledger = try await desk.ledger()
                #expect(ledger.violations.isEmpty)
                #expect(ledger.messages.count == mails.count)
                let quarantined = ledger.messages.filter { $0.rule == "crash" }
                #expect(quarantined.map(\.status) == ["quarantined"])
                let message = try #require(quarantined.first)
                #expect(message.source.hasSuffix("poison.eml"))
                let name = try #require(message.conversation)
                #expect(try desk.tree("tickets/\(name)")["\(message.id)-message.eml"] == poison)
                #expect(message.attempts == 2)
                #expect(try await desk.program(fault: "parse:kaboom-4711").code == 0)
            }
        }
    }
#endif
