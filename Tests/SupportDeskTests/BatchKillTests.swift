import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

#if DEBUG
    extension EndToEnd {
        /// The program dies at every point of a batch's way, there and back; then it runs again.
        @Suite("Kill -9, batches", .serialized)
        struct BatchKills {
            private func desk(_ server: ChatModelServer, _ dialect: ChatModelServer.Dialect) async throws
                -> EndToEndDesk
            {
                let mails = (0..<3).map { index -> (name: String, bytes: [UInt8]) in
                    var mail = TestMail(text: "Hello, what is your return policy?\n", verdict: .none)
                    mail.name = nil
                    mail.from = "someone\(index)@host\(index).example"
                    return ("\(index).eml", mail.bytes)
                }
                let model = """
                    model:
                      url: \(server.baseURL)
                      name: large
                      interface: \(dialect == .openai ? "openai" : "anthropic")
                      key: {command: [printf, \(server.apiKey)]}
                      price: {input: 2, output: 10}
                      batch:
                        deadline: {normal: 6h}

                    """
                return try await EndToEndDesk.onFiles(mails, limits: model)
            }

            /// Where in its way a run of the program dies, and what it has to do then.
            enum Way: String, CaseIterable, Sendable { case there, back }

            @Test("killed at each step: one batch, one answer each, nothing asked directly", arguments: Way.allCases)
            func killed(way: Way) async throws {
                for dialect in ChatModelServer.Dialect.allCases {
                    var deaths = 0
                    for step in 1...9 {
                        let server = try ChatModelServer(dialect: dialect, behaviours: [.content(BatchScene.good)])
                        let desk = try await desk(server, dialect)
                        func run(_ minutes: Int, fault: String? = nil) async throws -> EndToEndProgram.Ending {
                            try await desk.program(
                                fault: fault, now: String(format: "2026-03-10T09:%02d:00Z", minutes))
                        }
                        let fault = "batching:\(step)"
                        let first = try await run(0, fault: way == .there ? fault : nil)
                        if way == .there {
                            guard first.signal == SIGKILL else { break }
                            deaths += 1
                            #expect(try await run(5).code == 75)
                        }
                        server.batches.finish()
                        if way == .back {
                            guard try await run(5, fault: fault).signal == SIGKILL else { break }
                            deaths += 1
                        }
                        let last = try await run(10)
                        #expect(last.code == 0, "\(dialect) \(way) \(step): \(last.errors)")
                        let ledger = try await desk.ledger()
                        #expect(ledger.violations.isEmpty)
                        #expect(ledger.messages.map(\.status) == ["answered", "answered", "answered"])
                        #expect(ledger.messages.allSatisfy { $0.isMarked })
                        #expect(try desk.tree("outbox").count == 3)
                        #expect(server.batches.batches.count == 1, "\(dialect) \(way) \(step)")
                        #expect(server.batches.count(.upload) <= 1)
                        #expect(server.requests.isEmpty && server.batches.refusals.isEmpty)
                        #expect(server.batches.files == [], "\(dialect) \(way) \(step)")
                        await server.stop()
                    }
                    #expect(deaths == (way == .there ? 5 : 3), "\(dialect) \(way)")
                }
            }
        }
    }
#endif
