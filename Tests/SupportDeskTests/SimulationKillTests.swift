import Foundation
import Mail
import Testing

@testable import SupportDesk

#if DEBUG
    extension EndToEnd {
        /// The program dies while it replays a past, and goes on.
        @Suite("Simulate, killed") struct SimulateKills {
            private func desk() async throws -> EndToEndDesk {
                let desk = try await EndToEndDesk.onFiles([])
                let past = Maildir(path: "\(desk.folder)/past")
                let sent = Maildir(path: "\(past.path)/.Sent")
                try past.create()
                try sent.create()
                var number = 0
                for round in 0..<5 {
                    for person in PastScene.people {
                        number += 1
                        let time = PastScene.day(4 + round, hour: 6 + number % 10)
                        let exchange = PastScene.exchange(
                            number, from: person.who.0, name: person.who.1,
                            "Hello,\nwhere is my order \(person.order)? When will it be delivered? (\(round))\n",
                            at: time, answer: round == 0 ? "We have cancelled it." : "It arrives by \(person.day).")
                        let seconds = Int(time.timeIntervalSince1970)
                        try past.deliver(exchange.mail, uniqueName: "\(seconds).\(number)", to: .cur, flags: ["S"])
                        try sent.deliver(
                            #require(exchange.answer), uniqueName: "\(seconds + 7_200).\(number)a", to: .cur,
                            flags: ["S"])
                    }
                }
                return desk
            }

            private func simulate(_ desk: EndToEndDesk, _ folder: String, fault: String? = nil, json: Bool = true)
                async throws -> EndToEndProgram.Ending
            {
                try await EndToEndProgram.run(
                    [
                        "simulate", "\(desk.folder)/past", "--config", desk.configurationFile, "--now",
                        EndToEndDesk.nowText, "--folder", "\(desk.folder)/\(folder)", "--parallel", "2",
                    ] + (json ? ["--json"] : []), environment: fault.map { ["AURADESK_FAULT": $0] } ?? [:])
            }

            @Test(
                "killed while it reads and while it replays, and started again: the report of an unkilled run, byte for byte"
            ) func killed() async throws {
                let desk = try await desk()
                let calm = try await simulate(desk, "calm")
                #expect(calm.code == 0, "\(calm.errors)")
                #expect(calm.output.contains("\"messages\":25"))
                for fault in ["replaying:1", "replayed:3", "replayed:20"] {
                    let killed = try await simulate(desk, "killed", fault: fault)
                    #expect(killed.signal == SIGKILL, "\(fault): \(killed.errors)")
                    #expect(killed.output.isEmpty)
                }
                let ending = try await simulate(desk, "killed")
                #expect(ending.code == 0, "\(ending.errors)")
                #expect(ending.output == calm.output)
                // Of the twenty that the last one had done, sixteen were on record.
                #expect(ending.errors.contains("9 messages replayed"), "\(ending.errors)")
                #expect(!FileManager.default.fileExists(atPath: "\(desk.folder)/killed"))
                #expect(try desk.tree("state/replays").isEmpty)
                #expect(try desk.tree("outbox").isEmpty && desk.tree("tickets").isEmpty)
            }

            @Test("a mail that crashes the parser ends one process; the next leaves it out, and names it") func poison()
                async throws
            {
                let desk = try await desk()
                let poison = PastScene.exchange(
                    99, from: "asha@mail.example", name: "Asha", "kaboom-4711\n", at: PastScene.day(6), answer: nil)
                let seconds = Int(PastScene.day(6).timeIntervalSince1970)
                try Maildir(path: "\(desk.folder)/past").deliver(
                    poison.mail, uniqueName: "\(seconds).poison", to: .cur, flags: ["S"])
                let first = try await simulate(desk, "replay", fault: "parse:kaboom-4711", json: false)
                #expect(first.signal == SIGABRT, "\(first.errors)")
                let second = try await simulate(desk, "replay", fault: "parse:kaboom-4711", json: false)
                #expect(second.code == 0, "\(second.errors)")
                #expect(second.errors.contains("a trial died of it"))
                #expect(second.output.contains("left out, as the program dies of it: "))
                #expect(second.output.contains("\(seconds).poison"))
                #expect(second.output.contains("25 messages of 25 conversations"))
                #expect(!FileManager.default.fileExists(atPath: "\(desk.state)/ledger.sqlite"))
            }
        }
    }
#endif
